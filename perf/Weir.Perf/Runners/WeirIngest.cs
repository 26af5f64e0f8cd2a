using System.Globalization;

namespace Weir.Perf.Runners;

/// <summary><c>weir ingest</c> into a fresh case.</summary>
/// <param name="commitRows">Rows between commit points; null: weir's default.</param>
internal sealed class WeirIngest(string weir, int? commitRows) : IRunner
{
    /// <summary>More rows than any data set has: one commit, and nothing to resume from.</summary>
    public const int OneCommit = 100_000_000;

    public const string DefaultName = "weir ingest", OneCommitName = "weir ingest, one commit";

    public string Name => commitRows is null ? DefaultName : OneCommitName;

    public string Description => commitRows is null
        ? "`weir ingest F --case C --quiet`, default options."
        : $"the same with `--commit-rows {commitRows}`: what commit points cost is the difference.";

    public IReadOnlyList<string> Command(string file, string database)
    {
        string[] start = weir.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", weir] : [weir];
        string[] commits = commitRows is { } rows ? ["--commit-rows", rows.ToString(CultureInfo.InvariantCulture)] : [];
        return [.. start, "ingest", file, "--case", database, "--quiet", .. commits];
    }
}
