using System.Globalization;
using System.Text.Json;

namespace Weir.Connectors;

/// <summary>Tells JSON from other text by its first bytes, and where in it the records stand.</summary>
internal static class JsonDetector
{
    private const int LinesLookedAt = 20;
    private const int TokensLookedAt = 256; // guess: a text that is no JSON shows it within a few

    /// <summary>Keys under which exports put their records: OData and Graph, CloudTrail, Azure diagnostics, Splunk, Elasticsearch.</summary>
    private static readonly string[][] Envelopes = [["value"], ["Records"], ["records"], ["results"], ["result"], ["hits", "hits"]];

    private static readonly byte[][] ExportKeys = [.. ((string[])["preview", "offset", "lastrow", "result", "messages", "highlighted"]).Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly JsonReaderOptions Reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = int.MaxValue, AllowMultipleValues = true };

    /// <summary>How the text is read as JSON; null where it is none.</summary>
    /// <param name="text">The first MiB.</param>
    /// <param name="final">That is all of it.</param>
    /// <param name="asked">The user said that it is JSON; true: one record a line; false: documents; null: look.</param>
    public static JsonLayout? Recognise(ReadOnlySpan<byte> text, bool final, InputOptions options, bool asked, bool? askedLines)
    {
        int mark = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        ReadOnlySpan<byte> body = text[mark..].TrimStart(" \t\r\n\u001E"u8);
        if (body.IsEmpty || (!asked && (body[0] is not ((byte)'{' or (byte)'[') || !IsJson(body, final))))
            return null;

        List<Range> lines = LinesOf(body, final);
        bool[] whole = [.. lines.Select((_, i) => false)];
        for (int i = 0; i < whole.Length; i++)
            whole[i] = IsDocument(body[lines[i]]);
        // A first line that is no document may be damaged; or it opens a list or an envelope, with a record on each line behind it.
        bool oneALine = whole.Length > 0 && whole.Count(w => w) * 2 >= whole.Length && (body[0] != '[' || whole.Length > 1) && (whole[0] || !BeginsAsJson(body, final));
        string[]? records = options.Json.Records is { } path ? [.. path.Split('.', StringSplitOptions.RemoveEmptyEntries)] : null;
        string[]? envelope = records ?? (askedLines == true ? [] : EnvelopeOf(body, oneALine ? lines : []));
        var splunk = SplunkBody.None;
        var reasons = new List<string>();
        bool isLines = askedLines ?? (oneALine && envelope is not { Length: > 0 });
        if (isLines && records is null && whole.Length > 0 && IsExport(body, lines))
        {
            splunk = SplunkBody.Export;
            reasons.Add("format: Splunk export, a result a line; previews are dropped and counted");
        }
        else if (isLines)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"format: NDJSON, {(askedLines == true ? "as asked for" : $"{whole.Count(w => w)} of the first {whole.Length} lines are JSON documents")}"));
        }
        else if (envelope is { Length: > 0 })
        {
            splunk = records is null && envelope is ["results"] && HasKey(body, "preview"u8) ? SplunkBody.Results : SplunkBody.None;
            reasons.Add($"format: {(splunk == SplunkBody.Results ? "Splunk results" : "JSON")}, the records stand under {string.Join('.', envelope)}{(records is null ? "" : ", as asked for")}");
        }
        else
        {
            reasons.Add(body[0] == '[' ? "format: JSON, the records are the elements of an array" : "format: JSON, each document is a record");
        }

        var counter = new LineCounter(1);
        counter.Add(text[..mark]);
        return new JsonLayout
        {
            Connector = splunk switch { SplunkBody.Export => "splunk-export", SplunkBody.Results => "splunk-results", _ => isLines ? "ndjson" : "json" },
            Columns = [],
            BodyOffset = mark,
            BodyLine = 1,
            Preamble = [],
            Reasons = reasons,
            Lines = isLines,
            Records = envelope ?? [],
            Splunk = splunk,
            MaxRow = options.RowLimit,
            PieceBytes = options.PieceBytes,
            MaxColumns = options.Json.MaxColumns,
            RegisterBits = options.Csv.RegisterBits,
        };
    }

    /// <summary>It begins as JSON does; or, where its first record is damaged, most of its lines are JSON.</summary>
    private static bool IsJson(ReadOnlySpan<byte> body, bool final)
    {
        if (BeginsAsJson(body, final) || (JsonMend.TryMend(body) is { } mended && BeginsAsJson(mended, final)))
            return true;
        int documents = 0;
        List<Range> lines = LinesOf(body, final);
        foreach (Range line in lines)
            documents += IsDocument(body[line]) ? 1 : 0;
        return documents > 0 && documents * 2 >= lines.Count;
    }

    private static bool BeginsAsJson(ReadOnlySpan<byte> body, bool final)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, new JsonReaderState(Reading));
        bool hasValue = false;
        try
        {
            int tokens = 0;
            for (bool named = false; tokens < TokensLookedAt && reader.Read(); tokens++)
            {
                hasValue |= named;
                named = reader.TokenType == JsonTokenType.PropertyName;
            }

            // A bracket and nothing behind it is no evidence.
            return tokens > 1 || (!final && tokens > 0);
        }
        catch (JsonException)
        {
            // Damage within an object that has shown a key with its value; what stands behind a whole document is no JSON (a table whose first field is).
            return hasValue && reader.CurrentDepth > 0;
        }
    }

    private static bool IsDocument(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r\u001E"u8);
        if (line.Length > 0 && line[^1] == ',')
            line = line[..^1];
        if (line.Length < 2 || line[0] is not ((byte)'{' or (byte)'['))
            return false;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                // a document that is none throws
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The first lines that are not blank, whole ones only.</summary>
    private static List<Range> LinesOf(ReadOnlySpan<byte> body, bool final)
    {
        var lines = new List<Range>();
        for (int at = 0; at < body.Length && lines.Count < LinesLookedAt;)
        {
            int end = body[at..].IndexOf((byte)'\n');
            if (end < 0 && !final)
                break;
            end = end < 0 ? body.Length : at + end;
            if (!body[at..end].Trim(" \t\r\u001E"u8).IsEmpty)
                lines.Add(at..end);
            at = end + 1;
        }

        return lines;
    }

    /// <param name="lines">Where every line is a document: each of them must have the key.</param>
    private static string[]? EnvelopeOf(ReadOnlySpan<byte> body, List<Range> lines)
    {
        if (body[0] != '{')
            return null;
        foreach (string[] keys in Envelopes)
        {
            bool all = Holds(body, keys);
            foreach (Range line in lines)
                all = all && (!IsDocument(body[line]) || Holds(body[line], keys));
            if (all)
                return keys;
        }

        return null;
    }

    /// <summary>The document has a list of objects, or an empty one, under the keys.</summary>
    private static bool Holds(ReadOnlySpan<byte> document, string[] keys)
    {
        var reader = new Utf8JsonReader(document, isFinalBlock: false, new JsonReaderState(Reading));
        try
        {
            reader.Read();
            for (int level = 0; level < keys.Length; level++)
            {
                if (reader.TokenType != JsonTokenType.StartObject || !Enter(ref reader, System.Text.Encoding.UTF8.GetBytes(keys[level])))
                    return false;
            }

            return reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Goes to the value of a key of the object that the reader is at the start of.</summary>
    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> key)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueSpan.SequenceEqual(key);
            if (!reader.Read())
                return false;
            if (found)
                return true;
            if (!reader.TrySkip())
                return false;
        }

        return false;
    }

    private static bool HasKey(ReadOnlySpan<byte> document, ReadOnlySpan<byte> key)
    {
        var reader = new Utf8JsonReader(document, isFinalBlock: false, new JsonReaderState(Reading));
        try
        {
            return reader.Read() && Enter(ref reader, key);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Lines of nothing but the keys that Splunk's export endpoint writes.</summary>
    private static bool IsExport(ReadOnlySpan<byte> body, List<Range> lines)
    {
        bool marked = false;
        foreach (Range range in lines)
        {
            ReadOnlySpan<byte> line = body[range].Trim(" \t\r"u8);
            if (line[0] != '{' || !IsDocument(line))
                return false;
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = int.MaxValue });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool known = false;
                foreach (byte[] key in ExportKeys)
                    known |= reader.ValueSpan.SequenceEqual(key);
                if (!known)
                    return false;
                marked |= reader.ValueSpan.SequenceEqual(ExportKeys[0]);
                reader.Read();
                reader.Skip();
            }
        }

        return marked;
    }
}
