using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>How a table is read: with the columns that are not stored, because SQL finds their values in the cells.</summary>
internal sealed partial class TableModel
{
    /// <summary>What stands behind FROM in a question; an alias must follow.</summary>
    /// <param name="catalog">Alias of the case, where the name alone would mean something else; null: none, as views must have it.</param>
    public string Reading(string? catalog = null)
    {
        string stored = catalog is null ? QualifiedName : $"{catalog}.{QualifiedName}";
        List<string> lists = [], made = [];
        var columns = new List<string>();
        foreach (TableColumn cells in Columns.Where(c => c.Payload.Exists(p => p.Derivation is not null)))
        {
            TableColumn[] derived = [.. cells.Payload.Where(p => p.Derivation is not null).OrderBy(p => p.Path, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal)];
            string cell = cells.Type == ColumnType.Varchar ? Sql.Name(cells.Name) : $"({BySource(cells, (_, b) => b.TextSql())})";
            string list = Sql.Name(FreeName("weir_values_" + cells.Name));
            TableColumn[] json = [.. derived.Where(p => p.Derivation!.Format == PayloadFormat.Json)];
            if (json.Length > 0)
            {
                lists.Add(list);
                made.Add($"{PayloadSql.Json(cell, json.Select(p => p.Derivation!.Path))} AS {list}");
            }

            columns.AddRange(json.Select((p, i) => $"{First(p, PayloadSql.At(list, i))} AS {Sql.Name(p.Name)}"));
            columns.AddRange(derived.Where(p => p.Derivation!.Format == PayloadFormat.Xml).Select(p => $"nullif({First(p, PayloadSql.Xml(cell, p.Derivation!.Path))}, '') AS {Sql.Name(p.Name)}"));
        }

        if (columns.Count == 0)
            return stored;
        return made.Count == 0
            ? $"(SELECT *, {string.Join(", ", columns)} FROM {stored})"
            : $"(SELECT * EXCLUDE ({string.Join(", ", lists)}), {string.Join(", ", columns)} FROM (SELECT *, {string.Join(", ", made)} FROM {stored}))";
    }

    private static string First(TableColumn column, string sql) => column.Rest is { } rest ? $"coalesce({Sql.Name(rest.Name)}, {sql})" : sql;
}
