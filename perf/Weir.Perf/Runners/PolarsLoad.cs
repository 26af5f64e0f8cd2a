using Weir.Perf.Compare;
using Weir.Perf.Data;

namespace Weir.Perf.Runners;

/// <summary>Polars, from Node.js, streams the file into Parquet.</summary>
internal sealed class PolarsLoad(NpmPackages packages) : IRunner
{
    public const string RunName = "Polars, CSV to Parquet";

    public string Name => RunName;

    public string Description => "npm's nodejs-polars: `scanCSV(F)`, every column as text, `sinkParquet` with zstd in any order, two threads. A load, no more.";

    public string? Version => packages.Version(NpmPackages.Polars) is { } version ? $"nodejs-polars {version}" : null;

    public string? Missing => packages.Missing(NpmPackages.Polars);

    public bool Takes(DataKind kind) => kind is DataKind.Wide or DataKind.Narrow;

    public IReadOnlyList<string> Command(DataSet data, string output) => packages.Script("polars.js", data.Path, output);

    public void Check(Finished run) => run.Truth.Check(run, Holding.OfParquet(run.Output));
}
