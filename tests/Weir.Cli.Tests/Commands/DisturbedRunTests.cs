using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests.Commands;

/// <summary>Runs that are stopped halfway, by a full disk, a kill, Ctrl-C or a file that changes: the same command goes on, or says why not.</summary>
public sealed class DisturbedRunTests : IDisposable
{
    private const int Rows = 6000;

    private static readonly string[] SmallCommits = ["--commit-rows", "500", "--batch-rows", "100"];

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [FactWithMounts]
    public async Task FullDisk_FailsInOneLineAndTheSameCommandCompletes()
    {
        string file = bench.Write("big.csv", Incompressible(30 << 20));
        using var mount = new Mount(bench.File("disk"), "size=3m");
        string path = bench.File("disk/case.duckdb");
        string[] command = ["ingest", file, "--commit-rows", "20000", "--case", path];
        (await Run.ChildAsync(command)).Failed(path, "disk is full", "same command");
        Assert.Equal(["case.duckdb"], Directory.EnumerateFileSystemEntries(bench.File("disk")).Select(System.IO.Path.GetFileName).Where(n => !n!.EndsWith(".wal", StringComparison.Ordinal)));

        mount.Remount("size=200m");
        (await Run.ChildAsync(command)).Clean();
        await WholeAsync(path, file);
    }

    /// <summary>All of them share one transaction.</summary>
    [Fact]
    public async Task Ingest_FolderOfHundredsOfSmallFiles_FitsIntoMemory()
    {
        for (int i = 0; i < 700; i++)
            bench.Write($"logs/{i:000}.csv", $"id,name\n{i},x\n");
        (await bench.WeirAsync("ingest", bench.File("logs"), "--table", "logs", "--memory", "128MB")).Clean();
        Assert.Equal("700|700|700|0", (await bench.AskAsync("SELECT count(*), count(DISTINCT id), (SELECT count(*) FROM weir.batches), (SELECT sum(rows_rejected) FROM weir.sources) FROM logs")).Replace(',', '|'));
        (await bench.WeirAsync("ingest", bench.File("logs"), "--table", "logs")).Clean();
        Assert.Equal("700", await bench.AskAsync("SELECT count(*) FROM logs"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_FolderOfATableAFile_FitsIntoMemory()
    {
        string Own(Func<int, string> cell) => string.Join(',', Enumerable.Range(0, 30).Select(cell));
        for (int i = 0; i < 40; i++)
            bench.Write($"logs/{i:000}.csv", $"createdDateTime,userPrincipalName,appDisplayName,ipAddress,status.errorCode,{Own(j => $"own{i}_{j}")}\n2026-01-01T00:00:00Z,u{i}@x.org,P,8.8.8.8,0,{Own(_ => "x")}\n");
        (await bench.WeirAsync("ingest", bench.File("logs"), "--memory", "128MB")).Clean();
        Assert.Equal("40,40,40", await bench.AskAsync("SELECT count(*), count(DISTINCT \"user\"), (SELECT count(DISTINCT table_name) FROM weir.sources) FROM signins"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task KilledRun_TheSameCommandCompletes()
    {
        string file = bench.Write("nasty.csv", NastyCsv.Make(5, Rows));
        await KillAsync(file, "committed:2");
        (await bench.WeirAsync("sql", "SELECT 1")).Clean().OneLine("source 1", file, "interrupted", "run its ingest again");
        (await bench.WeirAsync("tables")).Clean().OneLine("interrupted");
        Run run = (await bench.WeirAsync(["ingest", file, .. SmallCommits])).Ended(1); // bad bytes want a look
        Assert.Contains("resumed behind row 1,000", run.Error, StringComparison.Ordinal);
        await WholeAsync(bench.Case, file, same: true);
    }

    [Theory]
    [InlineData(100)] // inside the fingerprinted start
    [InlineData(100_000)] // in the part that was read, beyond it
    [InlineData(-100)] // the fingerprinted end, not read yet
    public async Task FileChangedSinceItWasHalfRead_IsNeverMixed(int at)
    {
        byte[] bytes = NastyCsv.Make(6, Rows);
        Assert.True(bytes.Length > 600_000);
        string file = bench.Write("nasty.csv", bytes);
        await KillAsync(file, "committed:3");
        Assert.True(long.Parse(await bench.AskAsync("SELECT max(byte_offset) FROM weir.batches"), CultureInfo.InvariantCulture) > 150_000);
        int place = at < 0 ? bytes.Length + at : at;
        bytes[place] = bytes[place] == (byte)'7' ? (byte)'8' : (byte)'7';
        await ChangedAsync(file, bytes);
    }

    [Fact]
    public async Task RowsAppendedSinceItWasHalfRead_IsNeverMixed()
    {
        byte[] bytes = NastyCsv.Make(6, Rows);
        string file = bench.Write("nasty.csv", bytes);
        await KillAsync(file, "committed:3");
        await ChangedAsync(file, [.. bytes, .. "2021-03-01T00:00:00.000+0100,INFO,1,1,1,1,true,1/1/2021 1:05:33 PM,1,1,,,x1,last\r\n"u8]);
    }

    [Fact]
    public async Task FileCutSinceItWasHalfRead_IsNeverMixed()
    {
        byte[] bytes = NastyCsv.Make(6, Rows);
        string file = bench.Write("nasty.csv", bytes);
        await KillAsync(file, "committed:3");
        await ChangedAsync(file, bytes[..(bytes.Length / 10)]);
    }

    [FactOnUnix]
    public Task CtrlC_CommittedWorkStaysAndTheSameCommandCompletes() => SignalAsync("-INT");

    [FactOnUnix]
    public Task Terminate_CommittedWorkStaysAndTheSameCommandCompletes() => SignalAsync("-TERM");

    private async Task SignalAsync(string signal)
    {
        if (signal == "-INT" && IgnoresInterrupts())
        {
            Console.WriteLine("skipped: these tests were started where Ctrl-C is ignored (a background job), and so is it by what they start");
            return;
        }

        string file = bench.Write("nasty.csv", NastyCsv.Make(7, 100_000));
        string[] command = ["ingest", file, "--commit-rows", "500", "--batch-rows", "100", "--case", bench.Case];
        using Process child = Run.Start(command);
        var patience = Stopwatch.StartNew();
        while (!(new FileInfo(bench.Case + ".wal") is { Exists: true, Length: > 300_000 }) && !child.HasExited && patience.Elapsed < TimeSpan.FromMinutes(1))
            Thread.Sleep(20); // not a delay: with the other tests on all cores, a timer comes too late
        using (Process kill = Process.Start("kill", [signal, child.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        Run run = await Run.EndAsync(child);
        run.Ended(130).OneLine("interrupted", "same command");

        (await bench.WeirAsync("sql", "SELECT 1")).Clean().OneLine("interrupted");
        await bench.VerifiedAsync();
        Run again = (await bench.ChildAsync("ingest", file)).Ended(1);
        Assert.Matches("resumed behind row|already landed", again.Error); // the latter where only the closing was left
        await WholeAsync(bench.Case, file);
    }

    /// <summary>Whether SIGINT is ignored, which child processes inherit.</summary>
    private static bool IgnoresInterrupts() =>
        File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToInt64(mask[7..].Trim(), 16) & 2) != 0;

    private async Task KillAsync(string file, string place)
    {
        Run killed = await Run.ChildAsync(["ingest", file, .. SmallCommits, "--case", bench.Case], ("WEIR_FAILPOINT", place));
        Assert.Equal(137, killed.Exit);
    }

    /// <summary>The changed file is refused, the case stays as it was, and behind the remedy the new file lands whole.</summary>
    private async Task ChangedAsync(string file, byte[] changed)
    {
        string dump = await CaseDump.OfAsync(bench.Case);
        File.WriteAllBytes(file, changed);
        (await bench.WeirAsync(["ingest", file, .. SmallCommits])).Failed(file, "weir remove 1");
        Assert.Equal(dump, await CaseDump.OfAsync(bench.Case));
        (await bench.WeirAsync("remove", "1", "--quiet")).Clean();
        (await bench.WeirAsync(["ingest", file, .. SmallCommits])).Ended(1);
        Assert.Equal("1", await bench.AskAsync("SELECT count(*) FROM weir.sources WHERE state = 'complete'"));
        await WholeAsync(bench.Case, file);
    }

    /// <summary>The case verifies and holds what an undisturbed run lands.</summary>
    private async Task WholeAsync(string path, string file, bool same = false)
    {
        string table = System.IO.Path.GetFileNameWithoutExtension(file), fresh = bench.File("fresh.duckdb");
        Run verified = (await Run.WeirAsync("tables", "--verify", "--case", path)).Clean();
        Assert.StartsWith("ok ", verified.Out, StringComparison.Ordinal);
        await Run.WeirAsync(["ingest", file, .. same ? SmallCommits : [], "--case", fresh]);
        string sum = $"SELECT count(*) AS n, count(DISTINCT row_id) AS d, sum(hash(COLUMNS(* EXCLUDE source_id))) FROM {table}";
        async Task<string> AskAsync(string from) => (await Run.WeirAsync("sql", sum, "--format", "csv", "--case", from)).Clean().Out;
        Assert.Equal(await AskAsync(fresh), await AskAsync(path));
    }

    private static byte[] Incompressible(int size)
    {
        var random = new Random(11);
        var text = new StringBuilder("id,blob\n", size + 400);
        byte[] bytes = new byte[192];
        for (int i = 0; text.Length < size; i++)
        {
            random.NextBytes(bytes);
            text.Append(CultureInfo.InvariantCulture, $"{i},{Convert.ToBase64String(bytes)}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
