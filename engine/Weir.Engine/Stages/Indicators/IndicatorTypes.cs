namespace Weir.Engine.Stages;

/// <summary>The spelling of indicator types and scopes, as tables hold them.</summary>
internal static class IndicatorTypes
{
    private static readonly string[] Names = [.. Enum.GetNames<IndicatorType>().Select(n => n.ToLowerInvariant())];

    // Room for the scopes, and for none.
    private const int Scopes = 8;

    /// <summary>Every type alone and with every scope, as table <c>weir.ioc_types</c> holds them.</summary>
    public static IEnumerable<(int Number, string Type, string? Scope)> All =>
        from type in Enum.GetValues<IndicatorType>()
        from scope in Enum.GetValues<AddressScope>().Select(s => (AddressScope?)s).Prepend(null)
        select (Number(type, scope), type.Name(), scope?.Name());

    /// <summary>Type and scope in one.</summary>
    public static int Number(IndicatorType type, AddressScope? scope) => ((int)type * Scopes) + (scope is { } of ? (int)of + 1 : 0);

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
