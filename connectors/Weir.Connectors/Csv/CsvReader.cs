using System.Runtime.CompilerServices;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Rows of delimited text.</summary>
/// <remarks>Ordinary rows are read by the stretch (<see cref="CsvStretch"/>); what is odd about any other is for <see cref="CsvParser"/> to say, row by row.</remarks>
internal sealed unsafe class CsvReader : RowReader
{
    private const int MostOdd = 63; // guess: between two looks; what it costs where rows are ordinary again is as little
    private readonly CsvParser parser;
    private readonly CsvBatchBuilder builder;
    private readonly CsvStretch? stretch;
    private readonly int columns;
    private readonly bool blankIsRow;
    private int stretchAt;   // where in the window the stretch begins
    private int next;        // its first field end that was not read
    private bool regular;    // all its rows have the header's fields
    private int odd;         // rows that were left to the parser when the last stretch had none

    public CsvReader(TextWindow window, CsvLayout layout, RowPlace place, int pieceBytes, RunOptions options)
        : base(window, place, layout.Dialect.MaxRow, pieceBytes, layout.Columns.Length, options)
    {
        parser = new CsvParser(layout.Dialect);
        builder = new CsvBatchBuilder(layout);
        columns = layout.Columns.Length;
        stretch = CsvStretch.Of(layout.Dialect, columns, layout.RegisterBits);
        blankIsRow = layout.BlankIsRow;
    }

    protected override long ColumnBytes => builder.Bytes;

    public override void Note(Remark remark) => builder.Note(remark);

    protected override Batch BuildBatch(Origin origin, IReadOnlyList<Reject> rejects, SourceEnd? end) => builder.Build(origin, rejects, end);

    protected override ReadProgress? ReadRows()
    {
        byte* text = Window.Pointer;
        int at = 0, counted = 0; // bytes read; bytes whose lines are counted
        ReadProgress? stop = null;
        CsvStretch? ordinary = Wanted == 0 ? stretch : null;
        if (ordinary is not null)
            next = ordinary.Forget();
        int left = 0;
        while (at < Window.Length && stop is null && RejectLeft < 0 && !IsFull)
        {
            if (ordinary is not null && left-- <= 0)
            {
                if ((next < ordinary.Count || FindStretch(ordinary, text, at)) && ReadStretch(ordinary, text, ref at, ref counted))
                {
                    odd = 0;
                    continue;
                }

                // Where all rows are odd, a look at each costs as much again as the parser does.
                left = odd = Math.Min((2 * odd) + 1, MostOdd);
            }

            stop = ReadRow(text, ref at);
            if (ordinary is not null)
                SkipTo(ordinary, text, at);
        }

        Lines.Add(Window.Span[counted..at]);
        Window.Take(at);
        return stop;
    }

    protected override void Dispose(bool disposing)
    {
        builder.Dispose();
        stretch?.Dispose();
        base.Dispose(disposing);
    }

    private bool FindStretch(CsvStretch ordinary, byte* text, int at)
    {
        ordinary.Find(text + at, Window.Length - at);
        (stretchAt, next, regular) = (at, 0, ordinary.IsRegular(text + at, columns));
        return ordinary.Count > 0;
    }

    /// <summary>Adds the ordinary rows that come next in the stretch, as far as the batch takes them.</summary>
    /// <returns>false: the next row is not one of them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // see CsvStretch.Find
    private bool ReadStretch(CsvStretch ordinary, byte* window, ref int at, ref int counted)
    {
        byte* text = window + stretchAt;
        int* ends = ordinary.Ends;
        int rows = 0, begin = at - stretchAt, last = next + columns - 1;
        long cost = 0;
        for (long most = RowsLeft, room = BytesLeft; last < ordinary.Count && rows < most && cost < room; last += columns, rows++)
        {
            int end = ends[last], length = end - begin;
            bool isRow = CsvStretch.IsLineEnd(text[end]) && (regular || ordinary.IsRow(text, last - columns + 1, columns));
            if (!isRow || length > MaxRow || (length == 0 && !blankIsRow))
                break;
            cost += builder.Cost(length);
            begin = text[end] == '\r' && text[end + 1] == '\n' ? end + 2 : end + 1;
        }

        if (rows == 0)
            return false;
        builder.Add(RowsRead + 1, text, ordinary, next, rows, cost);
        RowsRead += rows;
        next += rows * columns;
        if (!ordinary.HasInnerLines)
        {
            Lines.Add(Window.Span[counted..at]);
            Lines.AddRows(rows, text[begin - 1] == '\r');
            counted = stretchAt + begin;
        }

        at = stretchAt + begin;
        return true;
    }

    /// <summary>Goes on in the stretch behind a row that the parser has read, if it ends there in the stretch too: one that is too long may not.</summary>
    private void SkipTo(CsvStretch ordinary, byte* text, int at)
    {
        while (next < ordinary.Count && stretchAt + ordinary.Ends[next] < at)
            next++;
        int end = next == 0 ? at : stretchAt + ordinary.Ends[next - 1];
        if (end + 1 != at && !(end + 2 == at && text[end] == '\r' && text[end + 1] == '\n'))
            next = ordinary.Forget();
    }

    private ReadProgress? ReadRow(byte* text, ref int at)
    {
        CsvRowStatus status = parser.Read(text + at, Window.Length - at, Window.Final);
        if (status == CsvRowStatus.Incomplete)
            return ReadProgress.NeedMore;
        if (status == CsvRowStatus.TooLong)
        {
            RejectLeft = MaxRow;
            return null;
        }

        if (parser.Length == 0 && !blankIsRow)
        {
            BlankLines++;
        }
        else
        {
            RowsRead++;
            if (Wanted == 0)
                builder.Add(RowsRead, text + at, parser);
            else if (RowsRead == Wanted)
                Found = new ReadOnlySpan<byte>(text + at, parser.Length).ToArray();
        }

        at += parser.Consumed;
        return null;
    }
}
