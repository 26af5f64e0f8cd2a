using System.Globalization;
using System.Text.Json.Nodes;

namespace Weir.Engine.Stages;

/// <summary>The sums as they stand in a checkpoint; zeros are left out.</summary>
internal sealed partial class ColumnTally
{
    public JsonNode ToJson()
    {
        var json = new JsonObject();
        Put(json, "values", Values);
        Put(json, "empty", Empty);
        Put(json, "integers", Integers);
        Put(json, "beyond", BeyondDouble ? 1 : 0);
        Put(json, "shortest", Shortest);
        Put(json, "point", Point);
        Put(json, "look", (long)Look);
        Put(json, "booleans", booleans);
        Put(json, "decimals", decimals);
        Put(json, "times", times);
        Put(json, "parts", Array.ConvertAll(parts, p => (long)p));
        if (Lists is not null)
            json["lists"] = Lists.ToJson();
        if (Addresses is { } addresses)
            json["addresses"] = addresses.ToJson();
        if (shapes.Count == 0)
            return json;
        var counts = new JsonObject();
        foreach (ulong shape in shapes.Keys.Order())
            counts[shape.ToString("x", CultureInfo.InvariantCulture)] = shapes[shape];
        json["shapes"] = counts;
        return json;
    }

    public static ColumnTally FromJson(ColumnHint hint, JsonNode json)
    {
        var tally = new ColumnTally(hint)
        {
            Values = Take(json, "values"),
            Empty = Take(json, "empty"),
            Integers = Take(json, "integers"),
            BeyondDouble = Take(json, "beyond") != 0,
            Shortest = Take(json, "shortest"),
            Point = Take(json, "point"),
            Look = (IocLook)Take(json, "look"),
        };
        Take(json, "booleans", tally.booleans);
        Take(json, "decimals", tally.decimals);
        Take(json, "times", tally.times);
        var found = new long[Families];
        Take(json, "parts", found);
        for (int i = 0; i < found.Length; i++)
            tally.parts[i] = (Parts)found[i];
        if (json["lists"] is { } lists)
            tally.Lists = ListTally.FromJson(lists);
        if (json["addresses"] is { } addresses)
            tally.Addresses = AddressTally.FromJson(addresses);
        if (json["shapes"] is JsonObject counts)
        {
            foreach ((string shape, JsonNode? count) in counts)
                tally.AddShape(ulong.Parse(shape, NumberStyles.HexNumber, CultureInfo.InvariantCulture), count!.GetValue<long>());
            if (tally.shapes.Count == MostShapes)
                tally.biggestShape = tally.Biggest();
        }

        return tally;
    }

    private static void Put(JsonObject json, string name, long value)
    {
        if (value != 0)
            json[name] = value;
    }

    // Sparse: position and value in turn.
    private static void Put(JsonObject json, string name, long[] values)
    {
        var pairs = new JsonArray();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                continue;
            pairs.Add((JsonNode)(long)i);
            pairs.Add((JsonNode)values[i]);
        }

        if (pairs.Count > 0)
            json[name] = pairs;
    }

    private static long Take(JsonNode json, string name) => json[name]?.GetValue<long>() ?? 0;

    private static void Take(JsonNode json, string name, long[] values)
    {
        if (json[name] is not JsonArray pairs)
            return;
        for (int i = 0; i + 1 < pairs.Count; i += 2)
            values[(int)pairs[i]!.GetValue<long>()] = pairs[i + 1]!.GetValue<long>();
    }
}
