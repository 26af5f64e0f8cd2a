using System.Collections;
using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The columns of values inside cells that a source has, in an order that does not depend on how it is cut into batches: by the first row with a value.</summary>
internal sealed class PayloadColumns : IReadOnlyCollection<PayloadColumn>
{
    private readonly HashSet<PayloadColumn> known = [];
    private readonly List<PayloadColumn> order = [];

    public int Count => order.Count;

    public void Add(Batch batch)
    {
        // A derived column stands before its rest; both are not stored at one place, so where is of no account.
        Add(batch.Derived);
        var found = PayloadColumn.In(batch.Events);
        if (found.All(p => known.Contains(p.Column)))
            return;
        Dictionary<(int, string), int> first = [];
        foreach (var (column, index) in found)
        {
            if (column.Role is PayloadStage.Role or PayloadStage.RestRole)
                first[(column.Position, column.Original)] = FirstRow(batch.Events.Column(index));
        }

        Add(found.Select(p => p.Column).Where(c => !known.Contains(c))
            .OrderBy(c => first[(c.Position, c.Original)]).ThenBy(c => c.Position).ThenBy(c => c.Original, StringComparer.Ordinal).ThenBy(c => c.Role, Ranks).ToArray());
    }

    public void Add(IEnumerable<PayloadColumn> columns)
    {
        foreach (PayloadColumn column in columns)
        {
            if (known.Add(column))
                order.Add(column);
        }
    }

    public IEnumerator<PayloadColumn> GetEnumerator() => order.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The value, then the number of its address, then who has it.
    private static readonly Comparer<string> Ranks = Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b)));

    private static int Rank(string role) => role switch { EnrichAsnStage.OrganisationRole => 2, EnrichAsnStage.AsnRole => 1, _ => 0 };

    private static int FirstRow(IArrowArray values)
    {
        int row = 0;
        while (row < values.Length && values.IsNull(row))
            row++;
        return row;
    }
}
