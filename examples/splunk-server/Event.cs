using System.Globalization;
using System.Text;

namespace Weir.SplunkServer;

/// <summary>An indexed event, or a row that a command made.</summary>
/// <param name="Time">When it happened; rows of <c>stats</c> have none.</param>
/// <param name="Indexed">When the server got it, whole seconds.</param>
/// <param name="Fields">Names and values: a text, several, or null.</param>
internal sealed record Event(DateTime Time, DateTime Indexed, IReadOnlyList<KeyValuePair<string, object?>> Fields)
{
    /// <summary>Fields that results have only where they are asked for.</summary>
    public static readonly string[] OnRequest = ["_bkt", "_cd", "_indextime", "_serial", "_si"];

    public string? Text(string field) => Fields.FirstOrDefault(f => f.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value switch
    {
        string text => text,
        string[] many => string.Join('\n', many),
        _ => null,
    };

    public IEnumerable<string> Values(string field) => Fields.FirstOrDefault(f => f.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value switch
    {
        string text => [text],
        string[] many => many,
        _ => [],
    };

    /// <summary>The event as an object of JSON, as the results endpoint writes it.</summary>
    /// <param name="shown">Whether a field is part of the answer.</param>
    /// <param name="time">How its time is written.</param>
    public void Write(MemoryStream target, Func<string, bool> shown, Func<DateTime, string> time)
    {
        target.WriteByte((byte)'{');
        bool first = true;
        foreach ((string name, object? value) in Fields)
        {
            if (!shown(name))
                continue;
            if (!first)
                target.WriteByte((byte)',');
            first = false;
            Json.Write(target, name);
            target.WriteByte((byte)':');
            if (name == "_time" && Time != default)
                Json.Write(target, time(Time));
            else
                Json.Value(target, value);
        }

        target.WriteByte((byte)'}');
    }

    public static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture);
}

/// <summary>Bytes of a text that is no valid Unicode: written as they are.</summary>
/// <param name="Bytes">Between the quotes.</param>
internal sealed record RawText(byte[] Bytes);

/// <summary>JSON as Splunk writes it: compact, everything beyond ASCII as it is.</summary>
internal static class Json
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c), '"', '\\']);

    public static void Value(MemoryStream target, object? value)
    {
        switch (value)
        {
            case null:
                target.Write("null"u8);
                break;
            case RawText raw:
                target.WriteByte((byte)'"');
                target.Write(raw.Bytes);
                target.WriteByte((byte)'"');
                break;
            case string[] many:
                target.WriteByte((byte)'[');
                for (int i = 0; i < many.Length; i++)
                {
                    if (i > 0)
                        target.WriteByte((byte)',');
                    Write(target, many[i]);
                }

                target.WriteByte((byte)']');
                break;
            default:
                Write(target, (string)value);
                break;
        }
    }

    public static void Write(MemoryStream target, string text)
    {
        target.WriteByte((byte)'"');
        int plain = 0;
        for (int i = text.AsSpan().IndexOfAny(Special) is >= 0 and var first ? first : text.Length; i < text.Length; i++)
        {
            char c = text[i];
            if (c >= ' ' && c is not ('"' or '\\'))
                continue;
            Plain(target, text.AsSpan(plain, i - plain));
            plain = i + 1;
            target.Write(Encoding.ASCII.GetBytes(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            }));
        }

        Plain(target, text.AsSpan(plain));
        target.WriteByte((byte)'"');
    }

    private static void Plain(MemoryStream target, ReadOnlySpan<char> text)
    {
        int at = (int)target.Length, most = Encoding.UTF8.GetMaxByteCount(text.Length);
        target.SetLength(at + most); // it clears what it adds
        int written = Encoding.UTF8.GetBytes(text, target.GetBuffer().AsSpan(at, most));
        target.SetLength(at + written);
        target.Position = at + written;
    }
}
