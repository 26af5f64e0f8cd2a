using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>How a table is read: with the columns that have no storage of their own, because SQL finds their values in the cells or beside them.</summary>
internal sealed partial class TableModel
{
    /// <summary>What stands behind FROM in a question; an alias must follow.</summary>
    /// <param name="asked">SQL of what is asked: columns that are not named in it are left out; null: it may name any.</param>
    /// <param name="catalog">Alias of the case, where the name alone would mean something else; null: none, as views must have it.</param>
    public string Reading(string? asked, string? catalog = null)
    {
        string stored = catalog is null ? QualifiedName : $"{catalog}.{QualifiedName}";
        List<string> lists = [], made = [];
        var columns = new List<string>();
        foreach (TableColumn cells in Columns.Where(c => c.Payload.Exists(p => p.Derivation is not null)))
        {
            TableColumn[] derived = [.. cells.Payload.Where(p => p.Derivation is not null && asked?.Contains(Sql.Name(p.Name), StringComparison.Ordinal) != false).OrderBy(p => p.Path, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal)];
            if (derived.Length == 0)
                continue;
            string cell = cells.Type == ColumnType.Varchar ? Sql.Name(cells.Name) : $"({BySource(cells, (_, b) => b.TextSql())})";
            string list = Sql.Name(FreeName("weir_cells_" + cells.Name)), keptList = Sql.Name(FreeName("weir_values_" + cells.Name));
            TableColumn[] json = [.. derived.Where(p => p.Derivation!.From == DerivedFrom.Json)];
            if (json.Length > 0)
            {
                lists.Add(list);
                made.Add($"{PayloadSql.Json(cell, json.Select(p => p.Derivation!.Path))} AS {list}");
            }

            if (cells.Values is { } values)
            {
                lists.Add(keptList);
                made.Add($"{PayloadSql.Kept(Sql.Name(values.Name), derived.Select(p => p.Derivation!.Key))} AS {keptList}");
            }

            columns.AddRange(derived.Select((p, i) => $"{Value(p, i)} AS {Sql.Name(p.Name)}"));

            string Value(TableColumn p, int i)
            {
                PayloadDerivation how = p.Derivation!;
                string? kept = cells.Values is null ? null : PayloadSql.At(keptList, i);
                string? own = how.From switch { DerivedFrom.Json => PayloadSql.At(list, Array.IndexOf(json, p)), DerivedFrom.Xml => PayloadSql.Xml(cell, how.Path), _ => null };
                string value = kept is null ? own ?? "NULL::VARCHAR" : own is null ? kept : $"coalesce({kept}, {own})";
                return how.From == DerivedFrom.Xml ? $"nullif({value}, '')" : value;
            }
        }

        if (columns.Count == 0)
            return stored;
        return made.Count == 0
            ? $"(SELECT *, {string.Join(", ", columns)} FROM {stored})"
            : $"(SELECT * EXCLUDE ({string.Join(", ", lists)}), {string.Join(", ", columns)} FROM (SELECT *, {string.Join(", ", made)} FROM {stored}))";
    }
}
