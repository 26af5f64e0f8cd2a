namespace Weir.Perf.Data;

/// <summary>Rows whose last cell holds 10 MB of records, as an export of whole message bodies or script blocks has them.</summary>
internal sealed class CellsRecipe(ulong seed) : IRecipe
{
    public const int CellBytes = 10_000_000;

    private static readonly Template[] Records = [WideText.SignIn, WideText.Mail, WideText.Network, WideText.Process];

    private readonly Row row = new(new Rng(seed), growing: false);

    public IReadOnlyList<Column> Columns { get; } = [new("_time", "_time"), new("host", "host"), new("_raw", "_raw")];

    public int RowBytes => CellBytes + (1 << 16);

    public void WriteHeader(Utf8Text text) => text.Add("_time,host,_raw\n"u8);

    public void WriteRow(Utf8Text text)
    {
        row.Next();
        Values.Time(text, row.Time);
        text.Add("Z,"u8);
        Values.Host(text, row.Host);
        text.Add(",\""u8);
        for (int from = text.Length; text.Length - from < CellBytes;)
        {
            row.Next();
            row.Rng.One(Records).Write(text, row);
            text.Add((byte)'\n');
        }

        text.Add("\"\n"u8);
    }
}
