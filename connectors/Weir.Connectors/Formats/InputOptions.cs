using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weir.Connectors;

/// <summary>How an input of any format is read. What is not set is detected from its first MiB.</summary>
public sealed record InputOptions
{
    /// <summary>Format of the input.</summary>
    /// <value>One of <see cref="FileSource.Formats"/>; null (the default): detected.</value>
    public string? Format { get; init; }

    /// <summary>Encoding of its text.</summary>
    /// <value>null (the default): by its byte-order mark and first bytes, UTF-8 where they say nothing.</value>
    public TextEncoding? Encoding { get; init; }

    /// <summary>How it is read if it is delimited text; its <see cref="CsvOptions.MaxRow"/> counts for all formats.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>How it is read if it is JSON.</summary>
    public JsonOptions Json { get; init; } = new();

    internal int RowLimit => Csv.RowLimit;

    internal int PieceBytes => Csv.PieceBytes;

    internal int BlockBytes => Csv.BlockBytes;

    /// <summary>What was set, as JSON with its keys in order: equal readings give equal text.</summary>
    internal string ToJson()
    {
        var set = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in JsonNode.Parse(Csv.ToJson())!.AsObject())
            set[key] = value?.DeepClone();
        if (Encoding is { } encoding)
            set["encoding"] = EncodingGuess.NameOf(encoding);
        if (Format is not null)
            set["format"] = Format;
        if (Json.MaxColumns != new JsonOptions().MaxColumns)
            set["max_columns"] = Json.MaxColumns;
        if (Json.Records is not null)
            set["records"] = Json.Records;
        return new JsonObject(set).ToJsonString();
    }

    /// <summary>What <see cref="ToJson"/> wrote; other keys, those of typing, are passed over.</summary>
    internal static InputOptions FromJson(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        string? Text(string key) => parsed.RootElement.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
        var read = new JsonOptions { Records = Text("records") };
        return new InputOptions
        {
            Format = Text("format"),
            Encoding = Text("encoding") is { } name ? Enum.GetValues<TextEncoding>().First(e => EncodingGuess.NameOf(e) == name) : null,
            Csv = CsvOptions.FromJson(json),
            Json = parsed.RootElement.TryGetProperty("max_columns", out JsonElement most) ? read with { MaxColumns = most.GetInt32() } : read,
        };
    }
}
