using MaxMind.Db;

namespace Weir.Benchmarks;

/// <summary>What MaxMind's reader makes of an entry.</summary>
[method: Constructor]
internal sealed class AsnRecord([MapKey("autonomous_system_number")] long? number, [MapKey("autonomous_system_organization")] string organisation)
{
    public long? Number => number;

    public string Organisation => organisation;
}
