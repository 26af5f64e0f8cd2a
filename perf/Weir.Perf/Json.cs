using System.Text.Json;

namespace Weir.Perf;

internal static class Json
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
