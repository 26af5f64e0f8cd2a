using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

public class ParseStageTests
{
    private static readonly ResumePoint Next = new(0, 0, 1, "");

    [Fact]
    public void Process_Batch_TypesAndNames()
    {
        using Batch input = Input(["_time", "ClientIP", "count", "count_text", "flag"],
            [["1600000000.5", "x"], ["1.2.3.4", "5.6.7.8"], [.. Pair("1", "2")], ["a", "b"], ["true", ""]]);
        using Batch output = new ParseStage().Process(input);
        Assert.Equal(["row_id", "_time", "_time_text", "client_ip", "count", "count_text", "flag"], output.Events.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal("companion", output.Events.Schema.GetFieldByName("_time_text").Metadata["role"]);
        Assert.Equal("0", output.Events.Schema.GetFieldByName("_time_text").Metadata["of"]);
        Assert.Equal("epoch.f", output.Events.Schema.GetFieldByName("_time").Metadata["format"]);
        Assert.Equal("ClientIP", output.Events.Schema.GetFieldByName("client_ip").Metadata["original"]);
        Assert.IsType<TimestampArray>(output.Events.Column("_time"));
        Assert.IsType<Int64Array>(output.Events.Column("count"));
        Assert.IsType<BooleanArray>(output.Events.Column("flag"));
        Assert.Equal("x", Cell((StringArray)output.Events.Column("_time_text"), 1));
        Assert.Equal(["_time", "ClientIP", "count", "count_text", "flag"], output.Cells!.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal(5, output.Tallies.Count);
        Assert.NotEqual(0UL, output.CellsHash);
    }

    [Fact]
    public void Process_CompanionOfTakenName_Yields()
    {
        using Batch input = Input(["_time", "_time_text"], [["1600000000", "x"], ["a", "b"]]);
        using Batch output = new ParseStage().Process(input);
        Assert.Equal(["row_id", "_time", "_time_text_2", "_time_text"], output.Events.Schema.FieldsList.Select(f => f.Name));
    }

    [Fact]
    public void Process_Hash_IgnoresOrderOfRowsAndTypes()
    {
        using Batch a = Input(["x", "y"], [["1", "2"], ["a", "b"]]), b = Input(["x", "y"], [["2", "1"], ["b", "a"]]), c = Input(["x", "y"], [["2", "1"], ["a", "b"]]);
        using Batch first = new ParseStage().Process(a), second = new ParseStage().Process(b), third = new ParseStage().Process(c);
        Assert.Equal(first.CellsHash, second.CellsHash);
        Assert.NotEqual(first.CellsHash, third.CellsHash);
    }

    [Fact]
    public void Process_InputDisposedAfterwards_OutputStands()
    {
        Batch output;
        using (Batch input = Input(["x", "y"], [["1", "2"], ["a", "b"]]))
            output = new ParseStage().Process(input);
        using (output)
        {
            Assert.Equal([1, 2], ((Int64Array)output.Events.Column("x")).ToArray());
            Assert.Equal([1, 2], ((Int64Array)output.Events.Column(0)).ToArray());
            Assert.Equal("b", Cell((StringArray)output.Events.Column("y"), 1));
            Assert.Equal("2", Cell((StringArray)output.Cells!.Column("x"), 1));
        }
    }

    [Fact]
    public void Process_EmptyBatch_KeepsColumns()
    {
        using Batch input = Input(["_time", "x"], [[], []]);
        using Batch output = new ParseStage().Process(input);
        Assert.Equal(0, output.Rows);
        Assert.Equal(["row_id", "_time", "x"], output.Events.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal(0UL, output.CellsHash);
    }

    [Fact]
    public void Process_TwoThreads_SameResult()
    {
        var stage = new ParseStage();
        using Batch input = Input(["x", "when"], [Repeat(500, "1", "2.5")!, Repeat(500, "4/28/2021, 2:08:45.221 PM", "4/2/2021, 2:08:45.221 AM")!]);
        using Batch expected = stage.Process(input);
        Parallel.For(0, 40, _ =>
        {
            using Batch output = stage.Process(input);
            Assert.Equal(expected.CellsHash, output.CellsHash);
            Assert.Equal(((DoubleArray)expected.Events.Column("x")).ToArray(), ((DoubleArray)output.Events.Column("x")).ToArray());
            Assert.Equal(((TimestampArray)expected.Events.Column("when")).Values.ToArray(), ((TimestampArray)output.Events.Column("when")).Values.ToArray());
        });
    }

    [Fact]
    public void Process_ExtraAndTypedColumns_PassThrough()
    {
        var extra = new ListArray.Builder(StringType.Default);
        extra.Append();
        ((StringArray.Builder)extra.ValueBuilder).Append("left over");
        extra.AppendNull();
        IArrowArray[] columns = [new Int64Array.Builder().AppendRange([1, 2]).Build(), Text("1", "2"), new DoubleArray.Builder().AppendRange([1.5, 2.5]).Build(), extra.Build()];
        Field[] fields = [new("row_id", Int64Type.Default, false), new("_extra", StringType.Default, true), new("Ratio", DoubleType.Default, true), new("_extra", columns[3].Data.DataType, true)];
        using var input = new Batch(new Origin(1, 2, 0, 1, Next), new RecordBatch(new Schema(fields, null), columns, 2));
        using Batch output = new ParseStage().Process(input);
        Assert.Equal(["row_id", "_extra_2", "ratio", "_extra"], output.Events.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal("extra", output.Events.Schema.GetFieldByName("_extra").Metadata["role"]);
        Assert.Equal(2, output.Cells!.ColumnCount);
        Assert.Single(output.Tallies);
        Assert.IsType<DoubleArray>(output.Events.Column("ratio"));
    }

    [Fact]
    public void Process_WhatRidesAlong_StaysAlong()
    {
        using Batch plain = Input(["x"], [["1"]]);
        var side = new SideTable("weir.decoded", plain.ShareEvents());
        Batch output;
        using (var input = new Batch(plain.Origin, plain.ShareEvents())
        {
            Side = [side],
            Remarks = [new Remark(1, 0, "unclosed-quote", "", default)],
            Rejects = [new Reject(2, 1, 0, "row-too-long", "", default)],
            End = new SourceEnd("00", 1, 0, null),
        })
            output = new ParseStage().Process(input);
        using (output)
        {
            Assert.Equal(1, ((Int64Array)output.Side[0].Rows.Column(0)).Values[0]);
            Assert.Equal((1, 1), (output.Remarks.Count, output.Rejects.Count));
            Assert.NotNull(output.End);
        }
    }

    private static string[] Pair(string a, string b) => [a, b];

    private static Batch Input(string[] names, string[][] columns)
    {
        int rows = columns[0].Length;
        var fields = new List<Field> { new("row_id", Int64Type.Default, false) };
        var arrays = new List<IArrowArray> { new Int64Array.Builder().AppendRange(Enumerable.Range(1, rows).Select(i => (long)i)).Build() };
        for (int i = 0; i < names.Length; i++)
        {
            fields.Add(new Field(names[i], StringType.Default, true));
            arrays.Add(Text(columns[i]));
        }

        return new Batch(new Origin(1, rows, 0, 1, Next), new RecordBatch(new Schema(fields, null), arrays, rows));
    }
}
