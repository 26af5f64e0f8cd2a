using System.Buffers;
using System.Text;
using System.Text.Json;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>How a CSV input is read. What is not set is detected from its first MiB.</summary>
public sealed record CsvOptions
{
    /// <summary>Text between two fields.</summary>
    /// <value>1 to 4 bytes of UTF-8 without a line end; null (the default): detected among comma, semicolon, tab and bar.</value>
    public string? Delimiter { get; init => field = Delimiting(value); }

    /// <summary>Character that encloses a field.</summary>
    /// <value>One ASCII character, or empty for none; null (the default): <c>"</c>, or <c>'</c> where the input plainly uses it.</value>
    public string? Quote { get; init => field = Single(value, nameof(Quote)); }

    /// <summary>Character that makes a quote, or itself, an ordinary character inside a quoted field.</summary>
    /// <value>One ASCII character; null (the default): a quote is doubled instead.</value>
    public string? Escape { get; init => field = value is { Length: 0 } ? null : Single(value, nameof(Escape)); }

    /// <summary>Whether the first row holds the names of the columns.</summary>
    /// <value>null (the default): detected. False also switches off the search for preambles: everything is data.</value>
    public bool? Header { get; init; }

    /// <summary>Longest row, in bytes without its line end; a longer one is rejected, and no quoted field runs further.</summary>
    /// <value>64 KiB to 512 MiB; 64 MiB by default. The upper end keeps a column of one batch within Arrow's 2 GiB.</value>
    public long MaxRow { get; init => field = Check.Bytes(value, 64L << 10, 512L << 20); } = 64L << 20;

    /// <summary>Row limit below what <see cref="MaxRow"/> allows, so that tests need no large rows.</summary>
    internal int? SmallMaxRow { get; init; }

    /// <summary>Bytes asked of the input at once. No result depends on it.</summary>
    internal int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Width of the registers, as <see cref="Block.Bits"/> has it. No result depends on it.</summary>
    internal int RegisterBits { get; init; } = Block.Bits;

    /// <summary>Largest piece of a rejected row.</summary>
    internal int PieceBytes { get; init; } = 16_000_000;

    internal int RowLimit => SmallMaxRow ?? (int)MaxRow;

    /// <summary>What was set, as JSON with its keys in order: equal readings give equal text.</summary>
    internal string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Delimiter is not null)
                json.WriteString("delimiter", Delimiter);
            if (Escape is not null)
                json.WriteString("escape", Escape);
            if (Header is not null)
                json.WriteBoolean("header", Header.Value);
            if (RowLimit != 64 << 20)
                json.WriteNumber("max_row", RowLimit);
            if (Quote is not null)
                json.WriteString("quote", Quote);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What <see cref="ToJson"/> wrote; other keys, those of typing, are passed over.</summary>
    internal static CsvOptions FromJson(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        JsonElement set = parsed.RootElement;
        string? Text(string key) => set.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
        var options = new CsvOptions
        {
            Delimiter = Text("delimiter"),
            Quote = Text("quote"),
            Escape = Text("escape"),
            Header = set.TryGetProperty("header", out JsonElement header) ? header.GetBoolean() : null,
        };
        return set.TryGetProperty("max_row", out JsonElement longest) ? options with { MaxRow = longest.GetInt64() } : options;
    }

    /// <summary>Refuses options that contradict one another.</summary>
    internal void Verify()
    {
        if (Delimiter is null)
            return;
        if (Quote is { Length: > 0 } && Delimiter.Contains(Quote[0], StringComparison.Ordinal))
            throw new ArgumentException($"{nameof(Delimiter)} holds the quote character.");
        if (Escape is not null && Delimiter.Contains(Escape[0], StringComparison.Ordinal))
            throw new ArgumentException($"{nameof(Delimiter)} holds the escape character.");
    }

    private static string? Delimiting(string? value)
    {
        if (value is null)
            return null;
        int bytes = Encoding.UTF8.GetByteCount(value);
        return bytes is >= 1 and <= 4 && !value.AsSpan().ContainsAny('\r', '\n')
            ? value
            : throw new ArgumentException($"{nameof(Delimiter)} has {bytes} bytes; expected 1 to 4, without a line end.");
    }

    private static string? Single(string? value, string name) =>
        value is null or "" || (value.Length == 1 && value[0] is not ('\r' or '\n') && char.IsAscii(value[0]))
            ? value
            : throw new ArgumentException($"{name} must be one ASCII character, no line end.");
}
