using BenchmarkDotNet.Attributes;
using Weir.Perf.Components;
using Weir.Perf.Runners;

namespace Weir.Benchmarks;

/// <summary>10 MB into a new file on the disk: batches that are ready into a case, beside DuckDB's bare load, which reads as well.</summary>
public class LandingBenchmarks
{
    private readonly WeirLanding landing = new();
    private readonly string database = Path.Combine(BenchmarkData.Folder, $"bench-{Environment.ProcessId}.duckdb");
    private string file = "";

    [Params("wide", "narrow")]
    public string Kind { get; set; } = "wide";

    [GlobalSetup]
    public void Open() => file = BenchmarkData.File(Kind);

    [IterationSetup(Target = nameof(Weir))]
    public void Prepare() => landing.Prepare(file, threads: 2);

    [Benchmark]
    public long Weir() => landing.Run(file, threads: 2).Rows;

    [IterationCleanup(Target = nameof(BareLoad))]
    public void Delete() => File.Delete(database);

    [Benchmark(Baseline = true)]
    public int BareLoad() => Sql.Run(database, DuckDbLoad.Script(file));
}
