using System.Globalization;
using Weir.Perf.Compare;
using Weir.Perf.Data;

namespace Weir.Perf.Runners;

/// <summary><c>weir ingest</c> into a fresh case.</summary>
internal sealed class WeirIngest : IRunner
{
    public const string DefaultName = "weir ingest", LoadOnlyName = "weir ingest, load only", ManyCommitsName = "load only, 3 x the commits",
        PlainName = "weir ingest, unpacked", ManyFilesName = "weir ingest, 100 files", FewRowsName = "weir ingest, 10 rows";

    /// <summary>One row group: at least three times as many commit points as by default, where memory or 98,304 rows end an interval.</summary>
    private const int OneGroup = 24_576;

    private static readonly string[] LoadOnlyOptions = ["--asn", "none", "--ioc", "none"];

    private readonly string weir;
    private readonly string[] options = [];
    private readonly DataKind[] kinds;

    private WeirIngest(string weir, string name, string description, string[] options, params DataKind[] kinds) =>
        (this.weir, Name, Description, this.options, this.kinds) = (weir, name, description, options, kinds);

    public string Name { get; }

    public string Description { get; }

    public bool IsOurs => true;

    /// <summary>What is read instead of the file of the data set.</summary>
    private Func<DataSet, string> Input { get; init; } = data => data.Path;

    /// <summary>Rows that land.</summary>
    private Func<DataSet, long> Rows { get; init; } = data => data.Facts.Rows;

    /// <summary>All ways in which weir ingests.</summary>
    public static IEnumerable<WeirIngest> All(string weir) =>
    [
        new(weir, LoadOnlyName, $"weir ingest with `{string.Join(' ', LoadOnlyOptions)}`: types and lists alone.", LoadOnlyOptions, DataKind.Wide, DataKind.Narrow, DataKind.Ndjson, DataKind.Gzip, DataKind.Columns, DataKind.Cells),
        new(weir, DefaultName, "`weir ingest F --case C --quiet`, default options: types, lists, AS numbers, indicators.", [], DataKind.Wide, DataKind.Narrow, DataKind.Ndjson, DataKind.Gzip, DataKind.Columns, DataKind.Cells, DataKind.Small, DataKind.Growing),
        new(weir, ManyCommitsName, $"load only with `--commit-rows {OneGroup}`: at least three times as many commit points.", [.. LoadOnlyOptions, "--commit-rows", $"{OneGroup}"], DataKind.Wide, DataKind.Ndjson, DataKind.Gzip),
        new(weir, PlainName, "weir ingest of the same file before it was packed.", [], DataKind.Gzip) { Input = data => data.Unpacked },
        new(weir, ManyFilesName, $"weir ingest of a folder: the same rows in {SmallFiles.Files} files.", [], DataKind.Small) { Input = data => SmallFiles.Folder(data.Path) },
        new(weir, FewRowsName, $"weir ingest of the first {SmallFiles.Few} rows.", [], DataKind.Small) { Input = data => SmallFiles.FewRows(data.Path), Rows = _ => SmallFiles.Few },
    ];

    /// <summary>Whole job and load only with a number of threads.</summary>
    public static IEnumerable<WeirIngest> WithThreads(string weir, int threads)
    {
        string[] asked = ["--threads", threads.ToString(CultureInfo.InvariantCulture)];
        return
        [
            new(weir, NameOf(LoadOnlyName, threads), $"load only with `{string.Join(' ', asked)}`.", [.. LoadOnlyOptions, .. asked], DataKind.Wide, DataKind.Narrow),
            new(weir, NameOf(DefaultName, threads), $"default options with `{string.Join(' ', asked)}`.", asked, DataKind.Wide, DataKind.Narrow),
        ];
    }

    public static string NameOf(string name, int threads) => string.Create(CultureInfo.InvariantCulture, $"{name}, T{threads}");

    public bool Takes(DataKind kind) => kinds.Contains(kind);

    public IReadOnlyList<string> Command(DataSet data, string output) => [.. WeirBuild.Start(weir), "ingest", Input(data), "--case", output, "--quiet", .. options];

    public void Check(Finished run)
    {
        if (run.Truth.Database is { } bare)
            TableComparison.Compare(bare, run.Output, Name, run.Data);
        else
            TableComparison.CheckRows(run.Output, Name, run.Data, Rows(run.Data));
    }
}
