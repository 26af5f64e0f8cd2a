using System.Buffers;

namespace Weir.Engine.Stages;

/// <summary>The values that were found in one cell, by field.</summary>
internal sealed class PayloadValues(int fields)
{
    private readonly ArrayBufferWriter<byte> text = new(1024);
    private readonly (int At, int Length)[] places = new (int, int)[fields];

    /// <summary>Forgets the cell before.</summary>
    public void Clear()
    {
        text.ResetWrittenCount();
        Array.Fill(places, (0, -1));
    }

    public bool Has(int field) => places[field].Length >= 0;

    public ReadOnlySpan<byte> this[int field] => text.WrittenSpan.Slice(places[field].At, places[field].Length);

    /// <summary>Keeps a value; where a field occurs twice the first one stays.</summary>
    public void Set(int field, ReadOnlySpan<byte> value)
    {
        if (Has(field))
            return;
        places[field] = (text.WrittenCount, value.Length);
        text.Write(value);
    }
}
