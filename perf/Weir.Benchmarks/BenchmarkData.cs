using Weir.Connectors;
using Weir.Engine;
using Weir.Perf;
using Weir.Perf.Data;

namespace Weir.Benchmarks;

/// <summary>Files and batches that the benchmarks read: those of <c>perf/run</c>, small.</summary>
internal static class BenchmarkData
{
    private const int Megabytes = 10;

    public static string Folder { get; } = Path.Combine(SideBySide.Root(), "perf", "data");

    /// <summary>The path of a file of this kind.</summary>
    /// <param name="kind"><c>wide</c> or <c>narrow</c>.</param>
    public static string File(string kind) => DataSet.Ensure(Folder, Enum.Parse<DataKind>(kind, ignoreCase: true), Megabytes).Path;

    /// <summary>The first batch of a file.</summary>
    /// <param name="stages">What it has gone through.</param>
    public static Batch Batch(string kind, params IStage[] stages) => BatchAsync(kind, stages).GetAwaiter().GetResult();

    private static async Task<Batch> BatchAsync(string kind, IStage[] stages)
    {
        await using var source = new CsvSource(File(kind));
        await source.OpenAsync(CancellationToken.None);
        await foreach (var read in source.ReadAsync(null, RunOptions.Default, CancellationToken.None))
        {
            var batch = read;
            foreach (var stage in stages)
            {
                using var before = batch;
                batch = stage.Process(before);
            }

            return batch;
        }

        throw new InvalidOperationException($"{kind}: no rows.");
    }
}
