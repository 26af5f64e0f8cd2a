using System.Globalization;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What a picture of the timeline shows: marks, and what their lines, shapes and colours stand for.</summary>
/// <param name="Users">Lines from the top: users by the time of their first event, then those that share a line, then events without a user.</param>
/// <param name="Addresses">By events; then those that share a shape, then events without an address.</param>
/// <param name="Logs">By events; then those that share a colour, then events without a log.</param>
/// <param name="Marks">The marks, each an event or several of one user, address and log that lie close together.</param>
/// <param name="Events">Events that have a mark.</param>
/// <param name="Undated">Events that have none: no time, or one outside the years 1 to 9999.</param>
/// <param name="First">Time of the first event that has one, UTC.</param>
/// <param name="Last">Time of the last.</param>
/// <param name="Binned">There were more events than marks: those of one stretch of time are put together.</param>
internal sealed record TimelineMarks(
    IReadOnlyList<MarkGroup> Users, IReadOnlyList<MarkGroup> Addresses, IReadOnlyList<MarkGroup> Logs, IReadOnlyList<TimelineMark> Marks,
    long Events, long Undated, DateTime First, DateTime Last, bool Binned)
{
    // Beside the case, which is open for reading only.
    private const string Prefix = "memory.main.weir_plot_";

    // Of which .NET has times.
    private const string Dated = "time BETWEEN TIMESTAMPTZ '0001-01-02 00:00:00+00' AND TIMESTAMPTZ '9999-12-30 00:00:00+00'";

    // A handful of events is never one mark, however many series there are.
    private const int Few = 3;

    // Each within a third of the one before.
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 768, 1_024];

    private static readonly string[] Steps = ["groups", "users", "lines", "shapes", "colours", "series", "sizes"];

    /// <summary>Reads the marks of a case's timeline.</summary>
    /// <param name="condition">SQL that holds for the events wanted.</param>
    /// <returns>Null where there is no event with a time.</returns>
    /// <remarks>
    /// The events are read twice: once to be counted by user, address and log, which says what has a line, shape and colour of its own; once to be counted by these and by stretch of time.
    /// Counted by all of them at once, ten million events are as many groups.
    /// A series (user, address, log) has marks as fine as its own share of them allows, so that a few events stay single beside millions.
    /// </remarks>
    public static async Task<(TimelineMarks? Marks, long Undated)> ReadAsync(CaseFile caseFile, string condition, MarkLimits limits, CancellationToken cancellationToken)
    {
        string events = $"main.timeline WHERE ({condition})";
        await MakeAsync(
            "groups",
            $"""
            SELECT "user", user_key, src_ip, "log", count(*) AS n, count(*) FILTER ({Dated}) AS dated,
                epoch_us(min(time) FILTER ({Dated})) AS first, epoch_us(max(time) FILTER ({Dated})) AS last
            FROM {events} GROUP BY "user", user_key, src_ip, "log"
            """);
        var (all, dated, first, last) = caseFile.Database.Rows(
            $"SELECT coalesce(sum(n), 0)::BIGINT, coalesce(sum(dated), 0)::BIGINT, coalesce(min(first), 0), coalesce(max(last), 0) FROM {Prefix}groups", r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3)))[0];
        if (dated == 0)
            return (null, all);

        bool binned = dated > limits.Marks;
        long width = binned ? (last - first) / limits.Buckets + 1 : 1;
        const string names = "nullif(\"user\", '') AS name, coalesce(nullif(user_key, ''), nullif(\"user\", '')) AS key, nullif(src_ip, '') AS address, nullif(\"log\", '') AS log";
        await caseFile.ExecuteAsync($"CREATE OR REPLACE VIEW {Prefix}named AS SELECT {names}, dated AS n, first, last FROM {Prefix}groups WHERE dated > 0", cancellationToken);
        await MakeAsync("users", $"SELECT key, sum(n)::BIGINT AS n, min(first) AS first FROM {Prefix}named WHERE key IS NOT NULL GROUP BY key");
        // One that would be alone on the shared line may as well have that line.
        await MakeAsync(
            "lines",
            $"""
            SELECT key, n, (row_number() OVER (ORDER BY first, key) - 1)::INTEGER AS place FROM
                (SELECT * FROM {Prefix}users ORDER BY n DESC, first, key LIMIT (SELECT CASE WHEN count(*) = {limits.Users + 1} THEN {limits.Users + 1} ELSE {limits.Users} END FROM {Prefix}users))
            """);
        await MakeAsync("shapes", Ranked("address", limits.Addresses));
        await MakeAsync("colours", Ranked("log", limits.Logs));
        await MakeAsync(
            "series",
            $"""
            SELECT coalesce(l.place, CASE WHEN c.key IS NULL THEN -2 ELSE -1 END) AS line, coalesce(s.place, CASE WHEN c.address IS NULL THEN -2 ELSE -1 END) AS shape,
                coalesce(o.place, CASE WHEN c.log IS NULL THEN -2 ELSE -1 END) AS colour, (c.time - {Text(first)}) // {Text(width)} AS bucket, count(*) AS n, min(c.time) AS first, max(c.time) AS last
            FROM (SELECT {names}, epoch_us(time) AS time FROM {events}{(dated < all ? $" AND {Dated}" : "")}) c LEFT JOIN {Prefix}lines l ON c.key = l.key LEFT JOIN {Prefix}shapes s ON c.address = s.value LEFT JOIN {Prefix}colours o ON c.log = o.value
            GROUP BY ALL
            """);
        // How many marks each series has where so many buckets are one: as many as differ from the one before.
        string sizes = binned ? string.Join(", ", Sizes.Where(s => s < limits.Buckets).Append(limits.Buckets)) : "1";
        await MakeAsync(
            "sizes",
            $"""
            WITH steps AS (SELECT line, shape, colour, bucket, lag(bucket) OVER (PARTITION BY line, shape, colour ORDER BY bucket) AS before FROM {Prefix}series)
            SELECT line, shape, colour, size, count(*) FILTER (before IS NULL OR bucket // size <> before // size) AS marks FROM steps, (SELECT unnest([{sizes}]) AS size) GROUP BY ALL
            """);
        // The most marks a series that keep the sum within bounds, but never less than a few; a series that has fewer keeps them all.
        string most = binned ? $"SELECT coalesce(max(cap), {Few}) FROM (SELECT cap, sum(marks) AS marks FROM chosen GROUP BY cap) WHERE marks <= {limits.Binned}" : Text(limits.Marks);
        List<TimelineMark> marks = caseFile.Database.Rows(
            $"""
            WITH caps AS (SELECT unnest([{string.Join(", ", Sizes.Where(s => s >= Few).Append(limits.Marks))}]) AS cap),
                chosen AS (SELECT line, shape, colour, cap, min(size) AS size, max(marks) AS marks FROM {Prefix}sizes, caps WHERE marks <= cap OR size = {(binned ? limits.Buckets : 1)} GROUP BY line, shape, colour, cap),
                fitting AS (SELECT * FROM chosen WHERE cap = ({most}))
            SELECT line, shape, colour, min(first), max(last), sum(n)::BIGINT FROM {Prefix}series JOIN fitting USING (line, shape, colour)
            GROUP BY line, shape, colour, bucket // size ORDER BY ALL
            """,
            r => new TimelineMark(r.GetInt32(0), r.GetInt32(1), r.GetInt32(2), Time(r.GetInt64(3)), Time(r.GetInt64(4)), r.GetInt64(5)));

        IReadOnlyList<MarkGroup> users = Users(), addresses = Values("shapes", "address"), logs = Values("colours", "log");
        // From the numbers of the tables, where -1 shares and -2 has none, to places in the lists.
        int named = users.Count(g => g.Kind == MarkGroupKind.Named), shapes = addresses.Count(g => g.Kind == MarkGroupKind.Named), colours = logs.Count(g => g.Kind == MarkGroupKind.Named);
        for (int i = 0; i < marks.Count; i++)
            marks[i] = marks[i] with { User = Place(marks[i].User, users, named), Address = Place(marks[i].Address, addresses, shapes), Log = Place(marks[i].Log, logs, colours) };
        caseFile.Database.Execute($"DROP VIEW {Prefix}named");
        foreach (string step in Steps)
            caseFile.Database.Execute($"DROP TABLE {Prefix}{step}");
        return (new TimelineMarks(users, addresses, logs, marks, dated, all - dated, Time(first), Time(last), binned), all - dated);

        Task MakeAsync(string step, string sql) => caseFile.ExecuteAsync($"CREATE OR REPLACE TABLE {Prefix}{step} AS {sql}", cancellationToken);

        string Ranked(string column, int kept) =>
            $"""
            SELECT value, n, (row_number() OVER (ORDER BY n DESC, value) - 1)::INTEGER AS place FROM
                (SELECT {column} AS value, sum(n)::BIGINT AS n FROM {Prefix}named WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY n DESC, value LIMIT {kept})
            """;

        // A line is called by the most frequent spelling of its user, or by the account where two lines would be called alike.
        List<MarkGroup> Users()
        {
            var lines = caseFile.Database.Rows(
                $"""
                WITH spellings AS (SELECT key, name, sum(n) AS n FROM {Prefix}named SEMI JOIN {Prefix}lines USING (key) GROUP BY ALL),
                    names AS (SELECT key, first(name ORDER BY n DESC, name NULLS LAST) AS name FROM spellings GROUP BY key)
                SELECT coalesce(names.name, key), key, n FROM {Prefix}lines JOIN names USING (key) ORDER BY place
                """,
                r => (Name: r.GetString(0), Key: r.GetString(1), Events: r.GetInt64(2)));
            HashSet<string> twice = [.. lines.GroupBy(l => l.Name).Where(g => g.Count() > 1).Select(g => g.Key)];
            List<MarkGroup> groups = [.. lines.Select(l => new MarkGroup(MarkGroupKind.Named, twice.Contains(l.Name) ? l.Key : l.Name, 1, l.Events))];
            groups.AddRange(caseFile.Database.Rows(
                $"SELECT count(*), sum(n)::BIGINT FROM {Prefix}users ANTI JOIN {Prefix}lines USING (key) HAVING count(*) > 0", r => new MarkGroup(MarkGroupKind.Others, null, r.GetInt64(0), r.GetInt64(1))));
            groups.AddRange(None("key"));
            return groups;
        }

        List<MarkGroup> Values(string ranked, string column)
        {
            List<MarkGroup> groups = caseFile.Database.Rows($"SELECT value, n FROM {Prefix}{ranked} ORDER BY place", r => new MarkGroup(MarkGroupKind.Named, r.GetString(0), 1, r.GetInt64(1)));
            groups.AddRange(caseFile.Database.Rows(
                $"SELECT count(DISTINCT {column}), sum(n)::BIGINT, min({column}) FROM {Prefix}named WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT value FROM {Prefix}{ranked}) HAVING count(*) > 0",
                r => new MarkGroup(MarkGroupKind.Others, r.GetInt64(0) == 1 ? r.GetString(2) : null, r.GetInt64(0), r.GetInt64(1))));
            groups.AddRange(None(column));
            return groups;
        }

        List<MarkGroup> None(string column) =>
            caseFile.Database.Rows($"SELECT sum(n)::BIGINT FROM {Prefix}named WHERE {column} IS NULL HAVING count(*) > 0", r => new MarkGroup(MarkGroupKind.None, null, 0, r.GetInt64(0)));
    }

    private static int Place(int number, IReadOnlyList<MarkGroup> groups, int named) => number switch
    {
        -2 => groups.Count - 1,
        -1 => named,
        _ => number,
    };

    private static DateTime Time(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * 10);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
