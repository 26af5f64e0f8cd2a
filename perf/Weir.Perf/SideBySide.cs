using Weir.Perf.Data;
using Weir.Perf.Report;
using Weir.Perf.Runners;

namespace Weir.Perf;

/// <summary>The <c>side-by-side</c> command: data, rounds, checks, report.</summary>
internal static class SideBySide
{
    public static int Run(string[] args)
    {
        string root = Root(), data = Path.Combine(root, "perf", "data"), results = Path.Combine(root, "perf", "results");
        switch (args)
        {
            case [.. var some] when some.Contains("--help"):
                Console.Out.WriteLine(Options.Usage);
                return 0;
            case ["--readme"]:
                ReadmeTable.Write(root, results);
                return 0;
        }

        var options = Options.Parse(args);
        using var alone = Alone(Directory.CreateDirectory(data).FullName);
        var packages = new NpmPackages(Path.Combine(data, "npm"));
        if (options.InstallPeers)
            packages.Install();
        string weir = options.Weir is { } path ? WeirBuild.Find(path) : WeirBuild.Build(root), run = Path.Combine(data, "run");
        var contest = options.Threads.Count > 0 ? Contest.OfThreads(weir, run, options.Threads) : Contest.OfPeers(weir, root, run, packages);
        foreach (var skipped in contest.Skipped)
            Console.Error.WriteLine($"left out: {skipped.Name}: {skipped.Missing}");
        if (Environment.ProcessorCount != 2)
            Console.Error.WriteLine($"note: {Environment.ProcessorCount} processors; peers have two threads, weir one for each. 'taskset -c 0,1 perf/run' makes them equal.");

        var session = new Session([.. options.Data.Select(d => contest.Run(DataSet.Ensure(data, d.Kind, d.Megabytes), options.Rounds))]);
        var report = new ResultFolder($"perf/run {string.Join(' ', args)}".TrimEnd(), root, session, [.. contest.Skipped], options);
        Console.Out.Write(report.Tables());
        Console.Error.WriteLine($"written: {report.Write(options.Out ?? results)}");
        return 0;
    }

    /// <summary>Held for as long as a session runs.</summary>
    /// <exception cref="PerfException">Another one holds it.</exception>
    private static FileStream Alone(string data)
    {
        string path = Path.Combine(data, "session.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new PerfException(2, $"Another perf/run is under way ({path}); two would measure each other. Wait for it.");
        }
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
