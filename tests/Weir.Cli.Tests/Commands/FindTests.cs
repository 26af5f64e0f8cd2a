namespace Weir.Cli.Tests.Commands;

/// <summary>find: where a value is looked for, how it is compared in each type of column, and what narrows it.</summary>
public sealed class FindTests : IDisposable
{
    private const string Encoded = "aHR0cDovL2V2aWwuZXhhbXBsZS5jb20vYQ=="; // http://evil.example.com/a

    // The last row has no time.
    private const string Csv =
        "_time,host,user,src_ip,n,d,ok,t,values(u)\n" +
        "2018-08-20T10:48:28Z,H1,Ann,8.8.8.8,5312,0.5,true,Straße ÄÖ,\"one\ntwo\"\n" +
        "2018-08-20T10:48:28.5Z,H2,bob,9.9.9.9,153120,5312,false,100% a_b,one\n" +
        "2018-08-20T11:00:00Z,H2,bob,9.9.9.9,7,1.5,false," + Encoded + ",three\n" +
        "2018-08-21T00:00:00Z,H3,Eve,1.1.1.1,9,2.5,true,\"it's \"\"q\"\" \u001b[31m back\\slash\",\n" +
        ",H3,eve,1.1.1.1,8,3.5,true,100 axb,\n";

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("5312", "d 1:2", "n 1:1")]
    [InlineData("5312.0", "d 1:2", "n 1:1")]
    [InlineData(" +7 ", "n 1:3")]
    [InlineData("5e-1", "d 1:1")]
    [InlineData("53120")]
    [InlineData("99999999999999999999")]
    [InlineData("TRUE", "ok 1:1", "ok 1:4", "ok 1:5")]
    [InlineData("tru")]
    [InlineData("2018-08-20T10:48:28Z", "_time 1:1", "_time 1:2")] // a second stands for its second
    [InlineData("2018-08-20T10:48:28.0Z", "_time 1:1")]
    [InlineData("2018-08-20 10:48:28.5+00", "_time 1:2")]
    [InlineData("2018-08-20T13:00:00+02:00", "_time 1:3")]
    [InlineData("2018-08-20T05:30:00.000-0530", "_time 1:3")]
    [InlineData("TWO", "values_u 1:1")]
    [InlineData("one\ntwo")] // values are looked at one by one
    [InlineData("STRASSE")]
    [InlineData("straße äö", "t 1:1")]
    [InlineData("0% A_B", "t 1:2")]
    [InlineData("a_b", "t 1:2")]
    [InlineData("100%a")]
    [InlineData("it's \"q\" \u001b[31m BACK\\slash", "t 1:4")]
    [InlineData("$1")]
    [InlineData("evil.EXAMPLE", "t (decoded) 1:3")]
    public async Task Value_IsFoundWhereItStands_AsTheColumnsTypeSays(string value, params string[] rows)
    {
        await LandAsync();
        Assert.Equal(rows.Order(), await FoundAsync(value));
    }

    [Theory]
    [InlineData("^one$", "values_u 1:1", "values_u 1:2")]
    [InlineData("^STRASSE|ä.$", "t 1:1")]
    [InlineData("(?-i)ann|Eve", "user 1:4")]
    [InlineData("^(?:53|7)", "d 1:2", "n 1:1", "n 1:3")]
    [InlineData("2018-08-20T1[0-9]:48:28Z", "_time 1:1")]
    [InlineData("28\\.5Z$", "_time 1:2")]
    [InlineData("^FALSE$", "ok 1:2", "ok 1:3")]
    [InlineData("^http://evil", "t (decoded) 1:3")]
    [InlineData("'; DROP TABLE a; --")]
    [InlineData("(q+)+$|(x+x+)+y")]
    public async Task Pattern_IsHeldAgainstTheTextOfEveryColumn(string pattern, params string[] rows)
    {
        await LandAsync();
        string[] found = await FoundAsync(pattern, "--regex");
        Assert.Equal(rows.Order(), found);
    }

    [Fact]
    public async Task Companion_IsText_BesideTheNumberItStandsFor()
    {
        (await bench.WeirAsync("ingest", bench.Write("c.csv", $"n\n{string.Concat(Enumerable.Range(1, 300).Select(i => $"{i}\n"))}+7\nNone\n"), "--table", "c")).Clean();
        Assert.Equal(["n 1:7", "n, n_text 1:301"], await FoundAsync("+7"));
        Assert.Equal(["n 1:7", "n, n_text 1:301"], await FoundAsync("7"));
        Assert.Equal(["n_text 1:302"], await FoundAsync("nON"));
        Assert.Equal(["n_text 1:301"], await FoundAsync(@"^\+7$", "--regex"));
    }

    [Theory]
    [InlineData("(a")]
    [InlineData("a(?=b)")]
    [InlineData(@"(a)\1")]
    [InlineData("((a{1000}){1000}){1000}")]
    public async Task Pattern_ThatIsNone_IsRefused(string pattern)
    {
        await LandAsync();
        (await bench.WeirAsync("find", pattern, "--regex")).Failed("--regex VALUE: it is no pattern (", "RE2", "leave --regex out");
    }

    [Fact]
    public async Task Value_Empty_IsRefused()
    {
        await LandAsync();
        (await bench.WeirAsync("find", "")).Failed("VALUE: it is empty", "text to look for");
        (await bench.WeirAsync("find", "", "--regex")).Failed("VALUE: it is empty");
    }

    [Fact]
    public async Task Payload_IsToldOfWhereTheCellDoesNotHoldIt()
    {
        const string audit = "{\"\"CreationTime\"\":\"\"2024-01-01T00:00:00\"\",\"\"Workload\"\":\"\"AzureActiveDirectory\"\",\"\"Operation\"\":\"\"UserLoggedIn\"\",\"\"ClientIP\"\":\"\"9.8.7.6\"\",\"\"UserId\"\":\"\"ann@x.y\"\"}";
        (await bench.WeirAsync("ingest", bench.Write("ual.csv", $"CreationDate,UserIds,Operations,AuditData\n2024-01-01T00:00:00Z,ann@x.y,UserLoggedIn,\"{audit}\"\n"), "--table", "ual")).Clean();
        string column = await bench.AskAsync("SELECT column_name FROM weir.columns WHERE role = 'payload' AND column_name ILIKE '%ip'");
        Assert.NotEqual("", column);
        Assert.Equal(["audit_data 1:1"], await FoundAsync("9.8.7.6"));
        Assert.Equal([$"{column} 1:1"], await FoundAsync(@"^9\.8\.7\.6$", "--regex"));
    }

    [Theory]
    [InlineData("HIDDEN", "weir.remarks")]
    [InlineData("é'Hidden\\", "weir.remarks")] // beside a byte that is no UTF-8
    [InlineData("buried 9.9.9.9", "weir.rejects")]
    [InlineData("BURIED Ä", "weir.rejects")]
    [InlineData("evil.example", "weir.rejects")]
    [InlineData("ff", "")]
    public async Task BrokenRows_DoNotHide(string value, string where)
    {
        await BreakAsync();
        Assert.Equal(where.Length == 0 ? [] : [where], (await LinesAsync("find", value, "--format", "csv"))[1..].Select(l => l.Split(',')[2]).Where(t => t != "bad").Distinct());
    }

    [Theory]
    [InlineData("hid+en", "weir.remarks")]
    [InlineData(@"hidden\\", "weir.remarks")]
    [InlineData("buried [0-9.]{7}", "weir.rejects")]
    [InlineData("(?-i)Buried", "")]
    public async Task BrokenRows_DoNotHideFromPatterns(string value, string where)
    {
        await BreakAsync();
        Assert.Equal(where.Length == 0 ? [] : [where], (await LinesAsync("find", value, "--regex", "--format", "csv"))[1..].Select(l => l.Split(',')[2]).Where(t => t != "bad").Distinct());
    }

    [Theory]
    [InlineData("1:3", "--user", "BOB", "--from", "2018-08-20T11:00")]
    [InlineData("1:2 1:3", "--ip", "9.9.9.0/24")]
    [InlineData("1:2", "--ip", "9.9.9.9", "--to", "2018-08-20T12:59:59", "--tz", "Europe/Berlin")]
    [InlineData("1:3", "--around", "2018-08-20T11:00Z", "--within", "1m")]
    [InlineData("1:4", "--user", "eve", "--from", "2018-08-21")]
    [InlineData("", "--user", "nobody")]
    public async Task Filters_NarrowCellsAndDecodedTexts(string rows, params string[] options)
    {
        await LandAsync();
        string[] lines = await LinesAsync(["find", ".", "--regex", "--rows", "--format", "csv", .. options]);
        Assert.Equal(rows, string.Join(' ', lines[1..].Select(l => l[(l.LastIndexOf(',') + 1)..])));
    }

    [Fact]
    public async Task Filters_NarrowDecodedTextsAndRemarks_AndLeaveRejectsOut()
    {
        await LandAsync();
        Assert.Equal(["t (decoded) 1:3"], await FoundAsync("evil.example", "--user", "bob"));
        Assert.Empty(await FoundAsync("evil.example", "--user", "ann"));
        await BreakAsync();
        Run run = (await bench.WeirAsync("find", "hidden", "--user", "zoe", "--format", "csv")).Clean();
        Assert.Single(run.Out.TrimEnd('\n').Split('\n')[1..], l => l.Contains("weir.remarks", StringComparison.Ordinal));
        Assert.EndsWith("1 reject left out, for what is no row cannot answer the filter\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("left out, for they cannot answer the filter: long", run.Error, StringComparison.Ordinal);
        Assert.Single(await LinesAsync("find", "hidden", "--user", "ann", "--format", "csv"));
    }

    [Fact]
    public async Task Footer_SaysWhatWasLookedAt()
    {
        await LandAsync();
        Assert.Equal("2 events in 1 table, 2018-08-20T10:48:28.5Z to 2018-08-20T11:00:00Z, of 5 rows in a\n", (await bench.WeirAsync("find", "9.9.9.9", "--format", "csv")).Clean().Error);
        Assert.Equal("0 events in 0 tables, of 5 rows in a\n", (await bench.WeirAsync("find", "needle'; DROP TABLE a; --")).Clean().Error);
        Assert.Equal("", (await bench.WeirAsync("find", "9.9.9.9", "--quiet")).Clean().Error);

        Bench.Duck(bench.Case, "INSERT INTO weir.duplicates VALUES (1, 3, 1, 2), (1, 5, 1, 4)");
        Assert.EndsWith("of 5 rows in a\n1 row that stands twice counted (the standard views leave them out)\n", (await bench.WeirAsync("find", "9.9.9.9", "--rows")).Clean().Error, StringComparison.Ordinal);
        Assert.Equal(2, (await FoundAsync("9.9.9.9")).Length);

        await BreakAsync();
        Run run = (await bench.WeirAsync("find", "buried")).Clean();
        Assert.StartsWith("0 events in 0 tables and 1 reject, of 7 rows in a, bad, long\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("\nlooked into 1 remark and 1 reject too\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_AreHarmlessOnScreen_AndPrintedInTheirZone()
    {
        await LandAsync();
        Run run = (await bench.WeirAsync("find", "\u001b[31m", "--rows", "--tz", "Europe/Berlin")).Clean();
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains("2018-08-21T02:00:00+02:00", run.Out, StringComparison.Ordinal);
        Assert.Equal(["_time 1:3"], await FoundAsync("2018-08-20T13:00", "--tz", "Europe/Berlin"));
    }

    private async Task LandAsync() => (await bench.WeirAsync("ingest", bench.Write("a.csv", Csv), "--table", "a")).Clean();

    /// <summary>A row whose cell holds a byte that is no UTF-8, and one that is too long to be a row.</summary>
    private async Task BreakAsync()
    {
        (await bench.WeirAsync("ingest", bench.Write("bad.csv", [.. "user,b\nzoe,xé'"u8, .. "Hidden\\"u8, 0xFF, .. "\n"u8]), "--table", "bad")).NeedsLook();
        await bench.WeirAsync("ingest", bench.Write("long.csv", $"a,b\n1,2\n3,{new string('z', 70_000)} buried 9.9.9.9 buried ä {Encoded}\n"), "--table", "long", "--max-row", "64KB");
    }

    /// <summary>What was found, one text a row: its columns, its reference.</summary>
    private async Task<string[]> FoundAsync(string value, params string[] options)
    {
        string json = (await bench.WeirAsync(["find", value, "--rows", "--format", "ndjson", "--quiet", .. options])).Clean().Out;
        return [.. json.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement).Select(r => $"{r.GetProperty("columns").GetString()} {r.GetProperty("row").GetString()}").Order()];
    }

    private async Task<string[]> LinesAsync(params string[] args) => (await bench.WeirAsync([.. args, "--quiet"])).Clean().Out.TrimEnd('\n').Split('\n');
}
