using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>ripgrep looks for indicators in the bytes of the file.</summary>
internal sealed class RipgrepScan : IRunner
{
    public const string RunName = "ripgrep -o";

    private readonly string? version = Launcher.Ask("", "rg", "--version")?.Split('\n')[0];

    public string Name => RunName;

    public string Description => "`rg --no-unicode -o -j 1` with one alternation of eight patterns (Peers/patterns.txt) over the file as it stands, matches to /dev/null; it decodes nothing and keeps nothing.";

    public string? Version => version;

    public string? Missing => version is null ? "rg is not on the path" : null;

    public bool Takes(DataKind kind) => kind == DataKind.Wide;

    // Matches go nowhere instead of through a pipe to this program, which would read them on the same processors.
    public IReadOnlyList<string> Command(DataSet data, string output) =>
        ["sh", "-c", "exec rg --no-unicode -a -o -j 1 -I -N -f \"$0\" \"$1\" > /dev/null", PeerFile.Path("patterns.txt"), data.Path];

    /// <summary>Its exit code says that it found something; what weir and a pattern take for an indicator differs, so counts are not compared.</summary>
    public void Check(Finished run)
    {
    }
}
