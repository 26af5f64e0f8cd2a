using nietras.SeparatedValues;

namespace Weir.Perf.Components;

internal sealed class SepSpans : Component
{
    public const string Id = "sep";

    public override string Name => Id;

    public override string Description => "Sep with `Unescape`, `Span` of every field (UTF-16); no columns are built";

    public override TextUnit Unit => TextUnit.Characters;

    public override Tally Run(string file, int threads)
    {
        long rows = 0, size = 0;
        using var reader = Sep.New(',').Reader(options => options with { Unescape = true, InitialBufferLength = 1 << 20 }).FromFile(file);
        foreach (var row in reader)
        {
            rows++;
            for (int i = 0; i < row.ColCount; i++)
                size += row[i].Span.Length;
        }

        return new Tally(rows, size);
    }
}
