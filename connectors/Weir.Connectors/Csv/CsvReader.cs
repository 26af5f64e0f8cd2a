using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Rows of delimited text.</summary>
internal sealed unsafe class CsvReader : RowReader
{
    private readonly CsvParser parser;
    private readonly CsvBatchBuilder builder;
    private readonly bool blankIsRow;

    public CsvReader(TextWindow window, CsvLayout layout, RowPlace place, int pieceBytes, RunOptions options)
        : base(window, place, layout.Dialect.MaxRow, pieceBytes, layout.Columns.Length, options)
    {
        parser = new CsvParser(layout.Dialect);
        builder = new CsvBatchBuilder(layout);
        blankIsRow = layout.BlankIsRow;
    }

    protected override long ColumnBytes => builder.Bytes;

    public override void Note(Remark remark) => builder.Note(remark);

    protected override Batch BuildBatch(Origin origin, IReadOnlyList<Reject> rejects, SourceEnd? end) => builder.Build(origin, rejects, end);

    protected override ReadProgress? ReadRows()
    {
        byte* start = Window.Pointer;
        int length = Window.Length;
        bool final = Window.Final;
        int at = 0;
        ReadProgress? stop = null;
        while (at < length)
        {
            CsvRowStatus status = parser.Read(start + at, length - at, final);
            if (status == CsvRowStatus.Incomplete)
            {
                stop = ReadProgress.NeedMore;
                break;
            }

            if (status == CsvRowStatus.TooLong)
            {
                RejectLeft = MaxRow;
                break;
            }

            if (parser.Length == 0 && !blankIsRow)
            {
                BlankLines++;
            }
            else
            {
                RowsRead++;
                if (Wanted == 0)
                    builder.Add(RowsRead, start + at, parser);
                else if (RowsRead == Wanted)
                    Found = new ReadOnlySpan<byte>(start + at, parser.Length).ToArray();
            }

            at += parser.Consumed;
            if (IsFull || IsPast)
                break;
        }

        Take(at);
        return stop;
    }

    protected override void Dispose(bool disposing)
    {
        builder.Dispose();
        base.Dispose(disposing);
    }
}
