using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Tests.Dataflow;

[Collection(NativeMemory.Name)]
public sealed class BatchTests
{
    // Row 7 of the table: a column that is handed on without Share dies with its first batch.
    [Fact]
    public void Share_FirstBatchDisposed_ColumnSurvives()
    {
        long rented = NativePool.Rented;
        Batch first = TestBatches.Make(1, 100);
        Batch second;
        using (first)
            second = new Batch(first.Origin, TestBatches.Events((Int64Array)first.Share(Batch.RowId), (StringArray)first.Share("text")));
        NativeMemory.Scribble();
        var text = (StringArray)second.Events.Column("text");
        for (int i = 0; i < 100; i++)
            Assert.Equal(TestBatches.Text(i + 1), Encoding.UTF8.GetString(text.GetBytes(i)));
        second.Dispose();
        Assert.Equal(rented, NativePool.Rented);
    }

    [Fact]
    public void ShareEvents_FromManyThreads_FreesOnce()
    {
        long rented = NativePool.Rented;
        Batch first = TestBatches.Make(1, 100);
        Parallel.For(0, 2_000, _ =>
        {
            using RecordBatch shared = first.ShareEvents();
            Assert.Equal(100, shared.Length);
        });
        Assert.True(NativePool.Rented > rented);
        first.Dispose();
        first.Dispose();
        Assert.Equal(rented, NativePool.Rented);
        Assert.Throws<ObjectDisposedException>(() => first.Events);
    }

    [Fact]
    public void Bytes_SharedBuffers_CountOnce()
    {
        using Batch plain = TestBatches.Make(1, 100);
        using var twice = new Batch(plain.Origin, plain.ShareEvents()) { Cells = plain.ShareEvents() };
        Assert.Equal(plain.Bytes, twice.Bytes);
    }

    [Fact]
    public void Bytes_DictionaryColumn_CountsItsValues()
    {
        using Batch rows = TestBatches.Make(1, 3);
        StringArray values = new StringArray.Builder().Append(new string('x', 10_000)).Build();
        var column = new DictionaryArray(new DictionaryType(Int32Type.Default, StringType.Default, false), new Int32Array.Builder().AppendRange([0, 0, 0]).Build(), values);
        var schema = new Schema([new Field(Batch.RowId, Int64Type.Default, false), new Field("d", column.Data.DataType, true)], null);
        using var batch = new Batch(rows.Origin, new RecordBatch(schema, [rows.Share(Batch.RowId), column], 3));
        Assert.True(batch.Bytes > 10_000);
    }

    [Fact]
    public void Constructor_NoRowId_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new Batch(TestBatches.Place(1, 0), new RecordBatch(new Schema([], null), [], 0)));
}
