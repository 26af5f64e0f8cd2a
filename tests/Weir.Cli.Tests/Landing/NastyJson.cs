using System.Globalization;
using System.Text;

namespace Weir.Cli.Tests.Landing;

/// <summary>JSON with what hurts: keys that come late and go again, mixed types, lists, faults.</summary>
internal static class NastyJson
{
    /// <param name="envelope">Key under which the records stand; null: one a line; empty: a list.</param>
    public static byte[] Make(int seed, int rows, string? envelope)
    {
        var random = new Random(seed);
        string[] records = [.. Enumerable.Range(0, rows).Select(i => Record(random, i, rows))];
        return envelope is null ? Encoding.UTF8.GetBytes(string.Concat(records.Select(r => r + (random.Next(40) == 0 ? "\n\n" : "\n"))))
            : envelope.Length == 0 ? Encoding.UTF8.GetBytes($"[{string.Join(",\n", records)}]")
            : Encoding.UTF8.GetBytes($"{{\"@odata.context\":\"x\",\"{envelope}\":[{string.Join(",", records)}],\"@odata.nextLink\":\"https://example.com/next\"}}");
    }

    private static string Record(Random random, int i, int rows)
    {
        string number = i.ToString(CultureInfo.InvariantCulture);
        var pairs = new List<string> { $"\"id\":{number}", $"\"ip\":\"8.8.{random.Next(256)}.{random.Next(256)}\"" };
        if (random.Next(3) > 0)
            pairs.Add($"\"user\":{(random.Next(200) == 0 ? "{\"name\":\"odd\"}" : $"\"u{random.Next(50)}\"")}");
        if (random.Next(4) > 0)
            pairs.Add($"\"time\":\"2024-03-{1 + (i % 28):00}T10:00:00.{i % 1000:000}Z\"");
        if (i > rows / 3)
            pairs.Add($"\"device\":{{\"os\":\"w{random.Next(3)}\",\"late{i * 20 / rows}\":{random.Next(1000)}}}");
        if (random.Next(5) == 0)
            pairs.Add($"\"roles\":[{string.Join(",", Enumerable.Range(0, random.Next(3)).Select(r => $"\"r{r}\""))}]");
        if (random.Next(60) == 0)
            pairs.Add("\"user\":\"twice\"");
        if (random.Next(60) == 0)
            pairs.Add("\"lone\":\"\\udc00\"");
        if (random.Next(60) == 0)
            pairs.Add("\"value\":NaN");
        if (random.Next(10) == 0)
            pairs.Add($"\"amount\":{random.Next(100)}.{random.Next(10)}0");
        string record = $"{{{string.Join(", ", pairs)}}}";
        return random.Next(150) == 0 ? record.Replace("\"id\":", "\"id\"::", StringComparison.Ordinal) : record;
    }
}
