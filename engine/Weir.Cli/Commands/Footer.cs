using Weir.Cli.Output;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>What stands under an answer: how many events it is over, from when to when, and what was left out.</summary>
internal static class Footer
{
    /// <param name="counted">"N events", as far as the answer knows.</param>
    /// <param name="span">Their span of time; empty where they have none.</param>
    /// <param name="ledgered">What was looked at.</param>
    /// <param name="view">It was a standard view, which leaves out what stands twice.</param>
    /// <param name="filter">What narrowed it.</param>
    /// <param name="leftOut">Tables that could not answer the filter.</param>
    public static IEnumerable<string> Lines(string counted, string span, Ledgered ledgered, bool view, EventFilter filter, IReadOnlyList<CaseTable>? leftOut = null)
    {
        const int named = 12;
        string logs = ledgered.Logs.Count == 0 ? "" : $" in {string.Join(", ", ledgered.Logs.Take(named).Select(Terminal.Line))}{(ledgered.Logs.Count > named ? $" and {Sizes.Count(ledgered.Logs.Count - named)} more" : "")}";
        string rows = ledgered.Rows == 0 ? "" : $", of {Sizes.Count(ledgered.Rows, "row")}{logs}";
        yield return $"{counted}{(span.Length == 0 ? "" : $", {span}")}{rows}";
        var notes = new List<string>();
        if (ledgered.Duplicates > 0)
            notes.Add(view ? $"{Twice(ledgered.Duplicates)} left out" : $"{Twice(ledgered.Duplicates)} counted (the standard views leave them out)");
        if (ledgered.Unknown.Count > 0)
            notes.Add($"not in it, for they are of no kind that weir knows: {string.Join(", ", ledgered.Unknown.Take(named).Select(u => $"{Terminal.Line(u.Table)} ({Sizes.Count(u.Rows, "row")})"))}{(ledgered.Unknown.Count > named ? $" and {Sizes.Count(ledgered.Unknown.Count - named)} more" : "")}; 'weir find' looks there");
        if (ledgered.Timeless > 0)
            notes.Add($"{Sizes.Count(ledgered.Timeless, "event")} without a time left out");
        if (leftOut is { Count: > 0 })
            notes.Add($"left out, for they cannot answer the filter: {string.Join(", ", leftOut.Take(named).Select(t => Terminal.Line(t.Name)))}{(leftOut.Count > named ? $" and {Sizes.Count(leftOut.Count - named)} more" : "")}");
        if (notes.Count > 0)
            yield return string.Join("; ", notes);
    }

    /// <summary>Where nothing names a user: names that are like it.</summary>
    public static IEnumerable<string> Near(long events, CaseFile caseFile, EventFilter filter)
    {
        const int named = 5;
        if (events == 0 && filter.NamesLike(caseFile, named) is { Count: > 0 } near)
            yield return $"a user is asked for by the whole name; there are {string.Join(", ", near.Select(Terminal.Line))}{(near.Count == named ? " and perhaps more" : "")}";
    }

    private static string Twice(long rows) => rows == 1 ? "1 row that stands twice" : $"{Sizes.Count(rows, "row")} that stand twice";

}
