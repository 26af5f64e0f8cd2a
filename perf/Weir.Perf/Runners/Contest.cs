using Weir.Perf.Components;
using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>Runs the contestants in turn, round after round, and checks what each of them holds.</summary>
internal sealed class Contest
{
    private static readonly DataKind[] Csv = [DataKind.Wide, DataKind.Narrow];

    private readonly string folder;
    private readonly IRunner[] runners;

    /// <param name="folder">Where the contestants write; nothing stays there unless a check fails.</param>
    private Contest(string folder, IEnumerable<IRunner> runners) => (this.folder, this.runners) = (folder, [.. runners]);

    /// <summary>Contestants that do not run, and why.</summary>
    public IEnumerable<IRunner> Skipped => runners.Where(r => r.Missing is not null);

    /// <summary>weir beside its peers, whole processes and components.</summary>
    /// <param name="weir">The executable.</param>
    /// <param name="root">The repository.</param>
    public static Contest OfPeers(string weir, string root, string folder, NpmPackages packages) => new(
        folder,
        [
            DuckDbLoad.Anchor, DuckDbLoad.Tuned, DuckDbLoad.Typed,
            .. WeirIngest.All(weir), new WeirVersion(weir),
            new DuckDbWholeJob(Path.Combine(root, "engine", "Weir.Engine", "Stages", "Asn", "data", "ip2asn-2025-12.csv.gz")),
            new ClickHouseLoad(packages), new PolarsLoad(packages), new PandasRead(), new RipgrepScan(),
            .. from component in Component.Csv from threads in component.IsParallel ? (int[])[1, 2] : [1] select new ComponentRun(component, threads, Csv),
            new ComponentRun(new WeirIndicators(), 1, DataKind.Wide), new ComponentRun(new WeirLanding(), 2, Csv), new ComponentRun(new Inflation(), 1, DataKind.Gzip),
        ]);

    /// <summary>weir alone with different numbers of threads, beside the bare load.</summary>
    public static Contest OfThreads(string weir, string folder, IReadOnlyList<int> threads) => new(
        folder,
        [
            DuckDbLoad.Anchor,
            .. from count in threads from runner in WeirIngest.WithThreads(weir, count) select runner,
            .. from component in (Component[])[new WeirCsv(), new WeirTyped(), new WeirStages(), new WeirLanding(), new WeirClose(), new ByteCount()] from count in threads select new ComponentRun(component, count, Csv),
        ]);

    /// <summary>The contest over one data set.</summary>
    /// <param name="rounds">Counted rounds, behind one that warms up; less where the kind or the size of the data asks for it.</param>
    /// <exception cref="PerfException">A command failed, or holds something else than the anchor.</exception>
    public ContestResult Run(DataSet data, int rounds)
    {
        // Of what outgrows memory one run is enough: it is there for peak memory, and takes minutes.
        bool once = data.Kind == DataKind.Growing || data.Megabytes > 4_000;
        IRunner[] lineup = [.. runners.Where(r => r.Takes(data.Kind) && r.Missing is null && (!once || r == DuckDbLoad.Anchor || r.Name == WeirIngest.DefaultName))];
        var anchor = lineup.FirstOrDefault(r => r == DuckDbLoad.Anchor);
        var truth = new Truth(anchor is null ? null : Output(anchor));
        var runs = new List<Run>();
        for (int round = once ? 1 : 0; round <= (once ? 1 : rounds); round++)
        {
            foreach (var runner in lineup)
            {
                runs.Add(Measure(data, runner, round, truth));
                if (runner != anchor)
                    Remove(Output(runner));
            }
        }

        if (anchor is not null)
            Remove(Output(anchor));
        return new ContestResult(data, lineup, runs, once ? 1 : rounds, once);
    }

    /// <summary>One run, A B C A B C, so that a change of the machine meets all alike; then its check, outside the clock.</summary>
    private Run Measure(DataSet data, IRunner runner, int round, Truth truth)
    {
        Directory.CreateDirectory(folder);
        string output = Output(runner);
        Remove(output);
        var command = runner.Command(data, output);
        LibC.Sync();
        var process = Launcher.Run(runner.Name, command);
        var run = new Run(data.Name, round, runner.Name, runner.Clocked(process), Size(output));
        Console.Error.WriteLine($"  {data.Name} {(round == 0 ? "warm-up" : $"round {round}"),-8} {runner.Name,-28} {run.Usage.WallSeconds,8:F3} s {run.Usage.CpuSeconds,8:F2} cpu s {run.Usage.PeakBytes / 1e6,7:F0} MB");
        runner.Check(new Finished(runner.Name, data, output, process.Printed, truth));
        return run;
    }

    private string Output(IRunner runner) => Path.Combine(folder, runner.Name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-') + ".duckdb");

    private static void Remove(string output)
    {
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
        else
            File.Delete(output);
        File.Delete(output + ".wal");
    }

    private static long Size(string output) => Directory.Exists(output)
        ? new DirectoryInfo(output).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length)
        : new[] { output, output + ".wal" }.Where(File.Exists).Sum(f => new FileInfo(f).Length);
}
