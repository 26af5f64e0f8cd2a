using Weir.Perf.Data;
using Weir.Perf.Report;
using Weir.Perf.Runners;

namespace Weir.Perf;

/// <summary>The <c>side-by-side</c> command: data, rounds, comparison, report.</summary>
internal static class SideBySide
{
    public static int Run(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.Out.WriteLine(Options.Usage);
            return 0;
        }

        var options = Options.Parse(args);
        string root = Root(), data = Path.Combine(root, "perf", "data");
        string weir = options.Weir is { } path ? WeirBuild.Find(path) : WeirBuild.Build(root);
        var contest = new Contest(weir, Path.Combine(data, "run"));
        if (Environment.ProcessorCount != 2)
            Console.Error.WriteLine($"note: {Environment.ProcessorCount} processors; the bare load has two threads, weir one for each. 'taskset -c 0,1 perf/run' makes them equal.");

        var results = new List<ContestResult>();
        foreach (var (kind, megabytes) in options.Data)
        {
            var set = DataSet.Ensure(data, kind, megabytes);
            results.Add(kind == DataKind.Growing ? contest.Alone(set) : contest.SideBySide(set, options.Rounds));
        }

        foreach (var result in results)
        {
            Console.Out.Write($"\n{result.Data.Name}: {result.Data.Facts.Bytes:N0} bytes, {result.Data.Facts.Rows:N0} rows\n{Table.Markdown(result)}");
            if (result.Comparison.Count > 0)
                Console.Out.WriteLine(ResultFolder.CommitCost(result));
        }

        string folder = ResultFolder.Write(options.Out ?? Path.Combine(root, "perf", "results"), $"perf/run {string.Join(' ', args)}".TrimEnd(), root, contest.Runners, results, options.Rounds);
        Console.Error.WriteLine($"written: {folder}");
        return 0;
    }

    /// <summary>The repository: the folder above this program that holds the solution.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Engine.sln")))
                return folder.FullName;
        }

        throw new PerfException(2, $"No Engine.sln above {AppContext.BaseDirectory}: run perf/run from a clone.");
    }
}
