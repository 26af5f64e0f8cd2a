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
            string cell = cells.Type == ColumnType.Varchar ? Sql.Name(cells.Name) : $"({BySource(cells, (_, b) => b.TextSql())})";
            string list = Sql.Name(FreeName("weir_values_" + cells.Name));
            TableColumn[] json = [.. cells.Payload.Where(p => p.Derivation == PayloadDerivation.Json)];
            if (json.Length > 0)
            {
                lists.Add(list);
                made.Add($"{PayloadSql.Json(cell, json.Select(p => PathOf(cells, p)))} AS {list}");
            }

            columns.AddRange(json.Select((p, i) => Value(p, PayloadSql.At(list, i))));
            columns.AddRange(cells.Payload.Where(p => p.Derivation == PayloadDerivation.Xml).Select(p => Value(p, PayloadSql.Xml(cell, PathOf(cells, p)))));
        }

        if (columns.Count == 0)
            return stored;
        return made.Count == 0
            ? $"(SELECT *, {string.Join(", ", columns)} FROM {stored})"
            : $"(SELECT * EXCLUDE ({string.Join(", ", lists)}), {string.Join(", ", columns)} FROM (SELECT *, {string.Join(", ", made)} FROM {stored}))";
    }

    private string PathOf(TableColumn cells, TableColumn column) => column.Path![(BindingsTo(cells).First(b => column.Path!.StartsWith(b.Binding.Original + ".", StringComparison.Ordinal)).Binding.Original.Length + 1)..];

    private static string Value(TableColumn column, string sql) => $"{(column.Rest is { } rest ? $"coalesce({Sql.Name(rest.Name)}, {sql})" : sql)} AS {Sql.Name(column.Name)}";
}
