using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What a table or standard view says of its events, for filters and counts.</summary>
internal sealed partial record CaseTable
{
    private static readonly string[] ViewUsers = ["user", "user_key", "to_user", "recipient", "user_id"], ViewAddresses = ["src_ip", "dest_ip"];

    private static readonly string[] SessionNames = ["session_id", "correlation_id", "request_id"];

    /// <summary>The standard view this is; null for a table that landed.</summary>
    public StandardView? View { get; private init; }

    /// <summary>Columns that name users.</summary>
    public IReadOnlyList<TableColumn> UserColumns => View is null ? NamedColumns(Users) : NamedColumns(ViewUsers);

    /// <summary>Columns of addresses: those that have AS numbers beside them, or a view's own.</summary>
    public IReadOnlyList<TableColumn> AddressColumns => View is null
        ? [.. Columns.Where(c => c.Asn is not null || (c.Role == ColumnRole.Payload && Columns.Any(cells => cells.Payload.Contains(c) && cells.Payload.Exists(o => o.Role == ColumnRole.Asn && o.Suffix == c.Suffix))))]
        : NamedColumns(ViewAddresses);

    /// <summary>Columns of what ties records together: those called so, or ending so.</summary>
    public IReadOnlyList<TableColumn> SessionColumns => [.. Columns.Where(c => c.Role is ColumnRole.Source or ColumnRole.Payload
        && SessionNames.Any(n => c.Name.Equals(n, StringComparison.OrdinalIgnoreCase) || c.Name.EndsWith("_" + n, StringComparison.OrdinalIgnoreCase)))];

    /// <summary>Whether its rows have a time at all.</summary>
    public bool HasTime => !IsNull(Time);

    /// <summary>"table 'x'" or "view 'x'".</summary>
    public string Title => $"{(View is null ? "table" : "view")} '{Name}'";

    /// <summary>Whether an expression stands for a column that is not there.</summary>
    public static bool IsNull(string expression) => expression.StartsWith("NULL::", StringComparison.Ordinal);

    /// <summary>A standard view; its lineage is left out of its columns, as a table's is.</summary>
    public static CaseTable Of(StandardView view)
    {
        TableColumn[] columns = [.. view.Columns.Where(c => !ColumnNames.IsLineage(c.Name)).Select(c => new TableColumn(c.Name, TypeOf(c.Type), RoleOf(c.Name)))];
        if (Array.Find(columns, c => c.Role == ColumnRole.Asn) is { } number && Array.Find(columns, c => c.Role == ColumnRole.Organisation) is { } organisation)
            Array.Find(columns, c => c.Name == "src_ip")!.Asn = (number, organisation);
        return new CaseTable(view.Name, columns, "\"time\"", "\"host\"", "\"user\"", "\"log\"") { View = view };
    }

    /// <summary>A column by name, without regard to case; null where there is none.</summary>
    public TableColumn? Find(string name) => Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private TableColumn[] NamedColumns(string[] names) => [.. names.Select(Find).OfType<TableColumn>().Where(c => c.Role == ColumnRole.Source)];

    private static ColumnType TypeOf(string type) => type switch
    {
        "TIMESTAMPTZ" => ColumnType.TimestampTz,
        "BIGINT" => ColumnType.BigInt,
        "DOUBLE" => ColumnType.Double,
        "BOOLEAN" => ColumnType.Boolean,
        "VARCHAR[]" => ColumnType.VarcharList,
        _ => ColumnType.Varchar,
    };

    private static ColumnRole RoleOf(string name) => name switch
    {
        "src_ip_asn" => ColumnRole.Asn,
        "src_ip_as_org" => ColumnRole.Organisation,
        _ => ColumnRole.Source,
    };
}
