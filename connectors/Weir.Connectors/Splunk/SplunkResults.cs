using System.Globalization;
using System.Text.Json;

namespace Weir.Connectors;

/// <summary>Takes the rows out of a body of results as it comes, byte for byte: the results endpoint's one document, or the export endpoint's one a row.</summary>
/// <remarks>
/// Nothing is parsed but the frame around rows: a row with invalid bytes is the row reader's affair. Previews are dropped and counted, messages kept.
/// </remarks>
/// <param name="channel">What its messages are said to come from.</param>
/// <param name="row">Takes a final row.</param>
internal sealed class SplunkResults(string channel, Action<ReadOnlySpan<byte>> row, int maxRow)
{
    private readonly List<SplunkMessage> messages = [];
    private byte[] buffer = new byte[1 << 18];
    private int start, end;
    private int depth;            // 0 between documents, 1 in one, 2 in its list of results
    private bool preview;         // of the document at hand
    private bool marked;          // it says whether it is one
    private byte[]? held;         // its row, which came before it said so
    private bool last;

    public IReadOnlyList<SplunkMessage> Messages => messages;

    /// <summary>Is told now and then of rows and bytes that came since it was told last.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Rows that were handed on.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that were previews of a result.</summary>
    public long Previews { get; private set; }

    /// <summary>Documents that are whole.</summary>
    public long Documents { get; private set; }

    /// <summary>The last document says that the set of results it ends is final.</summary>
    public bool EndsASet { get; private set; }

    /// <summary>Where a page of results begins by its own words; null where it does not say.</summary>
    public long? FirstOffset { get; private set; }

    /// <exception cref="SplunkAttemptException">It is cut or no JSON.</exception>
    public async Task ReadAsync(SplunkBodyStream body, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (start > 0 && (end == buffer.Length || start == end))
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
            {
                if (end > maxRow + (1 << 16))
                    throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"a row of more than {maxRow} bytes came"));
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int read = await body.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
                break;
            end += read;
            long before = Rows;
            Take(final: false);
            Progress?.Invoke(Rows - before, read);
        }

        Take(final: true);
        if (depth > 0 || end > start)
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"the body ended within a document, behind {Rows} rows"));
    }

    private void Take(bool final)
    {
        while (start < end)
        {
            int used = Step(buffer.AsSpan(start, end - start), final);
            if (used == 0)
                return;
            start += used;
        }
    }

    /// <returns>Bytes that are done with; 0: more are needed.</returns>
    private int Step(ReadOnlySpan<byte> text, bool final)
    {
        switch (text[0])
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                int space = text.IndexOfAnyExcept(" \t\r\n"u8);
                return space < 0 ? text.Length : space;
            case 0xEF when depth == 0 && Documents == 0 && text.Length < 3 && !final:
                return 0;
            case 0xEF when depth == 0 && Documents == 0 && text.StartsWith("\uFEFF"u8):
                return 3;
            case (byte)',' when depth > 0:
                return 1;
            case (byte)'{' when depth == 0:
                (depth, preview, marked, last, held) = (1, false, false, false, null);
                return 1;
            case (byte)'}' when depth == 1:
                EndDocument();
                return 1;
            case (byte)']' when depth == 2:
                depth = 1;
                return 1;
            case (byte)'"' when depth == 1:
                return Key(text, final);
            case (byte)'{' when depth == 2:
                int length = Value(text, final);
                if (length > 0)
                    Row(text[..length]);
                return length;
            default:
                throw new SplunkAttemptException($"the body is no JSON as Splunk writes it: '{Shown(text)}' behind {Rows} rows");
        }
    }

    private int Key(ReadOnlySpan<byte> text, bool final)
    {
        int keyEnd = Value(text, final);
        int colon = keyEnd <= 0 ? -1 : text[keyEnd..].IndexOfAnyExcept(" \t\r\n"u8);
        int at = colon < 0 ? -1 : text[(keyEnd + colon + 1)..].IndexOfAnyExcept(" \t\r\n"u8);
        if (at < 0)
            return 0;
        at += keyEnd + colon + 1;
        ReadOnlySpan<byte> key = text[1..(keyEnd - 1)];
        if (key.SequenceEqual("results"u8) && text[at] == '[')
        {
            depth = 2;
            return at + 1;
        }

        int length = Value(text[at..], final);
        if (length <= 0)
            return 0;
        ReadOnlySpan<byte> value = text.Slice(at, length);
        if (key.SequenceEqual("preview"u8))
            (preview, marked) = (value.SequenceEqual("true"u8), true);
        else if (key.SequenceEqual("lastrow"u8))
            last = value.SequenceEqual("true"u8);
        else if (key.SequenceEqual("init_offset"u8) && long.TryParse(value, CultureInfo.InvariantCulture, out long offset))
            FirstOffset = offset;
        else if (key.SequenceEqual("messages"u8))
            Messaged(value);
        else if (key.SequenceEqual("result"u8) && value[0] == '{')
            Result(value);
        return at + length;
    }

    private void Result(ReadOnlySpan<byte> value)
    {
        if (marked)
            Row(value);
        else
            held = value.ToArray();
    }

    private void Row(ReadOnlySpan<byte> value)
    {
        if (preview)
        {
            Previews++;
            return;
        }

        if (value.Length > maxRow)
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"a row of {value.Length} bytes came; at most {maxRow} are taken"));
        row(value);
        Rows++;
    }

    private void EndDocument()
    {
        if (held is not null)
            Row(held);
        held = null;
        EndsASet = last && !preview;
        Documents++;
        depth = 0;
    }

    private void Messaged(ReadOnlySpan<byte> value)
    {
        try
        {
            using JsonDocument read = SplunkMessage.Parse(value.ToArray());
            messages.AddRange(SplunkMessage.Read(channel, read.RootElement));
        }
        catch (JsonException)
        {
            messages.Add(new SplunkMessage(channel, "", Shown(value)));
        }
    }

    private static int Value(ReadOnlySpan<byte> text, bool final)
    {
        int length = JsonFrame.End(text, final, out int broken);
        return broken >= 0 ? throw new SplunkAttemptException($"the body is no JSON: '{Shown(text[broken..])}'") : Math.Max(0, length);
    }

    private static string Shown(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text[..Math.Min(40, text.Length)]);
}
