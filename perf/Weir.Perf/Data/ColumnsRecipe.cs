namespace Weir.Perf.Data;

/// <summary>A thousand columns, no quotes, about 6 kB a row: what a column costs shows rather than a byte or a row.</summary>
internal sealed class ColumnsRecipe(ulong seed) : IRecipe
{
    public const int Count = 1_000;

    private readonly Rng rng = new(seed);
    private long row;

    public IReadOnlyList<Column> Columns { get; } = [.. Enumerable.Range(1, Count).Select(i => $"c{i}").Select(name => new Column(name, name))];

    public void WriteHeader(Utf8Text text)
    {
        for (int i = 1; i <= Count; i++)
        {
            text.Add((byte)'c');
            text.Number(i);
            text.Add(i < Count ? (byte)',' : (byte)'\n');
        }
    }

    /// <summary>By turns a number, a fraction, a word, a number that is missing in half of the rows, and a time in milliseconds.</summary>
    public void WriteRow(Utf8Text text)
    {
        row++;
        for (int i = 1; i <= Count; i++)
        {
            switch (i % 5)
            {
                case 0:
                    text.Number(rng.Below(100_000));
                    break;
                case 1:
                    text.Number(rng.Below(1_000));
                    text.Add((byte)'.');
                    text.Digits(rng.Below(100), 2);
                    break;
                case 2:
                    text.Add((byte)'w');
                    text.Hex(Rng.Mix((ulong)rng.Below(2_000)), 5);
                    break;
                case 3 when rng.Percent(50):
                    text.Number(rng.Below(64));
                    break;
                case 4:
                    text.Number(1_700_000_000_000 + row * 37 + i);
                    break;
            }

            text.Add(i < Count ? (byte)',' : (byte)'\n');
        }
    }
}
