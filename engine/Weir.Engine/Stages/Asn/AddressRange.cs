using System.Globalization;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>The addresses from one to another, both of them in it; of one sort, IPv4 or IPv6.</summary>
internal readonly record struct AddressRange(Address First, Address Last)
{
    /// <summary>Reads an address as a cell of a log may hold it, or a prefix (<c>192.0.2.0/24</c>).</summary>
    public static bool TryRead(string text, out AddressRange range)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Trim());
        bool read = AddressPrefix.TryRead(bytes, out Address first, out Address last);
        if (!read && AddressText.TryReadCell(bytes, out first))
            (last, read) = (first, true);
        range = read ? new AddressRange(first, last) : default;
        return read;
    }

    /// <summary>The prefix that a text would be without the bits behind its length; null where it is none even so.</summary>
    public static string? Enclosing(string text)
    {
        string[] parts = text.Trim().Split('/');
        if (parts.Length != 2 || !AddressText.TryReadCell(Encoding.UTF8.GetBytes(parts[0]), out Address address) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            return null;
        int bits = address.IsIPv4 ? 32 : 128;
        if (length > bits)
            return null;
        UInt128 size = length == 0 && bits == 128 ? UInt128.MaxValue : (UInt128.One << (bits - length)) - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{new Address(address.Value & ~size, address.IsIPv4)}/{length}");
    }

    public bool Contains(Address address) => address.IsIPv4 == First.IsIPv4 && address.Value >= First.Value && address.Value <= Last.Value;
}
