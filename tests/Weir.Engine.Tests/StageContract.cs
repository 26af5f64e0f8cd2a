using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Tests.Dataflow;

namespace Weir.Engine.Tests;

/// <summary>What every stage must pass: derive from it and say how the stage is made and what it is fed.</summary>
[Collection(NativeMemory.Name)]
public abstract partial class StageContract
{
    private const int Shapes = 3;

    /// <summary>A stage with its tables open.</summary>
    protected abstract IStage Create();

    /// <summary>Columns behind <c>row_id</c> that give the stage work to do.</summary>
    /// <param name="shape">0 to 2: batches of one source differ in schema, so must these.</param>
    /// <param name="firstRow">1-based.</param>
    /// <param name="rows">May be none.</param>
    protected abstract IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows);

    [Fact]
    public void Name_IsKebabCase() => Assert.Matches(KebabCase(), Create().Name);

    [Fact]
    public void Process_Rows_ComeOutInOrder()
    {
        IStage stage = Create();
        foreach (int rows in new[] { 1, 7, 8, 64, 1_000 })
        {
            using Batch input = Make(0, rows: rows), output = stage.Process(input);
            Assert.Equal(RowIds(input), RowIds(output));
            Assert.Equal(Batch.RowId, output.Events.Schema.GetFieldByIndex(0).Name);
            Assert.All(Enumerable.Range(0, output.Events.ColumnCount), c => Assert.Equal(rows, output.Events.Column(c).Length));
        }
    }

    [Fact]
    public void Process_RemarksRejectsEndOriginSide_AreCarried()
    {
        var remark = new Remark(3, 0, "odd", "", new byte[] { 1 });
        var reject = new Reject(41, 42, 400, "torn", "", new byte[] { 2 });
        Batch input = Make(0, rows: 40, extra: (remark, reject));
        string side = Dump(input.Side[0].Rows);
        Origin origin = input.Origin;
        using Batch output = Create().Process(input);
        input.Dispose();
        NativeMemory.Scribble();
        Assert.Equal(origin, output.Origin);
        Assert.Contains(remark, output.Remarks);
        Assert.Contains(reject, output.Rejects);
        Assert.Same(TestBatches.End, output.End);
        Assert.Equal(side, Dump(Assert.Single(output.Side, s => s.Table == "weir.contract").Rows));
    }

    [Fact]
    public void Process_EmptyBatch_Works()
    {
        IStage stage = Create();
        for (int shape = 0; shape < Shapes; shape++)
        {
            using Batch input = Make(shape, rows: 0), output = stage.Process(input), again = stage.Process(input);
            Assert.Equal(0, output.Rows);
            Assert.Equal(Dump(output), Dump(again));
        }
    }

    [Fact]
    public void Process_SchemaChangesBetweenCalls_GivesTheSame()
    {
        IStage one = Create();
        foreach (int shape in new[] { 0, 1, 2, 1, 0, 2, 0 })
        {
            using Batch input = Make(shape), expected = Create().Process(input), output = one.Process(input);
            Assert.Equal(Dump(expected), Dump(output));
        }
    }

    [Fact]
    public void Process_Input_IsLeftAsItWas()
    {
        using Batch input = Make(0);
        string before = Dump(input);
        using (Batch output = Create().Process(input))
            Assert.Equal(before, Dump(input));
        NativeMemory.Scribble();
        Assert.Equal(before, Dump(input));
    }

    [Fact]
    public void Process_InputDisposed_OutputStands()
    {
        IStage stage = Create();
        for (int shape = 0; shape < Shapes; shape++)
        {
            Batch input = Make(shape);
            using Batch output = stage.Process(input);
            string before = Dump(output);
            input.Dispose();
            NativeMemory.Scribble();
            Assert.Equal(before, Dump(output));
        }
    }

    [Fact]
    public void Process_OutputDisposed_FreesEverything()
    {
        IStage stage = Create();
        for (int shape = 0; shape < Shapes; shape++)
        {
            foreach (int rows in new[] { 0, 1, 500 })
            {
                long rented = NativePool.Rented;
                Batch input = Make(shape, rows: rows);
                Batch output = stage.Process(input);
                input.Dispose();
                output.Dispose();
                long left = NativePool.Rented - rented;
                Assert.True(left == 0, $"shape {shape}, {rows} rows: {left} blocks are left");
            }
        }
    }

    [Fact]
    public void Process_SeveralThreads_ChangeNothing()
    {
        IStage stage = Create();
        string[] expected = new string[24];
        for (int i = 0; i < expected.Length; i++)
        {
            using Batch input = Make(i % Shapes, 1 + i * 100), output = Create().Process(input);
            expected[i] = Dump(output);
        }

        Parallel.For(0, 10 * expected.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n =>
        {
            int i = n % expected.Length;
            using Batch input = Make(i % Shapes, 1 + i * 100), output = stage.Process(input);
            Assert.Equal(expected[i], Dump(output));
        });
    }

    [Fact]
    public void Process_OneBatchOnSeveralThreads_SharesIt()
    {
        IStage stage = Create();
        long rented = NativePool.Rented;
        using (Batch input = Make(0))
        {
            using (Batch output = stage.Process(input))
            {
                string expected = Dump(output);
                Parallel.For(0, 50, _ =>
                {
                    using Batch other = stage.Process(input);
                    Assert.Equal(expected, Dump(other));
                });
            }
        }

        Assert.Equal(rented, NativePool.Rented);
    }

    private Batch Make(int shape, long firstRow = 1, int rows = 100, (Remark Remark, Reject Reject)? extra = null)
    {
        (string Name, IArrowArray Column)[] columns = [(Batch.RowId, TestBatches.RowIds(firstRow, rows)), .. Columns(shape, firstRow, rows)];
        var schema = new Schema(columns.Select(c => new Field(c.Name, c.Column.Data.DataType, true)), null);
        Origin origin = TestBatches.Place(firstRow, rows + (extra is null ? 0 : 1));
        var events = new RecordBatch(schema, columns.Select(c => c.Column), rows);
        if (extra is null)
            return new Batch(origin, events);
        RecordBatch side = TestBatches.Make(firstRow, 3).Events;
        return new Batch(origin, events) { Remarks = [extra.Value.Remark], Rejects = [extra.Value.Reject], Side = [new SideTable("weir.contract", side)], End = TestBatches.End };
    }

    private static long[] RowIds(Batch batch) => ((Int64Array)batch.Events.Column(0)).Values.ToArray();

    private static string Dump(Batch batch)
    {
        var text = new StringBuilder(Dump(batch.Events));
        if (batch.Cells is not null)
            text.Append("cells\n").Append(Dump(batch.Cells));
        foreach (SideTable side in batch.Side)
            text.Append(side.Table).Append('\n').Append(Dump(side.Rows));
        return text.Append(CultureInfo.InvariantCulture, $"hash {batch.CellsHash}").ToString();
    }

    private static string Dump(RecordBatch rows)
    {
        var text = new StringBuilder();
        for (int c = 0; c < rows.ColumnCount; c++)
        {
            Field field = rows.Schema.GetFieldByIndex(c);
            text.Append(CultureInfo.InvariantCulture, $"{field.Name} {field.DataType.Name} {string.Join(',', (field.Metadata ?? new Dictionary<string, string>()).OrderBy(m => m.Key))}:");
            for (int i = 0; i < rows.Length; i++)
                text.Append(' ').Append(Cell(rows.Column(c), i));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(IArrowArray column, int row) => column.IsNull(row) ? "NULL" : column switch
    {
        StringArray text => $"'{Encoding.UTF8.GetString(text.GetBytes(row))}'",
        Int64Array numbers => numbers.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        Int32Array numbers => numbers.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        DoubleArray numbers => numbers.GetValue(row)!.Value.ToString("R", CultureInfo.InvariantCulture),
        BooleanArray flags => flags.GetValue(row)!.Value ? "true" : "false",
        TimestampArray times => times.Values[row].ToString(CultureInfo.InvariantCulture),
        ListArray lists => $"[{string.Join(", ", Enumerable.Range(lists.ValueOffsets[row], lists.GetValueLength(row)).Select(i => Cell(lists.Values, i)))}]",
        _ => throw new NotSupportedException($"Teach {nameof(StageContract)} to read {column.GetType().Name}."),
    };

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();
}
