namespace Weir.Engine.Stages;

/// <summary>The spelling of indicator types and scopes, as tables hold them.</summary>
internal static class IndicatorTypes
{
    private static readonly string[] Names = [.. Enum.GetNames<IndicatorType>().Select(n => n.ToLowerInvariant())];

    public static string Name(this IndicatorType type) => Names[(int)type];

    public static string Name(this AddressScope range) => range switch
    {
        AddressScope.Public => "public",
        AddressScope.Private => "private",
        AddressScope.Loopback => "loopback",
        AddressScope.LinkLocal => "link-local",
        AddressScope.Multicast => "multicast",
        AddressScope.Documentation => "documentation",
        _ => "reserved",
    };
}
