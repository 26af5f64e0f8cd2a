using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

/// <summary>A kind of log in a table.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Model">The table.</param>
/// <param name="Parts">The sources, and the sourcetypes in them; a sourcetype is null where the rows of the source have none.</param>
/// <param name="HasDuplicates">Some of its rows are left out.</param>
internal sealed record KindInTable(LogKind Kind, TableModel Model, IReadOnlySet<(int Source, string? Type)> Parts, bool HasDuplicates)
{
    // Longer lists are asked of the ledger: views must stay readable, for DuckDB too.
    private const int ListedParts = 200;

    /// <summary>Those of the parts that hold other kinds too, told by their columns: a row is of the first whose columns it has.</summary>
    public IReadOnlySet<(int Source, string? Type)> Shared { get; init; } = new HashSet<(int, string?)>();

    /// <summary>Those of which this kind has most rows: it also has those that have no kind's columns.</summary>
    public IReadOnlySet<(int Source, string? Type)> Most { get; init; } = new HashSet<(int, string?)>();

    /// <summary>Kinds that have a row of the same parts before this one.</summary>
    public IReadOnlyList<KindInTable> Before { get; init; } = [];

    /// <summary>Kinds that have a row behind this one, of parts of which this one has most.</summary>
    public IReadOnlyList<KindInTable> After { get; init; } = [];

    /// <summary>SQL of the kind's rows of the table, called <c>t</c>: exactly those that were recognised.</summary>
    public string From(KindColumns columns, string? where, bool distinct)
    {
        List<string> conditions = [Condition(columns)];
        if (where is not null)
            conditions.Add($"({columns.Expand(where)})");
        if (distinct && HasDuplicates)
            conditions.Add("NOT EXISTS (SELECT 1 FROM weir.duplicates d WHERE d.source_id = t.source_id AND d.row_id = t.row_id)");
        return $"FROM {Model.QualifiedName} t WHERE {string.Join(" AND ", conditions)}";
    }

    /// <summary>SQL of the condition that a row of the table is of the kind.</summary>
    public string Condition(KindColumns columns)
    {
        string own = Most.Count == 0 ? Claim(columns)
            : $"({Claim(columns)} OR {Scope(columns, Most)} AND {columns.OfRows()}{string.Concat(After.Select(after => $" AND NOT {after.Claim()}"))})";
        return string.Join(" AND ", Before.Select(before => $"NOT {before.Claim()}").Prepend(own));
    }

    private string Claim() => Claim(new KindColumns(Model, Kind));

    /// <summary>Rows that are the kind's, as far as no other kind comes before.</summary>
    private string Claim(KindColumns columns)
    {
        string[] claims =
        [
            .. Parts.Except(Shared).ToHashSet() is { Count: > 0 } alone ? (string[])[Scope(columns, alone)] : [],
            .. Shared.Count > 0 ? (string[])[$"{Scope(columns, Shared)} AND {columns.HasNeeded()}"] : [],
        ];
        string rows = Kind.Rows is null ? "" : $" AND {columns.OfRows()}";
        return $"({(claims.Length == 1 ? claims[0] : $"({string.Join(" OR ", claims)})")}{rows})";
    }

    private string Scope(KindColumns columns, IReadOnlySet<(int Source, string? Type)> parts)
    {
        if (parts.Count > ListedParts && Shared.Count == 0)
            return $"EXISTS (SELECT 1 FROM weir.kinds k WHERE k.kind = {Sql.Text(Kind.Name)} AND k.source_id = t.source_id AND (k.sourcetype IS NULL OR k.sourcetype = {KindLedger.SourcetypeOf(columns)}))";
        string[] scopes = [.. parts.GroupBy(p => p.Source, p => p.Type).GroupBy(s => string.Join('\n', s.Select(t => t is null ? "" : "=" + t).Order(StringComparer.Ordinal)))
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
        return $"SELECT {list} {kind.From(columns, mapping.Where, distinct)}";
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
