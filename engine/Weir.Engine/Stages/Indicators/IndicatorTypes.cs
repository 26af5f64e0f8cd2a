namespace Weir.Engine.Stages;

/// <summary>The spelling of indicator types and scopes, as tables hold them.</summary>
internal static class IndicatorTypes
{
    private static readonly string[] Names = [.. Enum.GetNames<IndicatorType>().Select(n => n.ToLowerInvariant())];

    public static string Name(this IndicatorType type) => Names[(int)type];

    public static string Name(this AddressRange range) => range switch
    {
        AddressRange.Public => "public",
        AddressRange.Private => "private",
        AddressRange.Loopback => "loopback",
        AddressRange.LinkLocal => "link-local",
        AddressRange.Multicast => "multicast",
        AddressRange.Documentation => "documentation",
        _ => "reserved",
    };
}
