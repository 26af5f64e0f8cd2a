namespace Weir.Cli.Tests.Commands;

/// <summary>A question to a table and one to a view agree about time and user of an event, whatever the log calls them.</summary>
public sealed class TablesAndViewsTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task TimeAndUserOfTheTimeline_FindTheRowInItsTable()
    {
        // Splunk's _time is an hour before the record's own; the user stands in AuditData alone.
        bench.Write("ual.csv", "_time,sourcetype,AuditData,Operations,RecordType\n2026-09-01T09:00:00Z,lake:ual,\"{\"\"CreationTime\"\":\"\"2026-09-01T10:00:00\"\",\"\"Operation\"\":\"\"SearchStarted\"\",\"\"UserId\"\":\"\"Ann@x.org\"\",\"\"Id\"\":\"\"1\"\"}\",SearchStarted,1\n"
            + "2026-09-01T09:30:00Z,note,,,\n");
        bench.Write("trace.csv", "MessageTraceId,RecipientAddress,SenderAddress,Received,Subject,Status\nt1,\"ann@x.org;bob@x.org\",s@x.org,2026-09-01T10:00:01Z,SearchStarted,Delivered\n");
        (await bench.WeirAsync("ingest", bench.File("ual.csv"), bench.File("trace.csv"))).Clean();
        Assert.Equal("2026-09-01T10:00:00Z,Ann@x.org", await bench.AskAsync("""SELECT time, "user" FROM timeline WHERE log = 'audit'"""));

        Assert.StartsWith("2 events in 2 tables, 2026-09-01T10:00:00Z to 2026-09-01T10:00:01Z, of 3 rows", (await bench.WeirAsync("find", "searchstarted", "--around", "2026-09-01T10:00:00Z", "--within", "1s")).Clean().Error, StringComparison.Ordinal);
        Assert.StartsWith("0 events in 0 tables, of 3 rows", (await bench.WeirAsync("find", "searchstarted", "--to", "2026-09-01T09:10:00Z")).Clean().Error, StringComparison.Ordinal);
        foreach (string user in (string[])["ann@X.org", "bob@x.org"])
            Assert.StartsWith(user[0] == 'a' ? "2 events in 2 tables" : "1 event in 1 table", (await bench.WeirAsync("find", "searchstarted", "--user", user)).Clean().Error, StringComparison.Ordinal);
        Assert.StartsWith("2 events, 2026-09-01T10:00:00Z to 2026-09-01T10:00:01Z", (await bench.WeirAsync("inventory", "--user", "ann@x.org")).Clean().Error, StringComparison.Ordinal);
        // Rows of no kind keep the table's usual time.
        Assert.StartsWith("1 event, 2026-09-01T09:30:00Z", (await bench.WeirAsync("inventory", "--to", "2026-09-01T09:40:00Z")).Clean().Error, StringComparison.Ordinal);
        Assert.Contains("2026-09-01T09:30:00Z", (await bench.WeirAsync("tables")).Clean().Out, StringComparison.Ordinal);
        Assert.Contains("1 event,", (await bench.WeirAsync("fields", "ual", "--from", "2026-09-01T10:00:00Z")).Clean().Error, StringComparison.Ordinal);
        Assert.Contains("1 value in 1 event, 2026-09-01T10:00:00Z", (await bench.WeirAsync("stack", "ual", "--by", "operations", "--user", "ann@x.org")).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserWhomNobodyIsCalled_GetsTheNamesThatAreLikeIt()
    {
        bench.Write("s.csv", "createdDateTime,userPrincipalName,appDisplayName,ipAddress,status.errorCode\n2026-01-01T00:00:00Z,AdeleV@x.org,P,8.8.8.8,0\n2026-01-01T00:00:00Z,\"adele\u001b[31m@x.org\",P,8.8.8.8,0\n");
        (await bench.WeirAsync("ingest", bench.File("s.csv"))).Clean();
        Run run = (await bench.WeirAsync("timeline", "--user", "adele")).Clean();
        Assert.EndsWith("a user is asked for by the whole name; there are adele\\x1b[31m@x.org, adelev@x.org\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("whole name", (await bench.WeirAsync("timeline", "--user", "zoe")).Clean().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("whole name", (await bench.WeirAsync("timeline", "--user", "adelev@x.org")).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameBytesUnderAnotherName_AreTold()
    {
        string text = "createdDateTime,userPrincipalName,appDisplayName,ipAddress,status.errorCode\n2026-01-01T00:00:00Z,a@x.org,P,8.8.8.8,0\n";
        bench.Write("one.csv", text);
        bench.Write("two.csv", text);
        (await bench.WeirAsync("ingest", bench.File("one.csv"))).Clean();
        Run run = (await bench.WeirAsync("ingest", bench.File("two.csv"))).Clean();
        Assert.Contains("the same bytes stand in table one too, as source 1: 'weir remove 2' takes them out again", run.Out + run.Error, StringComparison.Ordinal);
    }
}
