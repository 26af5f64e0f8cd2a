using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weir.Cli.Output;

/// <summary>How weir writes JSON: snake_case, readable letters, controls escaped.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
