using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>How a plan is read from the case: the table's columns, and what <c>weir.columns</c> says of each source.</summary>
internal sealed partial class TableModel
{
    /// <summary>Reads the plan from the case.</summary>
    public static TableModel Load(CaseDatabase database, string name)
    {
        var model = new TableModel(name);
        var types = database.Rows(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name = ? ORDER BY column_index",
            row => (Name: row.GetString(0), Type: TypeOf(row.GetString(1))), CaseDatabase.Alias, name);
        model.exists = types.Count > 0;
        if (!model.exists)
            return model;

        var ledger = database.Rows(
            """
            SELECT source_id, column_name, original_name, position, format, role, of_column, filled, misfits, aside, wide, times FROM weir.columns
            WHERE table_name = ? ORDER BY source_id, position
            """,
            row => new Line(
                row.GetInt32(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? -1 : row.GetInt32(3),
                row.IsDBNull(4) ? null : row.GetString(4), RoleOf(row.GetString(5)), row.IsDBNull(6) ? null : row.GetString(6),
                row.IsDBNull(7) ? 0 : row.GetInt64(7), row.IsDBNull(8) ? 0 : row.GetInt64(8), row.GetBoolean(9), row.GetBoolean(10), row.IsDBNull(11) ? null : row.GetString(11)),
            name);
        var roles = new Dictionary<string, ColumnRole>(StringComparer.OrdinalIgnoreCase);
        var derived = new Dictionary<(string Of, ColumnRole Role), string>();
        // Column of a value inside cells, or what is known of such an address: the column of the cells.
        Dictionary<string, string> cells = ledger.Where(l => l.Role == ColumnRole.Payload).GroupBy(l => l.Column).ToDictionary(g => g.Key, g => g.First().Of!);
        var paths = new Dictionary<string, (string Cells, string Path, string Suffix)>();
        var originals = new Dictionary<(int Source, string Column), int>();
        foreach (Line line in ledger.Where(l => l.Role == ColumnRole.Source))
            originals[(line.Source, line.Column)] = line.Original.Length;
        foreach (var line in ledger)
        {
            if (line.Role == ColumnRole.Child)
                continue;
            roles.TryAdd(line.Column, line.Role);
            if (CellsOf(line.Role, line.Of) is { } holder)
                paths.TryAdd(line.Column, (holder, line.Original, line.Original[originals[(line.Source, holder)]..]));
            else if (line.Of is not null)
                derived.TryAdd((line.Of, line.Role), line.Column);
        }

        foreach (var (column, type) in types)
        {
            if (!ColumnNames.IsLineage(column))
            {
                // Whether an earlier run chose zstd for it is not to be seen: it is taken for so, and replaced rather than altered.
                ColumnRole role = roles.GetValueOrDefault(column, ColumnRole.Source);
                model.Columns.Add(new TableColumn(column, type, role) { Path = paths.TryGetValue(column, out var place) ? place.Path : null, Suffix = place.Suffix, LongText = type == ColumnType.Varchar && role is ColumnRole.Source or ColumnRole.Values });
            }
        }

        foreach (var line in ledger.Where(l => l is { Role: ColumnRole.Payload, Format: not null }).DistinctBy(l => l.Column).OrderBy(l => l.Original, StringComparer.Ordinal).ThenBy(l => l.Column, StringComparer.Ordinal))
            model.Columns.Add(new TableColumn(line.Column, ColumnType.Varchar, ColumnRole.Payload) { Path = line.Original, Suffix = paths[line.Column].Suffix, Derivation = PayloadDerivation.Parse(line.Format!) });

        foreach (TableColumn column in model.Columns)
        {
            if (paths.TryGetValue(column.Name, out var place))
                model.Find(place.Cells)?.Payload.Add(column);
            column.Companion = Derived(column, ColumnRole.Companion);
            if (Derived(column, ColumnRole.Asn) is { } number && Derived(column, ColumnRole.Organisation) is { } organisation)
                column.Asn = (number, organisation);
        }

        string? CellsOf(ColumnRole role, string? of) => of is null ? null : role is ColumnRole.Payload or ColumnRole.Values ? of : role is ColumnRole.Asn or ColumnRole.Organisation ? cells.GetValueOrDefault(of) : null;

        TableColumn? Derived(TableColumn of, ColumnRole role) => derived.TryGetValue((of.Name, role), out string? name) ? model.Find(name) : null;

        foreach (var line in ledger)
        {
            if (line.Role is not (ColumnRole.Source or ColumnRole.Extra) || model.Find(line.Column) is not { } column)
                continue;
            var verdict = column.Type is ColumnType.Varchar || line.Aside ? Verdict.Text : new Verdict(column.Type, line.Format, line.Misfits);
            model.Add(line.Source, new ColumnBinding(line.Position, line.Original, column, verdict) { Aside = line.Aside, Wide = line.Wide, Filled = line.Filled, Times = line.Times is null ? null : TimeSpellings.Parse(line.Times) });
        }

        foreach (var line in ledger)
        {
            if (line.Role == ColumnRole.Twin)
                Binding(line.Source, line.Column).Twin = (line.Position, line.Original);
            else if (line.Role == ColumnRole.Child)
                Binding(line.Source, line.Of!).Child = line.Column;
            else if (CellsOf(line.Role, line.Of) is { } holder)
                Binding(line.Source, holder).Payload.Add(model.Find(line.Column)!);
            else if (line.Role == ColumnRole.Asn)
                Binding(line.Source, line.Of!).HasAddresses = true;
        }

        model.open.UnionWith(database.Rows("SELECT source_id FROM weir.sources WHERE state = 'interrupted' AND lower(table_name) = lower(?)", row => row.GetInt32(0), name));
        return model;

        ColumnBinding Binding(int source, string column) => model.BindingsOf(source).Find(b => b.Position >= 0 && b.Column.Name == column)!;
    }

    private static ColumnRole RoleOf(string role) => role switch
    {
        "companion" => ColumnRole.Companion,
        PayloadStage.ValuesRole => ColumnRole.Values,
        "extra" => ColumnRole.Extra,
        UnnestStage.TwinRole => ColumnRole.Twin,
        PayloadStage.Role => ColumnRole.Payload,
        EnrichAsnStage.AsnRole => ColumnRole.Asn,
        "child" => ColumnRole.Child,
        EnrichAsnStage.OrganisationRole => ColumnRole.Organisation,
        _ => ColumnRole.Source,
    };

    private static ColumnType TypeOf(string type) => type switch
    {
        "BOOLEAN" => ColumnType.Boolean,
        "BIGINT" => ColumnType.BigInt,
        "DOUBLE" => ColumnType.Double,
        "TIMESTAMP WITH TIME ZONE" => ColumnType.TimestampTz,
        "VARCHAR[]" => ColumnType.VarcharList,
        "BIGINT[]" => ColumnType.BigIntList,
        _ => ColumnType.Varchar,
    };

    // A class and no tuple: generic code over tuples is compiled anew by every process.
    private sealed record Line(int Source, string Column, string Original, int Position, string? Format, ColumnRole Role, string? Of, long Filled, long Misfits, bool Aside, bool Wide, string? Times);
}
