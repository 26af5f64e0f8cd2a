using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>How many values of a text column are addresses. Sums are free of order.</summary>
/// <param name="Values">Values that are neither NULL nor empty.</param>
/// <param name="Addresses">Those of them that are an address, of any scope.</param>
internal readonly record struct AddressTally(long Values, long Addresses)
{
    /// <summary>Whether the column holds addresses: at least 90 % of its values, and one.</summary>
    public bool IsAddresses => Addresses > 0 && Addresses * 10 >= Values * 9;

    public static AddressTally operator +(AddressTally left, AddressTally right) => new(left.Values + right.Values, left.Addresses + right.Addresses);

    public static AddressTally Of(StringArray column)
    {
        var cells = new TextCells(column);
        long values = 0, addresses = 0;
        for (int i = 0; i < cells.Count; i++)
        {
            ReadOnlySpan<byte> text = cells[i];
            if (text.IsEmpty || cells.IsNull(i))
                continue;
            values++;
            addresses += AddressText.TryRead(text, out _) ? 1 : 0;
        }

        return new AddressTally(values, addresses);
    }
}
