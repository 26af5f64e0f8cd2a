using Weir.Perf.Compare;
using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>Runs the contestants in turn, round after round, and compares their tables in every round.</summary>
internal sealed class Contest(string weir, string folder)
{
    /// <summary>The contestants; the first is the anchor that the others are divided by.</summary>
    private readonly IRunner[] runners = [new BareLoad(), new WeirIngest(weir, loadOnly: true), new WeirIngest(weir), new WeirIngest(weir, loadOnly: true, WeirIngest.OneGroup)];

    public IReadOnlyList<IRunner> Runners => runners;

    /// <summary>One warm-up round (round 0), then the counted ones; A B C A B C, so that a change of the machine meets all alike.</summary>
    /// <exception cref="PerfException">A command failed, or its table differs from the anchor's.</exception>
    public ContestResult SideBySide(DataSet data, int rounds)
    {
        var runs = new List<Run>();
        IReadOnlyList<ColumnComparison> comparison = [];
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var runner in runners)
                runs.Add(Measure(data, runner, round));
            foreach (var runner in runners.Skip(1))
                comparison = TableComparison.Compare(Database(runners[0]), Database(runner), runner.Name, data);
        }

        foreach (var runner in runners)
            Remove(Database(runner));
        return new ContestResult(data, runs, comparison);
    }

    /// <summary>weir alone, once: for its peak memory on a file that is larger than what it may use.</summary>
    public ContestResult Alone(DataSet data)
    {
        var runner = runners.First(r => r.Name == WeirIngest.DefaultName);
        var run = Measure(data, runner, round: 1);
        TableComparison.CheckRows(Database(runner), runner.Name, data);
        Remove(Database(runner));
        return new ContestResult(data, [run], []);
    }

    private Run Measure(DataSet data, IRunner runner, int round)
    {
        Directory.CreateDirectory(folder);
        string database = Database(runner);
        Remove(database);
        LibC.Sync();
        var usage = Launcher.Run(runner.Name, runner.Command(data.Path, database));
        if (!File.Exists(database))
            throw new PerfException(2, $"{runner.Name}: exit code 0, but there is no database at {database}.");
        var run = new Run(data.Name, round, runner.Name, usage, Size(database) + Size(database + ".wal"));
        Console.Error.WriteLine($"  {data.Name} {(round == 0 ? "warm-up" : $"round {round}"),-8} {runner.Name,-24} {usage.WallSeconds,8:F3} s {usage.CpuSeconds,8:F2} cpu s {usage.PeakBytes / 1e6,7:F0} MB");
        return run;
    }

    private string Database(IRunner runner) => Path.Combine(folder, runner.Name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-') + ".duckdb");

    private static void Remove(string database)
    {
        File.Delete(database);
        File.Delete(database + ".wal");
    }

    private static long Size(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
