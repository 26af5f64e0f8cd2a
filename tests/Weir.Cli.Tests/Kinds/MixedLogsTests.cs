using System.Globalization;
using System.Text;
using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Kinds;

/// <summary>A source that holds records of several kinds: each record is of its own kind, and a few odd ones move no other.</summary>
public sealed class MixedLogsTests : IDisposable
{
    private const string CountedIsSeen = """
        SELECT coalesce(string_agg(log || ' ' || k.n || ' ' || v.n, ', ' ORDER BY log), '') FROM (SELECT kind AS log, sum(rows) AS n FROM weir.kinds GROUP BY 1) k
        FULL JOIN (SELECT log, count(*) AS n FROM timeline GROUP BY 1) v USING (log) WHERE k.n IS DISTINCT FROM v.n
        """;

    private static readonly string[] Records =
    [
        """{"createdDateTime":"2026-09-01T10:00:00Z","userPrincipalName":"a#@x.org","ipAddress":"8.8.4.4","appDisplayName":"Office","conditionalAccessStatus":"success","id":"s#"}""",
        """{"eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventTime":"2026-09-01T10:00:00Z","eventID":"c#","sourceIPAddress":"9.9.9.9"}""",
        """{"CreationTime":"2026-09-01T10:00:00","Operation":"MailItemsAccessed","RecordType":50,"Workload":"Exchange","UserId":"a#@x.org","Id":"u#","ClientIP":"8.8.8.8"}""",
        """{"MessageTraceId":"t#","RecipientAddress":"r#@x.org","SenderAddress":"s@x.org","Received":"2026-09-01T10:00:00Z","Subject":"Hi","Status":"Delivered"}""",
        """{"hostIdentifier":"h#","calendarTime":"Tue Sep  1 10:00:00 2026 UTC","unixTime":1788256800,"name":"users","action":"added"}""",
    ];

    private static readonly string[] Kinds = ["signin", "cloudtrail", "audit", "mail", "osquery"];

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData(1, 0, 0, 0, 1000)]
    [InlineData(0, 0, 1, 0, 3)]
    [InlineData(2, 2, 2, 2, 2)]
    [InlineData(1, 500, 0, 3, 0)]
    [InlineData(0, 1, 1, 40, 0)]
    public async Task EachRecord_IsOfItsKind_WhateverStandsBesideIt(int osquery, int cloudtrail, int audit, int mail, int signin)
    {
        int[] counts = [signin, cloudtrail, audit, mail, osquery];
        var lines = new List<string>();
        for (int k = 0; k < counts.Length; k++)
        {
            for (int i = 0; i < counts[k]; i++)
                lines.Add(Records[k].Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        new Random(counts.Sum()).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(lines));
        lines.Insert(lines.Count / 2, """{"note":"of no kind"}""");
        bench.Write("mixed.ndjson", string.Concat(lines.Select(l => l + "\n")));
        (await bench.WeirAsync("ingest", bench.File("mixed.ndjson"))).Clean();
        string expected = string.Join('|', Kinds.Zip(counts).Where(k => k.Second > 0).Select(k => (k.First, Rows: k.Second)).OrderBy(k => k.First, StringComparer.Ordinal)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.First},{k.Rows}")));
        Assert.Equal(expected, await bench.AskAsync("SELECT kind, rows FROM weir.kinds ORDER BY 1"));
        Assert.Equal("1", await bench.AskAsync("SELECT count(*) FROM mixed WHERE note IS NOT NULL AND (source_id, row_id) NOT IN (SELECT (source_id, row_id) FROM timeline)"));
        Assert.Equal("\"\"", await bench.AskAsync(CountedIsSeen));
    }

    [Fact]
    public async Task RecordsWithSomeColumnsOfAKind_AreOfTheKindOfMost()
    {
        bench.Write("m.ndjson", Records[0] + "\n" + Records[0].Replace('#', '2') + "\n" + Records[1] + "\n{\"ipAddress\":\"1.1.1.1\",\"id\":\"s9\"}\n{\"note\":\"odd\"}\n");
        (await bench.WeirAsync("ingest", bench.File("m.ndjson"))).Clean();
        Assert.Equal("cloudtrail,1,own|signin,3,most", await bench.AskAsync("SELECT kind, rows, how FROM weir.kinds ORDER BY 1"));
        Assert.Equal("3|1|2|4", await bench.AskAsync("SELECT row_id FROM timeline ORDER BY log, row_id"));
        bench.Write("alone.ndjson", Records[0].Replace('#', '7') + "\n{\"ipAddress\":\"1.1.1.1\"}\n{\"note\":\"odd\"}\n");
        (await bench.WeirAsync("ingest", bench.File("alone.ndjson"))).Clean();
        Assert.Equal("signin,2,some", await bench.AskAsync("SELECT kind, rows, how FROM weir.kinds WHERE source_id = 2"));
        Assert.Equal("\"\"", await bench.AskAsync(CountedIsSeen));
    }

    [Fact]
    public async Task ColumnsThatAreThereAndBlank_TellTheKind()
    {
        bench.Write("portal.csv", "Date (UTC),Username,IP address,Sign-in error code,Status\n2026-01-02T03:04:05Z,ann@x.org,8.8.8.8,,Success\n");
        (await bench.WeirAsync("ingest", bench.File("portal.csv"))).Clean();
        Assert.Equal("signin,1,all", await bench.AskAsync("SELECT kind, rows, how FROM weir.kinds"));
        Assert.Equal("ann@x.org,success", await bench.AskAsync("""SELECT "user", status FROM signins"""));
    }

    [Fact]
    public async Task SourcetypesOfAnyText_CountAsSeen()
    {
        string[] types = ["a", "b", "\"a\n=b\"", "1.0", "True", "\"x'y\"", "$a"];
        for (int s = 0; s < types.Length; s++)
            bench.Write($"t{s}.csv", "_time,sourcetype,MessageTraceId,RecipientAddress,SenderAddress,Subject\n" + string.Concat(types.Skip(s % 3).Take(s + 1).Select((t, i) => $"2026-09-01T10:00:0{i}Z,{t},t{s}{i},r@x.org,s@x.org,Hi\n")));
        (await bench.WeirAsync(["ingest", .. types.Select((_, s) => bench.File($"t{s}.csv")), "--table", "m"])).Clean();
        Assert.Equal("\"\"", await bench.AskAsync(CountedIsSeen));
        Assert.Equal("true", await bench.AskAsync("SELECT (SELECT sum(rows) FROM weir.kinds) = (SELECT count(*) FROM m)"));
    }

    [Fact]
    public async Task SeveralSources_WithTheirOwnMixtures_AreCountedAsSeen()
    {
        for (int s = 0; s < 4; s++)
        {
            var text = new StringBuilder();
            for (int k = 0; k < Records.Length; k++)
            {
                for (int i = 0; i < (s * 7 + k * 3) % 5; i++)
                    text.Append(Records[k].Replace("#", $"{s}-{i}", StringComparison.Ordinal)).Append('\n');
            }

            bench.Write($"s{s}.ndjson", text + "{\"note\":\"odd\"}\n");
        }

        (await bench.WeirAsync("ingest", bench.File("s0.ndjson"), bench.File("s1.ndjson"), bench.File("s2.ndjson"), bench.File("s3.ndjson"), "--table", "all_of_them")).Clean();
        Assert.Equal("\"\"", await bench.AskAsync(CountedIsSeen));
        Assert.Equal("true", await bench.AskAsync("SELECT (SELECT sum(rows) FROM weir.kinds) = (SELECT count(*) FROM all_of_them WHERE note IS NULL)"));
    }

    [Fact]
    public async Task SplunkExport_OfAnUnknownSourcetype_GivesEachRecordItsKind()
    {
        var csv = new StringBuilder("_time,sourcetype,ipAddress,userPrincipalName,appDisplayName,conditionalAccessStatus,eventSource,eventName,awsRegion\n");
        for (int i = 0; i < 6; i++)
            csv.Append(CultureInfo.InvariantCulture, $"2026-09-01T10:00:0{i}Z,lake:cloud,8.8.8.8,a{i}@x.org,Office,success,,,\n");
        csv.Append("2026-09-01T10:01:00Z,lake:cloud,,,,,s3.amazonaws.com,GetObject,us-east-1\n2026-09-01T10:01:01Z,other:one,,,,,,,\n");
        bench.Write("lake.csv", csv.ToString());
        (await bench.WeirAsync("ingest", bench.File("lake.csv"))).Clean();
        Assert.Equal("cloudtrail,1|signin,6", await bench.AskAsync("SELECT log, count(*) FROM timeline GROUP BY 1 ORDER BY 1"));
        Assert.Equal("\"\"", await bench.AskAsync(CountedIsSeen));
    }
}
