namespace Weir.Perf.Data;

/// <summary>Ten narrow columns of numbers and short words, no quotes: about 70 bytes a row, so the cost of a field shows rather than that of a byte.</summary>
internal sealed class NarrowRecipe(ulong seed) : IRecipe
{
    private readonly Rng rng = new(seed);
    private long id;

    public IReadOnlyList<Column> Columns { get; } =
        [.. "id ts user_id code amount ratio flag name region port".Split(' ').Select(name => new Column(name, name))];

    public void WriteHeader(Utf8Text text) => text.Add("id,ts,user_id,code,amount,ratio,flag,name,region,port\n"u8);

    public void WriteRow(Utf8Text text)
    {
        text.Number(id);
        text.Add((byte)',');
        text.Number(1_700_000_000_000 + id++ * 37);
        text.Add((byte)',');
        text.Number(rng.Below(1 << 20));
        text.Add((byte)',');
        text.Number(200 + rng.Below(300));
        text.Add((byte)',');
        text.Number(rng.Below(100_000));
        text.Add((byte)'.');
        text.Digits(rng.Below(100), 2);
        text.Add(",0."u8);
        text.Digits(rng.Below(1_000_000), 6);
        text.Add((byte)',');
        text.Number(rng.Below(2));
        text.Add(",w"u8);
        text.Hex(Rng.Mix((ulong)rng.Below(5_000)), 6);
        text.Add(",r"u8);
        text.Number(rng.Below(16));
        text.Add((byte)',');
        text.Number(rng.Below(1 << 16));
        text.Add((byte)'\n');
    }
}
