using System.Buffers;

namespace Weir.Engine.Stages;

/// <summary>The values that were found in one cell, by field.</summary>
internal sealed class PayloadValues(int fields)
{
    // Of many mails that one operation moved, the first are told; the cell has them all.
    private const int LongestJoin = 8_192;

    private readonly ArrayBufferWriter<byte> text = new(1024);
    private readonly (int At, int Length, bool AsItIs)[] places = [.. Enumerable.Repeat((0, -1, false), fields)];
    private readonly int[] found = new int[fields];
    private int count;

    /// <summary>The cell is one that SQL may read otherwise, or not at all: no value of it counts as derived.</summary>
    public bool IsOdd { get; set; }

    /// <summary>Forgets the cell before.</summary>
    public void Clear()
    {
        text.ResetWrittenCount();
        foreach (int field in Found)
            places[field] = (0, -1, false);
        count = 0;
        IsOdd = false;
    }

    /// <summary>Fields that have one, as they were found.</summary>
    public ReadOnlySpan<int> Found => found.AsSpan(0, count);

    public bool Has(int field) => places[field].Length >= 0;

    /// <summary>The value stands in the cell as it is, where SQL finds it.</summary>
    public bool IsDerived(int field) => places[field].AsItIs && !IsOdd;

    public ReadOnlySpan<byte> this[int field] => text.WrittenSpan.Slice(places[field].At, places[field].Length);

    /// <summary>Keeps a value; where a field occurs twice the first one stays.</summary>
    /// <param name="join">Unless it is of several objects of an array: then they stand one behind the other, each once.</param>
    /// <param name="asItIs">See <see cref="IsDerived"/>.</param>
    public void Set(int field, ReadOnlySpan<byte> value, bool join = false, bool asItIs = false)
    {
        if (Has(field))
        {
            if (join)
                Join(field, value);
            return;
        }

        found[count++] = field;
        places[field] = (text.WrittenCount, value.Length, asItIs);
        text.Write(value);
    }

    private void Join(int field, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> known = this[field], between = ", "u8;
        if (known.Length > LongestJoin)
        {
            if (known.EndsWith("…"u8))
                return;
            value = "…"u8;
        }

        foreach (Range part in known.Split(between))
        {
            if (known[part].SequenceEqual(value))
                return;
        }

        byte[] whole = [.. known, .. between, .. value];
        places[field] = (text.WrittenCount, whole.Length, false);
        text.Write(whole);
    }
}
