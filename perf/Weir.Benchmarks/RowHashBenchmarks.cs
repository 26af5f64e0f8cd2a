using System.IO.Hashing;
using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Benchmarks;

/// <summary>The hash of rows over a batch of 8,192, beside the same bytes hashed in one go.</summary>
public class RowHashBenchmarks
{
    private Batch? batch;
    private (string Name, StringArray Cells)[] columns = [];

    [Params("wide", "narrow")]
    public string Kind { get; set; } = "wide";

    [GlobalSetup]
    public void Open()
    {
        batch = BenchmarkData.Batch(Kind);
        columns = [.. batch.Events.Schema.FieldsList.Select((field, i) => (field.Name, Cells: batch.Events.Column(i) as StringArray)).Where(c => c.Cells is not null).Select(c => (c.Name, c.Cells!))];
    }

    [GlobalCleanup]
    public void Close() => batch?.Dispose();

    [Benchmark]
    public ulong RowHashes()
    {
        Span<ulong> rows = new ulong[batch!.Rows];
        foreach (var (name, cells) in columns)
            RowHash.Add(rows, name, cells);
        return RowHash.Sum(rows);
    }

    [Benchmark(Baseline = true)]
    public ulong WholeColumns()
    {
        ulong sum = 0;
        foreach (var (_, cells) in columns)
            sum += XxHash3.HashToUInt64(cells.Values);
        return sum;
    }
}
