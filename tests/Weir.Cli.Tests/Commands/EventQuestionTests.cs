using System.Globalization;
using System.Text;

namespace Weir.Cli.Tests.Commands;

/// <summary>timeline, stack, and the filtered inventory and fields, over landed tables and views made by hand.</summary>
public sealed class EventQuestionTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Timeline_PrintsInOrderOfTime_WithEveryRowsReference()
    {
        await LandAsync();
        string[] lines = await LinesAsync("timeline", "--format", "csv");
        Assert.Equal("time,user,src_ip,log,action,detail,host,source_id,row_id,user_key,to_user,session_id,src_ip_asn,src_ip_as_org,correlation_id,request_id,user_id,dest_ip,row", lines[0]);
        Assert.Equal(["1:2", "1:1", "1:4", "1:3", "1:5"], lines[1..].Select(l => l[(l.LastIndexOf(',') + 1)..]));
        Assert.StartsWith("2018-08-19T23:30:00Z,ann,8.8.8.8,signin,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(",eve,", lines[5], StringComparison.Ordinal);

        lines = await LinesAsync("timeline", "--format", "csv", "--tz", "Europe/Berlin", "--from", "2018-08-20", "--to", "2018-08-20T01:30");
        Assert.StartsWith("2018-08-20T01:30:00+02:00,ann", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
        Assert.Equal("""{"time":"2018-08-20T10:00:00Z","user":"Ann",""", (await LinesAsync("timeline", "--format", "ndjson", "--log", "audit"))[0][..44]);
    }

    [Fact]
    public async Task Timeline_OnScreen_IsHarmlessAndSaysWhatWasLookedAt()
    {
        await LandAsync();
        Run run = (await bench.WeirAsync("timeline")).Clean();
        Assert.Contains("it's \\x1b[31mred \"; DROP", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Equal("5 events, 2018-08-19T23:30:00Z to 2018-08-20T10:05:00Z, of 5 rows in audit, signin", run.Error.TrimEnd('\n'));
        Assert.Equal("", (await bench.WeirAsync("timeline", "--quiet")).Clean().Error);
        Run some = (await bench.WeirAsync("timeline", "--log", "audit", "--to", "2018-08-20")).Clean();
        Assert.Equal("2 events, 2018-08-20T10:00:00Z to 2018-08-20T10:04:00Z, of 3 rows in audit\n1 event without a time left out\n", some.Error);
        Run none = (await bench.WeirAsync("timeline", "--user", "nobody")).Clean();
        Assert.Equal("0 events, of 5 rows in audit, signin\n", none.Error);
        Assert.Contains("detail", none.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeline_OnScreen_EndsBehind200Rows()
    {
        var csv = new StringBuilder("_time,user,src_ip,kind,text\n");
        for (int i = 0; i < 205; i++)
            csv.Append(CultureInfo.InvariantCulture, $"2018-08-20T10:{i / 60:00}:{i % 60:00}Z,u,8.8.8.8,signin,n{i}\n");
        await LandAsync(csv.ToString());
        Run run = (await bench.WeirAsync("timeline")).Clean();
        Assert.Contains("n199 ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("n200 ", run.Out, StringComparison.Ordinal);
        Assert.Equal("… more rows: --all prints them, --format csv writes them.\nthe first 200 of 205 events, 2018-08-20T10:00:00Z to 2018-08-20T10:03:19Z, of 205 rows in signin\n", run.Error);
        run = (await bench.WeirAsync("timeline", "--all")).Clean();
        Assert.Contains("n204 ", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("205 events, ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Footer_TellsHolesAndWhatStandsTwice()
    {
        await LandAsync();
        Bench.Duck(bench.Case, "INSERT INTO weir.duplicates VALUES (1, 5, 1, 4)", "UPDATE weir.sources SET state = 'incomplete', missing = 'cut'");
        Assert.EndsWith("\n1 row that stands twice left out\nweir: the case is not whole: source 1 (" + bench.File("logs.csv") + ") is incomplete: cut\n", (await bench.WeirAsync("timeline")).Clean().Error, StringComparison.Ordinal);
        Assert.Contains("1 row that stands twice counted (the standard views leave them out)", (await bench.WeirAsync("inventory")).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stack_OddValuesComeFirst_AndSayWhy()
    {
        await LandAsync(SignIns());
        string[] lines = await LinesAsync("stack", "signins", "--by", "src_ip", "--format", "csv");
        Assert.Equal("src_ip,organisation,events,failures,users,user_list,devices,device_list,apps,app_list,countries,country_list,first,last,why", lines[0]);
        Assert.Equal("9.9.9.9,\"-Reserved AS-, ZZ\",6,3,2,ann | bob,1,d,2,mail | web,1,ZZ,2018-08-20T10:00:00Z,2018-08-20T10:05:00Z,"
            + "\"one day only; first seen 2018-08-20, late in the span; 3 of 6 failed; 2 users, most have one; no other in ZZ; no other of -Reserved AS-, ZZ\"", lines[1]);
        Assert.All(lines[2..], l => Assert.EndsWith("Z,", l, StringComparison.Ordinal));
        Assert.Equal(9, lines.Length);
        Run screen = (await bench.WeirAsync("stack", "signins", "--by", "src_ip")).Clean();
        Assert.Contains("9.9.9.9", screen.Out, StringComparison.Ordinal);
        Assert.Equal("8 values in 62 events, 2018-08-13T00:00:00Z to 2018-08-20T10:05:00Z, of 62 rows in signin", screen.Error.TrimEnd('\n'));
    }

    [Fact]
    public async Task Stack_SeveralColumnsListsAndHostileValues()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "_time,user,values(tag),n,\"odd \"\" name\"\n2018-08-20,u,\"a\nb\",1,x\n2018-08-21,U,a,1,\"\u001b[2J'; DROP TABLE a\"\n2018-08-22,v,,2,x\n"))).Clean();
        Assert.Equal(["values_tag,events,users,user_list,first,last,why", "a,2,1,u,2018-08-20T00:00:00Z,2018-08-21T00:00:00Z,", "b,1,1,u,2018-08-20T00:00:00Z,2018-08-20T00:00:00Z,", ",1,1,v,2018-08-22T00:00:00Z,2018-08-22T00:00:00Z,"], await LinesAsync("stack", "A", "--by", "values_tag", "--format", "csv"));
        Assert.Equal("n,user,events,first,last,why", (await LinesAsync("stack", "a", "--by", "N,user", "--format", "csv"))[0]);
        Assert.Equal(4, (await LinesAsync("stack", "a", "--by", "n,user", "--format", "csv")).Length);
        Run odd = (await bench.WeirAsync("stack", "a", "--by", "odd_name")).Clean();
        Assert.Contains("\\x1b[2J'; DROP TABLE a", odd.Out, StringComparison.Ordinal);
        (await bench.WeirAsync("stack", "a", "--by", "nope")).Failed("--by nope: table 'a' has no such column; expected one of _time, user, values_tag, n", "weir fields a");
        (await bench.WeirAsync("stack", "a", "--by", " , ")).Failed("--by: it names no column");
        (await bench.WeirAsync("stack", "nope", "--by", "n")).Failed("no such table or view; expected one of a, signins");
        Assert.Contains("--by", (await bench.WeirAsync("stack", "a")).Ended(2).Error, StringComparison.Ordinal);
        (await bench.WeirAsync("stack", "a", "--by", "n", "--ip", "1.2.3.4")).Failed("--ip: table 'a' has no column of addresses");
    }

    [Fact]
    public async Task Inventory_Filtered_LeavesOutTablesThatCannotAnswer_AndSaysSo()
    {
        await LandAsync();
        (await bench.WeirAsync("ingest", bench.Write("plain.csv", "started_at,x\n2018-08-20T00:00:00Z,1\n"))).Clean(); // a column that the ledger has too
        Assert.Equal("6 events, 2018-08-19T23:30:00Z to 2018-08-20T10:05:00Z, of 6 rows in logs, plain", (await bench.WeirAsync("inventory")).Clean().Error.TrimEnd('\n'));
        Run run = (await bench.WeirAsync("inventory", "--user", "ANN", "--format", "csv")).Clean();
        Assert.Equal("host,sourcetype,events,first,last\n(logs.csv),(logs),2,2018-08-19T23:30:00Z,2018-08-20T10:00:00Z\n", run.Out);
        Assert.EndsWith("left out, for they cannot answer the filter: plain\n", run.Error, StringComparison.Ordinal);
        Bench.Duck(bench.Case, "DELETE FROM weir.kinds WHERE kind = 'audit'"); // both would claim the same rows, and the first has them
        Assert.Equal("table,kind,events,first,last\nlogs,signin,1,2018-08-19T23:30:00+00:00,2018-08-19T23:30:00+00:00\n", (await bench.WeirAsync("inventory", "--by", "kind", "--ip", "8.8.8.0/24", "--log", "signin", "--format", "csv", "--tz", "Europe/London", "--to", "2018-08-20T00:30")).Clean().Out.Replace("2018-08-20T00:30:00+01:00", "2018-08-19T23:30:00+00:00", StringComparison.Ordinal));
        (await bench.WeirAsync("inventory", "--session", "x")).Failed("--session", "has no column of sessions");
    }

    [Fact]
    public async Task Fields_OfAView_FiltersAndFoldsWhatSaysNothing()
    {
        await LandAsync();
        Run run = (await bench.WeirAsync("fields", "timeline", "--log", "audit")).Clean();
        Assert.Contains("\nempty: to_user, session_id, correlation_id, request_id, user_id, dest_ip\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nconstant: log = audit, action = act, host = h\\x1b[1m\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("  session_id", run.Out, StringComparison.Ordinal);
        Assert.Equal("3 events, of 3 rows in audit", run.Error.TrimEnd('\n'));
        string[] lines = await LinesAsync("fields", "timeline", "--format", "csv");
        Assert.Equal(17, lines.Length);
        Assert.Equal("user,VARCHAR,0,5,\"Ann (1), Eve \"\"q\"\" (1), ann (1)\",Ann,eve", lines[2]);
        Assert.Equal("session_id,VARCHAR,100,0,,,", lines[10]);

        lines = await LinesAsync("fields", "logs", "--user", "nobody", "--format", "csv");
        Assert.All(lines[1..], l => Assert.EndsWith(",0,0,,,", l, StringComparison.Ordinal));
        Assert.Contains("empty: _time, user", (await bench.WeirAsync("fields", "logs", "--user", "nobody")).Clean().Out, StringComparison.Ordinal);
    }

    /// <summary>Eight addresses over a week; one of them is the stranger.</summary>
    private static string SignIns()
    {
        var csv = new StringBuilder("_time,user,src_ip,kind,text,status,device,app,country\n");
        for (int address = 1; address < 8; address++)
        {
            for (int day = 0; day < 8; day++)
                csv.Append(CultureInfo.InvariantCulture, $"2018-08-{13 + day}T00:00:00Z,u{address},8.8.8.{address},signin,t,{(day == 3 && address == 1 ? "failure" : "success")},d,mail,US\n");
        }

        for (int i = 0; i < 6; i++)
            csv.Append(CultureInfo.InvariantCulture, $"2018-08-20T10:0{i}:00Z,{(i % 2 == 0 ? "Ann" : "bob")},9.9.9.9,signin,t,{(i < 3 ? "failure" : "success")},d,{(i == 0 ? "web" : "mail")},ZZ\n");
        return csv.ToString();
    }

    private async Task LandAsync(string? csv = null)
    {
        csv ??= "_time,user,src_ip,kind,text\n2018-08-20T10:00:00Z,Ann,1.1.1.1,audit,x\n2018-08-19T23:30:00Z,ann,8.8.8.8,signin,y\n2018-08-20T10:05:00Z,bob,8.8.8.8,signin,z\n"
            + "2018-08-20T10:04:00Z,Eve \"q\",9.9.9.9,audit,\"it's \u001b[31mred \"\"; DROP\"\n,eve,1.1.1.1,audit,w\n";
        (await bench.WeirAsync("ingest", bench.Write("logs.csv", csv), "--table", "logs")).Clean();
        bool signIns = csv.Contains("device", StringComparison.Ordinal);
        Bench.Duck(
            bench.Case,
            "DELETE FROM weir.kinds",
            "INSERT INTO weir.kinds SELECT 1, NULL, kind, count(*), 'rows' FROM logs GROUP BY kind",
            """
            CREATE OR REPLACE VIEW timeline AS SELECT _time AS time, "user", src_ip, kind AS log, 'act' AS action, "text" AS detail, 'h' || chr(27) || '[1m' AS host, source_id, row_id, lower("user") AS user_key,
                NULL::VARCHAR AS to_user, NULL::VARCHAR AS session_id, src_ip_asn, src_ip_as_org, NULL::VARCHAR AS correlation_id, NULL::VARCHAR AS request_id, NULL::VARCHAR AS user_id, NULL::VARCHAR AS dest_ip FROM logs
            """,
            signIns ? """
            CREATE OR REPLACE VIEW signins AS SELECT _time AS time, "user", src_ip, src_ip_asn, src_ip_as_org, status, app, device, country, lower("user") AS user_key, 'signin' AS log, source_id, row_id FROM logs
            """ : "SELECT 1");
    }

    private async Task<string[]> LinesAsync(params string[] args) => (await bench.WeirAsync([.. args, "--quiet"])).Clean().Out.TrimEnd('\n').Split('\n');
}
