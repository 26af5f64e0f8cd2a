using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

/// <summary>A kind of log in a table.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Model">The table.</param>
/// <param name="Parts">The sources, and the sourcetypes in them; a sourcetype is null where the rows of the source have none.</param>
/// <param name="Before">Kinds that have a row of the same parts before this one.</param>
/// <param name="HasDuplicates">Some of its rows are left out.</param>
internal sealed record KindInTable(LogKind Kind, TableModel Model, IReadOnlySet<(int Source, string? Type)> Parts, IReadOnlyList<KindInTable> Before, bool HasDuplicates)
{
    // Longer lists are asked of the ledger: views must stay readable, for DuckDB too.
    private const int ListedParts = 200;

    /// <summary>SQL of the kind's rows of the table, called <c>t</c>: exactly those that were recognised.</summary>
    public string From(KindColumns columns, string? where, bool distinct)
    {
        var conditions = new List<string> { Scope(columns) };
        if (Kind.Rows is not null)
            conditions.Add($"({columns.Expand(Kind.Rows)})");
        foreach (KindInTable before in Before)
        {
            var theirs = new KindColumns(Model, before.Kind);
            conditions.Add($"NOT ({before.Scope(theirs)}{(before.Kind.Rows is null ? "" : $" AND coalesce(({theirs.Expand(before.Kind.Rows)}), false)")})");
        }

        if (where is not null)
            conditions.Add($"({columns.Expand(where)})");
        if (distinct && HasDuplicates)
            conditions.Add("NOT EXISTS (SELECT 1 FROM weir.duplicates d WHERE d.source_id = t.source_id AND d.row_id = t.row_id)");
        return $"FROM {Model.QualifiedName} t WHERE {string.Join(" AND ", conditions)}";
    }

    private string Scope(KindColumns columns)
    {
        if (Parts.Count > ListedParts)
            return $"EXISTS (SELECT 1 FROM weir.kinds k WHERE k.kind = {Sql.Text(Kind.Name)} AND k.source_id = t.source_id AND (k.sourcetype IS NULL OR k.sourcetype = {KindLedger.SourcetypeOf(columns)}))";
        string[] scopes = [.. Parts.GroupBy(p => p.Source, p => p.Type).GroupBy(s => string.Join('\n', s.Select(t => t is null ? "" : "=" + t).Order(StringComparer.Ordinal)))
            .Select(g => $"t.source_id IN ({Sql.Numbers(g.Select(s => s.Key).Order())}){(g.First().Contains(null) ? "" : $" AND {KindLedger.SourcetypeOf(columns)} IN ({string.Join(", ", g.First().Order(StringComparer.Ordinal).Select(Sql.Text))})")}")];
        return scopes.Length == 1 ? scopes[0] : $"({string.Join(" OR ", scopes)})";
    }
}

/// <summary>SQL of the standard views over what a case holds: plain DuckDB, without catalog, each column of its one type.</summary>
internal static class KindViews
{
    /// <summary>The statements that make all of them anew.</summary>
    /// <param name="joinsUsers">Spellings of users are known that belong together.</param>
    public static IEnumerable<string> Statements(IReadOnlyList<KindInTable> kinds, bool joinsUsers)
    {
        foreach (StandardView view in StandardView.Logs)
        {
            string[] parts = [.. Parts(kinds, view)];
            yield return parts.Length == 0 ? view.Empty : Statement(view, parts, joinsUsers);
        }

        yield return Timeline([.. Parts(kinds, StandardView.Timeline)], joinsUsers);
    }

    private static IEnumerable<string> Parts(IReadOnlyList<KindInTable> kinds, StandardView view) =>
        kinds.SelectMany(k => k.Kind.Mappings.Where(m => m.View == view).Select(m => Part(k, m)));

    private static string Part(KindInTable kind, KindMapping mapping)
    {
        var columns = new KindColumns(kind.Model, kind.Kind);
        (string address, string asn, string organisation) = columns.Source();
        string ColumnOf(ViewColumn column) => mapping.Columns.TryGetValue(column.Name, out string? sql) ? columns.Expand(sql) : column.Name switch
        {
            "time" => columns.Time(kind.Kind.Time),
            "src_ip" => address,
            "src_ip_asn" => asn,
            "src_ip_as_org" => organisation,
            "log" => Sql.Text(kind.Kind.Name),
            "source_id" or "row_id" => $"t.{column.Name}",
            _ => "NULL",
        };
        string list = string.Join(", ", mapping.View.Columns.Where(c => c.Name != "user_key").Select(c => $"{(c.Type == "BIGINT" ? "TRY_CAST" : "CAST")}({ColumnOf(c)} AS {c.Type}) AS {Sql.Name(c.Name)}"));
        return $"SELECT {list} {kind.From(columns, mapping.Where, distinct: true)}";
    }

    private static string Statement(StandardView view, string[] parts, bool joinsUsers) =>
        $"CREATE OR REPLACE VIEW {view.Name} AS SELECT {string.Join(", ", view.Columns.Select(c => Column(c, joinsUsers)))} FROM (\n{string.Join("\nUNION ALL\n", parts)}\n) e{Join(joinsUsers)}";

    private static string Column(ViewColumn column, bool joinsUsers) => column.Name != "user_key" ? $"e.{Sql.Name(column.Name)}" : $"{(joinsUsers ? "coalesce(k.user_key, lower(e.\"user\"))" : "lower(e.\"user\")")} AS user_key";

    private static string Join(bool joinsUsers) => joinsUsers ? " LEFT JOIN weir.user_keys k ON k.spelling = lower(e.\"user\")" : "";

    private static string Timeline(string[] parts, bool joinsUsers)
    {
        StandardView view = StandardView.Timeline;
        string names = string.Join(", ", view.Columns.Select(c => Sql.Name(c.Name)));
        IEnumerable<string> logs = StandardView.Logs.Select(log => $"SELECT {string.Join(", ", view.Columns.Select(c =>
            log.Columns.Contains(c) ? Sql.Name(c.Name) : $"{(c.Name == "to_user" && log == StandardView.Mails ? "recipient" : $"NULL::{c.Type}")} AS {Sql.Name(c.Name)}"))} FROM {log.Name}");
        IEnumerable<string> events = parts.Length == 0 ? [] :
            [$"SELECT {string.Join(", ", view.Columns.Select(c => Column(c, joinsUsers)))} FROM (\n{string.Join("\nUNION ALL\n", parts)}\n) e{Join(joinsUsers)}"];
        return $"CREATE OR REPLACE VIEW {view.Name} AS SELECT {names} FROM (\n{string.Join("\nUNION ALL\n", logs.Concat(events))}\n)";
    }
}
