using System.Globalization;

namespace Weir.Perf.Runners;

/// <summary><c>weir ingest</c> into a fresh case.</summary>
/// <param name="loadOnly">Without AS numbers and indicators.</param>
/// <param name="commitRows">Rows between commit points; null: weir's default.</param>
internal sealed class WeirIngest(string weir, bool loadOnly = false, int? commitRows = null) : IRunner
{
    /// <summary>One row group: at least three times as many commit points as by default, where memory or 98,304 rows end an interval.</summary>
    public const int OneGroup = 24_576;

    public const string DefaultName = "weir ingest", LoadOnlyName = "weir ingest, load only", ManyCommitsName = "load only, 3 x the commits";

    public string Name => !loadOnly ? DefaultName : commitRows is null ? LoadOnlyName : ManyCommitsName;

    public string Description => !loadOnly ? "`weir ingest F --case C --quiet`, default options: types, lists, AS numbers, indicators."
        : commitRows is null ? "the same with `--asn none --ioc none`: types and lists alone."
        : $"load only with `--commit-rows {commitRows}`: at least three times as many commit points.";

    public IReadOnlyList<string> Command(string file, string database)
    {
        string[] start = weir.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", weir] : [weir];
        string[] stages = loadOnly ? ["--asn", "none", "--ioc", "none"] : [];
        string[] commits = commitRows is { } rows ? ["--commit-rows", rows.ToString(CultureInfo.InvariantCulture)] : [];
        return [.. start, "ingest", file, "--case", database, "--quiet", .. stages, .. commits];
    }
}
