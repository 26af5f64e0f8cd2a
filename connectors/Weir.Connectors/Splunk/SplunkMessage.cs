using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Weir.Connectors;

/// <summary>Something the server says beside its results.</summary>
/// <param name="Channel">Where it stood: <c>job</c>, <c>results</c>, <c>export</c>, <c>answer</c>.</param>
/// <param name="Type">Its level: DEBUG, INFO, WARN, ERROR, FATAL.</param>
/// <param name="Text">What it says; whoever wrote to the index may have a hand in it.</param>
internal sealed partial record SplunkMessage(string Channel, string Type, string Text)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc cref="SplunkTexts.SayIncomplete"/>
    public bool SaysIncomplete => SplunkTexts.SayIncomplete(Type, Text);

    /// <summary>The server took another range than the one of the request: a time modifier in the search overrides it.</summary>
    public bool SaysOtherRange => Text.Contains("timerange was substituted", StringComparison.OrdinalIgnoreCase);

    /// <summary>Too many searches run at once: it is to be tried again later.</summary>
    public bool SaysQuota => Quota().IsMatch(Text);

    public override string ToString() => $"{Type}: {Text}";

    /// <summary>The messages of a JSON answer: a list of objects, or one.</summary>
    public static IEnumerable<SplunkMessage> Read(string channel, JsonElement messages)
    {
        if (messages.ValueKind == JsonValueKind.Object)
            return [One(channel, messages)];
        return messages.ValueKind == JsonValueKind.Array ? messages.EnumerateArray().Select(m => One(channel, m)).ToArray() : [];
    }

    /// <summary>Reads an answer that may hold bytes that are no UTF-8: replaced, as a document would throw at each look.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(byte[] body) => JsonDocument.Parse(Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body)));

    /// <summary>All of them, each once with how often it came.</summary>
    public static string ToJson(IEnumerable<SplunkMessage> messages)
    {
        var list = new JsonArray();
        foreach (IGrouping<SplunkMessage, SplunkMessage> same in messages.GroupBy(m => m))
        {
            var one = new JsonObject { ["channel"] = same.Key.Channel, ["type"] = same.Key.Type, ["text"] = same.Key.Text };
            if (same.Count() > 1)
                one["times"] = same.Count();
            list.Add(one);
        }

        return list.ToJsonString(Readable);
    }

    private static SplunkMessage One(string channel, JsonElement message)
    {
        string Part(string key) => message.ValueKind == JsonValueKind.Object && message.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? TextOf(value) : "";
        return message.ValueKind == JsonValueKind.Object ? new(channel, Part("type"), Part("text")) : new(channel, "", TextOf(message));
    }

    /// <summary>Text of a value as far as it is text: a lone surrogate stays the escape that it is.</summary>
    public static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }

    /// <summary>Name of a field; a lone surrogate in it stays the escape that it is.</summary>
    public static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(field));
        }
    }

    [GeneratedRegex(@"maximum number of (concurrent|historical|running)|concurrency limit|search not executed:.*(quota|concurrent|limit)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Quota();
}
