using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>A stretch of time of which a table has not got everything that was to come.</summary>
/// <param name="Table">The table.</param>
/// <param name="From">Its start, UTC.</param>
/// <param name="To">Its end.</param>
/// <param name="Late">Only what was indexed after an earlier export is missing.</param>
internal sealed record TimeHole(string Table, DateTime From, DateTime To, bool Late)
{
    /// <summary>The holes that slices leave, those of a table joined where they touch; by table and time.</summary>
    public static IReadOnlyList<TimeHole> Of(IEnumerable<SliceRecord> slices)
    {
        var holes = new List<TimeHole>();
        foreach (SliceRecord slice in slices.Where(s => !s.IsComplete).OrderBy(s => s.Table, StringComparer.Ordinal).ThenBy(s => s.IndexEarliest is not null).ThenBy(s => s.Earliest))
        {
            bool late = slice.IndexEarliest is not null;
            if (holes is [.., var before] && (before.Table, before.Late) == (slice.Table, late) && slice.Earliest <= before.To)
                holes[^1] = before with { To = slice.Latest > before.To ? slice.Latest : before.To };
            else
                holes.Add(new TimeHole(slice.Table, slice.Earliest, slice.Latest, late));
        }

        return holes;
    }
}
