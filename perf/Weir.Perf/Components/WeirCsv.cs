using Apache.Arrow;
using Weir.Connectors;
using Weir.Engine;

namespace Weir.Perf.Components;

/// <summary><see cref="CsvSource"/> drained: Arrow columns of text, and the SHA-256 of the input that every run of weir takes.</summary>
internal sealed class WeirCsv : Component
{
    public const string Id = "weir-csv";

    public override string Name => Id;

    public override string Description => "`CsvSource` drained: every field copied into Arrow columns of text, with the input's SHA-256";

    public override bool IsOurs => true;

    public override bool IsParallel => true;

    public override Tally Run(string file, int threads) => RunAsync(file, threads).GetAwaiter().GetResult();

    private static async Task<Tally> RunAsync(string file, int threads)
    {
        await using var source = new CsvSource(file);
        await source.OpenAsync(CancellationToken.None);
        long rows = 0, size = 0;
        await foreach (var batch in source.ReadAsync(null, RunOptions.Default with { Threads = threads }, CancellationToken.None))
        {
            using (batch)
            {
                rows += batch.Rows;
                size += TextBytes(batch.Events);
            }
        }

        return new Tally(rows, size);
    }

    /// <summary>Summed length of all text columns: two offsets each.</summary>
    public static long TextBytes(RecordBatch batch)
    {
        long size = 0;
        for (int i = 0; i < batch.ColumnCount; i++)
        {
            if (batch.Column(i) is StringArray { Length: > 0 } column)
                size += column.ValueOffsets[column.Length] - column.ValueOffsets[0];
        }

        return size;
    }
}
