using System.Text.Json.Nodes;
using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests.Commands;

/// <summary>A header set keeps the table that it has in the case, whatever is put beside it.</summary>
public sealed class TableNamesTests : IDisposable
{
    private const string Xy = "x,y\n1,2\n", Xz = "x,z\n1,2\n", Pq = "p,q\n1,2\n";

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Folder_FileOfNewColumnsInFront_LeavesTheOthersWhereTheyAre()
    {
        bench.Write("logs/b.csv", Xy);
        bench.Write("logs/c.csv", Xz);
        Assert.Equal("b logs, c logs_2", await PlacesAsync("logs"));
        bench.Write("logs/a.csv", Pq);
        Assert.Equal("a logs_3, b logs (landed), c logs_2 (landed)", await PlacesAsync("logs"));
        Assert.Equal("a logs_3 (landed), b logs (landed), c logs_2 (landed)", await PlacesAsync("logs"));
    }

    [Fact]
    public async Task Folder_NewFileOfKnownColumns_GoesToTheirTable()
    {
        bench.Write("logs/b.csv", Xy);
        bench.Write("logs/c.csv", Xz);
        await PlacesAsync("logs");
        bench.Write("logs/a.csv", "z,x\n7,8\n");
        Assert.Equal("a logs_2, b logs (landed), c logs_2 (landed)", await PlacesAsync("logs"));
    }

    [Fact]
    public async Task Folder_OfWhichAllIsNew_GoesWhereItsColumnsLie()
    {
        bench.Write("monday/logs/b.csv", Xy);
        bench.Write("monday/logs/c.csv", Xz);
        await PlacesAsync("monday/logs");
        bench.Write("tuesday/logs/b.csv", "x,z\n3,4\n");
        bench.Write("tuesday/logs/c.csv", "x,y\n3,4\n");
        Assert.Equal("b logs_2, c logs", await PlacesAsync("tuesday/logs"));
    }

    [Fact]
    public async Task SamePath_WithOneColumnMore_StaysInItsTable()
    {
        bench.Write("signin.csv", Xy);
        Assert.Equal("signin signin", await PlacesAsync("signin.csv"));
        bench.Write("signin.csv", "x,y,w\n1,2,3\n");
        Run run = (await bench.WeirAsync("ingest", bench.File("signin.csv"))).Clean();
        Assert.Contains("same path with other content", run.Error, StringComparison.Ordinal);
        Assert.Equal("1,1,2,|2,1,2,3", await bench.AskAsync("SELECT source_id, x, y, w FROM signin ORDER BY 1"));
    }

    [Fact]
    public async Task AnotherFileOfTheStem_WithItsColumns_JoinsIt_WithOthersItDoesNot()
    {
        bench.Write("one/export.csv", Xy);
        bench.Write("two/export.csv", "y,x\n5,6\n");
        bench.Write("three/export.csv", Pq);
        Assert.Equal("export export", await PlacesAsync("one/export.csv"));
        Assert.Equal("export export", await PlacesAsync("two/export.csv"));
        Run dry = (await bench.WeirAsync("ingest", bench.File("three/export.csv"), "--dry-run")).Clean();
        Assert.Contains("→ table export_2", dry.Out, StringComparison.Ordinal);
        Assert.Contains("--table export ", dry.Out, StringComparison.Ordinal);
        Run run = (await bench.WeirAsync("ingest", bench.File("three/export.csv"))).Clean();
        Assert.Contains("table export holds other columns", run.Error, StringComparison.Ordinal);
        Assert.Equal("export,2|export_2,1", await bench.AskAsync("SELECT table_name, count(*) FROM weir.sources GROUP BY ALL ORDER BY ALL"));
    }

    [Fact]
    public async Task Copy_UnderAnotherPath_IsKnownByItsBytes()
    {
        bench.Write("one/export.csv", Xy);
        bench.Write("two/export.csv", Xy);
        await PlacesAsync("one/export.csv");
        Assert.Equal("export export (landed)", await PlacesAsync("two/export.csv"));
    }

    /// <summary>The name was asked of one command: it does not bind the others.</summary>
    [Fact]
    public async Task TableOption_DoesNotCaptureALaterCommandWithoutIt()
    {
        bench.Write("logs/a.csv", Xy);
        (await bench.WeirAsync("ingest", bench.File("logs"), "--table", "other")).Clean();
        Assert.Equal("a logs", await PlacesAsync("logs"));
    }

    [Theory]
    [InlineData("CREATE TABLE logs (x INT)")]
    [InlineData("CREATE VIEW logs AS SELECT 1 AS x")]
    public async Task TableThatOthersMade_IsNotLandedIn(string statement)
    {
        bench.Write("first.csv", Pq);
        await PlacesAsync("first.csv");
        Bench.Duck(bench.Case, statement);
        bench.Write("logs/a.csv", Xy);
        Assert.Equal("a logs_2", await PlacesAsync("logs"));
    }

    [Fact]
    public async Task NumberedStem_IsNoTableOfTheShorterOne()
    {
        bench.Write("logs_1.csv", Xy);
        bench.Write("logs_02.csv", Xy);
        await PlacesAsync("logs_1.csv");
        await PlacesAsync("logs_02.csv");
        bench.Write("logs.csv", Xy.Replace('2', '3'));
        Assert.Equal("logs logs", await PlacesAsync("logs.csv"));
    }

    [Fact]
    public async Task FailedInput_IsNoTable()
    {
        bench.Write("one/logs.csv", "");
        bench.Write("b.csv", Pq);
        Assert.Equal("logs logs (failed), b b", await PlacesAsync("one/logs.csv", "b.csv"));
        bench.Write("two/logs.csv", Xy);
        Assert.Equal("logs logs", await PlacesAsync("two/logs.csv"));
    }

    [Fact]
    public async Task DryRun_NamesTheTablesThatTheRunThenUses()
    {
        bench.Write("logs/b.csv", Xy);
        bench.Write("logs/c.csv", Xz);
        await PlacesAsync("logs");
        bench.Write("logs/a.csv", Pq);
        string before = bench.Files();
        Run run = (await bench.WeirAsync("ingest", bench.File("logs"), "--dry-run")).Clean();
        Assert.Equal("", run.Error);
        Assert.Equal(before, bench.Files());
        foreach (string line in (string[])["a.csv → table logs_3\n", "b.csv → table logs\n", "c.csv → table logs_2\n"])
            Assert.Contains(line, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_WithoutAReadableCase_SaysThatItDidNotLook()
    {
        bench.Write("case.duckdb", "no case");
        Run run = (await bench.WeirAsync("ingest", bench.Write("a.csv", Xy), "--dry-run")).Clean();
        run.OneLine("as in a new case", "not a DuckDB database");
        Assert.Contains("→ table a\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InterruptedFile_IsResumedInItsTable_ThoughAFileWasPutInFront()
    {
        bench.Write("logs/b.csv", NastyCsv.Make(3, 3000));
        Run killed = await Run.ChildAsync(["ingest", bench.File("logs"), "--commit-rows", "500", "--batch-rows", "100", "--case", bench.Case], ("WEIR_FAILPOINT", "committed:2"));
        Assert.Equal(137, killed.Exit);
        bench.Write("logs/a.csv", Xy);
        Run run = (await bench.WeirAsync("ingest", bench.File("logs"))).NeedsLook();
        Assert.Contains("resumed behind row 1,000", run.Error, StringComparison.Ordinal);
        Assert.Equal("1,logs,complete|2,logs_2,complete", await bench.AskAsync("SELECT source_id, table_name, state FROM weir.sources ORDER BY 1"));
        await bench.VerifiedAsync();
    }

    /// <summary>New and known files, one stem in three places, copies of one file: all that the choice of a name looks at, cut at every commit.</summary>
    [Fact]
    public async Task KilledAnywhere_TheSameCommandComesToTheSameTables()
    {
        bench.Write("old/logs/k.csv", Xz);
        bench.Write("old/logs/l.csv", Xy);
        string[] inputs = [bench.Write("two/logs.csv", "x,y\n3,4\n"), bench.File("logs"), bench.Write("three/logs.csv", "x,y\n3,4\n"), bench.Write("logs_2.csv", Pq)];
        bench.Write("logs/a.csv", Pq);
        bench.Write("logs/b.csv", Xy.Replace('1', '5'));
        bench.Write("logs/c.csv", Xz.Replace('1', '6'));
        bench.Write("logs/d.csv", "");
        bench.Write("logs/e.csv", Xz); // the bytes of k.csv
        bench.Write("logs/f.csv", string.Concat("m,n\n", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i}\n"))));
        string start = bench.File("start.duckdb");
        (await Run.WeirAsync("ingest", bench.File("old/logs"), "--case", start)).Clean();
        string[] Command(string path) => ["ingest", .. inputs, "--commit-rows", "2", "--batch-rows", "2", "--quiet", "--case", path];

        string expected = bench.File("expected.duckdb");
        File.Copy(start, expected);
        (await Run.WeirAsync(Command(expected))).NeedsLook();
        string undisturbed = await CaseDump.OfAsync(expected);
        foreach (int commit in (int[])[1, 2, 3, 4, 6, 20])
        {
            string path = bench.File($"killed{commit}.duckdb");
            File.Copy(start, path);
            Assert.Equal(137, (await Run.ChildAsync(Command(path), ("WEIR_FAILPOINT", $"committed:{commit}"))).Exit);
            (await Run.WeirAsync(Command(path))).NeedsLook();
            Assert.Equal(undisturbed, await CaseDump.OfAsync(path));
            (await Run.WeirAsync(Command(path))).NeedsLook();
            Assert.Equal(undisturbed, await CaseDump.OfAsync(path));
        }
    }

    /// <summary>Each input's stem and table, in order.</summary>
    private async Task<string> PlacesAsync(params string[] inputs)
    {
        Run run = await bench.WeirAsync(["ingest", .. inputs.Select(bench.File), "--format", "json"]);
        Assert.InRange(run.Exit, 0, 1);
        return string.Join(", ", run.Out.TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!).Select(s =>
            $"{Path.GetFileNameWithoutExtension((string)s["source"]!)} {s["table"]}{((string)s["state"]! == "failed" ? " (failed)" : (bool)s["already_landed"]! ? " (landed)" : "")}"));
    }
}
