using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The columns of values inside cells, which stand beside the column of those cells.</summary>
/// <remarks>Their types are fixed, so that they are added once and never converted; they go with the last source that has a value in them.</remarks>
internal static class PayloadPlaces
{
    /// <summary>Makes place for what a source has.</summary>
    public static void Bind(TableModel model, int source, IEnumerable<PayloadColumn> columns)
    {
        foreach (PayloadColumn column in columns)
        {
            if (model.Bindings(source).FirstOrDefault(b => b.Position == column.Position) is not { } binding || Find(binding, binding.Payload, column) is not null)
                continue;
            TableColumn? place = Find(binding, binding.Column.Payload, column);
            if (place is null)
            {
                place = model.Add(new TableColumn(model.FreeName(NameOf(column)), column.Type, RoleOf(column.Role)) { Path = column.Original, Suffix = Suffix(binding, column), Derivation = column.Derivation, LongText = column.Role == PayloadStage.ValuesRole && binding.Column.LongText });
                binding.Column.Payload.Add(place);
            }

            binding.Payload.Add(place);
            model.Touch(source);
        }
    }

    /// <summary>The place of a batch's column; null where the source has none.</summary>
    public static TableColumn? Find(ColumnBinding binding, List<TableColumn> among, PayloadColumn column)
    {
        string suffix = Suffix(binding, column);
        return among.Find(c => c.Suffix == suffix && c.Role == RoleOf(column.Role) && c.Type == column.Type && c.Derivation == column.Derivation);
    }

    private static string Suffix(ColumnBinding binding, PayloadColumn column) => column.Original[binding.Original.Length..];

    /// <summary>Drops what no source has a value in any more.</summary>
    public static void Prune(TableModel model)
    {
        foreach (TableColumn column in model.Columns.Where(c => c.Payload.Count > 0).ToArray())
        {
            HashSet<TableColumn> used = [.. model.BindingsTo(column).SelectMany(b => b.Binding.Payload)];
            foreach (TableColumn unused in column.Payload.Where(c => !used.Contains(c)).ToArray())
            {
                model.Drop(unused);
                column.Payload.Remove(unused);
            }
        }
    }

    /// <summary>The column that a column is of, or tells something of: that of the cells, or of the addresses out of them.</summary>
    public static TableColumn Of(TableColumn cells, TableColumn place) => place.Role is ColumnRole.Payload or ColumnRole.Values ? cells : cells.Payload.First(p => p.Suffix == place.Suffix && p.Role == ColumnRole.Payload);

    /// <summary>Those that only one source has and are stored, in the order of the table.</summary>
    public static IEnumerable<TableColumn> Own(TableModel model, int source)
    {
        HashSet<TableColumn> own = [.. model.Bindings(source).SelectMany(b => b.Payload.Where(p => model.BindingsTo(b.Column).All(other => other.Source == source || !other.Binding.Payload.Contains(p))))];
        return model.Stored.Where(own.Contains);
    }

    /// <summary>As <c>weir.columns.role</c> spells it.</summary>
    public static string Spell(ColumnRole role) => role switch
    {
        ColumnRole.Asn => EnrichAsnStage.AsnRole,
        ColumnRole.Organisation => EnrichAsnStage.OrganisationRole,
        ColumnRole.Values => PayloadStage.ValuesRole,
        _ => PayloadStage.Role,
    };

    private static ColumnRole RoleOf(string role) => role switch
    {
        EnrichAsnStage.AsnRole => ColumnRole.Asn,
        EnrichAsnStage.OrganisationRole => ColumnRole.Organisation,
        PayloadStage.ValuesRole => ColumnRole.Values,
        _ => ColumnRole.Payload,
    };

    private static string NameOf(PayloadColumn column) => ColumnNames.Clean(column.Original) + column.Role switch
    {
        EnrichAsnStage.AsnRole => "_asn",
        EnrichAsnStage.OrganisationRole => "_as_org",
        _ => "",
    };
}
