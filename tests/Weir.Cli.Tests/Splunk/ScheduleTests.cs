using Weir.Connectors;
using Weir.SplunkServer;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Splunk;

/// <summary>Whatever the server does: an export that ends well has the table of an undisturbed one, and any other says so and names the slice.</summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private static readonly int Schedules = int.TryParse(Environment.GetEnvironmentVariable("WEIR_SCHEDULES"), out int schedules) ? schedules : 500;
    private static readonly int First = int.TryParse(Environment.GetEnvironmentVariable("WEIR_SEED"), out int seed) ? seed : 1;

    [Fact]
    public async Task Export_WithoutFaults_LandsEveryEventOfTheRangeOnce()
    {
        Corpus corpus = NastyEvents.Make(400, lateFrom: NastyEvents.Late);
        foreach (FetchMethod method in Enum.GetValues<FetchMethod>())
        {
            await using var bench = new ExportBench(corpus);
            Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Method = method }));
            Assert.True(bench.Outcomes.Count > 5);
            Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(corpus, NastyEvents.Late), await bench.RowsAsync()));
        }
    }

    [Fact]
    public async Task Export_AnySchedule_LandsAllOrTells()
    {
        Corpus corpus = NastyEvents.Make(110, lateFrom: NastyEvents.Late);
        List<string> expected = NastyEvents.Expected(corpus, NastyEvents.Late);
        string undisturbed;
        await using (var bench = new ExportBench(corpus))
        {
            Assert.Equal(0, await bench.ExportAsync());
            Assert.Equal("", NastyEvents.Difference(expected, await bench.RowsAsync()));
            undisturbed = await bench.HashAsync();
        }

        int[] ends = new int[3];
        int second = 0;
        await Parallel.ForEachAsync(Enumerable.Range(First, Schedules), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (seed, cancellationToken) =>
        {
            Faults faults = Faults.Random(seed);
            FetchMethod method = seed % 3 == 0 ? FetchMethod.Export : FetchMethod.Job;
            string spl = (seed % 7) switch { 5 => "index=main | search host=*", 6 => "index=main | sort 0 _time", _ => "index=main" }; // the same events, in slices and in one
            string what = $"seed {seed}, {method}, {spl}: {faults}";
            try
            {
                await using var bench = new ExportBench(corpus, faults) { Indicators = seed % 10 == 0 };
                ExportOptions options = ExportBench.Options(spl) with { Method = method, SliceRows = 40 };
                int exit = await bench.ExportAsync(options, change: o => o with { StallTimeout = TimeSpan.FromSeconds(90), QuotaTries = 8 }, cancellationToken: cancellationToken);
                await CheckAsync(bench, exit, undisturbed, what);
                Interlocked.Increment(ref ends[exit]);
                if (exit == 0)
                    return;

                // The same command, as long as something is left: nothing doubles, and most faults have passed.
                exit = await bench.ExportAsync(options, change: o => o with { StallTimeout = TimeSpan.FromSeconds(90), QuotaTries = 8 }, cancellationToken: cancellationToken);
                await CheckAsync(bench, exit, undisturbed, what + " (second run)");
                if (exit == 0)
                    Interlocked.Increment(ref second);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException(what, e);
            }
        });
        output.WriteLine($"{Schedules} schedules from seed {First}: {ends[0]} whole, {ends[1]} with holes, {ends[2]} failed; {second} of those whole after a second run");
        Assert.True(ends[0] > Schedules / 3, $"only {ends[0]} of {Schedules} schedules ended well");
    }

    private static async Task CheckAsync(ExportBench bench, int exit, string undisturbed, string what)
    {
        string found = await bench.HashAsync();
        Assert.True(exit != 0 || found == undisturbed, $"{what}: exit 0 with {found} in place of {undisturbed}");
        Assert.True(exit != 1 || (await bench.SlicesAsync()).Any(s => !s.IsComplete), $"{what}: exit 1 and no slice is named");
        Assert.True(exit != 2 || bench.Failure is not null, $"{what}: exit 2 without a word");
        Assert.Empty(Directory.EnumerateFiles(bench.Folder, "*.spool-*"));
    }
}
