using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weir.Cli.Output;

/// <summary>How weir writes JSON: snake_case, readable letters, what could steer a terminal escaped.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line of JSON; what a terminal would obey stands as escapes of JSON.</summary>
    public static string Line<T>(T value) => Terminal.Json(JsonSerializer.Serialize(value, Options));

    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
