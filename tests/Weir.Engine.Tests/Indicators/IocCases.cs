using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Weir.Engine.Tests.Indicators;

/// <summary>The published extraction and decoding cases among the sample data.</summary>
internal static partial class IocCases
{
    public static IEnumerable<JsonElement> Read(string path) => File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement);

    /// <summary>Values a case expects, by type.</summary>
    public static Dictionary<string, string[]> Expected(JsonElement one) =>
        one.GetProperty("expected").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(v => v.GetString()!).ToArray());

    public static string Text(JsonElement one, string property) => one.GetProperty(property).GetString()!;

    public static byte[] Input(JsonElement one) => Encoding.UTF8.GetBytes(Text(one, "input"));

    /// <summary>Whether the text hides a dot, an at sign or a scheme, which nothing here undoes.</summary>
    public static bool IsDefanged(string text) => Defanged().IsMatch(text);

    [GeneratedRegex(
        @"(?i)hxx|hx\*|h\*\*p|[\[({<]\s*(\.|dot|@|at|:)|(\.|\bdot|@|\bat)\s*[\])}>]|\bdot\b|\bat\b|[\[({]+\.|\\\.|\\\\|__|\[/|\]/| \. |\. ?com|\s@|@\s|:// |\bfpt|ftx|\^|\s\.|[\[\]]{2}|\w\[\.|\[d\]|//www\. |=3D|% |\*2F|=40|%25")]
    private static partial Regex Defanged();
}
