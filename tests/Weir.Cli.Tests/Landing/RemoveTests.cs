using System.Runtime.Versioning;
using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Landing;

/// <summary>What stays of a removed source: nothing but its number, which no other gets.</summary>
public sealed class RemoveTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Remove_NumberOfTheLastSource_IsNotGivenAgain()
    {
        string a = bench.Write("a.csv", "x\n1\n"), b = bench.Write("b.csv", "x\n2\n");
        (await bench.WeirAsync("ingest", a, b)).Clean();
        (await bench.WeirAsync("remove", "2", "--compact")).Clean();
        (await bench.WeirAsync("ingest", b)).Clean();
        Assert.Equal("1|3", await bench.AskAsync("SELECT source_id FROM weir.sources ORDER BY 1"));
        Assert.Equal("3", await bench.AskAsync("SELECT source_id FROM b"));
        (await bench.WeirAsync("remove", "1")).Clean();
        (await bench.WeirAsync("ingest", a)).Clean();
        Assert.Equal("3|4", await bench.AskAsync("SELECT source_id FROM weir.sources ORDER BY 1"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Remove_ColumnsThatOnlyItHad_GoWithIt()
    {
        string ints = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}\n"));
        string a = bench.Write("a.csv", "x\n" + ints), b = bench.Write("b.csv", "x,own\n" + ints.Replace("\n", ",7\n", StringComparison.Ordinal) + "N/A,8,too many\n");
        (await bench.WeirAsync("ingest", a, b, "--table", "t")).Clean();
        Assert.Equal("source_id|row_id|x|own|_extra|x_text", await ColumnsAsync());
        (await bench.WeirAsync("remove", "2")).Clean();
        Assert.Equal("source_id|row_id|x", await ColumnsAsync());
        Assert.Equal("1,x", await bench.AskAsync("SELECT source_id, column_name FROM weir.columns"));
        await bench.VerifiedAsync();
        (await bench.WeirAsync("ingest", b, "--table", "t")).Clean();
        (await bench.WeirAsync("remove", "1")).Clean();
        Assert.Equal("source_id|row_id|x|own|_extra|x_text", await ColumnsAsync());
        Assert.Equal("N/A,8,too many", await bench.AskAsync("SELECT x_text, own, array_to_string(_extra, $$+$$) FROM t WHERE x_text IS NOT NULL"));
        await bench.VerifiedAsync();
    }

    [FactOnUnix]
    public async Task Remove_KilledAnywhere_DidAllOrNothing()
    {
        string a = bench.Write("a.csv", NastyCsv.Make(41, 900)), b = bench.Write("b.csv", NastyCsv.MakeOther(300)), spare = bench.File("spare.duckdb");
        (await bench.WeirAsync("ingest", a, b, "--table", "t")).NeedsLook();
        File.Copy(bench.Case, spare);
        string before = await CaseDump.OfAsync(bench.Case);
        (await bench.WeirAsync("remove", "1")).Clean();
        await bench.VerifiedAsync();
        string after = await CaseDump.OfAsync(bench.Case);
        foreach (var (point, expected) in ((string, string)[])[("removing", before), ("removed", after), ("compacted", after)])
        {
            File.Copy(spare, bench.Case, overwrite: true);
            Run killed = await Run.ChildAsync(["remove", "1", "--compact", "--case", bench.Case], ("WEIR_FAILPOINT", point));
            Assert.Equal(137, killed.Exit);
            Assert.Equal(expected, await CaseDump.OfAsync(bench.Case));
            await bench.VerifiedAsync();
            (await bench.ChildAsync("remove", "1", "--compact")).Ended(expected == before ? 0 : 2);
            Assert.Equal(after, await CaseDump.OfAsync(bench.Case));
        }
    }

    [FactOnUnix]
    [UnsupportedOSPlatform("windows")]
    public async Task Compact_KeepsPermissionsAndTheLink()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "x\n1\n"), bench.Write("b.csv", "x\n2\n"))).Clean();
        string real = bench.File("real.duckdb");
        File.Move(bench.Case, real);
        File.CreateSymbolicLink(bench.Case, real);
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await bench.WeirAsync("remove", "1", "--compact")).Clean();
        Assert.NotNull(new FileInfo(bench.Case).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(real));
        Assert.Equal(2, Directory.EnumerateFiles(bench.Path, "*.duckdb*").Count());
        await bench.VerifiedAsync();
    }

    private Task<string> ColumnsAsync() => bench.AskAsync("SELECT column_name FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = 't' ORDER BY column_index");
}
