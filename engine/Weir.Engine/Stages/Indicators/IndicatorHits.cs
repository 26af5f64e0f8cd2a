using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Takes the hits of many cells, without an allocation for a cell that has none.</summary>
/// <remarks>
/// The value of a hit is its normal form, so that one indicator has one value: hosts and domains in lower case, labels of other scripts as <c>xn--</c>;
/// IPv6 as RFC 5952 writes it; a URL with scheme and host in lower case and the rest as it stands; an e-mail address with its domain in lower case and the rest as it stands;
/// digests in lower case; CVE numbers in upper case with dashes. The text as it stood is the hit's span.
/// </remarks>
internal sealed class IndicatorHits
{
    private IndicatorHit[] hits = new IndicatorHit[64];
    private byte[] values = new byte[1024];
    private int used;

    /// <summary>What the names among the texts so far were found to be.</summary>
    public KnownDomains Domains { get; } = new();

    /// <summary>The cell that hits are of, from now on.</summary>
    public int Cell { get; set; }

    /// <summary>The decoded text that hits are of, from now on; -1 for the cell itself.</summary>
    public int Text { get; set; } = -1;

    /// <summary>What was cut short.</summary>
    public IndicatorFlags Flags { get; set; }

    public int Count { get; private set; }

    public ref readonly IndicatorHit this[int index] => ref hits[index];

    public ReadOnlySpan<byte> Value(int index) => values.AsSpan(hits[index].ValueAt, hits[index].ValueLength);

    public string ValueText(int index) => Encoding.UTF8.GetString(Value(index));

    /// <summary>Value of the hit around it, null where it stands alone.</summary>
    public string? PartOf(int index) => hits[index].PartOf < 0 ? null : ValueText(hits[index].PartOf);

    /// <summary>Takes a hit whose value has been appended since the last one.</summary>
    /// <returns>Its index.</returns>
    public int Add(IndicatorType type, int offset, int length, AddressScope? scope = null, int partOf = -1)
    {
        int valueAt = ValuesEnd(Count);
        if (Count == hits.Length)
            Array.Resize(ref hits, Count * 2);
        hits[Count] = new IndicatorHit(type, Cell, Text, offset, length, valueAt, used - valueAt, scope, partOf);
        return Count++;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(values.AsSpan(used));
        used += text.Length;
    }

    public void AppendLower(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        Ascii.ToLower(text, values.AsSpan(used), out _);
        used += text.Length;
    }

    public void AppendUpper(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        Ascii.ToUpper(text, values.AsSpan(used), out _);
        used += text.Length;
    }

    /// <summary>Forgets the hits from an index on, for a text that turned out to be none.</summary>
    public void Truncate(int count)
    {
        Count = count;
        used = ValuesEnd(count);
    }

    public void Clear()
    {
        Truncate(0);
        (Cell, Text, Flags) = (0, -1, IndicatorFlags.None);
    }

    private int ValuesEnd(int count) => count == 0 ? 0 : hits[count - 1].ValueAt + hits[count - 1].ValueLength;

    private void Reserve(int bytes)
    {
        if (used + bytes > values.Length)
            Array.Resize(ref values, Math.Max(values.Length * 2, used + bytes));
    }
}
