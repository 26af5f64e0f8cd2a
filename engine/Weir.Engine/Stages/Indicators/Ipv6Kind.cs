using System.Buffers.Binary;
using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>IPv6 addresses in every spelling of RFC 4291, the last 32 bits dotted or not; a zone (<c>%eth0</c>) stays outside.</summary>
/// <remarks>
/// No address: <c>::</c> alone; a name with colons and no digit (<c>dead::beef</c>); eight pairs (a serial number, an EUI-64); whatever touches a letter, an underscore or another colon.
/// </remarks>
internal static class Ipv6Kind
{
    private const int Longest = 45; // eight groups of four, or six and a dotted address

    public static void At(ref ScanState state, int anchor)
    {
        ReadOnlySpan<byte> text = state.Text;
        if (anchor < state.Ipv6End)
            return;
        int start = anchor, end = anchor;
        while (start > state.Ipv6End && IsPart(text[start - 1]))
            start--;
        while (end < text.Length && IsPart(text[end]))
            end++;
        state.Ipv6End = end;
        if (anchor >= state.UrlStart && anchor < state.UrlHostEnd)
            return; // the URL has reported its host
        while (start < end && text[start] == '.')
            start++;
        while (end > start && (text[end - 1] == '.' || (text[end - 1] == ':' && end - start > 2 && text[end - 2] != ':')))
            end--;
        if (end - start > Longest || Touches(text, start, end) || !HasColons(text[start..end]))
            return;
        Span<byte> address = stackalloc byte[16];
        if (!TryParse(text[start..end], address) || IsSomethingElse(text[start..end]))
            return;
        int hit = Report(ref state, start, end - start, address, state.Around(start, end));
        (state.OuterStart, state.OuterEnd, state.OuterHit) = (start, end, hit);
    }

    public static int Report(ref ScanState state, int at, int length, scoped ReadOnlySpan<byte> address, int partOf)
    {
        Span<byte> written = stackalloc byte[Longest + 1];
        state.Hits.Append(written[..Write(address, written)]);
        return state.Hits.Add(IndicatorType.Ipv6, at, length, ScopeOf(address), partOf);
    }

    /// <param name="address">Its 16 bytes.</param>
    public static AddressScope ScopeOf(ReadOnlySpan<byte> address) => SpecialAddresses.ScopeOf(Address.OfIPv6(BinaryPrimitives.ReadUInt128BigEndian(address)));

    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> address)
    {
        address.Clear();
        int groups = 0, gap = -1, at = 0;
        if (text.StartsWith("::"u8))
            (gap, at) = (0, 2);
        while (at < text.Length)
        {
            if (groups == 8)
                return false;
            int end = at;
            uint value = 0;
            while (end < text.Length && end - at < 5 && Bytes.Is(text[end], ByteClass.Hex))
                value = (value << 4) | (uint)Bytes.HexValue(text[end++]);
            if (end < text.Length && text[end] == '.')
            {
                if (groups > 6 || !Ipv4Kind.TryParse(text[at..], out uint dotted))
                    return false;
                BinaryPrimitives.WriteUInt32BigEndian(address[(groups * 2)..], dotted);
                groups += 2;
                at = text.Length;
                break;
            }

            if (end == at || end - at > 4)
                return false;
            BinaryPrimitives.WriteUInt16BigEndian(address[(groups++ * 2)..], (ushort)value);
            at = end;
            if (at == text.Length)
                break;
            if (text[at++] != ':' || at == text.Length)
                return false;
            if (text[at] == ':')
            {
                if (gap >= 0)
                    return false;
                gap = groups;
                at++;
            }
        }

        if (gap < 0)
            return groups == 8;
        if (groups == 8)
            return false;
        int tail = (groups - gap) * 2;
        address.Slice(gap * 2, tail).CopyTo(address[(16 - tail)..]);
        address[(gap * 2)..(16 - tail)].Clear();
        return true;
    }

    /// <summary>Writes an address as RFC 5952 wants it: lower case, no leading zeros, the first longest run of two or more zero groups as <c>::</c>, IPv4-mapped ones dotted.</summary>
    public static int Write(ReadOnlySpan<byte> address, Span<byte> output)
    {
        bool mapped = address[..10].IndexOfAnyExcept((byte)0) < 0 && address[10] == 0xFF && address[11] == 0xFF;
        int groups = mapped ? 6 : 8, gap = -1, gapLength = 1;
        for (int i = 0; i < groups; i++)
        {
            int run = i;
            while (run < groups && address[run * 2] == 0 && address[(run * 2) + 1] == 0)
                run++;
            if (run - i > gapLength)
                (gap, gapLength) = (i, run - i);
            i = Math.Max(i, run);
        }

        int at = 0;
        for (int i = 0; i < groups; i++)
        {
            if (i == gap)
            {
                output[at++] = (byte)':';
                output[at++] = (byte)':';
                i += gapLength - 1;
                continue;
            }

            if (at > 0 && output[at - 1] != ':')
                output[at++] = (byte)':';
            BinaryPrimitives.ReadUInt16BigEndian(address[(i * 2)..]).TryFormat(output[at..], out int digits, "x", CultureInfo.InvariantCulture);
            at += digits;
        }

        for (int i = 12; mapped && i < 16; i++)
        {
            output[at++] = i == 12 ? (byte)':' : (byte)'.';
            address[i].TryFormat(output[at..], out int digits, default, CultureInfo.InvariantCulture);
            at += digits;
        }

        return at;
    }

    /// <summary>Two that touch, or as many as eight groups have, or six and a dotted address: a time of day has fewer.</summary>
    private static bool HasColons(ReadOnlySpan<byte> text) => text.Count((byte)':') >= 6 || text.IndexOf("::"u8) >= 0;

    private static bool IsPart(byte b) => b is (byte)':' or (byte)'.' || Bytes.Is(b, ByteClass.Hex);

    private static bool Touches(ReadOnlySpan<byte> text, int start, int end) =>
        (start > 0 && (Bytes.Is(text[start - 1], ByteClass.Alphanumeric) || text[start - 1] is (byte)'_' or (byte)':'))
        || (end < text.Length && (Bytes.Is(text[end], ByteClass.Alphanumeric) || text[end] == '_'));

    private static bool IsSomethingElse(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAnyInRange((byte)'0', (byte)'9') < 0 && text.Count((byte)':') < 4)
            return true;
        return text.Length == 23 && text.IndexOf("::"u8) < 0 && text.Count((byte)':') == 7 && text[2] == ':' && text[5] == ':' && text[8] == ':'
            && text[11] == ':' && text[14] == ':' && text[17] == ':';
    }
}
