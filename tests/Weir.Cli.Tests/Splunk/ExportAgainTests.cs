using System.Globalization;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>Exports into a table that has a part of what they ask for: whatever was before, each event lands once.</summary>
public sealed class ExportAgainTests
{
    private const string Sorted = "index=main | sort _time";
    private static readonly DateTime FirstLate = NastyEvents.Now.UtcDateTime.AddHours(8), SecondLate = NastyEvents.Now.UtcDateTime.AddHours(18);

    [Fact]
    public async Task Refresh_ThatWasInterrupted_DoesNotDoubleLateEvents()
    {
        Corpus late = NastyEvents.Make(170, lateFrom: FirstLate);
        await using var bench = new ExportBench(late);
        Assert.Equal(0, await bench.ExportAsync());
        bench.Clock.Skip(TimeSpan.FromHours(10));
        await InterruptedAsync(bench, ExportBench.Options() with { Refresh = true });
        bench.Clock.Skip(TimeSpan.FromHours(1));
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Refresh = true }));
        Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(late, DateTime.MaxValue), await bench.RowsAsync()));
    }

    [Fact]
    public async Task Refresh_OfMoreThanHasLanded_FetchesTheRestToo()
    {
        Corpus events = NastyEvents.Make(120);
        await using var bench = new ExportBench(events);
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Latest = "2018-08-20T10:20:00Z" }));
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Refresh = true }));
        Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(events, DateTime.MaxValue), await bench.RowsAsync()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Remove_OfASliceWithLateArrivals_IsFetchedAgainAsItWas(int refreshes)
    {
        Corpus late = NastyEvents.Make(170, lateFrom: refreshes == 1 ? FirstLate : SecondLate);
        await using var bench = new ExportBench(late);
        ExportOptions options = ExportBench.Options() with { Slice = TimeSpan.FromMinutes(30) };
        Assert.Equal(0, await bench.ExportAsync(options));
        for (int i = 0; i < refreshes; i++)
        {
            bench.Clock.Skip(TimeSpan.FromHours(10));
            Assert.Equal(0, await bench.ExportAsync(options with { Refresh = true }));
        }

        foreach (SliceRecord slice in (await bench.SlicesAsync()).OrderBy(s => s.SourceId))
        {
            await using (CaseFile caseFile = await CaseFile.OpenAsync(bench.Case))
                caseFile.Remove(slice.SourceId, false);
            bench.Clock.Skip(TimeSpan.FromHours(1));
            Assert.Equal(0, await bench.ExportAsync(options));
            Assert.Equal(0, await bench.ExportAsync(options with { Refresh = true }));
            Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(late, DateTime.MaxValue), await bench.RowsAsync()));
        }
    }

    /// <summary>An event each half minute over twenty hours, indexed five seconds later; the range is not over at any run but the last.</summary>
    [Theory]
    [InlineData("2018-08-20T23:00:00Z", "2018-08-22T00:00:00Z")]
    [InlineData("-8h@d-1h", "now")]
    public async Task Range_ThatIsNotOver_IsGoneOnWith(string earliest, string latest)
    {
        DateTime start = NastyEvents.Now.UtcDateTime.AddHours(-1);
        Corpus stream = Events(Enumerable.Range(0, 2_400).Select(i => (start.AddSeconds(i * 30), start.AddSeconds(i * 30 + 5))));
        await using var bench = new ExportBench(stream);
        ExportOptions options = ExportBench.Options() with { Earliest = earliest, Latest = latest, SliceRows = 5_000 };
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.InRange((await bench.RowsAsync()).Count, 1, 2_399);
        for (int run = 0; run < 5; run++)
        {
            bench.Clock.Skip(TimeSpan.FromHours(run == 4 ? 20 : 0.1));
            Assert.Equal(0, await bench.ExportAsync(options));
        }

        List<string> rows = await bench.RowsAsync();
        Assert.Equal(rows.Distinct(), rows);
        Assert.Equal(2_400, rows.Count);
    }

    /// <summary>A wrong clock is evidence too.</summary>
    [Fact]
    public async Task Events_OfTheFuture_LandOnce()
    {
        DateTime now = NastyEvents.Now.UtcDateTime;
        await using var bench = new ExportBench(Events(Enumerable.Range(0, 20).Select(i => (i < 10 ? now.AddHours(-5) : now.AddDays(3), now.AddHours(-5).AddSeconds(i)))));
        ExportOptions options = ExportBench.Options() with { Earliest = "2018-08-20", Latest = "2030-01-01" };
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Contains(bench.Plan!.Notes, n => n.Contains("the server's clock", StringComparison.Ordinal));
        Assert.Equal(20, (await bench.RowsAsync()).Count);
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Equal(0, await bench.ExportAsync(options with { Earliest = "2018-08-22", Refresh = true }));
        Assert.Equal(20, (await bench.RowsAsync()).Count);
    }

    [Fact]
    public async Task OneSlice_OverARangeThatOverlaps_IsRefused()
    {
        await using var bench = new ExportBench(NastyEvents.Make(120));
        ExportOptions options = ExportBench.Options(Sorted);
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Equal(2, await bench.ExportAsync(options with { Latest = "2018-08-20T11:00:01Z" }));
        Assert.Contains("would stand twice", bench.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(0, await bench.ExportAsync(options with { Earliest = "2018-08-20T11:00:00Z", Latest = "2018-08-20T11:00:01Z" }));
        Assert.Equal(0, await bench.ExportAsync(options));
        List<string> rows = await bench.RowsAsync();
        Assert.Equal(rows.Distinct(), rows);
        Assert.Equal(121, rows.Count); // one event stands at the end of the hour
    }

    [Fact]
    public async Task OneSlice_ThatWasRowWiseBefore_IsRefused()
    {
        await using var bench = new ExportBench(NastyEvents.Make(120));
        ExportOptions options = ExportBench.Options() with { Spl = SplText.Read("index=main NOT `nothing`", [], macrosAreRowWise: true) };
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Equal(2, await bench.ExportAsync(options with { Spl = SplText.Read("index=main NOT `nothing`", []) }));
        Assert.Contains("would stand twice", bench.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneSlice_OfARelativeRange_IsFinishedAsItWasBegun()
    {
        await using var bench = new ExportBench(NastyEvents.Make(120));
        ExportOptions options = ExportBench.Options(Sorted) with { Earliest = "-24h", Latest = "now" };
        await InterruptedAsync(bench, options);
        SliceRecord begun = Assert.Single(await bench.SlicesAsync());
        bench.Clock.Skip(TimeSpan.FromMinutes(10));
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Equal(begun.Latest, Assert.Single(await bench.SlicesAsync()).Latest);
        List<string> rows = await bench.RowsAsync();
        Assert.Equal(rows.Distinct(), rows);
        Assert.Equal(122, rows.Count); // one event before the hour, one at its end
    }

    [Theory]
    [InlineData("index=main")]
    [InlineData("index=main | fields host, n")]
    [InlineData("index=main | search host=*")]
    [InlineData(Sorted)]
    public async Task JobThatKeepsLess_ThanItsSearchGives_IsNeverWhole(string spl)
    {
        Corpus events = NastyEvents.Make(120);
        await using var bench = new ExportBench(events, server: s => s with { ResultCap = 40 });
        int exit = await bench.ExportAsync(ExportBench.Options(spl) with { Slice = TimeSpan.FromHours(1) });
        List<string> rows = await bench.RowsAsync();
        Assert.True(exit == 0 ? rows.Count == 120 : exit == 1 && (await bench.SlicesAsync()).Any(s => s.State == SliceRecord.Hole), $"exit {exit}, {rows.Count} rows");
    }

    [Theory]
    [InlineData("index=main")]
    [InlineData(Sorted)]
    [InlineData("index=main | search host=*")]
    public async Task PagesThatOverlap_AreSeenByTheEventsThatComeTwice(string spl)
    {
        await using var bench = new ExportBench(NastyEvents.Make(120), new Faults([new(FaultKind.Overlap, "results", 0, 1_000_000, 0)]), s => s with { PageCap = 7 });
        Assert.Equal(1, await bench.ExportAsync(ExportBench.Options(spl) with { Slice = TimeSpan.FromHours(1), Attempts = 1 }));
        Assert.Contains(await bench.SlicesAsync(), s => s.Missing!.Contains("came twice", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task OneSlice_OfWhichTheServerTookAnotherRange_IsAHole(int said)
    {
        await using var bench = new ExportBench(NastyEvents.Make(120), new Faults([new(FaultKind.OtherRange, "create", 0, 1_000_000, said)]));
        Assert.Equal(1, await bench.ExportAsync(ExportBench.Options(Sorted) with { Earliest = "2018-08-20T10:10:00Z", Latest = "2018-08-20T10:50:00Z" }));
    }

    [Fact]
    public async Task Password_ThatChangesMeanwhile_IsTriedOnce()
    {
        ServerOptions? options = null;
        await using var bench = new ExportBench(NastyEvents.Make(120), new Faults([new(FaultKind.Unauthorized, "info", 1, 1_000, 0)]), s => options = s);
        using SplunkClient client = bench.Client();
        await client.ConnectAsync(default);
        options!.Password = "other";
        WeirException[] refusals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Assert.ThrowsAsync<WeirException>(() => client.ConnectAsync(default))));
        Assert.All(refusals, r => Assert.Contains("tried once", r.Message, StringComparison.Ordinal));
        Assert.Equal(1, bench.Server.Api.RefusedLogins);
    }

    [Fact]
    public async Task OtherSearch_OverTheSameRangeOfATable_IsTold()
    {
        await using var bench = new ExportBench(NastyEvents.Make(120));
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options("index=main n=5")));
        Assert.Contains(bench.Plan!.Notes, n => n.Contains("stands twice", StringComparison.Ordinal));
    }

    private static Corpus Events(IEnumerable<(DateTime Time, DateTime Indexed)> times) =>
        new([.. times.Select((t, i) => Corpus.Make(t.Time, i, [KeyValuePair.Create("n", i.ToString(CultureInfo.InvariantCulture))], "main", t.Indexed))], "main");

    /// <summary>Stops an export once its first job is on the server.</summary>
    private static async Task InterruptedAsync(ExportBench bench, ExportOptions options)
    {
        using var stop = new CancellationTokenSource();
        int before = bench.Server.Api.Requests.Count(r => r.Endpoint == "create");
        Task<int> run = bench.ExportAsync(options, cancellationToken: stop.Token);
        while (bench.Server.Api.Requests.Count(r => r.Endpoint == "create") == before)
            await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
