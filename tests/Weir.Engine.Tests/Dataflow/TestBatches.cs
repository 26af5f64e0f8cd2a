using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>Batches in native memory, so that a leak shows in <see cref="NativePool.Rented"/>.</summary>
internal static class TestBatches
{
    /// <summary>Rows with <c>row_id</c> and <c>text</c>.</summary>
    public static Batch Make(long firstRow, int rows, bool last = false)
    {
        var text = new Utf8Builder(rows, rows * 8);
        for (int i = 0; i < rows; i++)
            text.Append(Encoding.UTF8.GetBytes(Text(firstRow + i)));
        return new Batch(Place(firstRow, rows), Events(RowIds(firstRow, rows), text.Build())) { End = last ? End : null };
    }

    /// <summary>One row of about so many bytes, which nobody touches.</summary>
    public static Batch MakeWide(long row, int bytes, bool last = false)
    {
        var text = new Utf8Builder(1, bytes);
        text.Advance(bytes);
        text.EndCell();
        return new Batch(Place(row, 1), Events(RowIds(row, 1), text.Build())) { End = last ? End : null };
    }

    /// <summary>What a stage should do: columns shared, one of its own, everything else carried.</summary>
    public static Batch Rebuild(Batch batch) => Rebuild(batch, batch.Origin);

    public static Batch Rebuild(Batch batch, Origin origin)
    {
        var own = new Utf8Builder(batch.Rows, 16);
        own.PadTo(batch.Rows);
        RecordBatch events = batch.ShareEvents();
        Schema schema = events.Schema.InsertField(events.ColumnCount, new Field($"own_{events.ColumnCount}", StringType.Default, true));
        IEnumerable<IArrowArray> columns = Enumerable.Range(0, events.ColumnCount).Select(events.Column).Append(own.Build());
        return new Batch(origin, new RecordBatch(schema, columns, events.Length)) { Remarks = batch.Remarks, Rejects = batch.Rejects, End = batch.End };
    }

    public static SourceEnd End { get; } = new("00", 0, 0, null);

    public static string Text(long row) => string.Create(CultureInfo.InvariantCulture, $"text of row {row}");

    public static Origin Place(long firstRow, long rows) =>
        new(firstRow, rows, (firstRow - 1) * 10, firstRow + 1, new ResumePoint(firstRow - 1 + rows, (firstRow - 1 + rows) * 10, firstRow + 1 + rows, ""));

    public static unsafe Int64Array RowIds(long firstRow, int rows)
    {
        var buffer = new NativeBuffer(rows * sizeof(long)) { Length = rows * sizeof(long) };
        for (int i = 0; i < rows; i++)
            ((long*)buffer.Pointer)[i] = firstRow + i;
        return new Int64Array(buffer.ToArrow(), ArrowBuffer.Empty, rows, 0, 0);
    }

    public static RecordBatch Events(Int64Array rowIds, StringArray text) => new(
        new Schema([new Field(Batch.RowId, Int64Type.Default, false), new Field("text", StringType.Default, true)], null), [rowIds, text], rowIds.Length);
}
