namespace Weir.Engine.Stages;

/// <summary>What an address is for.</summary>
internal enum AddressScope
{
    /// <summary>Anybody's on the internet.</summary>
    Public,

    /// <summary>A local network's: RFC 1918, fc00::/7, and what stands between a carrier and its customers (100.64.0.0/10).</summary>
    Private,

    /// <summary>The machine itself.</summary>
    Loopback,

    /// <summary>One link's.</summary>
    LinkLocal,

    /// <summary>A group's.</summary>
    Multicast,

    /// <summary>Not assigned, or for protocols and tests.</summary>
    Reserved,

    /// <summary>For examples in texts.</summary>
    Documentation,
}
