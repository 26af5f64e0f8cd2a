using System.Globalization;
using Apache.Arrow;
using DuckDB.NET.Data;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>Which events a question is about. Values of one sort are alternatives; what is left empty does not narrow.</summary>
/// <remarks>
/// Users and sessions are compared without regard to case, addresses as addresses whatever their spelling. For one command: the matching
/// spellings of addresses are looked up per table and kept in a table of the connection's memory.
/// </remarks>
internal sealed class EventFilter
{
    // Beside the case, which is open for reading only.
    private const string Spellings = "memory.main.weir_addresses";

    private readonly HashSet<string> spellings = new(StringComparer.Ordinal);
    private string[]? names;
    private bool made;

    /// <summary>Users by any spelling; one that the case knows as another's stands for both.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    public IReadOnlyList<AddressRange> Addresses { get; init; } = [];

    /// <summary>Logs by the names that <see cref="LogsOf"/> gives.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>Values of a session, correlation or request.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>Earliest time, UTC, with it.</summary>
    public DateTime? From { get; init; }

    /// <summary>Latest time, UTC, with it.</summary>
    public DateTime? To { get; init; }

    public bool IsEmpty => Users.Count + Addresses.Count + Logs.Count + Sessions.Count == 0 && !HasTimes;

    public bool HasTimes => From is not null || To is not null;

    /// <summary>The same without its times.</summary>
    public EventFilter WithoutTimes => new() { Users = Users, Addresses = Addresses, Logs = Logs, Sessions = Sessions };

    /// <summary>The logs that the sources of a case are of, by name.</summary>
    public static IReadOnlyList<string> LogsOf(CaseFile caseFile) =>
        caseFile.Database.Rows("SELECT DISTINCT kind FROM weir.kinds ORDER BY 1", r => r.GetString(0));

    /// <summary>The option that a table cannot answer, and what it lacks; null where it can answer all.</summary>
    public (string Option, string Lacks)? Lacking(CaseFile caseFile, CaseTable table)
    {
        if (HasTimes && !table.HasTime)
            return ("--from, --to, --around", "has no column of times");
        if (Users.Count > 0 && table.UserColumns.Count == 0 && table.Events.NamesUser("") is null)
            return ("--user", "has no column of users");
        if (Addresses.Count > 0 && table.AddressColumns.Count == 0)
            return ("--ip", "has no column of addresses");
        if (Sessions.Count > 0 && table.SessionColumns.Count == 0)
            return ("--session", "has no column of sessions, correlations or requests");
        return Logs.Count > 0 && table.View is null && KindsOf(caseFile, table).Count == 0 ? ("--log", "is of no log that weir knows") : null;
    }

    /// <summary>The condition that a table's rows must hold: an expression without marks.</summary>
    /// <exception cref="WeirException">The table has no column for a part of the filter.</exception>
    public string Condition(CaseFile caseFile, CaseTable table)
    {
        if (Lacking(caseFile, table) is var (option, lacks))
            throw new WeirException(option, $"{table.Title} {lacks}", "", $"Leave {option} out, or ask another table or view: 'weir tables' lists them, 'weir fields {table.Name}' shows the columns.");
        var parts = new List<string>();
        if (Logs.Count > 0)
            parts.Add(OfLogs(caseFile, table));
        if (From is { } from)
            parts.Add($"{table.Time} >= {Instant(from)}");
        if (To is { } to)
            parts.Add($"{table.Time} <= {Instant(to)}");
        if (Users.Count > 0)
            parts.Add(OfUsers(table, names ??= NamesOf(caseFile)));
        if (Sessions.Count > 0)
            parts.Add(AnyOf(table.SessionColumns, Sessions));
        if (Addresses.Count > 0)
            parts.Add(OfAddresses(caseFile, table, parts));
        return parts.Count == 0 ? "true" : string.Join(" AND ", parts);
    }

    /// <summary>A time as SQL.</summary>
    public static string Instant(DateTime utc) => $"TIMESTAMPTZ '{utc.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'";

    /// <summary>Names in the timeline that hold a part of what was asked for as a user, in small letters; a few. None where somebody is called so.</summary>
    public IReadOnlyList<string> NamesLike(CaseFile caseFile, int most) => Users.Count == 0 || AreUsers(caseFile) ? [] : caseFile.Database.Rows(
        $"""
        SELECT DISTINCT name FROM (SELECT lower("user") AS name FROM timeline UNION SELECT lower(to_user) FROM timeline)
        WHERE {string.Join(" OR ", Users.Select(u => $"contains(name, lower({Sql.Text(u.Trim())}))"))} ORDER BY 1 LIMIT {most.ToString(CultureInfo.InvariantCulture)}
        """,
        r => r.GetString(0));

    private bool AreUsers(CaseFile caseFile)
    {
        CaseTable timeline = CaseTable.Of(StandardView.Timeline);
        return caseFile.Database.Rows($"SELECT 1 FROM {timeline.From} WHERE {OfUsers(timeline, names ??= NamesOf(caseFile))} LIMIT 1", r => r.GetInt32(0)).Count > 0;
    }

    private static string OfUsers(CaseTable table, IReadOnlyList<string> names)
    {
        string[] parts = [.. table.UserColumns.Count > 0 ? (string[])[AnyOf(table.UserColumns, names)] : [], .. table.Events.NamesUser(Listed(names)) is { } named ? (string[])[named] : []];
        return parts.Length == 1 ? parts[0] : $"({string.Join(" OR ", parts)})";
    }

    private static string Listed(IEnumerable<string> values) => string.Join(", ", values.Select(v => $"lower({Sql.Text(v)})"));

    private static string AnyOf(IReadOnlyList<TableColumn> columns, IEnumerable<string> values)
    {
        string list = Listed(values);
        return $"({string.Join(" OR ", columns.Select(c => c.Type == ColumnType.VarcharList ? $"len(list_filter({Sql.Name(c.Name)}, lambda v: lower(v) IN ({list}))) > 0" : $"lower({CaseTable.TextOf(c)}) IN ({list})"))})";
    }

    /// <summary>The users' names and those that the case holds for the same accounts, in small letters.</summary>
    private string[] NamesOf(CaseFile caseFile) =>
    [
        .. caseFile.Database.Rows(
            $"""
            WITH given(name) AS (VALUES {string.Join(", ", Users.Select(u => $"(lower({Sql.Text(u)}))"))}),
                accounts AS (SELECT user_key FROM weir.user_keys WHERE lower(spelling) IN (FROM given) OR lower(user_key) IN (FROM given))
            SELECT name FROM given UNION SELECT lower(user_key) FROM accounts UNION SELECT lower(spelling) FROM weir.user_keys WHERE user_key IN (FROM accounts) ORDER BY 1
            """,
            r => r.GetString(0)),
    ];

    private string OfLogs(CaseFile caseFile, CaseTable table)
    {
        if (table.View is not null)
            return $"\"log\" IN ({string.Join(", ", Logs.Select(Sql.Text))})";
        var parts = new List<string>();
        foreach (KindInTable place in KindLedger.InCase(caseFile.Database, caseFile.Kinds, name => TableModel.Load(caseFile.Database, name), table.Name))
        {
            if (Logs.Contains(place.Kind.Name))
                parts.Add($"(source_id, row_id) IN ({place.Select(new KindColumns(place.Model, place.Kind), "t.source_id, t.row_id", null, distinct: false)})");
        }

        return parts.Count == 0 ? "false" : $"({string.Join(" OR ", parts)})";
    }

    private static List<(int Source, string? Sourcetype, string Kind)> KindsOf(CaseFile caseFile, CaseTable table) => caseFile.Database.Rows(
        "SELECT k.source_id, k.sourcetype, k.kind FROM weir.kinds k JOIN weir.sources s USING (source_id) WHERE lower(s.table_name) = lower(?) ORDER BY ALL",
        r => (r.GetInt32(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetString(2)), table.Name);

    /// <summary>Which spellings the addresses have among the rows that the rest of the filter leaves.</summary>
    /// <remarks>Without a condition that drops NULLs: DuckDB 1.5 then groups by text, not by dictionary, at five times the time.</remarks>
    private string OfAddresses(CaseFile caseFile, CaseTable table, List<string> others)
    {
        if (!made)
            caseFile.Database.Execute($"CREATE OR REPLACE TABLE {Spellings} (spelling VARCHAR)");
        made = true;
        // A view has an IPv4 address in its one spelling; only what is written as IPv6 may be it too.
        bool plain = table.View is not null && Addresses.All(a => a.First == a.Last && a.First.IsIPv4);
        List<string> found = plain ? [.. Addresses.Select(a => a.First.ToString()).Where(spellings.Add)] : [];
        IEnumerable<string> cells = table.AddressColumns.Select(c =>
        {
            string[] conditions = plain && c.Name == StandardView.Source ? [.. others, $"contains({Sql.Name(c.Name)}, ':')"] : [.. others];
            return $"SELECT {(c.Type == ColumnType.VarcharList ? $"unnest({Sql.Name(c.Name)})" : Sql.Name(c.Name))} AS v FROM {table.From}{(conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}")}";
        });
        foreach (RecordBatch batch in caseFile.Database.Arrow($"SELECT v FROM ({string.Join(" UNION ALL ", cells)}) GROUP BY v"))
        {
            using (batch)
                Match((StringArray)batch.Column(0), found);
        }

        if (found.Count > 0)
        {
            using DuckDBAppender appender = caseFile.Database.Connection.CreateAppender("memory", "main", "weir_addresses");
            foreach (string spelling in found)
                appender.CreateRow().AppendText(spelling).EndRow();
        }

        const string known = $"(SELECT spelling FROM {Spellings})";
        return $"({string.Join(" OR ", table.AddressColumns.Select(c => c.Type == ColumnType.VarcharList ? $"list_has_any({Sql.Name(c.Name)}, coalesce((SELECT list(spelling) FROM {Spellings}), []::VARCHAR[]))" : $"{Sql.Name(c.Name)} IN {known}"))})";
    }

    private void Match(StringArray cells, List<string> found)
    {
        var texts = new TextCells(cells);
        for (int i = 0; i < texts.Count; i++)
        {
            if (!AddressText.TryReadCell(texts[i], out Address address))
                continue;
            bool wanted = false;
            for (int r = 0; r < Addresses.Count && !wanted; r++)
                wanted = Addresses[r].Contains(address);
            if (wanted && cells.GetString(i) is { } spelling && spellings.Add(spelling))
                found.Add(spelling);
        }
    }
}
