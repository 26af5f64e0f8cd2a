namespace Weir.Engine.Stages;

/// <summary>Reads the address in a cell: all of RFC 4291 and 5952, with port, brackets, zone, and blanks or quotes around it.</summary>
/// <remarks>
/// <c>1.2.3.4</c>, <c>1.2.3.4:443</c>, <c>2a01::1</c>, <c>[2a01::1]</c>, <c>[2a01::1]:443</c>, <c>[1.2.3.4]</c>, <c>fe80::1%eth0</c>; <c>::ffff:1.2.3.4</c> is IPv4.
/// Nothing else: three or five numbers, numbers above 255, leading zeros (some systems read them as octal), prefixes (<c>/24</c>). Allocates nothing.
/// </remarks>
internal static class AddressText
{
    private const int Groups = 8;

    private static readonly byte[] Hex = HexDigits();

    private const int LongestCell = 128;

    /// <summary>A cell of a log: far too long for an address is none, whatever blanks it is made of.</summary>
    public static bool TryReadCell(ReadOnlySpan<byte> text, out Address address)
    {
        address = default;
        return text.Length <= LongestCell && TryRead(text, out address);
    }

    public static bool TryRead(ReadOnlySpan<byte> text, out Address address)
    {
        int used = ReadIPv4(text, out uint number);
        if (used > 0 && used == text.Length)
        {
            address = new Address(number, IsIPv4: true);
            return true;
        }

        text = Bare(text);
        if (text is [(byte)'[', ..])
        {
            int close = text.IndexOf((byte)']');
            address = default;
            return close > 0 && IsPort(text[(close + 1)..]) && TryReadPlain(text[1..close], out address);
        }

        used = ReadIPv4(text, out number);
        if (used > 0 && IsPort(text[used..]))
        {
            address = new Address(number, IsIPv4: true);
            return true;
        }

        return TryReadIPv6(text, out address);
    }

    private static bool TryReadPlain(ReadOnlySpan<byte> text, out Address address)
    {
        int used = ReadIPv4(text, out uint number);
        address = new Address(number, IsIPv4: true);
        return used > 0 ? used == text.Length : TryReadIPv6(text, out address);
    }

    /// <summary>Without blanks around it, and without one pair of quotes.</summary>
    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        return text is [(byte)'"' or (byte)'\'', .., (byte)'"' or (byte)'\''] && text[0] == text[^1] ? text[1..^1].Trim(" \t"u8) : text;
    }

    /// <summary>Nothing, or a colon and a port.</summary>
    private static bool IsPort(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return true;
        if (text[0] != ':' || text.Length is < 2 or > 6)
            return false;
        int port = 0;
        foreach (byte c in text[1..])
        {
            uint digit = (uint)(c - '0');
            if (digit > 9)
                return false;
            port = (port * 10) + (int)digit;
        }

        return port <= ushort.MaxValue;
    }

    /// <summary>Length of the IPv4 address at the start, 0 where there is none.</summary>
    private static int ReadIPv4(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        int at = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && ((uint)at >= (uint)text.Length || text[at++] != '.'))
                return 0;
            int start = at;
            uint number = 0;
            while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') is <= 9 and var digit && at - start < 4)
            {
                number = (number * 10) + digit;
                at++;
            }

            int digits = at - start;
            if (digits == 0 || number > 255 || (digits > 1 && text[start] == '0'))
                return 0;
            value = (value << 8) | number;
        }

        return at;
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> text, out Address address)
    {
        address = default;
        int zone = text.IndexOf((byte)'%');
        if (zone >= 0)
        {
            if (!IsZone(text[(zone + 1)..]))
                return false;
            text = text[..zone];
        }

        if (text.Length < 2)
            return false;
        ulong high = 0, low = 0; // groups so far, the last one lowest
        int count = 0, gap = -1; // and how many stand before the ::
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] == ':')
            {
                if (at + 1 < text.Length && text[at + 1] == ':')
                {
                    if (gap >= 0)
                        return false;
                    gap = count;
                    at += 2;
                    continue;
                }

                if (at == 0 || gap == count || ++at == text.Length)
                    return false;
            }
            else if (at > 0 && gap != count)
            {
                return false; // a group ended without a colon
            }

            int start = at;
            uint group = 0;
            while ((uint)at < (uint)text.Length && Hex[text[at]] is < 16 and var digit)
            {
                group = (group << 4) | digit;
                if (++at - start > 4)
                    return false;
            }

            if (at == start)
                return false;
            if (at < text.Length && text[at] == '.')
            {
                if (count > Groups - 2 || ReadIPv4(text[start..], out uint tail) != text.Length - start)
                    return false;
                (high, low) = ((high << 32) | (low >> 32), (low << 32) | tail);
                count += 2;
                break;
            }

            if (++count > Groups)
                return false;
            (high, low) = ((high << 16) | (low >> 48), (low << 16) | group);
        }

        if (gap < 0 ? count != Groups : count >= Groups)
            return false;
        var value = new UInt128(high, low);
        if (gap > 0)
        {
            int behind = 16 * (count - gap);
            value = ((value >> behind) << (128 - (16 * gap))) | (value & ((UInt128.One << behind) - 1));
        }

        address = Address.OfIPv6(value);
        return true;
    }

    // RFC 6874's characters, and the % that a URL escapes as %25.
    private static bool IsZone(ReadOnlySpan<byte> text)
    {
        foreach (byte c in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'.' or (byte)'_' or (byte)'~' or (byte)'-' or (byte)'%'))
                return false;
        }

        return !text.IsEmpty;
    }

    private static byte[] HexDigits()
    {
        var values = new byte[256];
        values.AsSpan().Fill(byte.MaxValue);
        for (byte i = 0; i < 16; i++)
            values["0123456789abcdef"[i]] = values["0123456789ABCDEF"[i]] = i;
        return values;
    }
}
