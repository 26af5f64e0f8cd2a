using Weir.Perf.Data;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>The results of one session, asked for figures.</summary>
internal sealed class Session(IReadOnlyList<ContestResult> results)
{
    public IReadOnlyList<ContestResult> Results => results;

    /// <summary>Wall time of one run by that of another, over the largest data of a kind that ran side by side.</summary>
    public Summary? Wall(DataKind kind, string runner, string other) => Ratio(kind, runner, other, r => r.Usage.WallSeconds);

    public Summary? Ratio(DataKind kind, string runner, string other, Func<Run, double> of) => Of(kind) is { } result ? Table.Ratio(result, runner, other, of) : null;

    /// <summary>A figure of one run over the largest data of a kind.</summary>
    public Summary? Figure(DataKind kind, string runner, Func<Run, double> of) => Of(kind) is { } result && Table.Counted(result, runner) is { Length: > 0 } runs ? Summary.Of(runs.Select(of)) : null;

    /// <summary>A figure of several runs of the same round.</summary>
    public Summary? Rounds(DataKind kind, string[] runners, Func<double[], double> of)
    {
        if (Of(kind) is not { } result)
            return null;
        Run[][] runs = [.. runners.Select(r => Table.Counted(result, r))];
        return runs.Any(r => r.Length == 0) ? null : Summary.Of(Enumerable.Range(0, result.Rounds).Select(i => of([.. runs.Select(r => r[i].Usage.WallSeconds)])));
    }

    /// <summary>The largest data of a kind that ran in rounds.</summary>
    private ContestResult? Of(DataKind kind) => results.Where(r => r.Data.Kind == kind).OrderBy(r => r.Once).ThenByDescending(r => r.Data.Megabytes).FirstOrDefault();
}
