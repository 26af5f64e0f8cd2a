using System.Globalization;

namespace Weir.Perf.Runners;

/// <summary><c>weir ingest</c> into a fresh case.</summary>
/// <param name="commitRows">Rows between commit points; null: weir's default.</param>
internal sealed class WeirIngest(string weir, int? commitRows) : IRunner
{
    /// <summary>One row group: at least three times as many commit points as by default, where memory or 98,304 rows end an interval.</summary>
    public const int OneGroup = 24_576;

    public const string DefaultName = "weir ingest", ManyCommitsName = "weir ingest, 3 x the commits";

    public string Name => commitRows is null ? DefaultName : ManyCommitsName;

    public string Description => commitRows is null
        ? "`weir ingest F --case C --quiet`, default options."
        : $"the same with `--commit-rows {commitRows}`: at least three times as many commit points.";

    public IReadOnlyList<string> Command(string file, string database)
    {
        string[] start = weir.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", weir] : [weir];
        string[] commits = commitRows is { } rows ? ["--commit-rows", rows.ToString(CultureInfo.InvariantCulture)] : [];
        return [.. start, "ingest", file, "--case", database, "--quiet", .. commits];
    }
}
