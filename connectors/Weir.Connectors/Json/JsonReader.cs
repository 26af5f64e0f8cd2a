using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Records of JSON: one a line, or in documents that run over lines, in an array, or under a key of an envelope.</summary>
/// <remarks>
/// A record is framed by its brackets alone and then read, so one that is no JSON costs itself (<c>invalid-json</c>) and not those behind it. Where even the
/// frame is broken, the stretch up to the line's end is rejected. What stands around records is kept in remarks (<c>envelope</c>).
/// </remarks>
internal sealed class JsonReader : RowReader
{
    private const int EnvelopePiece = 64 << 10;
    private static readonly SearchValues<byte> Between = SearchValues.Create(" \t\r\n,\u001E"u8);
    private readonly JsonLayout layout;
    private readonly byte[][] path;
    private readonly JsonRowBuilder builder;
    private readonly SplunkMessages? splunk;
    private int depth;        // containers open around the records
    private bool inRecords;   // directly within the array of records
    private bool cut;         // the input ended within a record
    private string fault = "invalid-json";

    public JsonReader(TextWindow window, JsonLayout layout, RowPlace place, IReadOnlyList<string> known, RunOptions options)
        : base(window, place, layout.MaxRow, layout.PieceBytes, known.Count, options)
    {
        this.layout = layout;
        path = [.. layout.Records.Select(Encoding.UTF8.GetBytes)];
        builder = new JsonRowBuilder(known, layout.MaxColumns, layout.RegisterBits);
        string[] state = place.State.Split('/');
        if (layout.Splunk != SplunkBody.None)
            splunk = new SplunkMessages(state.Length > 4 ? state[4..] : []);
        if (state.Length < 4)
            return;
        (depth, inRecords, cut, fault) = (int.Parse(state[0], CultureInfo.InvariantCulture), state[1] == "1", state[2] == "1", state[3]);
    }

    protected override long ColumnBytes => builder.Bytes;

    protected override IReadOnlyList<string> Names => builder.Names;

    protected override string State => string.Create(CultureInfo.InvariantCulture, $"{depth}/{(inRecords ? 1 : 0)}/{(cut ? 1 : 0)}/{fault}{(splunk is null ? "" : "/" + splunk.State)}");

    protected override (string Code, string Detail) Fault => fault == "invalid-json" ? (fault, "it is no JSON") : base.Fault;

    public override void Note(Remark remark) => builder.Note(remark);

    public override SourceEnd End()
    {
        if (cut)
            Missing = "the JSON ends within a record: the file was cut, and records behind the cut may be missing";
        else if (depth > 0)
            Missing = "the JSON ends early: a list or object around the records is not closed, and records behind the end may be missing";
        if (splunk?.Finish(builder.Note) is { } failed)
            Missing = failed;
        return base.End();
    }

    protected override Batch BuildBatch(Origin origin, IReadOnlyList<Reject> rejects, SourceEnd? end) => builder.Build(origin, rejects, end);

    protected override ReadProgress? ReadRows()
    {
        while (Window.Length > 0)
        {
            ReadProgress? stop = layout.Lines ? ReadLine() : ReadPart();
            if (stop is not null || RejectLeft >= 0)
                return stop;
            if (IsFull || IsPast)
                return null;
        }

        return null;
    }

    protected override void Dispose(bool disposing)
    {
        builder.Dispose();
        base.Dispose(disposing);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadProgress? ReadLine()
    {
        ReadOnlySpan<byte> text = Window.Span;
        int end = text.IndexOf((byte)'\n');
        bool last = end < 0;
        if (last && !Window.Final)
            return text.Length > MaxRow ? TooLong() : ReadProgress.NeedMore;
        ReadOnlySpan<byte> line = last ? text : text[..end];
        if (line.Length > MaxRow)
            return TooLong();
        int start = line.Length - line.TrimStart(" \t\r\u001E"u8).Length;
        ReadOnlySpan<byte> record = line[start..].TrimEnd(" \t\r"u8);
        if (record.Length > 0 && record[^1] == ',')
            record = record[..^1];
        int used = last ? text.Length : end + 1;
        if (record.IsEmpty)
        {
            BlankLines++;
            Take(used);
            return null;
        }

        return Land(start, record.Length, used, last);
    }

    /// <summary>The next part of a document: white space, a bracket, a key with what it holds, or a record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadProgress? ReadPart()
    {
        ReadOnlySpan<byte> text = Window.Span;
        byte first = text[0];
        switch (first)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or 0x1E:
                int space = text.IndexOfAnyExcept(Between);
                Take(space < 0 ? text.Length : space);
                return null;
            case (byte)'[' when depth == 0 && layout.Records.Length == 0:
                (depth, inRecords) = (1, true);
                Take(1);
                return null;
            case (byte)']' when inRecords:
                (depth, inRecords) = (depth - 1, false);
                Take(1);
                return null;
            case (byte)'{' when depth == 0 && layout.Records.Length > 0:
                depth = 1;
                splunk?.Begin();
                Take(1);
                return null;
            case (byte)'}' when depth > 0 && !inRecords:
                depth--;
                Take(1);
                return null;
            case (byte)'"' when depth > 0 && !inRecords:
                return ReadKey();
            default:
                return ReadRecord(0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadProgress? ReadRecord(int at)
    {
        ReadOnlySpan<byte> text = Window.Span[at..];
        int length = JsonFrame.End(text, Window.Final, out int broken);
        if (broken >= 0)
            return Broken(at + broken);
        if (length > MaxRow || (length < 0 && text.Length > MaxRow))
            return TooLong();
        if (length < 0 && !Window.Final)
            return ReadProgress.NeedMore;
        bool ends = length < 0;
        if (ends)
            length = text.TrimEnd(" \t\r\n"u8).Length;
        if (depth == 0 && text[0] is not ((byte)'{' or (byte)'['))
            return Broken(at);
        return Land(at, length, at + length, ends);
    }

    private ReadProgress? ReadKey()
    {
        ReadOnlySpan<byte> text = Window.Span;
        int end = JsonFrame.End(text, Window.Final, out int broken);
        if (broken >= 0)
            return Broken(broken);
        int colon = end < 0 ? -1 : text[end..].IndexOfAnyExcept(" \t\r\n"u8);
        int value = colon < 0 ? -1 : text[(end + colon + 1)..].IndexOfAnyExcept(" \t\r\n"u8);
        if (value < 0)
            return Short();
        if (text[end + colon] != ':')
            return Broken(end + colon);
        value += end + colon + 1;
        ReadOnlySpan<byte> key = text[1..(end - 1)];
        bool isOurs = depth <= path.Length && key.SequenceEqual(path[depth - 1]);
        bool isLast = depth == layout.Records.Length;
        if (isOurs && text[value] == '[' && isLast)
        {
            (depth, inRecords) = (depth + 1, true);
            Take(value + 1);
            return null;
        }

        if (isOurs && text[value] == '{' && !isLast)
        {
            depth++;
            Take(value + 1);
            return null;
        }

        if (isOurs && text[value] == '{')
            return ReadRecord(value);
        int length = JsonFrame.End(text[value..], Window.Final, out broken);
        if (broken >= 0)
            return Broken(value + broken);
        if (length < 0)
            return Short();
        if (Wanted == 0)
            NoteEnvelope(key, text[value..(value + length)], text[..(value + length)]);
        Take(value + length);
        return null;
    }

    private ReadProgress? Short() => Window.Length > MaxRow ? TooLong() : Window.Final ? Broken(Window.Length) : ReadProgress.NeedMore;

    private void NoteEnvelope(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> all)
    {
        if (splunk?.Take(key, value, builder.Note) == true)
            return;
        for (int at = 0; at < all.Length; at += EnvelopePiece)
            Note(new Remark(null, -1, "envelope", "it stands beside the list of records", all[at..Math.Min(all.Length, at + EnvelopePiece)].ToArray()));
    }

    /// <param name="start">Where the record begins in the window.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="used">Bytes of the window that are done with it.</param>
    /// <param name="atEnd">Nothing follows it: it may be cut.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadProgress? Land(int start, int length, int used, bool atEnd)
    {
        ReadOnlySpan<byte> record = Window.Span.Slice(start, length);
        if (layout.Splunk == SplunkBody.Export)
        {
            SplunkLine line = splunk!.Line(record, Wanted == 0 ? builder.Note : null, out Range result);
            if (line == SplunkLine.NoRow)
            {
                Take(used);
                return null;
            }

            if (line == SplunkLine.Row)
                record = record[result];
        }
        else if (splunk?.IsPreview == true)
        {
            splunk.Previews++;
            Take(used);
            return null;
        }

        if (Wanted > RowsRead + 1)
        {
            RowsRead++;
            Take(used);
            return null;
        }

        bool whole = builder.Add(RowsRead + 1, record, cut: false);
        if (!whole && atEnd && builder.Add(RowsRead + 1, record, cut: true))
        {
            whole = true;
            cut = true;
        }

        if (!whole && atEnd && !layout.Lines)
            return Broken(start + 1);
        if (!whole)
        {
            fault = "invalid-json";
            Take(start);
            Reject(length);
            Take(used - start - length);
            return null;
        }

        RowsRead++;
        if (Wanted == RowsRead)
            Found = record.ToArray();
        Take(used);
        return null;
    }

    private ReadProgress? TooLong()
    {
        fault = "row-too-long";
        RejectLeft = MaxRow;
        return null;
    }

    /// <summary>Rejects what is broken from here on up to where records may go on.</summary>
    /// <param name="at">0-based place of the fault in the window.</param>
    private ReadProgress? Broken(int at)
    {
        fault = "invalid-json";
        // Within the bound of a row, so that the place does not depend on how much is in memory.
        int seen = Math.Min(Window.Length, MaxRow);
        at = Math.Min(Math.Max(at, 1), seen);
        int rest = JsonFrame.NextRecord(Window.Span[at..seen], Window.Final || seen == MaxRow, out bool more);
        if (more)
            return ReadProgress.NeedMore;
        if (rest >= 0)
            Reject(at + rest);
        else
            RejectLeft = at;
        return null;
    }
}
