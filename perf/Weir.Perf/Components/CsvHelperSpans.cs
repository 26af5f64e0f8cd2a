using CsvHelper;

namespace Weir.Perf.Components;

internal sealed class CsvHelperSpans : Component
{
    public const string Id = "csvhelper";

    public override string Name => Id;

    public override string Description => "CsvHelper, `GetSpan` of every field (UTF-8); no columns are built";

    public override Tally Run(string file, int threads)
    {
        long rows = 0, size = 0;
        using var reader = CsvReader.FromFile(file, new CsvReaderOptions { Separator = ',', BufferSize = 1 << 20 });
        while (reader.Read())
        {
            rows++;
            int fields = reader.FieldCount;
            for (int i = 0; i < fields; i++)
                size += reader.GetSpan(i).Length;
        }

        return new Tally(rows, size);
    }
}
