using System.Globalization;
using System.Text;
using System.Text.Json;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>What a line of Splunk's export is.</summary>
internal enum SplunkLine
{
    /// <summary>A preview, a mark, messages: no row.</summary>
    NoRow,

    /// <summary>A result.</summary>
    Row,

    /// <summary>Not what the export endpoint writes: the line itself is the record.</summary>
    Other,
}

/// <summary>What Splunk says around its results: previews, which are dropped and counted, and messages, which may say that results are missing: then the source is incomplete.</summary>
internal sealed class SplunkMessages
{
    private bool failed;

    /// <param name="state">What <see cref="State"/> gave, split.</param>
    public SplunkMessages(string[] state)
    {
        if (state.Length < 3)
            return;
        (Previews, failed, IsPreview) = (long.Parse(state[0], CultureInfo.InvariantCulture), state[1] == "1", state[2] == "1");
    }

    /// <summary>Rows that were previews.</summary>
    public long Previews { get; set; }

    /// <summary>The results that follow are previews.</summary>
    public bool IsPreview { get; private set; }

    public string State => string.Create(CultureInfo.InvariantCulture, $"{Previews}/{(failed ? 1 : 0)}/{(IsPreview ? 1 : 0)}");

    /// <summary>Another document begins.</summary>
    public void Begin() => IsPreview = false;

    /// <summary>Takes a key beside the results.</summary>
    /// <returns>false: it is kept as part of the envelope.</returns>
    public bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Action<Remark> note)
    {
        if (key.SequenceEqual("preview"u8))
        {
            IsPreview = value.SequenceEqual("true"u8);
            return true;
        }

        if (!key.SequenceEqual("messages"u8))
            return false;
        Messages(value, note);
        return true;
    }

    /// <summary>What a line of an export holds.</summary>
    /// <param name="note">Takes messages; null: they are passed over.</param>
    /// <param name="result">Where the row's object stands in the line.</param>
    public SplunkLine Line(ReadOnlySpan<byte> line, Action<Remark>? note, out Range result)
    {
        result = default;
        bool preview = false, marked = false;
        Range? row = null;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return SplunkLine.Other;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isPreview = reader.ValueSpan.SequenceEqual("preview"u8), isResult = reader.ValueSpan.SequenceEqual("result"u8), isMessages = reader.ValueSpan.SequenceEqual("messages"u8);
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                bool isObject = reader.TokenType == JsonTokenType.StartObject;
                if (isPreview)
                    (marked, preview) = (true, reader.TokenType == JsonTokenType.True);
                reader.Skip();
                Range value = start..(int)reader.BytesConsumed;
                if (isResult && isObject)
                    row = value;
                marked |= isMessages;
                if (isMessages && note is not null)
                    Messages(line[value], note);
            }
        }
        catch (JsonException)
        {
            return SplunkLine.Other; // the record's own reader says what is wrong with it
        }

        if (!marked)
            return SplunkLine.Other;
        if (row is null)
            return SplunkLine.NoRow;
        if (preview)
        {
            Previews++;
            return SplunkLine.NoRow;
        }

        result = row.Value;
        return SplunkLine.Row;
    }

    /// <summary>Tells the number of previews; what is missing, where Splunk said that something is.</summary>
    public string? Finish(Action<Remark> note)
    {
        if (Previews > 0)
            note(new Remark(null, -1, "previews", string.Create(CultureInfo.InvariantCulture, $"{Previews} rows are previews of results and did not land"), default));
        return failed ? "by its messages (among the remarks) Splunk did not give all results" : null;
    }

    // Each message as it stands: their text is the server's, or whoever wrote to the file.
    private void Messages(ReadOnlySpan<byte> list, Action<Remark> note)
    {
        var reader = new Utf8JsonReader(list, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = int.MaxValue });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                note(new Remark(null, -1, "splunk-message", "a message of the server", list.ToArray()));
                return;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                bool missing = SaysMissing(reader);
                failed |= missing;
                reader.Skip();
                note(new Remark(null, -1, "splunk-message", missing ? "a message of the server: results are missing" : "a message of the server", list[start..(int)reader.BytesConsumed].ToArray()));
            }
        }
        catch (JsonException)
        {
            note(new Remark(null, -1, "splunk-message", "messages of the server that are no JSON", list.ToArray()));
        }
    }

    private static bool SaysMissing(Utf8JsonReader message)
    {
        if (message.TokenType == JsonTokenType.String)
            return SplunkTexts.SayIncomplete("", Encoding.UTF8.GetString(message.ValueSpan));
        if (message.TokenType != JsonTokenType.StartObject)
            return false;
        string type = "", text = "";
        while (message.Read() && message.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = message.ValueSpan.SequenceEqual("type"u8), isText = message.ValueSpan.SequenceEqual("text"u8);
            message.Read();
            if (isType && message.TokenType == JsonTokenType.String)
                type = Encoding.UTF8.GetString(message.ValueSpan);
            else if (isText && message.TokenType == JsonTokenType.String)
                text = Encoding.UTF8.GetString(message.ValueSpan);
            message.Skip();
        }

        return SplunkTexts.SayIncomplete(type, text);
    }
}
