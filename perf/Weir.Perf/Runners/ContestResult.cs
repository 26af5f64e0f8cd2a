using Weir.Perf.Compare;
using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>One measured process.</summary>
/// <param name="Round">1-based; 0 is the warm-up, which no figure rests on.</param>
internal sealed record Run(string Data, int Round, string Runner, Usage Usage, long FileBytes);

/// <summary>All runs over one data set.</summary>
/// <param name="Comparison">How each column was compared; empty where one contestant ran alone.</param>
internal sealed record ContestResult(DataSet Data, IReadOnlyList<Run> Runs, IReadOnlyList<ColumnComparison> Comparison);
