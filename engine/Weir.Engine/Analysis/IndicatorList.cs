using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>The indicators of a case, one line each.</summary>
internal static class IndicatorList
{
    /// <summary>The same for a screen: one column less.</summary>
    public static Question OnScreen(Question list) => new($"SELECT * EXCLUDE (hits) FROM ({list.Sql}) ORDER BY events DESC, type, value", list.Values);

    /// <param name="types">Types wanted; all where empty.</param>
    /// <param name="scopes">Scopes wanted; all where empty.</param>
    /// <param name="decoded">Only what stands in encoded text, with the layers it was under.</param>
    public static Question Of(IReadOnlyList<string> types, IReadOnlyList<string> scopes, bool decoded)
    {
        var where = new List<string>();
        if (types.Count > 0)
            where.Add($"type IN ({string.Join(", ", types.Select(Sql.Text))})");
        if (scopes.Count > 0)
            where.Add($"scope IN ({string.Join(", ", scopes.Select(Sql.Text))})");
        if (decoded)
            where.Add("layers IS NOT NULL");
        string filter = where.Count == 0 ? "" : "WHERE " + string.Join(" AND ", where);
        string layers = decoded ? ", min(regexp_replace(layers, '@[0-9]+\\+[0-9]+', '', 'g')) AS layers" : ", count(DISTINCT (source_id, row_id)) FILTER (layers IS NOT NULL) AS decoded";
        return new Question(
            $"""
            SELECT type, value, any_value(scope) AS scope, count(DISTINCT (source_id, row_id)) AS events, count(*) AS hits{layers},
                string_agg(DISTINCT table_name || '.' || column_name, ', ' ORDER BY table_name || '.' || column_name) AS "where",
                min(struct_pack(s := source_id, r := coalesce(row_id, 0))).s || ':' || min(struct_pack(s := source_id, r := coalesce(row_id, 0))).r AS "first row"
            FROM weir.ioc_hits {filter} GROUP BY type, value ORDER BY events DESC, type, value
            """);
    }
}
