using BenchmarkDotNet.Attributes;
using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Benchmarks;

/// <summary>Stages over one batch of 8,192 rows.</summary>
public class StageBenchmarks
{
    private readonly ParseStage parse = new();
    private readonly UnnestStage unnest = new();
    private readonly EnrichAsnStage asn = new(AsnTable.Embedded);
    private readonly ExtractIocsStage indicators = new();
    private Batch? read, typed, listed;

    [Params("wide", "narrow")]
    public string Kind { get; set; } = "wide";

    [GlobalSetup]
    public void Open()
    {
        read = BenchmarkData.Batch(Kind);
        typed = BenchmarkData.Batch(Kind, parse);
        listed = BenchmarkData.Batch(Kind, parse, unnest);
    }

    [GlobalCleanup]
    public void Close()
    {
        read?.Dispose();
        typed?.Dispose();
        listed?.Dispose();
    }

    /// <summary>Types, tallies and row hashes.</summary>
    [Benchmark]
    public int Typing() => Process(parse, read!);

    [Benchmark]
    public int Unnest() => Process(unnest, typed!);

    [Benchmark]
    public int AsNumbers() => Process(asn, listed!);

    [Benchmark]
    public int Indicators() => Process(indicators, listed!);

    private static int Process(IStage stage, Batch batch)
    {
        using var made = stage.Process(batch);
        return made.Rows;
    }
}
