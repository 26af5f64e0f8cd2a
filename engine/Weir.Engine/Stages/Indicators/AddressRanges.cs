using System.Buffers.Binary;

namespace Weir.Engine.Stages;

/// <summary>Addresses by range, after the IANA special-purpose registries (RFC 6890 and its followers).</summary>
internal static class AddressRanges
{
    /// <param name="address">The four bytes, the first one highest.</param>
    public static AddressRange Of(uint address) => (address >> 24) switch
    {
        10 => AddressRange.Private,
        127 => AddressRange.Loopback,
        0 => AddressRange.Reserved,
        100 when address >> 22 == 0x6440 >> 6 => AddressRange.Reserved,       // 100.64/10: shared by carriers, routed nowhere else
        169 when address >> 16 == 0xA9FE => AddressRange.LinkLocal,
        172 when address >> 20 == 0xAC1 => AddressRange.Private,
        192 when address >> 16 == 0xC0A8 => AddressRange.Private,
        192 when address >> 8 == 0xC00000 => AddressRange.Reserved,           // 192.0.0/24: protocol assignments
        192 when address >> 8 == 0xC00002 => AddressRange.Documentation,      // 192.0.2/24
        198 when address >> 17 == 0xC612 >> 1 => AddressRange.Reserved,       // 198.18/15: benchmarks
        198 when address >> 8 == 0xC63364 => AddressRange.Documentation,      // 198.51.100/24
        203 when address >> 8 == 0xCB0071 => AddressRange.Documentation,      // 203.0.113/24
        >= 224 and < 240 => AddressRange.Multicast,
        >= 240 => AddressRange.Reserved,
        _ => AddressRange.Public,
    };

    /// <param name="address">The sixteen bytes. An IPv4-mapped address has the range of the address in it.</param>
    public static AddressRange Of(ReadOnlySpan<byte> address)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(address), low = BinaryPrimitives.ReadUInt64BigEndian(address[8..]);
        if (high == 0)
            return low == 1 ? AddressRange.Loopback : low >> 32 == 0xFFFF ? Of((uint)low) : AddressRange.Reserved;
        if (high >> 32 == 0x2001_0DB8 || high >> 44 == 0x3FFF0)
            return AddressRange.Documentation;
        return (high >> 56) switch
        {
            0xFF => AddressRange.Multicast,
            0xFC or 0xFD => AddressRange.Private,
            0xFE when high >> 54 == 0xFE80 >> 6 => AddressRange.LinkLocal,
            >= 0x20 and <= 0x3F => AddressRange.Public,
            0x00 when high == 0x0064_FF9B_0000_0000 => AddressRange.Public, // addresses of IPv4 hosts behind a translator
            _ => AddressRange.Reserved,
        };
    }
}
