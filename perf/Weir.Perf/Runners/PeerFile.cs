namespace Weir.Perf.Runners;

/// <summary>Scripts of peers; they are copied beside this program.</summary>
internal static class PeerFile
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Peers", name);
}
