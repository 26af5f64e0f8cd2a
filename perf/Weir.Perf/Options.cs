using System.Globalization;
using Weir.Perf.Data;

namespace Weir.Perf;

/// <summary>What a session runs.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: perf/run [--mb N]... [--narrow [--mb N]...] [--ndjson [--mb N]...] [--gzip [--mb N]...] [--growing [--mb N]...] [--rounds N] [--weir PATH] [--out FOLDER]

          --mb N        size of a data set in MB, 1 to 100000; it is of the kind named last before it
          --wide        Splunk export, about 1.2 kB a row (the first kind; 300 and 1000 MB unless --mb)
          --narrow      ten narrow columns (500 MB unless --mb)
          --ndjson      the rows of wide as NDJSON (300 MB of CSV unless --mb)
          --gzip        wide, packed (300 MB of CSV unless --mb)
          --growing     wide, with ever new values: weir alone, once, for its peak memory (4000 MB unless --mb)
          --rounds N    counted rounds, 1 to 100 (5)
          --weir PATH   a finished executable or weir.dll instead of publishing engine/Weir.Cli
          --out FOLDER  where the dated folder goes (perf/results)

        exit: 0 done, 1 the tables disagree, 2 something failed
        """;

    private static readonly Dictionary<DataKind, int[]> Sizes = new()
    {
        [DataKind.Wide] = [300, 1000],
        [DataKind.Narrow] = [500],
        [DataKind.Ndjson] = [300],
        [DataKind.Gzip] = [300],
        [DataKind.Growing] = [4000],
    };

    public IReadOnlyList<(DataKind Kind, int Megabytes)> Data { get; private init; } = [];

    public int Rounds { get; private init; } = 5;

    public string? Weir { get; private init; }

    public string? Out { get; private init; }

    /// <exception cref="PerfException">Exit code 2, with the usage.</exception>
    public static Options Parse(string[] args)
    {
        var named = new List<DataKind>();
        var sizes = new List<(DataKind Kind, int Megabytes)>();
        var kind = DataKind.Wide;
        int rounds = 5;
        string? weir = null, output = null;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--wide" or "--narrow" or "--growing" or "--ndjson" or "--gzip":
                    kind = Enum.Parse<DataKind>(args[i][2..], ignoreCase: true);
                    named.Add(kind);
                    break;
                case "--mb":
                    sizes.Add((kind, Number(args, ref i, 100_000)));
                    break;
                case "--rounds":
                    rounds = Number(args, ref i, 100);
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

        if (named.Count == 0 && sizes.Count == 0)
            named.Add(DataKind.Wide);
        sizes.AddRange(named.Where(n => sizes.TrueForAll(s => s.Kind != n)).Distinct().ToList().SelectMany(n => Sizes[n].Select(mb => (n, mb))));
        return new Options { Data = [.. sizes.Distinct()], Rounds = rounds, Weir = weir, Out = output };
    }

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
