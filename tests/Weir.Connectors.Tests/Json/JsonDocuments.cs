using System.Text;
using System.Text.Json;
using CsCheck;

namespace Weir.Connectors.Tests;

/// <summary>Generated JSON: records with nasty keys and values, in every layout that exports have.</summary>
internal static class JsonDocuments
{
    private static readonly string[] Names =
    [
        "a", "A", "b", "", "a.b", "source_id", "row_id", "_time", "é", "a\"b", "a\\b", "value", "x y", "_extra_json", "\0", "😀", "result", new string('k', 10_000),
    ];

    private static readonly string[] Scalars =
    [
        "1", "-0", "1.50", "1e400", "12345678901234567890123", "true", "false", "null", "\"\"", "\"x\"", "\"é\\u00e9\\n\"", "\"\\ud83d\\ude00\"", "\"[1]\"", "\"{\\\"a\\\":1}\"",
        "\"}{][\\\"\"", "\"\\\\\"", "\"a\\u0000b\"", "\"2024-01-01T00:00:00Z\"",
    ];

    private static readonly Gen<string> Scalar = Of(Scalars);

    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Key => Of(Names).Select(n => JsonSerializer.Serialize(n));

    private static Gen<string> Value(int depth) => depth == 0 ? Scalar
        : Gen.Frequency(
            (5, Scalar),
            (1, Scalar.Array[0, 3].Select(v => $"[{string.Join(",", v)}]")),
            (1, Value(depth - 1).Array[0, 2].Select(v => $"[ {string.Join(", ", v)} ]")),
            (2, Object(depth - 1)));

    private static Gen<string> Object(int depth) => Gen.Select(Key, Value(depth)).Array[0, 4].Select(pairs => $"{{{string.Join(",", pairs.DistinctBy(p => p.Item1).Select(p => $"{p.Item1}:{p.Item2}"))}}}");

    /// <summary>Records of a source.</summary>
    public static Gen<string[]> Records { get; } = Gen.Frequency((6, Object(2)), (1, Object(5)), (1, Nested(12))).Array[1, 8];

    /// <summary>Records that are not empty: of <c>[]</c> and <c>{}</c> alone nothing tells the layout.</summary>
    public static Gen<string[]> Telling { get; } = Records.Select(r => (string[])["""{"k":1}""", .. r]);

    private static Gen<string> Nested(int depth) => Key.Array[depth].Select(keys => string.Concat(keys.Select(k => $"{{{k}:")) + "1" + new string('}', depth));

    public static byte[] Lines(string[] records) => Encoding.UTF8.GetBytes(string.Concat(records.Select(r => r + "\n")));

    public static byte[] Array(string[] records) => Encoding.UTF8.GetBytes($"[{string.Join(",", records)}]");

    public static byte[] Concatenated(string[] records) => Encoding.UTF8.GetBytes(string.Concat(records));

    public static byte[] Pretty(string[] records) => Encoding.UTF8.GetBytes("[\n  " + string.Join(",\n  ", records.Select(r => r is "{}" || r[0] != '{' ? r : $"{{\n    {r[1..^1]}\n  }}")) + "\n]\n");

    public static byte[] Envelope(string[] records, string key) =>
        Encoding.UTF8.GetBytes(string.Join(":{", key.Split('.').Select((k, i) => (i == 0 ? "{\"@odata.context\":\"x\"," : "\"took\":[1,{}],").ToString() + $"\"{k}\"")) is var head
            ? $"{head}:[{string.Join(",\n", records)}],\"next\":\"y\"{new string('}', key.Split('.').Length)}" : "");

    /// <summary>Original name of a column and the text of its cell, for every scalar of a record; what is text there is text here.</summary>
    public static Dictionary<string, string?> Walk(string record)
    {
        var cells = new Dictionary<string, string?>();
        using JsonDocument parsed = JsonDocument.Parse(record, new JsonDocumentOptions { MaxDepth = 1000 });
        Walk(parsed.RootElement, "", 0, cells);
        return cells;
    }

    private static void Walk(JsonElement value, string path, int depth, Dictionary<string, string?> cells)
    {
        if (value.ValueKind == JsonValueKind.Object && depth < 8 && (depth == 0 || value.EnumerateObject().Any()))
        {
            foreach (JsonProperty property in value.EnumerateObject())
            {
                string key = property.Name.Length == 0 || property.Name.Any(c => c is '.' or '"' or '\\')
                    ? "\"" + property.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"" : property.Name;
                Walk(property.Value, depth == 0 ? key : path + "." + key, depth + 1, cells);
            }

            return;
        }

        string? text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
        cells[path.Length == 0 && depth == 0 ? "value" : path] = text;
    }
}
