using Sylvan.Data.Csv;

namespace Weir.Perf.Components;

internal sealed class SylvanSpans : Component
{
    public const string Id = "sylvan";

    public override string Name => Id;

    public override string Description => "Sylvan.Data.Csv, `GetFieldSpan` of every field (UTF-16); no columns are built";

    public override TextUnit Unit => TextUnit.Characters;

    public override Tally Run(string file, int threads)
    {
        long rows = 0, size = 0;
        using var reader = CsvDataReader.Create(file, new CsvDataReaderOptions { BufferSize = 1 << 20, MaxBufferSize = 1 << 24 });
        int fields = reader.FieldCount;
        while (reader.Read())
        {
            rows++;
            for (int i = 0; i < fields; i++)
                size += reader.GetFieldSpan(i).Length;
        }

        return new Tally(rows, size);
    }
}
