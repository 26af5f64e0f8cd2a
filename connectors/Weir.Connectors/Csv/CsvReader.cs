using System.Globalization;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>What stopped <see cref="CsvReader.Advance"/>.</summary>
internal enum CsvProgress
{
    /// <summary>More text is needed.</summary>
    NeedMore,

    /// <summary>A batch is full.</summary>
    BatchFull,

    /// <summary>The text has ended.</summary>
    Ended,
}

/// <summary>Place and counters from which reading can go on; the part of a resume point's proof behind the hash.</summary>
/// <param name="RowsRead">Rows before it.</param>
/// <param name="Line">1-based line of the next byte.</param>
/// <param name="BlankLines">Blank lines before it.</param>
/// <param name="RejectLeft">-1 between two rows; inside a row that is being rejected, how many of its next bytes are its own whatever they are.</param>
internal readonly record struct CsvPlace(long RowsRead, long Line, long BlankLines, int RejectLeft)
{
    public string Suffix() => string.Create(CultureInfo.InvariantCulture, $":{BlankLines}{(RejectLeft < 0 ? "" : ":" + RejectLeft.ToString(CultureInfo.InvariantCulture))}");
}

/// <summary>Turns a window of text into batches: rows, their remarks, and what is no row.</summary>
internal sealed unsafe class CsvReader : IDisposable
{
    private readonly TextWindow window;
    private readonly CsvParser parser;
    private readonly CsvBatchBuilder builder;
    private readonly CsvLayout layout;
    private readonly int pieceBytes;
    private readonly int batchRows;
    private readonly long batchBytes;
    private readonly LineCounter lines;
    private List<Reject> rejects = [];
    private long rejectBytes;
    private MemoryStream? piece;
    private (long Offset, long Line) pieceStart;
    private int rejectLeft;
    private long rows;
    private long blankLines;
    private (long Row, long Offset, long Line) batchStart;

    public CsvReader(TextWindow window, CsvLayout layout, CsvPlace place, CsvOptions csv, RunOptions options)
    {
        this.window = window;
        this.layout = layout;
        parser = new CsvParser(layout.Dialect);
        builder = new CsvBatchBuilder(layout);
        pieceBytes = csv.PieceBytes;
        batchRows = options.BatchRows;
        // Whatever memory allows, a column of one batch must stay within Arrow's 2 GiB.
        batchBytes = Math.Min(options.BatchBytesFor(layout.Columns.Length), 256L << 20);
        lines = new LineCounter(place.Line);
        rows = place.RowsRead;
        blankLines = place.BlankLines;
        rejectLeft = place.RejectLeft;
        StartBatch();
    }

    /// <summary>Bytes held by the batch in the making, about.</summary>
    private long Pending => builder.Bytes + rejectBytes;

    private long BatchRowsRead => rows - (batchStart.Row - 1);

    public void Note(Remark remark) => builder.Note(remark);

    /// <summary>Reads rows until a batch is full or the text in memory is used up.</summary>
    public CsvProgress Advance(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Inside a rejected row a batch ends between two pieces only, and not within a CRLF, whose line would count twice.
            if ((BatchRowsRead >= batchRows || Pending >= batchBytes) && piece is null && !(rejectLeft >= 0 && lines.AfterCr))
                return CsvProgress.BatchFull;
            if (rejectLeft >= 0)
            {
                if (!GoOnRejecting())
                    return CsvProgress.NeedMore;
                continue;
            }

            if (window.Length == 0)
                return window.Final ? CsvProgress.Ended : CsvProgress.NeedMore;
            CsvProgress? stop = ReadRows();
            if (stop is not null)
                return stop.Value;
        }
    }

    /// <summary>The batch in the making; with <paramref name="end"/> it is the last one.</summary>
    public Batch Build(SourceEnd? end)
    {
        var place = new CsvPlace(rows, lines.Line, blankLines, rejectLeft);
        var next = new ResumePoint(rows, window.Offset, lines.Line, window.Input.Stored.Proof() + place.Suffix());
        var origin = new Origin(batchStart.Row, BatchRowsRead, batchStart.Offset, batchStart.Line, next);
        Batch batch = builder.Build(origin, rejects, end);
        rejects = [];
        rejectBytes = 0;
        StartBatch();
        return batch;
    }

    public SourceEnd End()
    {
        StoredBytes stored = window.Input.Stored;
        return new SourceEnd(stored.Sha256(), stored.Hashed, blankLines, window.Input.Missing);
    }

    public void Dispose()
    {
        builder.Dispose();
        piece?.Dispose();
    }

    private void StartBatch() => batchStart = (rows + 1, window.Offset, lines.Line);

    // Rows up to the end of the window or of the batch; null: look again at what comes next.
    private CsvProgress? ReadRows()
    {
        byte* start = window.Pointer;
        int length = window.Length;
        bool final = window.Final;
        bool blankIsRow = layout.Columns.Length < 2;
        int at = 0;
        CsvProgress? stop = null;
        while (at < length)
        {
            CsvRowStatus status = parser.Read(start + at, length - at, final);
            if (status == CsvRowStatus.Incomplete)
            {
                stop = CsvProgress.NeedMore;
                break;
            }

            if (status == CsvRowStatus.TooLong)
            {
                rejectLeft = layout.Dialect.MaxRow;
                break;
            }

            if (parser.Length == 0 && !blankIsRow)
            {
                blankLines++;
            }
            else
            {
                rows++;
                builder.Add(rows, start + at, parser);
            }

            at += parser.Consumed;
            if (BatchRowsRead >= batchRows || Pending >= batchBytes)
                break;
        }

        Take(at);
        return stop;
    }

    private void Take(int bytes)
    {
        lines.Add(window.Span[..bytes]);
        window.Take(bytes);
    }

    // Moves the row's bytes into pieces whose edges depend on its start alone. False: more text is needed.
    private bool GoOnRejecting()
    {
        if (piece is null)
        {
            if (window.Length == 0 && !window.Final)
                return false;
            // Mostly the piece will be full, and is handed on as it is.
            piece = new MemoryStream(rejectLeft >= pieceBytes ? pieceBytes : Math.Max(256, rejectLeft));
            pieceStart = (window.Offset, lines.Line);
        }

        ReadOnlySpan<byte> text = window.Span;
        int own = Math.Min(rejectLeft, text.Length);
        if (own == rejectLeft)
        {
            int end = text[own..].IndexOfAny((byte)'\r', (byte)'\n');
            own = end < 0 ? text.Length : own + end;
        }

        int taken = Math.Min(own, pieceBytes - (int)piece.Length);
        bool rowEnds = taken == own && (own < text.Length || window.Final);
        int width = 0;
        if (rowEnds && own < text.Length)
        {
            width = 1;
            if (text[own] == '\r')
            {
                if (own + 1 == text.Length && !window.Final)
                    return false;
                width = own + 1 < text.Length && text[own + 1] == '\n' ? 2 : 1;
            }
        }

        piece.Write(text[..taken]);
        rejectLeft = Math.Max(0, rejectLeft - taken);
        Take(taken);
        if (rowEnds)
        {
            rows++;
            Flush(rows);
            Take(width);
            rejectLeft = -1;
        }
        else if (piece.Length == pieceBytes)
        {
            Flush(rows + 1);
        }

        return rowEnds || taken > 0;
    }

    private void Flush(long row)
    {
        if (piece!.Length > 0)
        {
            var reject = new Reject(row, pieceStart.Line, pieceStart.Offset, "row-too-long", $"the row has more than {layout.Dialect.MaxRow.ToString(CultureInfo.InvariantCulture)} bytes", piece.Length == piece.Capacity ? piece.GetBuffer() : piece.ToArray());
            rejects.Add(reject);
            rejectBytes += 128 + reject.Raw.Length;
        }

        piece = null;
    }
}

/// <summary>Counts line ends: LF, CR and CRLF, which is one, however the text is cut.</summary>
internal sealed class LineCounter(long line)
{
    /// <summary>The last byte was a CR, of which a following LF would be the second half.</summary>
    public bool AfterCr { get; private set; }

    /// <summary>1-based line of the next byte.</summary>
    public long Line { get; private set; } = line;

    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0)
            return;
        if (AfterCr && text[0] == '\n')
            Line--;
        Line += text.Count((byte)'\n');
        if (text.Contains((byte)'\r'))
            Line += text.Count((byte)'\r') - text.Count("\r\n"u8);
        AfterCr = text[^1] == '\r';
    }
}
