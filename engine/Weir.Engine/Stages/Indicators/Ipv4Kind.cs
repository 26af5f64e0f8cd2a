namespace Weir.Engine.Stages;

/// <summary>Four decimal numbers up to 255 without leading zeros.</summary>
/// <remarks>
/// No address: part of a longer dotted number or name (<c>1.2.3.4.5</c>, <c>.1.2.3.4</c>, <c>1.2.3.4.example.com</c>), or behind the word version (<c>Version=4.0.0.0</c>).
/// Letters, dashes and everything else may touch it.
/// </remarks>
internal static class Ipv4Kind
{
    private const int Shortest = 7; // 1.1.1.1

    /// <summary>Reports the addresses of one stretch of host bytes.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool ReportAll(ref ScanState state, int start, int end)
    {
        bool any = false;
        ReadOnlySpan<byte> text = state.Text;
        if (text[start..end].Count((byte)'.') < 3)
            return false;
        for (int at = start; at + Shortest <= end; at++)
        {
            if (!Bytes.Is(text[at], ByteClass.Digit))
                continue;
            int digits = Bytes.End(text[..end], at, ByteClass.Digit);
            if (digits - at <= 3 && Parse(text[at..end], out uint address) is var length && length > 0
                && StandsAlone(text, at, at + length) && !IsVersion(text, at))
            {
                Report(ref state, at, length, address, state.Around(at, at + length));
                any = true;
                at += length - 1;
            }
            else
            {
                at = digits;
            }
        }

        return any;
    }

    public static int Report(ref ScanState state, int at, int length, uint address, int partOf)
    {
        state.Hits.Append(state.Text.Slice(at, length));
        return state.Hits.Add(IndicatorType.Ipv4, at, length, SpecialAddresses.ScopeOf(address), partOf);
    }

    /// <summary>The whole text as one address.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint address) => Parse(text, out address) == text.Length && text.Length > 0;

    /// <summary>Reads an address at the start of a text.</summary>
    /// <returns>Its bytes, 0 where there is none.</returns>
    public static int Parse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        int at = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0 && (at >= text.Length || text[at++] != '.'))
                return 0;
            int first = at;
            uint value = 0;
            while (at < text.Length && at - first < 4 && Bytes.Is(text[at], ByteClass.Digit))
                value = (value * 10) + (uint)(text[at++] - '0');
            if (at == first || value > 255 || (text[first] == '0' && at - first > 1))
                return 0;
            address = (address << 8) | value;
        }

        return at;
    }

    private static bool StandsAlone(ReadOnlySpan<byte> text, int at, int end)
    {
        if (at > 0 && Bytes.Is(text[at - 1], ByteClass.Digit))
            return false;
        if (at > 0 && text[at - 1] == '.' && !(at > 1 && text[at - 2] == '.'))
            return false;
        if (end == text.Length || text[end] != '.')
            return true;
        return end + 1 == text.Length || !Bytes.Is(text[end + 1], ByteClass.Alphanumeric);
    }

    private static bool IsVersion(ReadOnlySpan<byte> text, int at)
    {
        const int mostBetween = 3;
        int word = at;
        while (word > 0 && at - word < mostBetween && " =:\"'"u8.Contains(text[word - 1]))
            word--;
        return Bytes.EndsWithIgnoreCase(text[..word], "version"u8);
    }
}
