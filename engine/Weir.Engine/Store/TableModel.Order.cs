namespace Weir.Engine.Store;

/// <summary>The order of derived columns: it must not depend on where a commit interval ended.</summary>
internal sealed partial class TableModel
{
    /// <summary>
    /// Puts what only one source needs behind its columns: values inside cells in the order in which they came, extra fields, then companions and what is known of addresses, in the order of their columns. Such columns are
    /// added when the first row needs them, so a kill or a smaller commit interval would else change their order. A table that is only planned is made so; in one that stands, columns move.
    /// </summary>
    /// <remarks>Values inside cells stand first because they are many, and rarely come late.</remarks>
    public void PutDerivedColumnsInOrder(int source)
    {
        TableColumn[] own = [.. Columns.Where(c => c.Role == ColumnRole.Source && BindingsTo(c).All(b => b.Source == source))];
        TableColumn[] derived =
        [
            .. PayloadPlaces.Own(this, source),
            .. Columns.Where(c => c.Role == ColumnRole.Extra && BindingsTo(c).All(b => b.Source == source)),
            .. Bindings(source).Where(b => b.Column.Companion is not null && OnlyMisfitsAreOf(source, b.Column)).OrderBy(b => b.Position).Select(b => b.Column.Companion!),
            .. Bindings(source).Where(b => b.Column.Asn is not null && OnlyAddressesAreOf(source, b.Column)).OrderBy(b => b.Position).SelectMany(b => (TableColumn[])[b.Column.Asn!.Value.Number, b.Column.Asn.Value.Organisation]),
        ];
        TableColumn[] wanted = [.. own, .. derived];
        TableColumn[] actual = [.. Columns.Where(wanted.Contains)];
        int same = 0;
        while (same < wanted.Length && wanted[same] == actual[same])
            same++;
        foreach (TableColumn column in derived.Skip(Math.Max(0, same - own.Length)))
        {
            if (same < wanted.Length)
                MoveToEnd(column, column.Type, Sql.Name(column.Name));
        }
    }

    private bool OnlyAddressesAreOf(int source, TableColumn column) => BindingsTo(column).All(b => b.Source == source || !b.Binding.HasAddresses);

    private bool OnlyMisfitsAreOf(int source, TableColumn column) => BindingsTo(column).All(b => b.Source == source || b.Binding.Verdict.Misfits == 0);
}
