using System.Text;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>A commit that was stopped leaves a case that goes on in the same process.</summary>
public sealed class StoppedCommitTests : IDisposable
{
    private static readonly RunOptions Small = RunOptions.Default with { BatchRows = 20, CommitRows = 100 };

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(60)] // before its first commit
    [InlineData(250)]
    [InlineData(600)] // with its last batch
    public async Task Run_StoppedAndStartedAgain_LandsOnce(int stopAfter)
    {
        string file = Ints("a.csv", 600);
        string path = folder.File("case.duckdb");
        await using (CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { Run = Small }))
        {
            await StopAsync(caseFile, file, stopAfter);
            RunReport report = await LandAsync(caseFile, file, default);
            Assert.Equal(600, report.Result.RowsLanded);
            Assert.True((await LandAsync(caseFile, file, default)).AlreadyLanded);
            Assert.Equal(20, (await LandAsync(caseFile, Ints("b.csv", 20), default)).Result.RowsLanded);
        }

        await HoldsAsync(path, 620);
    }

    [Fact]
    public async Task Flush_AfterALaterSourceWasStopped_LandsThoseThatWaited()
    {
        string path = folder.File("case.duckdb"), third = Ints("c.csv", 90);
        await using (CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { Run = Small with { CommitRows = 100_000 }, ShareCommits = true }))
        {
            await LandAsync(caseFile, Ints("a.csv", 30), default);
            await LandAsync(caseFile, folder.Write("b.csv", "x\nword\n"u8.ToArray()), default); // the column turns to text
            await StopAsync(caseFile, third, 40);
            using var gone = new CancellationTokenSource();
            gone.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => caseFile.FlushAsync(gone.Token)));
            Assert.True((await LandAsync(caseFile, folder.File("a.csv"), default)).AlreadyLanded);
            await caseFile.FlushAsync();
            await LandAsync(caseFile, third, default);
            await caseFile.FlushAsync();
        }

        await HoldsAsync(path, 121);
    }

    [Fact]
    public async Task Dispose_WhileACommitRuns_WaitsForIt()
    {
        string path = folder.File("case.duckdb"), file = Ints("a.csv", 50_000);
        for (int round = 0; round < 5; round++)
        {
            CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { Run = Small });
            Task<RunReport> run = LandAsync(caseFile, file, default);
            await Task.Delay(30 * round);
            await caseFile.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => run);
        }

        await using (CaseFile caseFile = await CaseFile.OpenAsync(path))
            await LandAsync(caseFile, file, default);
        await HoldsAsync(path, 50_000);
    }

    [Fact]
    public async Task Input_ThatFailedAndIsMended_LandsUnderItsNumber()
    {
        using var bench = new Commands.Bench();
        string empty = bench.Write("b.csv", ""), good = bench.Write("a.csv", "x\n1\n");
        (await bench.WeirAsync("ingest", empty, good)).NeedsLook();
        Assert.Equal("1,failed|2,complete", await bench.AskAsync("SELECT source_id, state FROM weir.sources ORDER BY 1"));
        bench.Write("b.csv", "y\n1\n2\n");
        (await bench.WeirAsync("ingest", empty, good)).Clean();
        Assert.Equal("1,complete,2|2,complete,1", await bench.AskAsync("SELECT source_id, state, rows_landed FROM weir.sources ORDER BY 1"));
        (await bench.WeirAsync("ingest", bench.File("a.csv"), bench.Write("c.csv", "z\n1\n"))).Clean();
        Assert.Equal("3", await bench.AskAsync("SELECT max(source_id) FROM weir.sources"));
        await bench.VerifiedAsync();
    }

    private string Ints(string name, int rows) =>
        folder.Write(name, Encoding.UTF8.GetBytes("x\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i}\n"))));

    private static Task<RunReport> LandAsync(CaseFile caseFile, string file, CancellationToken cancellationToken, Action<RunProgress>? progress = null) =>
        Pipeline.From(new CsvSource(file)).Then(new ParseStage()).To(caseFile.Table("t")).RunAsync(Small with { Progress = progress }, cancellationToken);

    private static async Task StopAsync(CaseFile caseFile, string file, int rows)
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LandAsync(caseFile, file, stop.Token, progress =>
        {
            if (progress.Rows >= rows)
                stop.Cancel();
        }));
    }

    private static async Task HoldsAsync(string path, int rows)
    {
        Assert.Equal("", await CaseDump.FaultsAsync(path));
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        Assert.Equal(rows, caseFile.Database.Count("SELECT count(*) FROM t"));
        Assert.Equal(0, caseFile.Database.Count("SELECT count(*) FROM weir.sources WHERE state <> 'complete'"));
    }
}
