using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>One measured run.</summary>
/// <param name="Round">1-based; 0 is the warm-up, which no figure rests on.</param>
/// <param name="FileBytes">What it left on the disk.</param>
internal sealed record Run(string Data, int Round, string Runner, Usage Usage, long FileBytes);

/// <summary>All runs over one data set.</summary>
/// <param name="Runners">The contestants; where there is an anchor, it is the first.</param>
/// <param name="Once">There was no warm-up and one round, for peak memory over large data.</param>
internal sealed record ContestResult(DataSet Data, IReadOnlyList<IRunner> Runners, IReadOnlyList<Run> Runs, int Rounds, bool Once)
{
    /// <summary>What the others are divided by; null where there is nothing of the kind.</summary>
    public string? Anchor => Runners[0] == DuckDbLoad.Anchor ? DuckDbLoad.AnchorName : null;
}
