using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Weir.Cli.Tests.Commands;

/// <summary>inventory, fields, find, iocs, extract, decode, asn, and the outputs that go with them.</summary>
public sealed class AnalysisTests : IDisposable
{
    private const string Encoded = "aHR0cDovL2V2aWwuZXhhbXBsZS5jb20vYQ=="; // http://evil.example.com/a

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Inventory_CountsByHostAndSourcetype_AndBySourceWhereThereIsNoHost()
    {
        await LandAsync("a.csv", "_time,host,sourcetype\n2024-01-01T00:00:00Z,H1,s\n2024-01-02T00:00:00Z,H1,s\n2024-01-03T00:00:00Z,H2,s\n");
        await LandAsync("b.csv", "when,x\n2024-01-05T00:00:00Z,1\n");
        string[] lines = await LinesAsync("inventory", "--format", "csv");
        Assert.Equal(["host,sourcetype,events,first,last", "(b.csv),(b),1,2024-01-05T00:00:00Z,2024-01-05T00:00:00Z", "H1,s,2,2024-01-01T00:00:00Z,2024-01-02T00:00:00Z", "H2,s,1,2024-01-03T00:00:00Z,2024-01-03T00:00:00Z"], lines);
        Assert.Equal(["table,x,events,first,last", "b,1,1,2024-01-05T00:00:00Z,2024-01-05T00:00:00Z"], await LinesAsync("inventory", "--by", "x", "--format", "csv"));
        Assert.Contains("no table has such a column", (await bench.WeirAsync("inventory", "--by", "nope")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_TellsTypeEmptyDistinctTopAndEnds()
    {
        await LandAsync("a.csv", "n,t,values(u)\n1,x,\"a\nb\"\n2,,a\n2,x,\n");
        string[] lines = await LinesAsync("fields", "A", "--format", "csv");
        Assert.Equal("n,BIGINT,0,2,\"2 (2), 1 (1)\",1,2", lines[1]);
        Assert.Equal("t,VARCHAR,33.3,1,x (2),x,x", lines[2]);
        Assert.Equal("values_u,VARCHAR[],33.3,2,\"a (2), b (1)\",a,b", lines[3]);

        // Times, booleans and fractions are counted too, and a share is 0 or 100 only where it is.
        await LandAsync("b.csv", "_time,ok,d,rare\n2024-01-01T00:00:00Z,true,0.5,x\n2024-01-02T00:00:00Z,true,1.5,\n,,,\n" + string.Concat(Enumerable.Repeat("2024-01-03T00:00:00Z,false,2.5,\n", 3_000)));
        lines = await LinesAsync("fields", "b", "--format", "csv");
        Assert.Equal("_time,TIMESTAMPTZ,0.1,3,\"2024-01-03 00:00:00+00 (3000), 2024-01-01 00:00:00+00 (1), 2024-01-02 00:00:00+00 (1)\",2024-01-01 00:00:00+00,2024-01-03 00:00:00+00", lines[1]);
        Assert.StartsWith("ok,BOOLEAN,0.1,2,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("d,DOUBLE,0.1,3,", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("rare,VARCHAR,99.9,1,x (1),", lines[4], StringComparison.Ordinal);
        Assert.Contains("one of a", (await bench.WeirAsync("fields", "nope")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_LooksIntoCellsListsNumbersDecodedTextRemarksAndRejects()
    {
        await LandAsync("a.csv", $"host,n,t,values(u),_time\nH1,42,plain Needle,x,2024-01-01T00:00:00Z\nH2,1,{Encoded},\"y\nneedle\",2024-01-02T00:00:00Z\n");
        Assert.Equal(["host,user,table,column,events,decoded only,first,last", "H1,,a,t,1,0,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z", "H2,,a,values_u,1,0,2024-01-02T00:00:00Z,2024-01-02T00:00:00Z"], await LinesAsync("find", "needle", "--format", "csv"));
        Assert.Equal(["H2,,a,t (decoded),1,1,2024-01-02T00:00:00Z,2024-01-02T00:00:00Z"], (await LinesAsync("find", "evil.example", "--format", "csv"))[1..]);
        Assert.Equal(["H1,,a,n,1,0,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z"], (await LinesAsync("pivot", "42", "--format", "csv"))[1..]);
        Assert.Equal(["2024-01-02T00:00:00Z,H2,,a,t (decoded),true,1:2"], (await LinesAsync("find", "EVIL.example", "--rows", "--format", "csv"))[1..]);
        Assert.Contains("0 events in 0 tables", (await bench.WeirAsync("find", "needle'; DROP TABLE a; --")).Clean().Error, StringComparison.Ordinal);

        // A row that is broken does not hide.
        await bench.WeirAsync("ingest", bench.Write("bad.csv", [.. "a,b\n1,x"u8, 0xFF, .. "hidden\n"u8]), "--table", "bad"); // exit 1: needs a look
        await bench.WeirAsync("ingest", bench.Write("long.csv", $"a,b\n1,2\n3,{new string('z', 70_000)} buried 9.9.9.9\n"), "--table", "long", "--max-row", "64KB");
        Assert.Contains(await LinesAsync("find", "hidden", "--format", "csv"), l => l.Contains("weir.remarks", StringComparison.Ordinal));
        Assert.Contains(await LinesAsync("find", "buried", "--format", "csv"), l => l.Contains("weir.rejects", StringComparison.Ordinal));
        Assert.Equal("weir.rejects,raw", await bench.AskAsync("SELECT table_name, column_name FROM weir.ioc_hits WHERE value = '9.9.9.9'"));
    }

    [Fact]
    public async Task Iocs_AreListedByEvents_FilteredAndSafe()
    {
        await LandAsync("a.csv", $"t\n8.8.8.8 and 8.8.8.8\n8.8.8.8\n10.0.0.1\n{Encoded}\n");
        string[] lines = await LinesAsync("iocs", "--format", "csv");
        Assert.Equal("ipv4,8.8.8.8,public,2,3,0,a.t,1:1", lines[1]);
        Assert.Equal(["ipv4,10.0.0.1,private,1,1,0,a.t,1:3"], (await LinesAsync("iocs", "--scope", "private", "--format", "csv"))[1..]);
        Assert.Equal(["url,http://evil.example.com/a,,1,1,base64,a.t,1:4"], (await LinesAsync("iocs", "--decoded", "--type", "url", "--format", "csv"))[1..]);
        Assert.Equal("| url | `http://evil.example.com/a` |  | 1 | 1 | base64 | a.t | 1:4 |", (await LinesAsync("iocs", "--decoded", "--type", "url", "--format", "markdown"))[2]);
        Assert.Contains("expected one of ipv4", (await bench.WeirAsync("iocs", "--type", "ip")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Equal("8.8.8.8", JsonDocument.Parse((await LinesAsync("iocs", "--format", "ndjson"))[0]).RootElement.GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("a|b", @"a\|b")]
    [InlineData("<script>", @"&lt;script\>")]
    [InlineData("[x](http://evil.example)", "`[x](http://evil.example)`")]
    [InlineData("` @ ``", "``` ` @ `` ```")]
    [InlineData("*b* _i_", @"\*b\* \_i\_")]
    [InlineData("two\nlines", @"two\\nlines")]
    public async Task Markdown_TextIsNoMarkup(string text, string shown)
    {
        await LandAsync("a.csv", "t\n\"" + text + "\"\n");
        Assert.Equal($"| {shown} |", (await LinesAsync("sql", "SELECT t FROM a", "--format", "markdown"))[2]);
    }

    [Fact]
    public async Task Arrow_ReadsBack()
    {
        await LandAsync("a.csv", "n,values(u)\n1,\"a\nb\"\n2,c\n");
        string file = bench.File("out.arrow");
        (await bench.WeirAsync("sql", "SELECT n, values_u FROM a ORDER BY n", "--format", "arrow", "-o", file)).Clean();
        using var reader = new ArrowFileReader(File.OpenRead(file));
        using RecordBatch batch = await reader.ReadNextRecordBatchAsync();
        Assert.Equal([1L, 2L], ((Int64Array)batch.Column(0)).Values.ToArray());
        Assert.Equal(2, ((ListArray)batch.Column(1)).GetValueLength(0));
        (await bench.WeirAsync("sql", "SELECT 1 AS n WHERE false", "--format", "arrow", "-o", bench.File("empty.arrow"))).Clean();
        Assert.Contains("Name a file with -o", (await bench.WeirAsync("sql", "SELECT 1", "--format", "arrow")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_NeedsNoCase()
    {
        string file = bench.Write("alert.txt", $"x\r\n8.8.8.8 {Encoded}\n");
        string[] lines = (await Run.WeirAsync("extract", file)).Clean().Out.TrimEnd('\n').Split('\n');
        Assert.Equal("""{"type":"ipv4","value":"8.8.8.8","line":2,"byte_offset":3,"byte_length":7,"layers":null,"scope":"public","part_of":null}""", lines[0]);
        Assert.Equal("""{"type":"url","value":"http://evil.example.com/a","line":2,"byte_offset":11,"byte_length":36,"layers":"base64@8+36","scope":null,"part_of":null}""", lines[1]);
        Assert.Equal(3, lines.Length);
        Assert.Contains("there is no such file", (await Run.WeirAsync("extract", bench.File("nope"))).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_PeelsTextAndRows()
    {
        Assert.StartsWith("base64@0+36  (25 bytes)\n  http://evil.example.com/a\n", (await Run.WeirAsync("decode", Encoded)).Clean().Out, StringComparison.Ordinal);
        Assert.Contains("hello", (await Run.WeirAsync("decode", "aGVsbG8=")).Clean().Out, StringComparison.Ordinal);
        await LandAsync("a.csv", $"t,values(u)\nx,\"y\n{Encoded}\"\n");
        Assert.StartsWith("values_u[2]  base64@0+36", (await bench.WeirAsync("decode", "1:1")).Clean().Out, StringComparison.Ordinal);
        Assert.Contains("no such row", (await bench.WeirAsync("decode", "1:9")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asn_LooksUpOffline()
    {
        Assert.Equal("""{"ip":"8.8.8.8:53","asn":15169,"org":"GOOGLE - Google Inc., US","range":"8.8.8.0/24"}""", (await Run.WeirAsync("asn", "8.8.8.8:53", "--format", "ndjson")).Clean().Out.TrimEnd('\n'));
        Assert.Equal("""{"ip":"10.0.0.1","asn":null,"org":null,"range":null}""", (await Run.WeirAsync("asn", "10.0.0.1", "--format", "ndjson")).Clean().Out.TrimEnd('\n'));
        Assert.Contains("it is no address", (await Run.WeirAsync("asn", "1.2.3")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("2025-12-04", (await Run.WeirAsync("asn", "info")).Clean().Out, StringComparison.Ordinal);
        Assert.Contains("it is binary, and no table", (await Run.WeirAsync("asn", "8.8.8.8", "--asn-db", bench.Write("odd", [1, 0, 2, 0]))).Ended(2).Error, StringComparison.Ordinal);
        string table = bench.File("own.table");
        (await Run.WeirAsync("asn", "build", bench.Write("own.tsv", "9.9.9.0\t9.9.9.255\t7\tUS\tSeven\n"), "-o", table)).Clean();
        Assert.Contains("\"asn\":7,\"org\":\"Seven\"", (await Run.WeirAsync("asn", "9.9.9.9", "--asn-db", table, "--format", "ndjson")).Clean().Out, StringComparison.Ordinal);
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "ip\n9.9.9.9\n8.8.8.8\n"), "--asn-db", table)).Clean();
        Assert.Equal("9.9.9.9,7,Seven|8.8.8.8,,", await bench.AskAsync("SELECT ip, ip_asn, ip_as_org FROM a ORDER BY row_id"));
    }

    [Fact]
    public async Task Show_TellsTheRowsIndicators()
    {
        Run landed = (await bench.WeirAsync("ingest", bench.Write("a.csv", $"t,values(u)\n8.8.8.8 {Encoded},\"x\n10.0.0.1\"\n"), "--format", "json")).Clean();
        Assert.Equal(4, JsonDocument.Parse(landed.Out).RootElement.GetProperty("iocs").GetInt64());
        string shown = (await bench.WeirAsync("show", "1:1")).Clean().Out;
        Assert.Contains("ipv4 8.8.8.8 in t at 0+7\n", shown, StringComparison.Ordinal);
        Assert.Contains("url http://evil.example.com/a in t at 8+36, under base64@8+36\n", shown, StringComparison.Ordinal);
        Assert.Contains("ipv4 10.0.0.1 in values_u[2] at 0+8\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_OptionsOfTheStages_AreHeld()
    {
        string file = bench.Write("a.csv", "ip,lines\n8.8.8.8,\"a\nb\"\n");
        (await bench.WeirAsync("ingest", file, "--asn", "none", "--ioc", "none", "--multivalue", "lines")).Clean();
        Assert.Equal("source_id,row_id,ip,lines", string.Join(',', (await bench.AskAsync("SELECT column_name FROM duckdb_columns() WHERE table_name = 'a' ORDER BY column_index")).Split('|')));
        Assert.Equal("0,2", await bench.AskAsync("SELECT (SELECT count(*) FROM weir.ioc_hits), len(lines) FROM a"));
        Assert.Contains("has no such column", (await bench.WeirAsync("ingest", file, "--ioc", "nope")).Ended(2).Error, StringComparison.Ordinal);
    }

    private async Task LandAsync(string name, string text) => (await bench.WeirAsync("ingest", bench.Write(name, text))).Clean();

    private async Task<string[]> LinesAsync(params string[] args) => (await bench.WeirAsync(args)).Clean().Out.TrimEnd('\n').Split('\n');
}
