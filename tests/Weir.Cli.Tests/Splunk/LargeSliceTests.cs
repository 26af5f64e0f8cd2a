using System.Globalization;
using Weir.Cli.Tests.Commands;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>Slices that do not fit: into a commit, into memory, onto the disk.</summary>
public sealed class LargeSliceTests
{
    private static readonly string[] Range = ["--earliest", "2018-08-20T10:00:00Z", "--latest", "2018-08-20T11:00:00Z"];

    /// <summary>Its text is small, but in columns most of which have no value in a row it takes far more.</summary>
    [Fact]
    public async Task Slice_WhoseRowsTakeMoreThanTheirText_IsCountedFirst()
    {
        Corpus sparse = new([.. Enumerable.Range(0, 6_000).Select(i => Corpus.Make(
            NastyEvents.Start.AddMilliseconds(i * 500), i, [KeyValuePair.Create("n", i.ToString(CultureInfo.InvariantCulture)), KeyValuePair.Create($"column{i % 700}", "value")], "main"))], "main");
        await using var bench = new ExportBench(sparse);
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }, RunOptions.Default with { Memory = 128L << 20, BatchRows = 512 }));
        Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(sparse, DateTime.MaxValue), await bench.RowsAsync()));
    }

    /// <summary>Its parts land before it is known what is in all of it; what was found in them is the same as in one piece.</summary>
    [Fact]
    public async Task Slice_InParts_HasTheSameIndicatorsAsInOne()
    {
        Corpus corpus = NastyEvents.Make(3_000);
        var hits = new List<List<string>>();
        foreach (int commit in (int[])[500, 100_000])
        {
            await using var bench = new ExportBench(corpus);
            Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1) }, RunOptions.Default with { CommitRows = commit, BatchRows = 256 }));
            hits.Add(await bench.QueryAsync("SELECT concat_ws(' ', row_id, table_name, column_name, ordinal, byte_offset, layers, type, value) FROM weir.ioc_hits ORDER BY 1"));
            hits.Add(await bench.QueryAsync("SELECT concat_ws(' ', row_id, table_name, column_name, ordinal, layers, text) FROM weir.decoded ORDER BY 1"));
            hits.Add(await bench.QueryAsync("SELECT c::VARCHAR FROM weir.columns c ORDER BY 1"));
        }

        Assert.True(hits[0].Count > 1_000);
        Assert.Equal(hits[3..], hits[..3]);
    }

    [Fact]
    public async Task Plan_TensOfThousandsOfSlices_FitsIntoMemory()
    {
        using var bench = new Bench();
        await using CaseFile caseFile = await CaseFile.OpenAsync(bench.File("case.duckdb"), new CaseOptions { Run = RunOptions.Default with { Memory = 128L << 20 } });
        DateTime end = NastyEvents.Start.AddSeconds(40_000);
        var export = new ExportRecord(0, "events", "https://splunk", "{}", "search index=main", "0", "now", NastyEvents.Start, end, end, "token");
        IReadOnlyList<SliceRecord> planned = caseFile.Plan(export, SlicePlan.Cut(NastyEvents.Start, end, TimeSpan.FromSeconds(1)));
        Assert.Equal(Enumerable.Range(1, 40_000), planned.Select(s => s.SourceId));
        Assert.Equal(Enumerable.Range(0, 40_000).Select(i => NastyEvents.Start.AddSeconds(i)), planned.Select(s => s.Earliest));
        Assert.Equal(planned.Skip(1).Select(s => s.Earliest).Append(end), planned.Select(s => s.Latest));
        Assert.All(planned, s => Assert.Equal((1, "events", "search index=main", end, SliceRecord.Planned, 0, null), (s.ExportId, s.Table, s.Spl, s.IndexLatest, s.State, s.Attempts, s.IndexEarliest)));
    }

    [Fact]
    public async Task Slice_LargerThanItsSpool_IsCut()
    {
        Corpus big = new([.. Enumerable.Range(0, 40).Select(i => Corpus.Make(NastyEvents.Start.AddMinutes(i), i, [KeyValuePair.Create("_raw", new string((char)('a' + i % 26), 400_000))], "main"))], "main");
        await using var bench = new ExportBench(big);
        Assert.Equal(0, await bench.ExportAsync(ExportBench.Options() with { Slice = TimeSpan.FromHours(1), SpoolLimit = 16L << 20 }));
        Assert.Contains(bench.Cuts, c => c.Contains("--spool-limit", StringComparison.Ordinal));
        Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(big, DateTime.MaxValue), await bench.RowsAsync()));
    }

    [FactWithMounts]
    public async Task FullDisk_FailsInOneLineAndTheSameCommandCompletes()
    {
        using var bench = new Bench();
        await using var server = new SocketFront(new ServerOptions { Corpus = NastyEvents.Make(20_000) });
        using var mount = new Mount(bench.File("disk"), "size=4m");
        string path = bench.File("disk/case.duckdb");
        string[] command = ["splunk", "export", "--url", $"http://127.0.0.1:{server.Port}", "--user", "admin", "--insecure", "--spl", "index=main", .. Range, "--case", path, "--slice-rows", "4000"];
        Run full = await Run.ChildAsync(command, ("SPLUNK_PASSWORD", "changeme"));
        Assert.True(full.Exit == 2, full.Error);
        Assert.Contains("again", full.Error, StringComparison.Ordinal);
        Assert.Contains(path, full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(bench.File("disk")), f => f.Contains(".spool-", StringComparison.Ordinal));

        mount.Remount("size=200m");
        (await Run.ChildAsync(command, ("SPLUNK_PASSWORD", "changeme"))).NeedsLook(); // bytes that are no text
        Run counted = (await Run.WeirAsync("sql", "SELECT count(*), count(DISTINCT (_bkt, _cd)) FROM events", "--format", "csv", "--quiet", "--case", path)).Clean();
        Assert.Equal("20000,20000", counted.Out.TrimEnd('\n').Split('\n')[1]);
    }
}
