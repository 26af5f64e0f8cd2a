using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Weir.Cli.Pictures;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Commands;

/// <summary>The picture of the timeline: what is in its marks, and that no text or span of time spoils it.</summary>
public sealed class PlotTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly Bench bench = new();

    public PlotTests() => CaseSchema.Create(bench.Case, RunOptions.Default);

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Marks_FewEvents_AreOneEach()
    {
        Fill("('2018-08-20 10:00:00+00', 'b', '10.0.0.1', 'mail'), ('2018-08-20 09:00:00+00', 'c', '10.0.0.1', 'mail'), ('2018-08-20 11:00:00+00', 'a', '10.0.0.2', 'signin'), ('2018-08-20 08:00:00+00', NULL, NULL, NULL), (NULL, 'a', NULL, 'mail')");
        var (marks, undated) = await ReadAsync();
        Assert.False(marks!.Binned);
        Assert.Equal(["c", "b", "a", null], marks.Users.Select(u => u.Name)); // by first seen; none at the bottom, though it is the earliest
        Assert.Equal(["10.0.0.1", "10.0.0.2", null], marks.Addresses.Select(a => a.Name));
        Assert.Equal(MarkGroupKind.None, marks.Logs[^1].Kind);
        Assert.Equal((4, 1, 1), (marks.Events, marks.Undated, undated));
        Assert.Equal([("c", "10.0.0.1", "mail", "09:00"), ("b", "10.0.0.1", "mail", "10:00"), ("a", "10.0.0.2", "signin", "11:00"), (null, null, null, "08:00")],
            marks.Marks.OrderBy(m => m.User).Select(m => (marks.Users[m.User].Name, marks.Addresses[m.Address].Name, marks.Logs[m.Log].Name, m.First.ToString("HH:mm", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData(1, 60, 7)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 12, 2)]
    public async Task Marks_ManyEvents_KeepTheirSum(int seed, int users, int addresses)
    {
        Random(seed, 60_000);
        var (marks, _) = await ReadAsync(new MarkLimits { Users = users, Addresses = addresses, Logs = 2, Marks = 500, Binned = 900, Buckets = 64 });
        Assert.True(marks!.Binned);
        Assert.Equal(60_003, marks.Events);
        Assert.Equal(marks.Events, marks.Marks.Sum(m => m.Events));
        foreach (var (groups, place) in new (IReadOnlyList<MarkGroup>, Func<TimelineMark, int>)[] { (marks.Users, m => m.User), (marks.Addresses, m => m.Address), (marks.Logs, m => m.Log) })
        {
            Assert.Equal(marks.Events, groups.Sum(g => g.Events));
            long[] counted = new long[groups.Count];
            foreach (TimelineMark mark in marks.Marks)
                counted[place(mark)] += mark.Events;
            Assert.Equal(groups.Select(g => g.Events), counted);
        }

        await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true });
        var named = caseFile.Database.Rows("SELECT \"user\", count(*) FROM timeline WHERE \"user\" IS NOT NULL GROUP BY 1", r => (Name: r.GetString(0), Events: r.GetInt64(1)));
        Assert.All(marks.Users.Where(u => u.Kind == MarkGroupKind.Named), u => Assert.Equal(u.Events, named.Single(n => n.Name == u.Name).Events));
        Assert.Equal(named.Count, marks.Users.Sum(u => u.Values));
        Assert.Equal(caseFile.Database.Count("SELECT count(DISTINCT src_ip) FROM timeline"), marks.Addresses.Sum(a => a.Values));
        int series = marks.Marks.Select(m => (m.User, m.Address, m.Log)).Distinct().Count();
        Assert.InRange(marks.Marks.Count, series, Math.Max(900, 3 * series));
        Assert.All(marks.Marks, m => Assert.True(m.First <= m.Last && m.First >= marks.First && m.Last <= marks.Last));
    }

    [Fact]
    public async Task Marks_RareEvents_StaySingleBesideMany()
    {
        Random(4, 60_000);
        var (marks, _) = await ReadAsync(new MarkLimits { Marks = 500, Binned = 900, Buckets = 64 });
        int user = marks!.Users.ToList().FindIndex(u => u.Name == "rare");
        TimelineMark[] rare = [.. marks.Marks.Where(m => m.User == user)];
        Assert.Equal([1L, 1, 1], rare.Select(m => m.Events));
        Assert.Equal(["00:30", "04:00", "20:00"], rare.Select(m => m.First.ToString("HH:mm", CultureInfo.InvariantCulture)).Order());
        Assert.All(rare, m => Assert.Equal("vpn", marks.Logs[m.Log].Name));
    }

    [Fact]
    public async Task Marks_SpellingsOfOneAccount_AreOneLine()
    {
        Fill(
            "('2018-08-20 10:00:00+00', 'BOB', 'x', 'mail', 'bob@example.org'), ('2018-08-20 11:00:00+00', 'bob', 'x', 'mail', 'bob@example.org'), ('2018-08-20 12:00:00+00', 'bob', 'x', 'mail', 'bob@example.org'), ('2018-08-20 13:00:00+00', 'bob', 'x', 'mail', 'host\\bob')",
            key: "k");
        var (marks, _) = await ReadAsync();
        Assert.Equal(["bob@example.org", "host\\bob"], marks!.Users.Select(u => u.Name)); // two of one name are told apart
        Assert.Equal([3L, 1], marks.Users.Select(u => u.Events));
    }

    [Fact]
    public async Task Plot_Svg_IsWholeAndSaysWhatItShows()
    {
        Fill("('2018-08-20 10:00:00+00', 'bgist@froth.ly', '104.207.83.63', 'signin'), ('2018-08-20 11:00:00+00', 'fyodor@froth.ly', '104.207.83.63', 'mail'), (NULL, 'x', NULL, 'mail')");
        Bench.Duck(bench.Case, "INSERT INTO weir.slices (source_id, export_id, table_name, uri, spl, earliest, latest, index_latest, attempts, state) VALUES (9, 1, 'signin', 'u', 's', '2018-08-20 10:20:00+00', '2018-08-20 10:30:00+00', '2018-08-21', 1, 'incomplete'), (10, 1, 'signin', 'u', 's', '2018-08-20 10:30:00+00', '2018-08-20 10:40:00+00', '2018-08-21', 1, 'interrupted'), (11, 1, 'mail', 'u', 's', '2010-08-20 10:30:00+00', '2010-08-20 10:40:00+00', '2018-08-21', 1, 'interrupted')");
        string file = bench.File("t.svg");
        Run run = (await bench.WeirAsync("plot", "-o", file, "--title", "What <they> did & when", "--tz", "Europe/Berlin")).Clean();
        Assert.Equal("", run.Out);
        Assert.Contains("2 events of 2 users, 1 address and 2 logs, 2018-08-20T10:00:00Z to 2018-08-20T11:00:00Z; a mark each; 1 range not acquired hatched, 1 outside the picture; 1 event without a time not drawn", run.Error, StringComparison.Ordinal);
        Assert.Contains("the case is not whole", run.Error, StringComparison.Ordinal);
        XDocument svg = XDocument.Load(file);
        string[] texts = [.. svg.Descendants(Svg + "text").Select(t => t.Value)];
        foreach (string text in new[] { "What <they> did & when", "bgist@froth.ly", "fyodor@froth.ly", "104.207.83.63", "signin", "mail", "signin: not acquired", "time (Europe/Berlin, UTC+02:00)", "12:00", "13:00", "Mon 2018-08-20" })
            Assert.Contains(text, texts);
        Assert.True(Array.IndexOf(texts, "bgist@froth.ly") < Array.IndexOf(texts, "fyodor@froth.ly"));
        Assert.Equal("What <they> did & when", svg.Root!.Element(Svg + "title")!.Value);
        // Nothing comes from elsewhere, and no name is another picture's.
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "image" or "script" or "style" or "foreignObject" or "a" or "use");
        Assert.All(svg.Descendants().Attributes("id"), id => Assert.StartsWith("weir_", id.Value, StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(bench.Path, "t.svg*"));
    }

    [Fact]
    public async Task Plot_HostileNames_AreHarmlessInBothForms()
    {
        string[] names =
        [
            "\u001b[31mred\u001b[0m", "\u202Egpj.exe\u202C", "</text><script>alert(1)</script>", "a&b\"c'd", "nul\u0001inside", "\uFFFE\uFFFF", "line\nfeed\ttab", "Z" + new string('\u0300', 300) + "algo", "\U0001F980 crab", "일본",
            "アドミニストレーター 山田太郎", "\u200Bzero", new string('x', 100_000), "]]>", "<![CDATA[", "\U000E0041tag", "e\u0301",
        ];
        Fill(string.Join(", ", names.Select((n, i) => string.Create(CultureInfo.InvariantCulture, $"('2018-08-20 10:{i:00}:00+00', {Quoted(n)}, {Quoted(n)}, {Quoted(n)})"))));
        foreach (string name in new[] { "h.svg", "h.png" })
            (await bench.WeirAsync("plot", "-o", bench.File(name), "--title", names[0] + names[1] + names[2], "--quiet")).Clean();
        string written = await File.ReadAllTextAsync(bench.File("h.svg"));
        XDocument svg = XDocument.Parse(written);
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.DoesNotContain(written, c => (char.IsControl(c) && c != '\n') || c is '\u202E' or '\u202C' or '\u200B' or '\uFFFE' or '\uFFFF');
        Assert.DoesNotContain("\u0300\u0300\u0300", written, StringComparison.Ordinal);
        string[] texts = [.. svg.Descendants(Svg + "text").Select(t => t.Value)];
        Assert.Contains("일본", texts);
        Assert.Contains("アドミニストレーター 山田太郎", texts);
        Assert.Contains("e\u0301", texts);
        Assert.Contains(texts, t => t.StartsWith("xxx", StringComparison.Ordinal) && t.Contains('…', StringComparison.Ordinal) && t.Length < 100);
        Assert.True(written.Length < 200_000, $"{written.Length} characters");
    }

    [Fact]
    public async Task Plot_Png_HasTheSizeAskedFor()
    {
        Fill("('2018-08-20 10:00:00+00', 'a', 'b', 'c')");
        string file = bench.File("t.PNG");
        (await bench.WeirAsync("plot", "-o", file, "--width", "900", "--height", "500")).Clean();
        byte[] png = await File.ReadAllBytesAsync(file);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
        Assert.Equal((900, 500), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
    }

    [Theory]
    [InlineData(640, 400)]
    [InlineData(1_600, 5_000)]
    [InlineData(5_000, null)]
    public async Task Plot_ManyUsersAndExtremeTimes_AreDrawnAtAnySize(int width, int? height)
    {
        Bench.Duck(bench.Case, View("SELECT to_timestamp(i * 1e7) + INTERVAL 1 YEAR AS t, 'user ' || i AS u, '10.0.0.' || i % 250 AS i, 'log ' || i % 20 AS l FROM range(400) r(i) UNION ALL VALUES ('0001-01-03'::TIMESTAMPTZ, 'u', 'a', 'b'), ('9999-12-29'::TIMESTAMPTZ, 'u', 'a', 'b'), ('infinity'::TIMESTAMPTZ, 'u', 'a', 'b'), ('20000-01-01'::TIMESTAMPTZ, 'u', 'a', 'b')"));
        string file = bench.File("t.svg");
        string[] asked = height is null ? [] : ["--height", height.Value.ToString(CultureInfo.InvariantCulture)];
        Run run = (await bench.WeirAsync(["plot", "-o", file, "--tz", "Pacific/Kiritimati", "--width", width.ToString(CultureInfo.InvariantCulture), .. asked])).Clean();
        Assert.Contains("402 events of 401 users, 251 addresses and 21 logs", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 events without a time", run.Error, StringComparison.Ordinal);
        XElement[] texts = [.. XDocument.Load(file).Descendants(Svg + "text")];
        Assert.Contains(texts, t => t.Value.EndsWith(" others)", StringComparison.Ordinal));
        Assert.Contains(texts, t => t.Value.EndsWith(" other addresses", StringComparison.Ordinal));
        // Every text lies within the picture.
        double high = height ?? double.Parse(XDocument.Load(file).Root!.Attribute("height")!.Value, CultureInfo.InvariantCulture);
        Assert.All(texts, t =>
        {
            double x = Number(t, "x"), length = Number(t, "textLength"), y = Number(t, "y");
            double start = t.Attribute("text-anchor")?.Value switch { "end" => x - length, "middle" => x - length / 2, _ => x };
            Assert.True(start >= 0 && start + length <= width && y > 0 && y < high, t.ToString());
        });
    }

    [Fact]
    public async Task Plot_OptionsThatNarrow_ChooseTheEvents()
    {
        Fill("('2018-08-20 10:00:00+00', 'a', '10.0.0.1', 'signin'), ('2018-08-20 10:10:00+00', 'b', '10.0.1.1', 'signin'), ('2018-08-20 18:00:00+00', 'a', '10.0.0.2', 'signin')");
        string file = bench.File("t.svg");
        Assert.Contains(": 2 events of 1 user, 2 addresses", (await bench.WeirAsync("plot", "-o", file, "--user", "A")).Clean().Error, StringComparison.Ordinal);
        Assert.Contains(": 2 events of 1 user, 2 addresses", (await bench.WeirAsync("plot", "-o", file, "--force", "--ip", "10.0.0.0/24")).Clean().Error, StringComparison.Ordinal);
        Assert.Contains(": 2 events of 2 users", (await bench.WeirAsync("plot", "-o", file, "--force", "--around", "2018-08-20 12:00", "--within", "3h", "--tz", "Europe/Berlin")).Clean().Error, StringComparison.Ordinal);
        string[] texts = [.. XDocument.Load(file).Descendants(Svg + "text").Select(t => t.Value)];
        Assert.Contains("10:00", texts); // all that was asked for is on the axis, what is empty too
        Assert.Contains("15:00", texts);
        (await bench.WeirAsync("plot", "-o", bench.File("u.svg"), "--user", "nobody")).Failed("no event", "asked for", "leave one out");
    }

    [Fact]
    public async Task Plot_NoEvent_SaysWhatToDo()
    {
        (await bench.WeirAsync("plot", "-o", bench.File("t.svg"))).Failed("case.duckdb", "holds no event", "weir ingest");
        Fill("(NULL, 'a', 'b', 'c')");
        (await bench.WeirAsync("plot", "-o", bench.File("t.svg"))).Failed("none of the 1 event", "has a time", "weir sql");
        Assert.False(File.Exists(bench.File("t.svg")));
    }

    [Fact]
    public async Task Plot_WhatCannotBeWritten_IsRefusedFirst()
    {
        Fill("('2018-08-20 10:00:00+00', 'a', 'b', 'c')");
        string file = bench.Write("t.svg", "old");
        (await bench.WeirAsync("plot", "-o", file)).Failed("t.svg", "exists", "--force");
        Assert.Equal("old", await File.ReadAllTextAsync(file));
        (await bench.WeirAsync("plot", "-o", file, "--force")).Clean();
        Assert.NotEqual("old", await File.ReadAllTextAsync(file));
        (await bench.WeirAsync("plot", "-o", bench.File("t.jpg"))).Failed("t.jpg", ".svg or .png");
        (await bench.WeirAsync("plot", "-o", bench.File("no/t.svg"))).Failed("directory does not exist");
        (await bench.WeirAsync("plot", "-o", bench.File("u.svg"), "--tz", "Nowhere")).Failed("--tz Nowhere");
        (await bench.WeirAsync("plot", "-o", bench.File("u.svg"), "--width", "100")).Failed("--width", "640");
        (await bench.WeirAsync("plot", "-o", bench.File("u.svg"), "--height", "9000")).Failed("--height", "5000");
        (await bench.WeirAsync("plot")).Failed("--output");
    }

    [Theory]
    [InlineData("2024-03-31T00:10:00Z", "2024-03-31T03:50:00Z", "Europe/Berlin", 8, "01:30 Sun 2024-03-31|03:00 |03:30 |04:00 |04:30 |05:00 |05:30 ")]
    [InlineData("2024-02-27T12:00:00Z", "2024-03-03T12:00:00Z", "UTC", 6, "Wed 28 Feb 2024|Thu 29 Feb |Fri 1 Mar |Sat 2 Mar |Sun 3 Mar ")]
    [InlineData("2023-11-20T00:00:00Z", "2024-02-10T00:00:00Z", "UTC", 4, "Dec 2023|Jan 2024|Feb ")]
    [InlineData("2024-01-01T23:59:59.9990Z", "2024-01-02T00:00:00.001Z", "UTC", 3, "23:59:59.999 Mon 2024-01-01|00:00:00.000 Tue 2024-01-02|00:00:00.001 ")]
    [InlineData("0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z", "UTC", 6, "2000 |4000 |6000 |8000 ")]
    public void Ticks_StandAtRoundTimesOfTheZone(string first, string last, string zone, int most, string expected) => Assert.Equal(
        expected,
        string.Join('|', TimeTicks.Between(Utc(first), Utc(last), TimeZoneInfo.FindSystemTimeZoneById(zone), most).Select(t => $"{t.Label} {t.Context}")));

    [Fact]
    public async Task OtherCommands_DoWithoutWhatDraws()
    {
        string folder = bench.File("tool");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Append(Path.Combine(AppContext.BaseDirectory, "weir.runtimeconfig.json")))
        {
            string name = Path.GetFileName(file);
            if (!name.StartsWith("ScottPlot", StringComparison.Ordinal) && !name.Contains("Skia", StringComparison.Ordinal) && !name.Contains("HarfBuzz", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(folder, name));
        }

        foreach (string[] command in (string[][])[["--version"], ["plot", "--help"]])
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "weir.dll"), .. command]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
            Run run = await Run.EndAsync(Process.Start(start)!);
            Assert.NotEqual("", run.Clean().Out);
        }
    }

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"decode('{string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(b => $"\\x{b:X2}"))}'::BLOB)";

    private static string View(string events, string key = "u") =>
        $"""
        CREATE OR REPLACE VIEW timeline AS SELECT t AS time, u AS "user", i AS src_ip, l AS log, 'x' AS action, NULL::VARCHAR AS detail, NULL::VARCHAR AS host, 1 AS source_id, 1::BIGINT AS row_id, {key} AS user_key,
            NULL::VARCHAR AS to_user, NULL::VARCHAR AS session_id, NULL::BIGINT AS src_ip_asn, NULL::VARCHAR AS src_ip_as_org, NULL::VARCHAR AS correlation_id, NULL::VARCHAR AS request_id, NULL::VARCHAR AS user_id, NULL::VARCHAR AS dest_ip FROM ({events})
        """;

    private void Fill(string values, string key = "u") => Bench.Duck(bench.Case, View($"SELECT * REPLACE (t::TIMESTAMPTZ AS t) FROM (VALUES {values}) v(t, u, i, l{(key == "u" ? "" : $", {key}")})", key));

    /// <summary>Events of forty users over a day, dense and sparse, some without user, address or log; and three of a user and a log of their own.</summary>
    private void Random(int seed, int events) => Bench.Duck(
        bench.Case,
        $"""
        CREATE TABLE made AS SELECT TIMESTAMPTZ '2018-08-20 00:00:00+00' + to_microseconds((hash(i, {seed}) % 86400000000)::BIGINT) AS t, CASE WHEN hash(i, 1, {seed}) % 50 <> 0 THEN 'user ' || (sqrt(hash(i, 2, {seed}) % 1600))::INT END AS u,
            CASE WHEN hash(i, 3, {seed}) % 10 <> 0 THEN '10.0.0.' || hash(i, 4, {seed}) % (1 + hash(i, 2, {seed}) % 30) END AS i, CASE WHEN hash(i, 5, {seed}) % 9 <> 0 THEN 'log ' || hash(i, 6, {seed}) % 3 END AS l FROM range({events}) r(i)
        UNION ALL VALUES ('2018-08-20 00:30:00+00'::TIMESTAMPTZ, 'rare', '203.0.113.66', 'vpn'), ('2018-08-20 04:00:00+00'::TIMESTAMPTZ, 'rare', '203.0.113.66', 'vpn'), ('2018-08-20 20:00:00+00'::TIMESTAMPTZ, 'rare', '203.0.113.66', 'vpn')
        """,
        View("FROM made"));

    private async Task<(TimelineMarks? Marks, long Undated)> ReadAsync(MarkLimits? limits = null)
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true });
        return await TimelineMarks.ReadAsync(caseFile, "true", limits ?? new MarkLimits(), default);
    }
}
