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
        var stored = PayloadColumn.In(batch.Events);
        if (stored.All(p => known.Contains(p.Column)) && batch.Derived.All(p => known.Contains(p.Column)))
            return;
        // What is known of an address comes with the address.
        var values = new Dictionary<(int, string), int>();
        foreach (DerivedColumn value in batch.Derived)
            values.TryAdd((value.Column.Position, value.Column.Original), value.FirstRow);
        Add(batch.Derived.Select(p => (p.Column, p.FirstRow)).Concat(stored.Where(p => p.Column.Derivation is null)
            .Select(p => (p.Column, FirstRow: p.Column.Role is PayloadStage.Role or PayloadStage.ValuesRole ? FirstRow(batch.Events.Column(p.Index)) : values[(p.Column.Position, p.Column.Original)])))
            .OrderBy(p => p.FirstRow).ThenBy(p => p.Column.Position).ThenBy(p => p.Column.Original, StringComparer.Ordinal).ThenBy(p => Rank(p.Column)).Select(p => p.Column));
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

    // The value, then what is kept of the row, then the number of an address and who has it.
    private static int Rank(PayloadColumn column) => column.Derivation is not null ? 0 : column.Role switch { EnrichAsnStage.OrganisationRole => 3, EnrichAsnStage.AsnRole => 2, _ => 1 };

    private static int FirstRow(IArrowArray values)
    {
        int row = 0;
        while (row < values.Length && values.IsNull(row))
            row++;
        return row;
    }
}
