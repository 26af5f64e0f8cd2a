using System.Buffers.Text;
using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>Reads and writes prefixes: <c>192.0.2.0/24</c>.</summary>
internal static class AddressPrefix
{
    /// <summary>Reads an address, a slash and a length; bits behind the length must be zero.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Address first, out Address last)
    {
        (first, last) = (default, default);
        int slash = text.IndexOf((byte)'/');
        if (slash < 0 || !AddressText.TryRead(text[..slash], out first))
            return false;
        bool mapped = first.IsIPv4 && text[..slash].Contains((byte)':'); // ::ffff:1.2.3.0/120
        int bits = first.IsIPv4 && !mapped ? 32 : 128;
        if (!Utf8Parser.TryParse(text[(slash + 1)..], out int length, out int used) || used != text.Length - slash - 1 || length < (mapped ? 96 : 0) || length > bits)
            return false;
        UInt128 size = length == 0 && bits == 128 ? UInt128.MaxValue : (UInt128.One << (bits - length)) - 1;
        last = new Address(first.Value | size, first.IsIPv4);
        return (first.Value & size) == 0;
    }

    /// <summary>The range as a prefix where it is one, else its ends with a hyphen.</summary>
    public static string Show(Address first, Address last)
    {
        UInt128 size = last.Value - first.Value;
        int length = (first.IsIPv4 ? 32 : 128) - (int)UInt128.PopCount(size);
        bool prefix = (size & (size + 1)) == 0 && (first.Value & size) == 0;
        return prefix ? string.Create(CultureInfo.InvariantCulture, $"{first}/{length}") : $"{first}-{last}";
    }
}
