using BenchmarkDotNet.Attributes;
using Weir.Perf.Components;

namespace Weir.Benchmarks;

/// <summary>A file of 10 MB: weir copies every field into Arrow columns and takes the SHA-256 of the file, the others hand out spans.</summary>
public class CsvBenchmarks
{
    private string file = "";

    [Params("wide", "narrow")]
    public string Kind { get; set; } = "wide";

    [GlobalSetup]
    public void Open() => file = BenchmarkData.File(Kind);

    [Benchmark]
    public long Weir() => Read(new WeirCsv());

    [Benchmark(Baseline = true)]
    public long CsvHelper() => Read(new CsvHelperSpans());

    [Benchmark]
    public long Sep() => Read(new SepSpans());

    [Benchmark]
    public long Sylvan() => Read(new SylvanSpans());

    private long Read(Component component) => component.Run(file, threads: 1).Size;
}
