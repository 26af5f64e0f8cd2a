using System.Text;
using Apache.Arrow;
using Weir.Engine.Stages;
using Weir.Engine.Tests.Dataflow;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Unnest;

public class UnnestStageTests
{
    [Fact]
    public void Process_TwinWithValues_MakesItsFieldAListAndSaysSo()
    {
        using Batch batch = Process(("user", ["a\nb", "c", null]), ("__mv_user", ["$a$;$b$", "", null]));
        Field list = batch.Events.Schema.GetFieldByName("user");
        Assert.Equal("mv-twin", list.Metadata["format"]);
        Assert.Equal("a+b,c,", Lists(batch, "user"));
        Assert.Equal("twin", batch.Events.Schema.GetFieldByName("__mv_user").Metadata["role"]);
        Assert.Empty(batch.Remarks);
    }

    [Fact]
    public void Process_TwinWithoutValues_LeavesItsFieldAsItIs()
    {
        using Batch batch = Process(("n", ["1", "2", "3"]), ("__mv_n", ["", "", ""]));
        Assert.IsType<Int64Array>(batch.Events.Column(1));
    }

    [Theory]
    [InlineData("odd", "the twin is no list of values", "a")]
    [InlineData("$a$", "the twin holds one value, where Splunk leaves it empty", "a")]
    [InlineData("$a$;$b$", "the field of these values is empty", "")]
    public void Process_TwinThatItsListDoesNotGiveBack_IsKeptInARemark(string twin, string detail, string field)
    {
        using Batch batch = Process(("user", ["x\ny", field]), ("__mv_user", ["$x$;$y$", twin]));
        Remark remark = Assert.Single(batch.Remarks);
        Assert.Equal((2L, 0, "mv-twin", detail, twin), (remark.RowId!.Value, remark.Column, remark.Code, remark.Detail, Encoding.UTF8.GetString(remark.Raw.Span)));
    }

    [Fact]
    public void Process_FieldThatIsNotItsTwinsValues_KeepsItsText()
    {
        using Batch batch = Process(("user", ["x, y", "a\nb"]), ("__mv_user", ["$x$;$y$", "$a$;$b$"]));
        Assert.Equal("x+y,a+b", Lists(batch, "user"));
        Assert.Equal("x, y", Cell((StringArray)batch.Events.Column(batch.Events.Schema.GetFieldIndex("user_text")), 0));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(98, false)]
    public void Process_JsonArrays_NeedNinetyNineInAHundred(int arrays, bool list)
    {
        string?[] cells = [.. Enumerable.Range(0, 100).Select(i => i < arrays ? "[\"x\"]" : "[x]")];
        using Batch batch = Process(("roles", cells));
        Assert.Equal(list, batch.Events.Column(1) is ListArray);
    }

    [Theory]
    [InlineData("values(user)", true)]
    [InlineData("list(x)", true)]
    [InlineData("_si", true)]
    [InlineData("tag::eventtype", true)]
    [InlineData("eventtype", true)]
    [InlineData("given", true)]
    [InlineData("user", false)]
    [InlineData("values", false)]
    public void Process_Newlines_SplitColumnsOfThatName(string name, bool list)
    {
        using Batch batch = Process((name, ["a\n\nb", "c"]));
        Assert.Equal(list ? "a++b,c" : null, batch.Events.Column(1) is ListArray ? Lists(batch, batch.Events.Schema.GetFieldByIndex(1).Name) : null);
    }

    [Fact]
    public void Process_ListWhoseNumbersHadACompanion_LeavesItBehind()
    {
        using Batch batch = Process(("values(n)", [.. Repeat(200, "1"), "1\n2"]), ("m", [.. Repeat(200, "1"), "x"]));
        Assert.Equal(["row_id", "values_n", "m", "m_text"], batch.Events.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal("1", batch.Events.Schema.GetFieldByName("m_text").Metadata["of"]);
    }

    [Fact]
    public void Process_WithoutParseStage_SaysWhatIsMissing()
    {
        using Batch batch = TestBatches.Make(1, 3);
        Assert.Contains("parse stage", Assert.Throws<InvalidOperationException>(() => new UnnestStage().Process(batch)).Message, StringComparison.Ordinal);
    }

    private static Batch Process(params (string Name, string?[] Cells)[] columns)
    {
        int rows = columns[0].Cells.Length;
        var schema = new Schema([new Field("row_id", Apache.Arrow.Types.Int64Type.Default, false), .. columns.Select(c => new Field(c.Name, Apache.Arrow.Types.StringType.Default, true))], null);
        using var batch = new Batch(TestBatches.Place(1, rows), new RecordBatch(schema, [TestBatches.RowIds(1, rows), .. columns.Select(c => Text(c.Cells))], rows));
        return new Parsed(new UnnestStage(new UnnestOptions { MultiValue = ["given"] })).Process(batch);
    }

    private static string Lists(Batch batch, string column)
    {
        var lists = (ListArray)batch.Events.Column(batch.Events.Schema.GetFieldIndex(column));
        return string.Join(',', Enumerable.Range(0, lists.Length).Select(i => string.Join('+', Enumerable.Range(lists.ValueOffsets[i], lists.GetValueLength(i)).Select(k => Cell((StringArray)lists.Values, k)))));
    }
}
