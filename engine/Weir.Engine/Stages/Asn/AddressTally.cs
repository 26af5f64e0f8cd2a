using System.Text.Json.Nodes;

namespace Weir.Engine.Stages;

/// <summary>How many cells of a column are addresses. Sums are free of order.</summary>
/// <param name="Values">Cells that are neither NULL nor empty.</param>
/// <param name="Addresses">Those of them that are an address of any scope, or a list of nothing but addresses.</param>
/// <param name="Lists">Those of them that are a list.</param>
/// <param name="Asked">The user named the column: one address is enough.</param>
internal readonly record struct AddressTally(long Values, long Addresses, long Lists = 0, bool Asked = false)
{
    /// <summary>Whether the column holds addresses: at least 90 % of its values, and one.</summary>
    public bool IsAddresses => Addresses > 0 && (Asked || Addresses * 10 >= Values * 9);

    public static AddressTally operator +(AddressTally left, AddressTally right) =>
        new(left.Values + right.Values, left.Addresses + right.Addresses, left.Lists + right.Lists, left.Asked | right.Asked);

    public JsonNode ToJson() => new JsonObject { ["values"] = Values, ["addresses"] = Addresses, ["lists"] = Lists, ["asked"] = Asked };

    public static AddressTally FromJson(JsonNode json) => new((long)json["values"]!, (long)json["addresses"]!, (long)json["lists"]!, (bool)json["asked"]!);
}
