using Weir.Cli.Tests.Commands;
using Weir.Connectors;
using Weir.Engine.Store;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>A server that goes away in the middle of an export.</summary>
public sealed class OutageTests
{
    private static readonly Corpus Events = NastyEvents.Make(120);
    private static readonly List<string> Expected = NastyEvents.Expected(Events, DateTime.MaxValue);
    private static readonly ExportOptions Tens = ExportBench.Options() with { Slice = TimeSpan.FromMinutes(10) };

    [Theory]
    [InlineData("status", 8, 0)]
    [InlineData("results", 2, 0)]
    [InlineData("create", 2, 0)]
    [InlineData("export", 2, 0)]
    [InlineData("results", 2, 1)] // its jobs and sessions are gone, as after a restart
    [InlineData("status", 8, 1)]
    [InlineData("delete", 1, 1)]
    public async Task Server_ThatComesBack_IsWaitedForAndNothingCounts(string endpoint, int skip, int forgets)
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Away, endpoint, skip, 1, 1_200 + forgets)]));
        Assert.Equal(0, await bench.ExportAsync(Tens with { Method = endpoint == "export" ? FetchMethod.Export : FetchMethod.Job, Attempts = 1 }));
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        Assert.Empty(bench.Cuts);
        Assert.All(await bench.SlicesAsync(), s => Assert.Equal(1, s.Attempts));
        Assert.Equal(6, bench.Outcomes.Count);
        string[] said = [.. bench.Said];
        Assert.Equal(2, said.Length); // once for all workers
        Assert.StartsWith($"{bench.Url} cannot be reached (", said[0], StringComparison.Ordinal);
        Assert.EndsWith("waiting for it, at most 3600 s", said[0], StringComparison.Ordinal);
        Assert.Matches(" is back after [0-9]+ s: going on$", said[1]);
    }

    [Fact]
    public async Task Body_CutByAServerThatGoesAway_IsNoAttempt()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Silence, "export", 1, 1, 0)]), s => s with { Silence = TimeSpan.FromMinutes(100) });
        Task<int> running = bench.ExportAsync(Tens with { Method = FetchMethod.Export, Attempts = 1, Concurrency = 1 });
        while (bench.Server.Api.Requests.Count(r => r.Endpoint == "export") < 2)
            await Task.Delay(20);
        await Task.Delay(200);
        bench.Server.Leave(TimeSpan.FromMinutes(5));
        Assert.Equal(0, await running);
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        Assert.Empty(bench.Cuts);
        Assert.All(await bench.SlicesAsync(), s => Assert.Equal(1, s.Attempts));
        Assert.Equal(2, bench.Said.Count);
    }

    [Theory]
    [InlineData("create", 3)]
    [InlineData("export", 3)]
    public async Task Server_ThatStaysAway_EndsTheRunAndTheSameCommandGoesOn(string endpoint, int skip)
    {
        FetchMethod method = endpoint == "export" ? FetchMethod.Export : FetchMethod.Job;
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Away, endpoint, skip, 1, 3_600)]));
        ExportOptions options = Tens with { Method = method, Concurrency = 1 };
        Assert.Equal(2, await bench.ExportAsync(options, change: o => o with { OutageLimit = TimeSpan.FromMinutes(10) }));
        Assert.Equal(3, bench.Outcomes.Count);
        Assert.Matches(@"^http://127\.0\.0\.1:[0-9]+: it could not be reached for [0-9]+ s; 3 of 6 slices landed and stay\. The same command goes on from there\.$", bench.Failure!.Message);
        Assert.Single(bench.Said);
        Assert.Empty(bench.Cuts);
        Assert.Equal([1, 1, 1, 0, 0, 0], (await bench.SlicesAsync()).Select(s => s.Attempts));
        Assert.All((await bench.SlicesAsync()).Skip(3), s => Assert.Equal(SliceRecord.Planned, s.State));
        Assert.Empty(Directory.EnumerateFiles(bench.Folder, "*.spool-*"));

        Assert.Equal(2, await bench.ExportAsync(options)); // it is still away: told at once
        Assert.Contains("it could not be reached: Connection refused", bench.Failure!.Message, StringComparison.Ordinal);
        while (await bench.ExportAsync(options) != 0)
            await Task.Delay(200);
        Assert.Equal(3, bench.Outcomes.Count);
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Fact]
    public async Task Search_ThatTakesTheServerDownEachTime_IsAHoleInTheEnd()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Away, "export", 0, 1_000, 2)]));
        Assert.Equal(1, await bench.ExportAsync(Tens with { Method = FetchMethod.Export, Attempts = 1, Concurrency = 1, Slice = TimeSpan.FromHours(1) }));
        Assert.All(await bench.SlicesAsync(), s => Assert.False(s.IsComplete));
    }

    [Fact]
    public async Task Connection_ThatBreaksWhileTheServerIsThere_CountsAsBefore()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Reset, "results", 0, 1_000_000, 0)]));
        Assert.Equal(1, await bench.ExportAsync(Tens with { Attempts = 1, Slice = TimeSpan.FromMinutes(30) }));
        Assert.Empty(bench.Said);
        Assert.NotEmpty(bench.Cuts);
    }

    [Fact]
    public async Task Export_OutageLimit_IsToldOnceAndExitsWithTwo()
    {
        await using var server = new SocketFront(new ServerOptions { Corpus = Events, Faults = new Faults([new(FaultKind.Away, "create", 3, 1, 0)]) });
        using var bench = new Bench();
        string secret = bench.Write("secret", "changeme\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] command =
        [
            "splunk", "export", "--url", $"http://127.0.0.1:{server.Port}", "--user", "admin", "--secret-file", secret, "--insecure", "--spl", "index=main", "--earliest", "2018-08-20T10:00:00Z",
            "--latest", "2018-08-20T11:00:00Z", "--slice", "10m", "--concurrency", "2", "--case", bench.Case,
        ];
        Run run = (await Run.WeirAsync([.. command, "--outage-limit", "2s"])).Ended(2);
        string[] lines = [.. run.Error.TrimEnd('\n').Split('\n').Where(l => l.Contains("reached", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Length);
        Assert.Contains("waiting for it, at most 2 s", lines[0], StringComparison.Ordinal);
        Assert.Matches("it could not be reached for [0-9]+ s; [1-3] of 6 slices landed and stay. The same command goes on from there.", lines[1]);
        Assert.DoesNotContain("cut in two", run.Error, StringComparison.Ordinal);

        Run dead = (await Run.WeirAsync(command)).Ended(2);
        Assert.Contains("it could not be reached: Connection refused", dead.Error, StringComparison.Ordinal);
        Assert.Single(dead.Error.TrimEnd('\n').Split('\n'));
    }
}
