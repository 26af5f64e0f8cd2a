using System.Globalization;
using System.Text;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>The traps of Splunk's REST interface, one by one: what other clients lose rows by.</summary>
public sealed class TrapTests
{
    private static readonly Corpus Events = NastyEvents.Make(120);
    private static readonly List<string> Expected = NastyEvents.Expected(Events, DateTime.MaxValue);
    private const int Ever = 1_000_000;

    [Fact]
    public async Task Requests_Always_SayWhoAsksAndHow()
    {
        await using var bench = new ExportBench(Events);
        Assert.Equal(0, await bench.ExportAsync());
        Assert.All(bench.Server.Api.Requests, r =>
        {
            Assert.StartsWith("weir/", r.Request.Headers["User-Agent"], StringComparison.Ordinal);
            Assert.Equal("identity", r.Request.Headers["Accept-Encoding"]);
            Assert.Equal("json", r.Request["output_mode"]);
        });
        ApiRequest create = bench.Server.Api.Requests.First(r => r.Endpoint == "create" && !r.Request["search"]!.StartsWith('|')).Request;
        Assert.Equal("search index=main 0 0 500000 0 normal", string.Join(' ', create["search"], create["allow_partial_results"], create["status_buckets"], create["max_count"], create["preview"], create["exec_mode"]));
        Assert.Contains("_bkt", create.Parameters["rf"]);
        Assert.All(bench.Server.Api.Requests.Where(r => r.Endpoint == "results"), r => Assert.NotNull(r.Request["count"])); // 100 by default
    }

    [Theory]
    [InlineData("Chunked")]
    [InlineData("Length")]
    [InlineData("Close")]
    [InlineData("Gzip")]
    public async Task Body_CutInTheMiddle_IsNoResult(string framing) // F1
    {
        foreach (FetchMethod method in Enum.GetValues<FetchMethod>())
        {
            long value = (int)Enum.Parse<Framing>(framing) + 4 * 5_000;
            Fault cut = new(FaultKind.Cut, method == FetchMethod.Export ? "export" : "results", 1, 1, value);
            await using var bench = new ExportBench(Events, new Faults([cut]));
            Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Method = method }));
            Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
            await using var never = new ExportBench(Events, new Faults([cut with { Skip = 0, Times = Ever }]));
            Assert.Equal(1, await never.ExportAsync(ExportBench.Options() with { Method = method, Slice = TimeSpan.FromHours(1) }));
            Assert.DoesNotContain(never.Outcomes, o => o.Report is not null);
        }
    }

    [Theory]
    [InlineData("results")]
    [InlineData("export")]
    public async Task Body_CutWhereItLooksWhole_IsCounted(string endpoint) // F2
    {
        FetchMethod method = endpoint == "export" ? FetchMethod.Export : FetchMethod.Job;
        for (int value = 0; value < 12; value += 3)
        {
            await using var bench = new ExportBench(Events, new Faults([new(FaultKind.CutClean, endpoint, 1, 1, value)]));
            Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Method = method }));
            Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        }
    }

    [Theory]
    [InlineData("results")]
    [InlineData("export")]
    public async Task Message_ThatResultsAreMissing_MakesAHoleWhateverItsLevel(string endpoint) // F3
    {
        for (int kind = 0; kind < 6; kind++)
        {
            await using var bench = new ExportBench(Events, new Faults([new(FaultKind.IncompleteMessage, endpoint, 0, Ever, kind)]));
            Assert.Equal(1, await bench.ExportAsync(ExportBench.Options() with { Method = endpoint == "export" ? FetchMethod.Export : FetchMethod.Job, Slice = TimeSpan.FromMinutes(30) }));
            IReadOnlyList<SliceRecord> slices = await bench.SlicesAsync();
            Assert.Equal(4, slices.Count); // each was cut in two once
            Assert.All(slices, s => Assert.Contains("results are missing", s.Missing, StringComparison.Ordinal));
            Assert.All(slices, s => Assert.Contains(endpoint == "export" ? "\"export\"" : "\"results\"", s.Messages, StringComparison.Ordinal));
            Assert.Empty(await bench.RowsAsync());
        }
    }

    [Fact]
    public async Task Export_PreviewsSetsAndMarks_GiveEachRowOnce() // F4, F5, F6
    {
        for (int value = 0; value < 6; value++)
        {
            await using var bench = new ExportBench(
                Events, new Faults([new(FaultKind.Previews, "export", 0, Ever, value * 5), new(FaultKind.LastRow, "export", 0, Ever, value), new(FaultKind.Silence, "export", 0, Ever, 0)]));
            Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Method = FetchMethod.Export }));
            Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        }
    }

    [Fact]
    public async Task Export_OfManySets_TakesNoOffsetForAPlace()
    {
        Corpus many = NastyEvents.Make(3_300); // sets of 1,000 rows, in each of which offsets begin anew
        await using var bench = new ExportBench(many);
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Method = FetchMethod.Export, Slice = TimeSpan.FromHours(2) }));
        Assert.Single(bench.Outcomes);
        Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(many, DateTime.MaxValue), await bench.RowsAsync()));
    }

    [Fact]
    public async Task Silence_LongerThanTheTimeout_IsABrokenConnection()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Silence, "results", 0, 1, 0)]), s => s with { Silence = TimeSpan.FromHours(1) });
        Assert.Equal(0, await bench.ExportAsync(change: o => o with { IdleTimeout = TimeSpan.FromMinutes(20) }));
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("results")]
    public async Task NoContent_IsNotReadyAndNotEmpty(string endpoint) // F7
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.NoContent, endpoint, 1, 3, 0)]));
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Theory]
    [InlineData(0, "stood still")]
    [InlineData(1, "the search failed")]
    [InlineData(2, "its process died")]
    [InlineData(3, "cancelled")]
    [InlineData(4, "finalized")]
    public async Task Job_ThatDoesNotEndWell_IsTriedAgainAndThenAHole(int kind, string reason) // F8
    {
        await using var once = new ExportBench(Events, new Faults([new(FaultKind.BadJob, "status", 6, 1, kind)]));
        Assert.Equal(0, await once.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await once.RowsAsync()));
        await using var ever = new ExportBench(Events, new Faults([new(FaultKind.BadJob, "status", 0, Ever, kind)]));
        Assert.Equal(1, await ever.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }));
        Assert.All(await ever.SlicesAsync(), s => Assert.Contains(reason, s.Missing, StringComparison.Ordinal));
        Assert.All(await ever.SlicesAsync(), s => Assert.Contains("attempt 4: ", s.Messages, StringComparison.Ordinal)); // counted on from the slice that this one was cut from
        Assert.True(kind != 1 || (await ever.SlicesAsync()).All(s => s.Messages!.Contains("SearchParser", StringComparison.Ordinal)));
        Assert.Empty(ever.Server.Api.Jobs.Ids); // none is left to hold quota
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Page_ShorterThanAsked_IsNotTheLast(int cap) // F9
    {
        await using var bench = new ExportBench(Events, server: s => s with { PageCap = cap });
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }));
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        Assert.True(cap > 7 || bench.Server.Api.Requests.Count(r => r.Endpoint == "results") >= 120 / 7);
    }

    [Fact]
    public async Task Page_ThatRepeatsRows_IsFetchedAgain()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Overlap, "results", 2, 2, 0)]), s => s with { PageCap = 20 });
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }));
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Fact]
    public async Task Session_ThatEnds_IsRenewedOnceForARequest() // F10
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Unauthorized, "*", 4, 1, 0), new(FaultKind.Unauthorized, "results", 1, 1, 0)]));
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        Assert.Equal(3, bench.Server.Api.Requests.Count(r => r.Endpoint == "login"));
        await using var refused = new ExportBench(Events, new Faults([new(FaultKind.Unauthorized, "status", 0, Ever, 0)]));
        Assert.Equal(2, await refused.ExportAsync());
    }

    [Fact]
    public async Task Password_ThatIsWrong_IsTriedOnce()
    {
        await using var bench = new ExportBench(Events);
        Assert.Equal(2, await bench.ExportAsync(credential: SplunkCredential.Password("admin", "guess")));
        Assert.Contains("tried once", bench.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(1, bench.Server.Api.RefusedLogins);
        Assert.Equal(2, await bench.ExportAsync(credential: SplunkCredential.Basic("admin", "guess")));
        Assert.Equal(2, await bench.ExportAsync(credential: SplunkCredential.Token("guess")));
        Assert.DoesNotContain("guess", bench.Failure!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ThatEnds_StopsTheExportAndNothingElse()
    {
        string Token(DateTimeOffset end) => $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"exp\":{end.ToUnixTimeSeconds()}}}")).TrimEnd('=')}.x";
        string good = Token(NastyEvents.Now.AddYears(1)), past = Token(NastyEvents.Now.AddSeconds(-1)), soon = Token(NastyEvents.Now.AddSeconds(90));
        await using var bench = new ExportBench(Events, server: s => s with { Token = good });
        Assert.Equal(0, await bench.ExportAsync(credential: SplunkCredential.Token(good)));
        Assert.Equal(2, await bench.ExportAsync(credential: SplunkCredential.Token(past)));
        Assert.Contains("expired", bench.Failure!.Message, StringComparison.Ordinal);
        await using var during = new ExportBench(Events, server: s => s with { Token = soon, Polls = 60 });
        Assert.Equal(2, await during.ExportAsync(credential: SplunkCredential.Token(soon)));
        Assert.Contains("expired", during.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)] // 503 with a FATAL message
    [InlineData(1)] // 200 with a warning and no sid
    [InlineData(2)] // 503
    [InlineData(3)] // 429, Retry-After of a day
    [InlineData(7)]
    public async Task Quota_InAnyShape_IsWaitedFor(int shape) // F11
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Quota, "create", 1, 4, shape)]));
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("results")]
    public async Task Job_ThatExpires_IsBegunAnew(string endpoint) // F12
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.Expired, endpoint, 4, 1, 0)]), s => s with { PageCap = 20 });
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Theory]
    [InlineData(0)] // 2018-08-20 10:00:00.000 GMT
    [InlineData(1)] // … PST
    [InlineData(2)] // … Pacific Daylight Time
    [InlineData(3)] // epoch seconds
    public async Task Export_TimesNotAsAskedFor_AreRefused(int format) // F14
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.TimeFormat, "export", 0, Ever, format)]));
        Assert.Equal(1, await bench.ExportAsync(ExportBench.Options() with { Method = FetchMethod.Export }));
        Assert.All((await bench.SlicesAsync()).Where(s => !s.IsComplete), s => Assert.Contains("not in ISO 8601", s.Missing, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_ThatComeLate_AreFetchedByARefreshAndOnce() // F15
    {
        Corpus late = NastyEvents.Make(170, lateFrom: NastyEvents.Now.UtcDateTime.AddHours(8));
        List<string> early = NastyEvents.Expected(late, NastyEvents.Now.UtcDateTime.AddHours(8)), all = NastyEvents.Expected(late, DateTime.MaxValue);
        await using var bench = new ExportBench(late);
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(early, await bench.RowsAsync()));
        bench.Clock.Skip(TimeSpan.FromHours(10));
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Refresh = true }));
        Assert.Equal("", NastyEvents.Difference(all, await bench.RowsAsync()));
        Assert.Equal(all.Count - early.Count, bench.Outcomes.Sum(o => o.Report!.Result.RowsLanded));
        await bench.ExportAsync();
        Assert.Empty(bench.Outcomes);
        await bench.ExportAsync(ExportBench.Options() with { Refresh = true });
        Assert.Equal("", NastyEvents.Difference(all, await bench.RowsAsync()));
    }

    [Theory]
    [InlineData(0, "searched another range")]
    [InlineData(1, "outside of the slice")]
    public async Task Range_NotHeeded_IsNoSlice(int said, string reason) // F17
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.OtherRange, "create", 0, Ever, said)]));
        Assert.Equal(1, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromMinutes(30) }));
        Assert.All(await bench.SlicesAsync(), s => Assert.Contains(reason, s.Missing, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row_OfTenMegabytes_LandsAsItIs() // F18
    {
        Event big = Corpus.Make(NastyEvents.Start, 9_999, [KeyValuePair.Create("_raw", "x" + new string('€', 3_500_000)), KeyValuePair.Create("n", "big")], "main");
        var corpus = new Corpus([.. Events.Events, big], "main");
        foreach (FetchMethod method in Enum.GetValues<FetchMethod>())
        {
            await using var bench = new ExportBench(corpus);
            Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Method = method }));
            Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(corpus, DateTime.MaxValue), await bench.RowsAsync()));
        }
    }

    [Fact]
    public async Task Page_OfHtml_IsNoAnswer() // F19
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.LoginPage, "*", 3, 2, 0), new(FaultKind.LoginPage, "results", 1, 2, 0)]));
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        await using var ever = new ExportBench(Events, new Faults([new(FaultKind.LoginPage, "info", 0, Ever, 0)]));
        Assert.Equal(2, await ever.ExportAsync());
        Assert.Contains("HTML", ever.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThatKeepsFewerResults_IsCutUntilAllFit()
    {
        await using var bench = new ExportBench(Events, server: s => s with { ResultCap = 40 });
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }));
        Assert.NotEmpty(bench.Cuts);
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Fact]
    public async Task Job_WhoseInstantHasTooManyResults_IsAHoleOfAMillisecond()
    {
        await using var bench = new ExportBench(Events, server: s => s with { ResultCap = 20 });
        Assert.Equal(1, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }));
        SliceRecord hole = Assert.Single(await bench.SlicesAsync(), s => !s.IsComplete);
        Assert.Equal(TimeSpan.FromMilliseconds(1), hole.Latest - hole.Earliest);
        Assert.Equal(Expected.Count - 30, (await bench.RowsAsync()).Count);
    }

    [Fact]
    public async Task Count_ThatIsAKnownLimit_IsCountedOnce()
    {
        Corpus capped = new([.. Enumerable.Range(0, 10_050).Select(i => Corpus.Make(NastyEvents.Start.AddMilliseconds(i * 300), i, [KeyValuePair.Create("n", i.ToString(CultureInfo.InvariantCulture))], "main"))], "main");
        await using var bench = new ExportBench(capped, server: s => s with { ResultCap = 10_000 });
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options("index=main | search n=*") with { Slice = TimeSpan.FromHours(1) }));
        Assert.NotEmpty(bench.Cuts);
        Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(capped, DateTime.MaxValue), await bench.RowsAsync()));
    }

    [Fact]
    public async Task Search_ThatTransforms_IsOneSlice()
    {
        await using var bench = new ExportBench(Events);
        ExportOptions options = ExportBench.Options("index=main | stats count, values(sourcetype) as types by host") with { Table = "hosts" };
        foreach (FetchMethod method in Enum.GetValues<FetchMethod>())
        {
            Assert.Equal(0, await bench.ExportAsync(options with { Method = method, Table = "hosts" + method }));
            Assert.Single(bench.Outcomes);
            Assert.Equal(5, bench.Outcomes[0].Report!.Result.RowsLanded);
            Assert.Equal(0, await bench.ExportAsync(options with { Method = method, Table = "hosts" + method }));
            Assert.Empty(bench.Outcomes);
        }
    }

    [Fact]
    public async Task Search_ThatTheServerDoesNotKnow_FailsAtOnce()
    {
        await using var bench = new ExportBench(Events);
        Assert.Equal(2, await bench.ExportAsync(ExportBench.Options("index=main | nonsense")));
        Assert.Contains("Unknown search command 'nonsense'", bench.Failure!.Message, StringComparison.Ordinal);
        Assert.Single(bench.Server.Api.Requests, r => r.Endpoint == "create");
    }

    [Theory]
    [InlineData("index=main | stats count | nonsense", null)]
    [InlineData("index=main | nonsense", 30)]
    [InlineData("index=main | where nonsense(", 30)]
    public async Task Search_ThatTheServerRefuses_LeavesNoHole(string spl, int? minutes)
    {
        await using var bench = new ExportBench(Events);
        Assert.Equal(2, await bench.ExportAsync(ExportBench.Options(spl) with { Slice = minutes is { } length ? TimeSpan.FromMinutes(length) : null }));
        Assert.Empty(await bench.SlicesAsync());
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Fact]
    public async Task Export_Twice_AddsNothingAndAHoleIsFilledAlone()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.BadJob, "status", 0, 60, 1)]));
        ExportOptions options = ExportBench.Options() with { Slice = TimeSpan.FromMinutes(20), Concurrency = 1 };
        Assert.Equal(1, await bench.ExportAsync(options));
        int holes = (await bench.SlicesAsync()).Count(s => !s.IsComplete);
        Assert.True(holes > 0);
        for (int i = 0; i < 20 && await bench.ExportAsync(options) != 0; i++)
            Assert.True(bench.Outcomes.Count <= holes);
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Empty(bench.Outcomes);
    }

    [Fact]
    public async Task Range_ThatGrows_FetchesWhatIsNewOnly()
    {
        await using var bench = new ExportBench(Events);
        ExportOptions options = ExportBench.Options() with { Earliest = "2018-08-20T10:10:00Z", Latest = "2018-08-20T10:40:00Z" };
        Assert.Equal(0, await bench.ExportAsync(options));
        int before = (await bench.RowsAsync()).Count;
        Assert.Equal(0, await bench.ExportAsync());
        Assert.Equal(Expected.Count - before, bench.Outcomes.Sum(o => o.Report!.Result.RowsLanded));
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }

    [Fact]
    public async Task Range_ThatIsRelative_IsFinishedAsItWasMeant()
    {
        await using var bench = new ExportBench(Events, new Faults([new(FaultKind.BadJob, "status", 0, 30, 1)]));
        ExportOptions options = ExportBench.Options() with { Earliest = "-14h@h", Latest = "-13h@h", Slice = TimeSpan.FromHours(1), Concurrency = 1 };
        Assert.NotEqual(0, await bench.ExportAsync(options));
        DateTime earliest = (await bench.SlicesAsync()).Min(s => s.Earliest);
        Assert.Equal(NastyEvents.Start, earliest);
        bench.Clock.Skip(TimeSpan.FromMinutes(70));
        for (int i = 0; i < 10 && await bench.ExportAsync(options) != 0; i++)
        {
        }

        Assert.True(bench.Plan!.Earliest > earliest);
        Assert.Equal("", NastyEvents.Difference(Expected, [.. (await bench.RowsAsync()).Where(r => !r.Contains("\nn=after", StringComparison.Ordinal))]));
    }

    [Theory]
    [InlineData(20, 10)]
    [InlineData(60, 60)]
    public async Task Slice_LargerThanACommit_LandsInOneTransaction(int commitRows, int batchRows)
    {
        await using var bench = new ExportBench(Events);
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }, RunOptions.Default with { CommitRows = commitRows, BatchRows = batchRows }));
        Assert.Single(bench.Outcomes);
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));

        // A second one beside it, in which some columns have no value.
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options("index=main | fields n, user") with { Slice = TimeSpan.FromMinutes(30) }, RunOptions.Default with { CommitRows = commitRows, BatchRows = batchRows }));
        Assert.Equal(2 * Expected.Count, (await bench.RowsAsync()).Count);
    }

    [Fact]
    public async Task Cancel_StopsAndTakesTheJobsOffTheServer()
    {
        await using var bench = new ExportBench(Events, server: s => s with { Polls = 1_000_000 });
        using var stop = new CancellationTokenSource();
        Task<int> running = bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromMinutes(20) }, cancellationToken: stop.Token);
        while (!bench.Server.Api.Jobs.Ids.Any(id => id.StartsWith("weir_", StringComparison.Ordinal)))
            await Task.Delay(20);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(bench.Server.Api.Jobs.Ids);
        Assert.Empty(Directory.EnumerateFiles(bench.Folder, "*.spool-*"));
    }

    [Fact]
    public async Task Run_ThatComesBack_TakesUpItsOwnJob()
    {
        await using var bench = new ExportBench(Events, server: s => s with { MostJobs = 1_000 });
        ExportOptions options = ExportBench.Options() with { Slice = TimeSpan.FromHours(1) };
        using (SplunkClient client = bench.Client())
        {
            await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case);
            ExportPlan plan = await new SplunkExport(client, options).PlanAsync(caseFile, counted: false, default);
            var record = new ExportRecord(0, "events", bench.Url, new SplunkExport(client, options).Search, options.Spl.Text, options.Earliest, options.Latest, plan.Earliest, plan.Latest, plan.IndexLatest, "ours");
            SliceRecord slice = Assert.Single(caseFile.Plan(record, plan.Fresh));
            var job = new SearchJob(client, $"weir_ours_{(slice.Earliest - DateTime.UnixEpoch).TotalMilliseconds}_{(slice.Latest - DateTime.UnixEpoch).TotalMilliseconds}_{(slice.IndexLatest - DateTime.UnixEpoch).TotalMilliseconds}_1", new SearchRequest(slice.Spl, slice.Earliest, slice.Latest, null, slice.IndexLatest));
            await job.StartAsync(default); // and then it was killed
        }

        int created = bench.Server.Api.Requests.Count(r => r.Endpoint == "create");
        Assert.Equal(0, await bench.ExportAsync(options));
        Assert.Equal(created, bench.Server.Api.Requests.Count(r => r.Endpoint == "create"));
        Assert.Equal("", NastyEvents.Difference(Expected, await bench.RowsAsync()));
    }
}
