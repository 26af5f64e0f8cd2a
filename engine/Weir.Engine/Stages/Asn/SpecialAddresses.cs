using System.Text;

namespace Weir.Engine.Stages;

/// <summary>The scope of an address, by IANA's registries.</summary>
/// <remarks>
/// Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, as of 2025), IPv6 address space registry (2000::/3 alone is global unicast), RFC 5771 and 4291 (multicast).
/// Registered and "globally reachable" is public. Choices where they leave one: shared address space 100.64.0.0/10 (RFC 6598) is private, as it stands behind a carrier's NAT and has no
/// network of its own in any routing table; the old relays 192.88.99.0/24, Teredo and 6to4 ("N/A") are public, as they are announced; site-local fec0::/10 (RFC 3879) is private.
/// </remarks>
internal static class SpecialAddresses
{
    // The first that holds the address counts: exceptions stand before what they are taken from.
    private static readonly Block[] IPv4 =
    [
        new("192.0.0.9/32", AddressScope.Public),        // port control protocol anycast
        new("192.0.0.10/32", AddressScope.Public),       // TURN anycast
        new("0.0.0.0/8", AddressScope.Reserved),         // this network
        new("10.0.0.0/8", AddressScope.Private),
        new("100.64.0.0/10", AddressScope.Private),
        new("127.0.0.0/8", AddressScope.Loopback),
        new("169.254.0.0/16", AddressScope.LinkLocal),
        new("172.16.0.0/12", AddressScope.Private),
        new("192.0.0.0/24", AddressScope.Reserved),      // protocol assignments
        new("192.0.2.0/24", AddressScope.Documentation),
        new("192.168.0.0/16", AddressScope.Private),
        new("198.18.0.0/15", AddressScope.Reserved),     // benchmarks
        new("198.51.100.0/24", AddressScope.Documentation),
        new("203.0.113.0/24", AddressScope.Documentation),
        new("224.0.0.0/4", AddressScope.Multicast),
        new("240.0.0.0/4", AddressScope.Reserved),
    ];

    private static readonly Block[] IPv6 =
    [
        new("2001:1::1/128", AddressScope.Public),       // port control protocol anycast
        new("2001:1::2/128", AddressScope.Public),       // TURN anycast
        new("2001:1::3/128", AddressScope.Public),       // DNS-SD anycast
        new("2001::/32", AddressScope.Public),           // Teredo
        new("2001:3::/32", AddressScope.Public),         // AMT
        new("2001:4:112::/48", AddressScope.Public),     // AS112
        new("2001:20::/28", AddressScope.Public),        // ORCHIDv2
        new("2001:30::/28", AddressScope.Public),        // drone remote identification
        new("2001::/23", AddressScope.Reserved),         // protocol assignments: benchmarks, ORCHID
        new("2001:db8::/32", AddressScope.Documentation),
        new("3fff::/20", AddressScope.Documentation),
        new("2000::/3", AddressScope.Public),
        new("::1/128", AddressScope.Loopback),
        new("64:ff9b::/96", AddressScope.Public),        // NAT64
        new("64:ff9b:1::/48", AddressScope.Private),     // NAT64 of a network's own
        new("fc00::/7", AddressScope.Private),
        new("fe80::/10", AddressScope.LinkLocal),
        new("fec0::/10", AddressScope.Private),
        new("ff00::/8", AddressScope.Multicast),
        new("::/0", AddressScope.Reserved),
    ];

    // The runtime compiles no UInt128 ahead, and the addresses of a log are IPv4.
    private static readonly (uint First, uint Size, AddressScope Scope)[] Narrow = [.. IPv4.Select(b => ((uint)b.First, (uint)b.Size, b.Scope))];

    /// <summary>The same of an IPv4 address, most significant byte first.</summary>
    public static AddressScope ScopeOf(uint address)
    {
        foreach (var (first, size, scope) in Narrow)
        {
            if (address - first <= size)
                return scope;
        }

        return AddressScope.Public;
    }

    public static AddressScope ScopeOf(Address address)
    {
        foreach (Block block in address.IsIPv4 ? IPv4 : IPv6)
        {
            if (address.Value - block.First <= block.Size)
                return block.Scope;
        }

        return AddressScope.Public;
    }

    /// <summary>All that is not public, as ranges in order.</summary>
    public static IReadOnlyList<(UInt128 First, UInt128 Last)> NotPublic(bool ipv4)
    {
        UInt128 end = ipv4 ? uint.MaxValue : UInt128.MaxValue;
        Block[] blocks = ipv4 ? IPv4 : IPv6;
        var starts = new SortedSet<UInt128> { 0 };
        foreach (Block block in blocks)
        {
            starts.Add(block.First);
            if (block.First + block.Size != end)
                starts.Add(block.First + block.Size + 1);
        }

        UInt128[] all = [.. starts];
        var ranges = new List<(UInt128 First, UInt128 Last)>();
        for (int i = 0; i < all.Length; i++)
        {
            UInt128 last = i + 1 < all.Length ? all[i + 1] - 1 : end;
            if (ScopeOf(new Address(all[i], ipv4)) == AddressScope.Public)
                continue;
            if (ranges.Count > 0 && ranges[^1].Last + 1 == all[i])
                ranges[^1] = (ranges[^1].First, last);
            else
                ranges.Add((all[i], last));
        }

        return ranges;
    }

    private readonly struct Block
    {
        public Block(string prefix, AddressScope scope)
        {
            AddressPrefix.TryRead(Encoding.ASCII.GetBytes(prefix), out Address first, out Address last);
            (First, Size, Scope) = (first.Value, last.Value - first.Value, scope);
        }

        public UInt128 First { get; }

        /// <summary>Addresses less one.</summary>
        public UInt128 Size { get; }

        public AddressScope Scope { get; }
    }
}
