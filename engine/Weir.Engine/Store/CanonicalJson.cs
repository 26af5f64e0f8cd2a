using System.Buffers;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Weir.Engine.Store;

/// <summary>JSON text whose objects have their members in one order: two exports of a record may differ in it.</summary>
internal static class CanonicalJson
{
    /// <summary>Name of the function on the writer's connection. No view uses it.</summary>
    public const string Function = "weir_canonical";

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 64 };

    /// <summary>Makes it known to a connection: VARCHAR to VARCHAR.</summary>
    public static void Register(DuckDBConnection connection) => connection.RegisterScalarFunction<string, string>(Function, (cells, canonical, rows) =>
    {
        for (ulong i = 0; i < rows; i++)
            canonical.WriteValue(Of(cells[0].GetValue<string>(i)), i);
    });

    /// <summary>The text in that order; as it is where it is no JSON.</summary>
    public static string Of(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Reading);
            var bytes = new ArrayBufferWriter<byte>(text.Length);
            using (var writer = new Utf8JsonWriter(bytes))
                Write(document.RootElement, writer);
            return Encoding.UTF8.GetString(bytes.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(element.GetRawText());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
