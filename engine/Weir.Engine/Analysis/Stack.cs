using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>One line a value of a column: events, what else goes with it, first, last, and what makes it odd.</summary>
/// <remarks>
/// <para>All rules of oddness stand in <see cref="Rules"/>. They look at the lines, not at the rows, and compare each value with the others of the same answer.</para>
/// <para>What most values share is not odd: a rule counts only where it is true of less than half of the values, and of at most ten values or one in ten.</para>
/// </remarks>
internal sealed class Stack
{
    private const int FewValues = 10;

    // What is counted per value, and the columns it may stand in; the first that the table has. A view has the first name of each.
    private static readonly (string Label, string[] Columns)[] Counted =
    [
        ("user", ["user_key", "user", "user_principal_name", "user_id", "src_user", "account_name", "username", "sender_address"]),
        ("address", ["src_ip"]),
        ("device", ["device", "device_name", "device_information", "device_detail_display_name"]),
        ("app", ["app", "app_display_name", "application"]),
        ("country", ["country", "location_country", "location_country_or_region", "src_ip_country"]),
        ("log", ["log"]),
    ];

    private static readonly string[] Statuses = ["status", "login_status"];

    private readonly CaseTable table;
    private readonly TableColumn[] by;
    private readonly (string Label, TableColumn Column)[] others;
    private readonly TableColumn? organisation, status;
    private readonly string where;

    private Stack(CaseTable table, TableColumn[] by, string where)
    {
        (this.table, this.by, this.where) = (table, by, where);
        var found = new List<(string Label, TableColumn Column)>();
        foreach (var (label, names) in Counted)
        {
            if (label == "log" && table.View != StandardView.Timeline)
                continue; // the views of one sort are of few logs
            if (!by.Any(b => names.Contains(b.Name, StringComparer.OrdinalIgnoreCase)) && names.Select(table.Find).FirstOrDefault(c => c is not null) is { } column)
                found.Add((label, column));
        }

        if (table.View is null && found.TrueForAll(f => f.Label != "address") && table.AddressColumns.FirstOrDefault(c => !by.Contains(c)) is { } address && !by.Any(b => b.Asn is not null))
            found.Add(("address", address));
        others = [.. found];
        organisation = by.Where(b => b.Type == ColumnType.Varchar).Select(b => b.Asn?.Organisation).FirstOrDefault(o => o is not null && !by.Contains(o));
        status = Statuses.Select(table.Find).FirstOrDefault(c => c is { Type: ColumnType.Varchar or ColumnType.BigInt } && !by.Contains(c));
    }

    /// <param name="table">Table or view.</param>
    /// <param name="by">Its columns whose values are counted; values of a list count one by one where it stands alone.</param>
    /// <param name="where">Condition of the rows.</param>
    /// <returns>The answer with all values, and the same for a screen.</returns>
    /// <exception cref="WeirException">The table has no such column.</exception>
    public static (Question Whole, Question OnScreen) Of(CaseTable table, IReadOnlyList<string> by, string where)
    {
        if (by.Count == 0)
            throw new WeirException("--by", "it names no column", "columns, comma-separated", $"See them with: weir fields {table.Name}.");
        TableColumn[] columns = [.. by.Select(name => table.Find(name)
            ?? throw new WeirException($"--by {name}", $"{table.Title} has no such column", $"one of {string.Join(", ", table.Columns.Select(c => c.Name))}", $"See what they hold with: weir fields {table.Name}.")).Distinct()];
        var stack = new Stack(table, columns, where);
        return (new Question(stack.Answer(onScreen: false)), new Question(stack.Answer(onScreen: true)));
    }

    private string Answer(bool onScreen)
    {
        var rules = Rules().ToArray();
        string reasons = string.Join(", ", rules.Select((_, i) => $"CASE WHEN k.r{i} * 2 < k.n AND (k.r{i} <= {FewValues} OR k.r{i} * 10 <= k.n) THEN w.r{i} END"));
        var shown = new List<string>();
        shown.AddRange(by.Select((b, i) => $"w.b{i} AS {Sql.Name(b.Name)}"));
        if (organisation is not null)
            shown.Add(onScreen ? "CASE WHEN length(organisation) > 24 THEN left(organisation, 23) || '…' ELSE organisation END AS organisation" : "organisation");
        shown.Add("events");
        if (status is not null)
            shown.Add("failures");
        foreach (var (label, _) in others)
        {
            string list = $"{label}_list", count = label == "country" ? "countries" : label == "address" ? "addresses" : label + "s";
            shown.Add(onScreen ? OnScreen(label, list, count)
                : $"len({list}) AS {count}, array_to_string({list}, ' | ') AS {list}");
        }

        shown.Add(onScreen ? "date_trunc('second', first) AS first, date_trunc('second', last) AS last" : "first, last");
        string values = string.Join(", ", by.Select((_, i) => $"w.b{i}"));
        return
            $"""
            WITH g AS MATERIALIZED ({Grouped()}),
                v AS MATERIALIZED (SELECT *, row_number() OVER () AS line, {string.Join(" OR ", by.Select((_, i) => $"b{i} IS NOT NULL"))} AS named FROM g),
                s AS ({Span()}),
                rare AS ({Rare()}),
                w AS MATERIALIZED (SELECT v.*{string.Concat(rules.Select((r, i) => $", CASE WHEN v.named AND {r.Holds} THEN {r.Words} END AS r{i}"))} FROM v CROSS JOIN s LEFT JOIN rare USING (line)),
                k AS (SELECT count(*) FILTER (named) AS n{string.Concat(rules.Select((_, i) => $", count(r{i}) AS r{i}"))} FROM w),
                o AS (SELECT w.*, list_filter([{reasons}]::VARCHAR[], lambda r: r IS NOT NULL) AS reasons FROM w CROSS JOIN k)
            SELECT {string.Join(", ", shown)}, nullif(array_to_string(reasons, '; '), '') AS why FROM o AS w ORDER BY len(reasons) DESC, events DESC, {values}
            """;
    }

    /// <summary>Few values of what identifies, numbers of the rest.</summary>
    private static string OnScreen(string label, string list, string count)
    {
        (int few, int room) = label switch { "user" => (1, 36), "address" => (1, 40), "country" => (3, 20), "log" => (2, 20), _ => (0, 0) };
        return few == 0 ? $"len({list}) AS {count}"
            : System.FormattableString.Invariant($"CASE WHEN len({list}) = 0 THEN NULL WHEN len({list}) > {few} THEN len({list})::VARCHAR WHEN length(array_to_string({list}, ' | ')) <= {room} THEN array_to_string({list}, ' | ') WHEN len({list}) = 1 THEN left({list}[1], {room - 1}) || '…' ELSE len({list})::VARCHAR END AS {count}");
    }

    /// <summary>What makes a value odd: a condition over its line <c>v</c>, over all lines <c>s</c>, and what to say.</summary>
    private IEnumerable<(string Holds, string Words)> Rules()
    {
        if (table.HasTime)
        {
            // Seen on one day, where the whole runs over three or more.
            yield return ("v.first::DATE = v.last::DATE AND s.last::DATE - s.first::DATE >= 2", "'one day only'");
            // New in the last quarter of the time.
            yield return ("s.last::DATE - s.first::DATE >= 2 AND v.first > s.first + (s.last - s.first) * 0.75", "'first seen ' || v.first::DATE || ', late in the span'");
        }

        // Failures, three at least, at twice the rate of all.
        if (status is not null)
            yield return ("v.failures >= 3 AND v.failures * s.events >= 2 * s.failures * v.events", "v.failures || ' of ' || v.events || ' failed'");

        // Several, where most values have one; what half of all have in common is no oddity.
        foreach (string label in others.Select(o => o.Label).Where(l => l is "user" or "address" or "country"))
            yield return ($"len(v.{label}_list) > 1 AND s.{label}_usual <= 1{(label == "country" ? "" : $" AND len(v.{label}_list) * 2 < s.{label}_all")}", $"len(v.{label}_list) || '{(label == "country" ? " countries" : label == "address" ? " addresses" : " users")}, most have one'");

        // In one log alone, where most values are in several.
        if (others.Any(o => o.Label == "log"))
            yield return ("len(v.log_list) = 1 AND s.log_usual > 1", "'in no other log than ' || v.log_list[1]");

        // A country or organisation that no other value has.
        if (others.Any(o => o.Label == "country"))
            yield return ("rare.countries IS NOT NULL", "'no other in ' || array_to_string(rare.countries, ', ')");
        if (organisation is not null)
            yield return ("rare.organisation IS NOT NULL", "'no other of ' || rare.organisation");
    }

    private string Grouped()
    {
        IEnumerable<string> inputs = by.Select((b, i) => (by.Length == 1 && Unnested(b) ? $"unnest(CASE WHEN len({Sql.Name(b.Name)}) > 0 THEN {Sql.Name(b.Name)} ELSE [NULL] END)" : b.Type is ColumnType.VarcharList or ColumnType.BigIntList ? $"array_to_string({Sql.Name(b.Name)}, ' | ')" : Sql.Name(Account(b))) + $" AS b{i}")
            .Concat(others.Select(o => $"{(o.Label == "user" && o.Column.Name != "user_key" ? $"lower({CaseTable.TextOf(o.Column)})" : CaseTable.TextOf(o.Column))} AS {o.Label}_in"))
            .Append($"{table.Time} AS time_in");
        if (organisation is not null)
            inputs = inputs.Append($"{CaseTable.TextOf(organisation)} AS organisation_in");
        if (status is not null)
            inputs = inputs.Append($"{(status.Type == ColumnType.BigInt ? $"{Sql.Name(status.Name)} >= 400" : $"lower({Sql.Name(status.Name)}) IN ('failure', 'failed')")} AS failed_in");
        return
            $"""
            SELECT {string.Join(", ", by.Select((_, i) => $"b{i}"))}, count(*) AS events, min(time_in) AS first, max(time_in) AS last{(organisation is null ? "" : ", min(organisation_in) AS organisation")}{(status is null ? "" : ", count(*) FILTER (failed_in) AS failures")}{string.Concat(others.Select(o =>
                $", list_sort(coalesce(list(DISTINCT {o.Label}_in) FILTER ({o.Label}_in <> ''), [])) AS {o.Label}_list"))}
            FROM (SELECT {string.Join(", ", inputs)} FROM {table.From} WHERE {where}) GROUP BY {string.Join(", ", by.Select((_, i) => $"b{i}"))}
            """;
    }

    private string Span() =>
        $"SELECT min(first) AS first, max(last) AS last, sum(events) AS events{(status is null ? "" : ", sum(failures) AS failures")}{string.Concat(others.Select(o => $", quantile_disc(len({o.Label}_list), 0.5) FILTER (named) AS {o.Label}_usual{(o.Label is "user" or "address" ? $", (SELECT count(DISTINCT x) FROM (SELECT unnest({o.Label}_list) AS x FROM v)) AS {o.Label}_all" : "")}"))} FROM v";

    /// <summary>Countries and organisations that one value has alone, by line.</summary>
    private string Rare()
    {
        string none = "SELECT line, NULL::VARCHAR[] AS countries, NULL::VARCHAR AS organisation FROM v WHERE false";
        string countries = others.Any(o => o.Label == "country")
            ? "SELECT line, list(c ORDER BY c) AS countries, NULL::VARCHAR AS organisation FROM (SELECT line, c, count(*) OVER (PARTITION BY c) AS n FROM (SELECT line, unnest(country_list) AS c FROM v WHERE named)) WHERE n = 1 GROUP BY line" : none;
        string organisations = organisation is not null
            ? "SELECT line, NULL::VARCHAR[], organisation FROM (SELECT line, organisation, count(*) OVER (PARTITION BY organisation) AS n FROM v WHERE named AND organisation IS NOT NULL) WHERE n = 1" : none;
        return $"SELECT line, any_value(countries) AS countries, any_value(organisation) AS organisation FROM ({countries} UNION ALL {organisations}) GROUP BY line";
    }

    // A view knows which spellings are one account.
    private string Account(TableColumn column) => table.View is not null && column.Name == "user" ? "user_key" : column.Name;

    private static bool Unnested(TableColumn column) => column.Type is ColumnType.VarcharList or ColumnType.BigIntList;
}
