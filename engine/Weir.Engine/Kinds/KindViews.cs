using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

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
        kinds.SelectMany(k => k.Kind.Mappings.Where(m => m.View == view).Select(m => Part(k, m, distinct: true)));

    /// <summary>What a kind in a table gives to a view.</summary>
    /// <param name="distinct">Without rows that stand in the case already.</param>
    public static string Part(KindInTable kind, KindMapping mapping, bool distinct)
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
        return kind.Select(columns, list, mapping.Where is null ? null : columns.Expand(mapping.Where), distinct);
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
