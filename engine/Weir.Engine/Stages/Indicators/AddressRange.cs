namespace Weir.Engine.Stages;

/// <summary>Where an address belongs.</summary>
internal enum AddressRange : byte
{
    Public,
    Private,
    Loopback,
    LinkLocal,
    Multicast,
    Reserved,
    Documentation,
}
