using System.Globalization;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>What stopped <see cref="RowReader.Advance"/>.</summary>
internal enum ReadProgress
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
/// <param name="State">What else the format must know; empty where it needs nothing. No colon.</param>
internal readonly record struct RowPlace(long RowsRead, long Line, long BlankLines, int RejectLeft, string State = "")
{
    public string Suffix() => string.Create(CultureInfo.InvariantCulture, $":{BlankLines}:{RejectLeft}{(State.Length == 0 ? "" : ":" + State)}");

    public static RowPlace Of(ResumePoint from)
    {
        string[] proof = from.Proof.Split(':');
        return new RowPlace(
            from.RowsRead,
            from.Line,
            proof.Length > 2 ? long.Parse(proof[2], CultureInfo.InvariantCulture) : 0,
            proof.Length > 3 ? int.Parse(proof[3], CultureInfo.InvariantCulture) : -1,
            proof.Length > 4 ? proof[4] : "");
    }
}

/// <summary>Turns a window of text into batches: rows, their remarks, and what is no row.</summary>
/// <remarks>A format says where rows end and what is in them; batches, rejects, line numbers and resume points are the same for all.</remarks>
internal abstract class RowReader : IDisposable
{
    private readonly int pieceBytes;
    private readonly int batchRows;
    private List<Reject> rejects = [];
    private long rejectBytes;
    private MemoryStream? piece;
    private (long Offset, long Line) pieceStart;
    private (long Row, long Offset, long Line) batchStart;

    /// <param name="columns">Columns that are known: a batch of many is larger.</param>
    protected RowReader(TextWindow window, RowPlace place, int maxRow, int pieceBytes, int columns, RunOptions options)
    {
        Window = window;
        MaxRow = maxRow;
        this.pieceBytes = pieceBytes;
        batchRows = options.BatchRows;
        // Whatever memory allows, a column of one batch must stay within Arrow's 2 GiB.
        BatchBytes = Math.Min(options.BatchBytesFor(columns), 256L << 20);
        Lines = new LineCounter(place.Line);
        RowsRead = place.RowsRead;
        BlankLines = place.BlankLines;
        RejectLeft = place.RejectLeft;
        StartBatch();
    }

    /// <summary>Row number asked for by <see cref="Find"/>; 0: none.</summary>
    protected long Wanted { get; private set; }

    /// <summary>Bytes of the row that was asked for; null where it was not met.</summary>
    public byte[]? Found { get; protected set; }

    protected TextWindow Window { get; }

    protected LineCounter Lines { get; }

    protected int MaxRow { get; }

    protected long BatchBytes { get; }

    protected long RowsRead { get; set; }

    protected long BlankLines { get; set; }

    /// <summary>See <see cref="RowPlace"/>.</summary>
    protected int RejectLeft { get; set; }

    /// <summary>What the input itself says is missing; null while nothing is.</summary>
    protected string? Missing { get; set; }

    /// <summary>The format's own part of a resume point.</summary>
    protected virtual string State => "";

    /// <summary>Names for <see cref="ResumePoint.Columns"/>.</summary>
    protected virtual IReadOnlyList<string> Names => [];

    /// <summary>Bytes held by the columns in the making, about.</summary>
    protected abstract long ColumnBytes { get; }

    /// <summary>The batch in the making is as large as it may be.</summary>
    protected bool IsFull => RowsLeft <= 0 || BytesLeft <= 0;

    /// <summary>Rows that the batch in the making may still take.</summary>
    protected long RowsLeft => batchRows - (RowsRead - (batchStart.Row - 1));

    /// <summary>Bytes that the batch in the making may still take; the row that exceeds them is its last.</summary>
    protected long BytesLeft => BatchBytes - ColumnBytes - rejectBytes;

    /// <summary>Why the row that is being rejected is none.</summary>
    protected virtual (string Code, string Detail) Fault => ("row-too-long", $"the row has more than {MaxRow.ToString(CultureInfo.InvariantCulture)} bytes");

    public abstract void Note(Remark remark);

    /// <summary>Reads on without keeping rows other than this one, until <see cref="Found"/> has it or the text ends.</summary>
    public void Find(long row) => Wanted = row;

    /// <summary>The row that was asked for has been met or passed.</summary>
    public bool IsPast => Wanted > 0 && RowsRead >= Wanted;

    /// <summary>Reads rows until a batch is full or the text in memory is used up.</summary>
    public ReadProgress Advance(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Inside a rejected row a batch ends between two pieces only, and not within a CRLF, whose line would count twice.
            if (IsFull && piece is null && !(RejectLeft >= 0 && Lines.AfterCr))
                return ReadProgress.BatchFull;
            if (RejectLeft >= 0)
            {
                if (!GoOnRejecting())
                    return ReadProgress.NeedMore;
                continue;
            }

            if (Window.Length == 0)
                return Window.Final ? ReadProgress.Ended : ReadProgress.NeedMore;
            if (ReadRows() is { } stop)
                return stop;
        }
    }

    /// <summary>The batch in the making; with <paramref name="end"/> it is the last one.</summary>
    public Batch Build(SourceEnd? end)
    {
        foreach (TextFault fault in Window.Input.TakeFaults(Window.Offset))
            Note(new Remark(null, -1, fault.Code, fault.Detail, fault.Raw));
        var place = new RowPlace(RowsRead, Lines.Line, BlankLines, RejectLeft, State);
        var next = new ResumePoint(RowsRead, Window.Offset, Lines.Line, Window.Input.Stored.Proof() + place.Suffix()) { Columns = Names };
        var origin = new Origin(batchStart.Row, RowsRead - (batchStart.Row - 1), batchStart.Offset, batchStart.Line, next);
        Batch batch = BuildBatch(origin, rejects, end);
        rejects = [];
        rejectBytes = 0;
        StartBatch();
        return batch;
    }

    public virtual SourceEnd End()
    {
        StoredBytes stored = Window.Input.Stored;
        return new SourceEnd(stored.Sha256(), stored.Hashed, BlankLines, Window.Input.Missing ?? Missing);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => piece?.Dispose();

    /// <summary>Rows up to the end of the window or of the batch; null: look again at what comes next.</summary>
    protected abstract ReadProgress? ReadRows();

    protected abstract Batch BuildBatch(Origin origin, IReadOnlyList<Reject> rejects, SourceEnd? end);

    protected void Take(int bytes)
    {
        Lines.Add(Window.Span[..bytes]);
        Window.Take(bytes);
    }

    /// <summary>Takes the next bytes of the window as a row that is none.</summary>
    protected void Reject(int bytes)
    {
        RowsRead++;
        while (bytes > 0)
        {
            int taken = Math.Min(bytes, pieceBytes);
            AddReject(RowsRead, Lines.Line, Window.Offset, Window.Span[..taken].ToArray());
            Take(taken);
            bytes -= taken;
        }
    }

    private void StartBatch() => batchStart = (RowsRead + 1, Window.Offset, Lines.Line);

    // Moves the row's bytes into pieces whose edges depend on its start alone. False: more text is needed.
    private bool GoOnRejecting()
    {
        if (piece is null)
        {
            if (Window.Length == 0 && !Window.Final)
                return false;
            // Mostly the piece will be full, and is handed on as it is.
            piece = new MemoryStream(RejectLeft >= pieceBytes ? pieceBytes : Math.Max(256, RejectLeft));
            pieceStart = (Window.Offset, Lines.Line);
        }

        ReadOnlySpan<byte> text = Window.Span;
        int own = Math.Min(RejectLeft, text.Length);
        if (own == RejectLeft)
        {
            int end = text[own..].IndexOfAny((byte)'\r', (byte)'\n');
            own = end < 0 ? text.Length : own + end;
        }

        // A full piece is handed on once a byte follows it, so that the row's last piece is never empty.
        if (piece.Length == pieceBytes && own > 0)
        {
            Flush(RowsRead + 1);
            return true;
        }

        int taken = Math.Min(own, pieceBytes - (int)piece.Length);
        bool rowEnds = taken == own && (own < text.Length || Window.Final);
        int width = 0;
        if (rowEnds && own < text.Length)
        {
            width = 1;
            if (text[own] == '\r')
            {
                if (own + 1 == text.Length && !Window.Final)
                    return false;
                width = own + 1 < text.Length && text[own + 1] == '\n' ? 2 : 1;
            }
        }

        piece.Write(text[..taken]);
        RejectLeft = Math.Max(0, RejectLeft - taken);
        Take(taken);
        if (rowEnds)
        {
            RowsRead++;
            Flush(RowsRead);
            Take(width);
            RejectLeft = -1;
        }

        return rowEnds || taken > 0;
    }

    private void Flush(long row)
    {
        if (piece!.Length > 0)
            AddReject(row, pieceStart.Line, pieceStart.Offset, piece.Length == piece.Capacity ? piece.GetBuffer() : piece.ToArray());
        piece = null;
    }

    private void AddReject(long row, long line, long offset, byte[] raw)
    {
        var (code, detail) = Fault;
        rejects.Add(new Reject(row, line, offset, code, detail, raw));
        rejectBytes += 128 + raw.Length;
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

    /// <summary>Adds whole lines, from the start of one on.</summary>
    public void AddRows(int lines, bool endsInCr)
    {
        Line += lines;
        AfterCr = endsInCr;
    }
}
