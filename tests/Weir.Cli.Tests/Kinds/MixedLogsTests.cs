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
        int most = counts.Max();
        string expected = string.Join('|', Kinds.Zip(counts).Where(k => k.Second > 0).Select(k => (k.First, Rows: k.Second)).OrderBy(k => k.First, StringComparer.Ordinal)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.First},{k.Rows}")));
        // The record of no kind is counted with those of which there are most.
        Assert.Equal(expected, await bench.AskAsync("SELECT kind, rows - CASE WHEN kind = first(kind) OVER (ORDER BY rows DESC, kind) THEN 1 ELSE 0 END FROM weir.kinds ORDER BY 1"));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{most + 1}"), await bench.AskAsync("SELECT max(rows) FROM weir.kinds"));
        Assert.Equal("\"\"", await bench.AskAsync(CountedIsSeen));
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
        Assert.Equal("true", await bench.AskAsync("SELECT (SELECT sum(rows) FROM weir.kinds) = (SELECT count(*) FROM all_of_them)"));
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
