using System.Diagnostics;

namespace Weir.Cli.Tests.Commands;

/// <summary>Case files that cannot be used: one line names the file and the way out, and the file stays as it was.</summary>
public sealed class RefusedCaseTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task TextFileAsCase_IsRefusedByEveryCommand()
    {
        string path = bench.Write("notes.duckdb", new string('x', 20_000));
        await EveryCommandRefusesAsync(path, "not a DuckDB database");
    }

    [Fact]
    public async Task EmptyFileAsCase_IsRefusedByEveryCommand()
    {
        string path = bench.Write("empty.duckdb", "");
        await EveryCommandRefusesAsync(path);
    }

    [Fact]
    public async Task ForeignDuckDbFile_IsNeverWrittenInto()
    {
        string path = bench.File("warehouse.duckdb");
        Bench.Duck(path, "CREATE TABLE main.t AS SELECT 1 AS a");
        await EveryCommandRefusesAsync(path, "not a case of weir", "--case");
    }

    [Fact]
    public async Task NewerCase_IsRefused()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        Bench.Duck(bench.Case, "UPDATE weir.meta SET value = '999' WHERE key = 'schema_version'");
        await EveryCommandRefusesAsync(bench.Case, "newer weir", "999");
    }

    [Fact]
    public async Task OlderCase_IsRefused()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        Bench.Duck(bench.Case, "UPDATE weir.meta SET value = '0' WHERE key = 'schema_version'");
        await EveryCommandRefusesAsync(bench.Case, "older weir", "anew");
    }

    [Fact]
    public async Task CaseWithoutVersion_IsRefused()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        Bench.Duck(bench.Case, "DELETE FROM weir.meta");
        await EveryCommandRefusesAsync(bench.Case);
    }

    [Theory]
    [InlineData("weir.duckdb")]
    [InlineData("main.duckdb")]
    [InlineData("Main.DuckDB")]
    [InlineData("temp.db")]
    [InlineData("system")]
    [InlineData("memory.duckdb")]
    public async Task NameThatDuckDbWouldMixUp_IsRefused(string name)
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n"), before = bench.Files();
        (await Run.WeirAsync("ingest", file, "--case", bench.File(name))).Failed(bench.File(name), "--case");
        Assert.Equal(before, bench.Files());
    }

    [Fact]
    public async Task CaseInMissingDirectory_IsRefusedAndNoDirectoryMade()
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n"), before = bench.Files(), path = bench.File("no/such/case.duckdb");
        (await Run.WeirAsync("ingest", file, "--case", path)).Failed(path, "directory does not exist", "Create");
        Assert.Equal(before, bench.Files());
    }

    [Fact]
    public async Task DirectoryAsCase_IsRefused()
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n"), path = bench.File("folder");
        Directory.CreateDirectory(path);
        foreach (string[] command in Commands(file))
            (await Run.WeirAsync([.. command, "--case", path])).Failed(path, "directory");
    }

    [Fact]
    public async Task AbsentCase_IsNotMadeByReaders()
    {
        foreach (string[] command in Commands("").Skip(1))
            (await bench.WeirAsync(command)).Failed(bench.Case, "no such case", "weir ingest");
        Assert.Equal("", bench.Files());
    }

    [Fact]
    public async Task LockedCase_NamesTheHolder()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        using Process holder = Run.Start(["ingest", "-", "--table", "held", "--case", bench.Case]);
        await holder.StandardInput.WriteAsync("a,b\n1,2\n");
        await holder.StandardInput.FlushAsync();
        string file = bench.Write("b.csv", "a,b\n3,4\n");
        Assert.Contains("standard input cannot be read again", await holder.StandardError.ReadLineAsync(), StringComparison.Ordinal); // said once the case is open
        foreach (string[] command in Commands(file))
            (await bench.WeirAsync(command)).Failed(bench.Case, "locked by", $"(process {holder.Id}), which has it open for writing", "try again");
        Run held = await Run.EndAsync(holder);
        Assert.Equal(0, held.Exit);
        (await bench.WeirAsync("ingest", file)).Clean();
        Assert.Equal("3", await bench.AskAsync("SELECT sum(rows_landed) FROM weir.sources"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task LockedByNobody_ReadersShareACase()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        Run[] runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => bench.ChildAsync("sql", "SELECT count(*) AS n FROM a", "--format", "csv")));
        Assert.All(runs, r => Assert.Equal("n\n1\n", r.Clean().Out));
    }

    [FactWithMounts]
    public async Task ReadOnlyDirectory_IsRefusedForWritingAndFineForReading()
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n");
        using var mount = new Mount(bench.File("disk"), "size=20m");
        string path = bench.File("disk/case.duckdb"), other = bench.File("disk/other.duckdb");
        (await Run.WeirAsync("ingest", file, "--case", path)).Clean();
        mount.Remount("ro");
        string before = bench.Files(), second = bench.File("a.csv");
        (await Run.WeirAsync("ingest", second, "--case", other)).Failed(other, "cannot be written", "--case");
        (await Run.WeirAsync("ingest", second, "--again", "--case", path)).Failed(path, "cannot be written", "--case");
        (await Run.WeirAsync("remove", "1", "--case", path)).Failed(path, "cannot be written", "--case");
        Assert.Equal("n\n1\n", (await Run.WeirAsync("sql", "SELECT count(*) AS n FROM a", "--format", "csv", "--case", path)).Clean().Out);
        (await Run.WeirAsync("tables", "--verify", "--case", path)).Clean();
        Assert.Equal(before, bench.Files());
    }

    private async Task EveryCommandRefusesAsync(string path, params string[] parts)
    {
        string file = bench.Write("new.csv", "a,b\n8,9\n"), before = bench.Files();
        foreach (string[] command in Commands(file))
        {
            (await Run.WeirAsync([.. command, "--case", path])).Failed([path, .. parts]);
            Assert.Equal(before, bench.Files());
        }
    }

    private static string[][] Commands(string file) =>
        [["ingest", file], ["sql", "SELECT 1"], ["sql", "SELECT 1", "--format", "csv"], ["tables"], ["tables", "--verify"], ["show", "1:1"], ["remove", "1"], ["remove", "1", "--compact"]];
}
