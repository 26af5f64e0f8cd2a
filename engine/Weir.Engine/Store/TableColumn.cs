using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>What a landed column is for, as <c>weir.columns.role</c> spells it.</summary>
internal enum ColumnRole
{
    /// <summary>A column of the input.</summary>
    Source,

    /// <summary>Exact text of values that their typed column does not give back.</summary>
    Companion,

    /// <summary>Fields beyond the header.</summary>
    Extra,

    /// <summary>A <c>__mv_</c> column: its values are those of another column's lists.</summary>
    Twin,

    /// <summary>AS numbers of a column's addresses.</summary>
    Asn,

    /// <summary>Organisations of a column's addresses.</summary>
    Organisation,

    /// <summary>A table of the values of a column's lists.</summary>
    Child,

    /// <summary>A value inside the cells of a column.</summary>
    Payload,

    /// <summary>Values out of the cells of a column that are kept beside them, one JSON object a row.</summary>
    Values,
}

/// <summary>A column of a table of the case.</summary>
internal sealed class TableColumn(string name, ColumnType type, ColumnRole role)
{
    public string Name { get; set; } = name;

    public ColumnType Type { get; set; } = type;

    public ColumnRole Role { get; } = role;

    /// <summary>The companion of a source column, where there is one.</summary>
    public TableColumn? Companion { get; set; }

    /// <summary>The numbers and organisations of its addresses, where some source holds addresses in it.</summary>
    public (TableColumn Number, TableColumn Organisation)? Asn { get; set; }

    /// <summary>Columns of values inside its cells, and of what is known of them.</summary>
    public List<TableColumn> Payload { get; } = [];

    /// <summary>Of such a column: the name of the cells' column with the path behind it; null of any other.</summary>
    public string? Path { get; init; }

    /// <summary>What stands behind the name of the cells' column in it, which sources may spell otherwise.</summary>
    public string? Suffix { get; init; }

    /// <summary>How SQL finds its values; null of a column of the table.</summary>
    public PayloadDerivation? Derivation { get; init; }

    /// <summary>The column of the values that are kept beside its cells, where there are any.</summary>
    public TableColumn? Values => Payload.Find(p => p.Role == ColumnRole.Values);

    /// <summary>Compressed with zstd, which DuckDB keeps with the column whatever becomes of it.</summary>
    public bool LongText { get; set; }

    /// <summary>As it stands in CREATE TABLE and ADD COLUMN.</summary>
    public string Definition =>
        $"{Sql.Name(Name)} {TypedSql.Name(Type)}{(LongText ? " USING COMPRESSION zstd" : "")}";
}

/// <summary>How one column of one source lies in its table.</summary>
internal sealed class ColumnBinding(int position, string original, TableColumn column, Verdict verdict)
{
    /// <summary>0-based position in the source; -1 for the extra fields.</summary>
    public int Position { get; } = position;

    /// <summary>Original name.</summary>
    public string Original { get; } = original;

    public TableColumn Column { get; } = column;

    /// <summary>Its <c>__mv_</c> twin, which has no column of its own: position and original name.</summary>
    public (int Position, string Original)? Twin { get; set; }

    /// <summary>Type and format under which the source's values lie in the column.</summary>
    public Verdict Verdict { get; set; } = verdict;

    /// <summary>
    /// The column has a type that does not suit this unfinished source: its text lies in the companion for now, the typed value is NULL.
    /// </summary>
    public bool Aside { get; set; }

    /// <summary>How those of the source's values that are times are spelled, whatever the column's type; null where none is known to be one.</summary>
    public TimeSpellings? Times { get; set; }

    /// <summary>Values that are neither NULL nor empty. A source without any has no say in the column's type.</summary>
    public long Filled { get; set; }

    /// <summary>A BIGINT value lies beyond what DOUBLE holds exactly: the column cannot become DOUBLE.</summary>
    public bool Wide { get; set; }

    /// <summary>The source's values are addresses; while it is open, one of them is.</summary>
    public bool HasAddresses { get; set; }

    /// <summary>The child table that holds the source's values one a row; null where there is none.</summary>
    public string? Child { get; set; }

    /// <summary>Columns of values inside its cells that the source has values in.</summary>
    public List<TableColumn> Payload { get; } = [];

    /// <summary>How the source's cells lie in a column of lists (<see cref="Stages.ListFormat"/>); null in any other column.</summary>
    public string? ListFormat => Column.Type == ColumnType.VarcharList ? Verdict.Format : null;

    /// <summary>The source's own values are lists.</summary>
    public bool IsList => Verdict is { Type: ColumnType.VarcharList, Format: not Stages.ListFormat.Single };

    /// <summary>Values lie in the column as text.</summary>
    public bool IsText => Column.Type == ColumnType.Varchar;

    /// <summary>SQL expression of the cell's text, whatever the column is now.</summary>
    public string TextSql()
    {
        string value = Sql.Name(Column.Name);
        if (Column.Type == ColumnType.Varchar)
            return value;
        string? companion = Column.Companion is null ? null : Sql.Name(Column.Companion.Name);
        if (Aside)
            return companion ?? "NULL::VARCHAR";
        string written = TypedSql.Write(value, Column.Type, Verdict.Format);
        return companion is null ? written : $"coalesce({companion}, {written})";
    }
}
