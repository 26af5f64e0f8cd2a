using System.Text.Json;
using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests.Commands;

/// <summary>What ingest, show, remove and tables do with a case that is in order.</summary>
public sealed class CaseCommandTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task IngestAsJson_HasTheDocumentedKeys()
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n3\n");
        Run run = (await bench.WeirAsync("ingest", file, "--format", "json")).Clean();
        Assert.Equal("", run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        foreach (string key in (string[])["table", "source", "source_id", "rows_read", "rows_landed", "rows_rejected", "remarks", "seconds", "bytes", "state"])
            Assert.True(json.RootElement.TryGetProperty(key, out _), key);
        Assert.Equal(2, json.RootElement.GetProperty("rows_read").GetInt64());
        Assert.Equal(1, json.RootElement.GetProperty("remarks").GetProperty("missing-fields").GetInt64());
        Run again = (await bench.WeirAsync("ingest", file, "--format", "json")).Clean();
        using JsonDocument second = JsonDocument.Parse(again.Out);
        Assert.True(second.RootElement.GetProperty("already_landed").GetBoolean());
        Assert.Equal(2, second.RootElement.GetProperty("rows_landed").GetInt64());
    }

    [Fact]
    public async Task Show_PrintsTheRowItsRemarksAndItsBytes()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", [.. "a,b\n1,first\n"u8, .. "2,bad "u8, 0xFF, .. " cell\n3,third,more\n"u8]), "--delimiter", ",")).NeedsLook();
        Run bad = (await bench.WeirAsync("show", "1:2")).Clean();
        Assert.Contains("remark invalid-utf8 in b", bad.Out, StringComparison.Ordinal);
        Assert.Contains("original: 2,bad \uFFFD cell", bad.Out, StringComparison.Ordinal);
        Run extra = (await bench.WeirAsync("show", "1:3")).Clean();
        Assert.Contains("remark extra-fields", extra.Out, StringComparison.Ordinal);
        Assert.Contains("original: 3,third,more", extra.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("remark", (await bench.WeirAsync("show", "1:1")).Clean().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1:4", "no such row: source 1", "has rows 1 to 3")]
    [InlineData("1:0", "no such row: source 1", "has rows 1 to 3")]
    [InlineData("2:2", "no such row: source 2", "has row 1 only")]
    [InlineData("3:1", "no such row: source 3", "has no rows")]
    [InlineData("9:1", "no such source", "1 (a.csv), 2 (b.csv), 3 (c.csv)")]
    [InlineData("1:9223372036854775807", "no such row", "rows 1 to 3")]
    public async Task ShowOfAMissingRow_SaysWhichThereAre(string reference, params string[] told)
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n3,4\n5,6\n"), bench.Write("b.csv", "a,b\n1,2\n"), bench.Write("c.csv", "a,b\n"))).Clean();
        (await bench.WeirAsync("show", reference)).Failed([reference, "weir sql", .. told]);
    }

    [Fact]
    public async Task Show_SpellsValuesAsSqlDoes()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "time,day,n,ok\n2021-03-01T10:00:00.5+01:00,2021-03-01,1e20,true\n"))).Clean();
        Run row = (await bench.WeirAsync("show", "1:1")).Clean();
        foreach (string cell in (await bench.AskAsync("SELECT * EXCLUDE (source_id, row_id) FROM a")).Split(','))
            Assert.Contains($" {cell}\n", row.Out, StringComparison.Ordinal);
        Assert.Contains("2021-03-01T09:00:00.5Z\n", row.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_PrintsALongRowWhole_AndAnEndlessOneWhenAsked()
    {
        string raw = new('r', 60_000), longer = new('s', 70_000);
        (await bench.WeirAsync("ingest", bench.Write("a.csv", $"a,b\n1,{raw}\n2,{longer}\n"))).Clean();
        Assert.Contains($"original: 1,{raw}\n", (await bench.WeirAsync("show", "1:1")).Clean().Out, StringComparison.Ordinal);
        Run cut = (await bench.WeirAsync("show", "1:2")).Clean();
        Assert.Contains("70,002 bytes; --all", cut.Out, StringComparison.Ordinal);
        Assert.DoesNotContain($"original: 2,{longer}", cut.Out, StringComparison.Ordinal);
        Assert.Contains($"original: 2,{longer}\n", (await bench.WeirAsync("show", "1:2", "--all")).Clean().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowAfterTheMiddleOfTheFileChanged_PrintsNoWrongRow()
    {
        string text = string.Concat("a,b\n", string.Concat(Enumerable.Range(10_000, 50_000).Select(i => $"{i},x\n"))); // fingerprinted are 64 KiB at either end
        string file = bench.Write("a.csv", text);
        (await bench.WeirAsync("ingest", file)).Clean();
        Assert.Contains("original: 35000,x\n", (await bench.WeirAsync("show", "1:25001")).Clean().Out, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace("\n35000,x\n", "\n99999,x\n", StringComparison.Ordinal));
        Run run = (await bench.WeirAsync("show", "1:25001")).Clean();
        Assert.Contains("has changed since it landed", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("99999", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowOfAnInterruptedSource_SaysThatTheOriginalIsNotProven()
    {
        string file = bench.Write("a.csv", NastyCsv.Make(5, 2000));
        Run killed = await Run.ChildAsync(["ingest", file, "--commit-rows", "500", "--batch-rows", "100", "--case", bench.Case], ("WEIR_FAILPOINT", "committed:2"));
        Assert.Equal(137, killed.Exit);
        Assert.Contains("original (not proven, the source is interrupted: ", (await bench.WeirAsync("show", "1:700")).Clean().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowOfARejectedRow_PrintsItsCodeAndBytes()
    {
        string file = bench.Write("long.csv", $"a,b\n1,2\n3,{new string('y', 70_000)}\n5,6\n");
        (await bench.WeirAsync("ingest", file, "--max-row", "64KB")).NeedsLook();
        Assert.Equal("3,2,1", await bench.AskAsync("SELECT rows_read, rows_landed, rows_rejected FROM weir.sources"));
        Run rejected = (await bench.WeirAsync("show", "1:2")).Clean();
        Assert.Contains("rejected row-too-long", rejected.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("original", rejected.Out, StringComparison.Ordinal); // the reject holds the bytes
        Assert.Contains("original: 5,6", (await bench.WeirAsync("show", "1:3")).Clean().Out, StringComparison.Ordinal);
        await bench.VerifiedAsync();
    }

    [Theory]
    [InlineData("a,b\n1,2\n7,8\n5,6\n")] // as long as before
    [InlineData("a,b\n9,9\n1,2\n3,4\n5,6\n")]
    [InlineData("a,b\n")]
    [InlineData("")]
    public async Task ShowAfterTheFileChanged_PrintsNoWrongRow(string changed)
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n3,4\n5,6\n");
        (await bench.WeirAsync("ingest", file)).Clean();
        File.WriteAllText(file, changed);
        Run run = (await bench.WeirAsync("show", "1:2")).Clean();
        Assert.Contains("original: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("changed", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("7,8", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("1,2", run.Out, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("is gone", (await bench.WeirAsync("show", "1:2")).Clean().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveOneOfTwoAndThenTheLast()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n3,4\n"), bench.Write("b.csv", "a,b\n5,6\n"), "--table", "t")).Clean();
        Assert.Contains("removed source 1: 2 rows", (await bench.WeirAsync("remove", "1")).Clean().Error, StringComparison.Ordinal);
        Assert.Equal("2,1,5", await bench.AskAsync("SELECT source_id, row_id, a FROM t"));
        Assert.Equal("2", await bench.AskAsync("SELECT string_agg(DISTINCT source_id, ',') FROM weir.columns"));
        await bench.VerifiedAsync();
        (await bench.WeirAsync("remove", "1")).Failed("source 1", "no such source");
        (await bench.WeirAsync("remove", "2")).Clean();
        (await bench.WeirAsync("sql", "FROM t")).Failed();
        foreach (string table in (string[])["sources", "columns", "batches", "remarks", "rejects"])
            Assert.Equal("0", await bench.AskAsync($"SELECT count(*) FROM weir.{table}"));
        (await bench.WeirAsync("ingest", bench.File("a.csv"))).Clean();
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Compact_ShrinksAndKeepsEverything()
    {
        string big = bench.Write("big.csv", NastyCsv.Make(9, 20_000)), kept = bench.Write("kept.csv", NastyCsv.Make(10, 300));
        (await bench.WeirAsync("ingest", big, kept)).NeedsLook();
        (await bench.WeirAsync("remove", "1")).Clean();
        long before = new FileInfo(bench.Case).Length;
        string dump = await CaseDump.OfAsync(bench.Case);
        (await bench.WeirAsync("ingest", bench.Write("x.csv", "a,b\n1,2\n"))).Clean();
        (await bench.WeirAsync("remove", "3", "--compact")).Clean();
        Assert.True(new FileInfo(bench.Case).Length < before, "the file did not shrink");
        Assert.Equal(dump, await CaseDump.OfAsync(bench.Case));
        Assert.Equal(["case.duckdb"], Directory.EnumerateFiles(bench.Path, "case*").Select(System.IO.Path.GetFileName));
        await bench.VerifiedAsync();
        Assert.Contains("already landed", (await bench.WeirAsync("ingest", kept)).NeedsLook().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_JoinsFilesByColumnName()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"), bench.Write("b.csv", "c,b\nx,4\n"), "--table", "t")).Clean();
        Assert.Equal("1,1,,2|2,,x,4", await bench.AskAsync("SELECT source_id, a, c, b FROM t ORDER BY 1"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task FolderAndGlob_MakeOneTablePerHeaderSet()
    {
        bench.Write("logs/a.csv", "a,b\n1,2\n");
        bench.Write("logs/b.csv", "b,a\n1,2\n");
        bench.Write("logs/c.csv", "x,y\n1,2\n");
        (await bench.WeirAsync("ingest", bench.File("logs"))).Clean();
        Assert.Equal("logs,2|logs_2,1", await bench.AskAsync("SELECT table_name, count(*) FROM weir.sources GROUP BY ALL ORDER BY ALL"));
        string other = bench.File("glob.duckdb");
        (await Run.WeirAsync("ingest", bench.File("logs/*.csv"), "--case", other)).Clean();
        Run run = (await Run.WeirAsync("sql", "SELECT count(DISTINCT table_name) AS n FROM weir.sources", "--format", "csv", "--case", other)).Clean();
        Assert.Equal("n\n2\n", run.Out);
    }

    [Fact]
    public async Task DryRun_MakesNoCase()
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n"), before = bench.Files();
        Run run = (await bench.WeirAsync("ingest", file, "--dry-run")).Clean();
        Assert.Contains("table a", run.Out, StringComparison.Ordinal);
        Assert.Contains("columns: 2;", run.Out, StringComparison.Ordinal);
        Assert.Equal(before, bench.Files());
        string broken = bench.Write("case.duckdb", "no case");
        (await bench.WeirAsync("ingest", file, "--dry-run")).Clean();
        Assert.Equal("no case", File.ReadAllText(broken));
    }

    [Fact]
    public async Task Help_NamesEveryCommandWithOneExample()
    {
        foreach (string command in (string[])["ingest", "sql", "tables", "show", "remove"])
        {
            Run run = (await Run.WeirAsync(command, "--help")).Clean();
            Assert.Contains("Example: weir " + command, run.Out, StringComparison.Ordinal);
            Assert.Contains("--case", run.Out, StringComparison.Ordinal);
        }
    }
}
