using System.Globalization;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>How a column that has landed changes.</summary>
internal sealed partial class TableModel
{
    /// <summary>Gives a column a type and its values.</summary>
    public void SetValues(TableColumn column, ColumnType type, string values)
    {
        if (type == ColumnType.VarcharList && column.Type != type)
            listed.Add(column.Name);
        if (!column.LongText)
        {
            Alter($"ALTER {Sql.Name(column.Name)} TYPE {TypedSql.Name(type)} USING {values}");
            column.Type = type;
            return;
        }

        // DuckDB keeps zstd with the column and then refuses the type: a new column takes its place, and those behind follow it.
        TableColumn[] behind = [.. Stored.SkipWhile(c => c != column).Skip(1)];
        MoveToEnd(column, type, values);
        foreach (TableColumn next in behind)
            MoveToEnd(next, next.Type, Sql.Name(next.Name));
    }

    /// <summary>Puts a column behind all others, with values of any type.</summary>
    public void MoveToEnd(TableColumn column, ColumnType type, string values)
    {
        string moved = FreeName("weir_moved");
        column.LongText &= type == ColumnType.Varchar;
        Alter($"ADD COLUMN {moved} {TypedSql.Name(type)}{(column.LongText ? " USING COMPRESSION zstd" : "")}");
        Alter($"ALTER {moved} TYPE {TypedSql.Name(type)} USING {values}");
        Alter($"DROP COLUMN {Sql.Name(column.Name)}");
        Alter($"RENAME {moved} TO {Sql.Name(column.Name)}");
        column.Type = type;
        Columns.Remove(column);
        Columns.Add(column);
    }

    /// <summary>One expression where all sources agree, else a CASE over the source's number.</summary>
    public string BySource(TableColumn column, Func<int, ColumnBinding, string> expression)
    {
        var groups = BindingsTo(column).GroupBy(b => expression(b.Source, b.Binding), b => b.Source).ToArray();
        return groups.Length == 1
            ? groups[0].Key
            : $"CASE {string.Join(' ', groups.Select(g => string.Create(CultureInfo.InvariantCulture, $"WHEN source_id IN ({string.Join(", ", g)}) THEN {g.Key}")))} END";
    }

    /// <summary>Makes a column one of lists while its sources are open: everyone's text is the only value of its list.</summary>
    private void ToLists(TableColumn column)
    {
        SetValues(column, ColumnType.VarcharList, BySource(column, (_, b) => ListSql.Parse($"({b.TextSql()})", ListFormat.Single)));
        foreach (var (source, binding) in BindingsTo(column))
        {
            (binding.Verdict, binding.Aside) = (new Verdict(ColumnType.VarcharList, ListFormat.Single, 0), false);
            Touch(source);
        }

        if (column.Companion is not null)
            DropCompanion(column);
        AddressColumns.ToLists(this, column);
    }
}
