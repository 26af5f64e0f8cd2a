using System.Globalization;
using Weir.Perf.Data;
using Weir.Perf.Runners;

namespace Weir.Perf;

/// <summary>What a session runs.</summary>
internal sealed record Options
{
    public const string Usage = $"""
        usage: perf/run [--goals] [--quick] [KIND [--mb N]...]... [--rounds N] [--threads N]... [{NpmPackages.Option}] [--weir PATH] [--out FOLDER]
               perf/run --readme

          --goals          all data that the table of goals needs (30 to 40 minutes on two processors)
          --quick          small data and 2 rounds; alone, that of --goals
          --mb N           size of a data set in MB, 1 to 100000; it is of the kind named last before it
          --wide           Splunk export, about 1.2 kB a row (the first kind; 300 and 1000 MB unless --mb)
          --narrow         ten narrow columns (500 MB unless --mb)
          --ndjson         the rows of wide as NDJSON (300 MB of CSV unless --mb)
          --gzip           wide, packed (300 MB of CSV unless --mb)
          --columns        a thousand columns (100 MB unless --mb)
          --cells          cells of 10 MB (300 MB unless --mb)
          --small          10,000 wide rows in one file and in a hundred, ten rows, and weir --version
          --growing        wide, with ever new values: weir alone, once, for its peak memory (4000 MB unless --mb)
                           beyond 4000 MB every kind is run once, by weir and the bare load alone
          --rounds N       counted rounds, 1 to 100 (5)
          --threads N      weir and its parts with N threads, beside the bare load alone; several give the table of what more processors would do
          {NpmPackages.Option}  fetches the peers of npm (ClickHouse, Polars) into perf/data/npm; nothing else uses a network
          --weir PATH      a finished executable or weir.dll instead of building engine/Weir.Cli
          --out FOLDER     where the dated folder goes (perf/results)
          --readme         copies the table of the latest results into README.md

        exit: 0 done, 1 results disagree, 2 something failed
        """;

    private static readonly Dictionary<DataKind, int[]> Sizes = new()
    {
        [DataKind.Wide] = [300, 1000],
        [DataKind.Narrow] = [500],
        [DataKind.Ndjson] = [300],
        [DataKind.Gzip] = [300],
        [DataKind.Columns] = [100],
        [DataKind.Cells] = [300],
        [DataKind.Small] = [1],
        [DataKind.Growing] = [4000],
    };

    private static readonly (DataKind Kind, int Megabytes)[] GoalData =
        [(DataKind.Wide, 1000), (DataKind.Narrow, 500), (DataKind.Ndjson, 300), (DataKind.Gzip, 300), (DataKind.Columns, 100), (DataKind.Cells, 300), (DataKind.Small, 1)];

    private static readonly (DataKind Kind, int Megabytes)[] QuickData =
        [(DataKind.Wide, 60), (DataKind.Narrow, 30), (DataKind.Ndjson, 30), (DataKind.Gzip, 30), (DataKind.Columns, 20), (DataKind.Cells, 60), (DataKind.Small, 1)];

    public IReadOnlyList<(DataKind Kind, int Megabytes)> Data { get; private init; } = [];

    /// <summary>All data of the goals in full size: what README.md may show.</summary>
    public bool IsForReadme { get; private init; }

    public int Rounds { get; private init; } = 5;

    /// <summary>Numbers of threads; empty: weir beside its peers.</summary>
    public IReadOnlyList<int> Threads { get; private init; } = [];

    public bool InstallPeers { get; private init; }

    public string? Weir { get; private init; }

    public string? Out { get; private init; }

    /// <exception cref="PerfException">Exit code 2, with the usage.</exception>
    public static Options Parse(string[] args)
    {
        var named = new List<DataKind>();
        var sizes = new List<(DataKind Kind, int Megabytes)>();
        var threads = new List<int>();
        var kind = DataKind.Wide;
        int? rounds = null;
        bool goals = false, quick = false, install = false;
        string? weir = null, output = null;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--wide" or "--narrow" or "--growing" or "--ndjson" or "--gzip" or "--columns" or "--cells" or "--small":
                    kind = Enum.Parse<DataKind>(args[i][2..], ignoreCase: true);
                    named.Add(kind);
                    break;
                case "--mb":
                    sizes.Add((kind, Number(args, ref i, 100_000)));
                    break;
                case "--goals":
                    goals = true;
                    break;
                case "--quick":
                    quick = true;
                    break;
                case "--rounds":
                    rounds = Number(args, ref i, 100);
                    break;
                case "--threads":
                    threads.Add(Number(args, ref i, 256));
                    break;
                case NpmPackages.Option:
                    install = true;
                    break;
                case "--weir":
                    weir = Next(args, ref i);
                    break;
                case "--out":
                    output = Next(args, ref i);
                    break;
                default:
                    throw new PerfException(2, $"{args[i]}: no such option.\n{Usage}");
            }
        }

        bool asked = named.Count > 0 || sizes.Count > 0;
        if (goals || (quick && !asked))
            sizes.InsertRange(0, (quick ? QuickData : GoalData).Where(d => threads.Count == 0 || TakesThreads(d.Kind)));
        else if (!asked)
            named.Add(DataKind.Wide);
        sizes.AddRange(named.Where(n => sizes.TrueForAll(s => s.Kind != n)).Distinct().ToList().SelectMany(n => Sizes[n].Select(mb => (n, mb))));
        if (threads.Count > 0 && sizes.Find(s => !TakesThreads(s.Kind)) is { Megabytes: > 0 } other)
            throw new PerfException(2, $"--threads takes --wide and --narrow, not --{other.Kind.ToString().ToLowerInvariant()}.\n{Usage}");
        return new Options { Data = [.. sizes.Distinct()], IsForReadme = goals && !quick, Rounds = rounds ?? (quick ? 2 : 5), Threads = [.. threads.Distinct().Order()], InstallPeers = install, Weir = weir, Out = output };
    }

    private static bool TakesThreads(DataKind kind) => kind is DataKind.Wide or DataKind.Narrow;

    private static string Next(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new PerfException(2, $"{args[i - 1]}: a value is missing.\n{Usage}");

    private static int Number(string[] args, ref int i, int most)
    {
        string name = args[i], value = Next(args, ref i);
        return int.TryParse(value, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new PerfException(2, $"{name}: '{value}', expected a number from 1 to {most}.\n{Usage}");
    }
}
