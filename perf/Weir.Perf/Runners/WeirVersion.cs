using Weir.Perf.Data;

namespace Weir.Perf.Runners;

/// <summary><c>weir --version</c>: what a start costs.</summary>
internal sealed class WeirVersion(string weir) : IRunner
{
    public const string RunName = "weir --version";

    public string Name => RunName;

    public string Description => "prints its version: the start of the process alone.";

    public bool IsOurs => true;

    public bool Takes(DataKind kind) => kind == DataKind.Small;

    public IReadOnlyList<string> Command(DataSet data, string output) => [.. WeirBuild.Start(weir), "--version"];

    public void Check(Finished run)
    {
        if (run.Printed.Trim().Length == 0)
            throw run.Differs("it printed no version");
    }
}
