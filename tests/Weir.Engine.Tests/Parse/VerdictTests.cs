using System.Text.Json.Nodes;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

public class VerdictTests
{
    [Theory]
    [InlineData("1,2,-3,0", ColumnType.BigInt, null, 0)]
    [InlineData("1,2.5,-3.25,0", ColumnType.Double, "shortest", 0)]
    [InlineData("1.0,2.25,-3.0", ColumnType.Double, "point", 0)]
    [InlineData("1.00,2.50,-3.25", ColumnType.Double, "fixed:2", 0)]
    [InlineData("007,008", ColumnType.Varchar, null, 0)]
    [InlineData("+1,2,3", ColumnType.Varchar, null, 0)]
    [InlineData("1e5,2e5", ColumnType.Varchar, null, 0)]
    [InlineData("-0,1", ColumnType.Varchar, null, 0)]
    [InlineData("-0.0,1.5", ColumnType.Varchar, null, 0)]
    [InlineData("12345678901234567890,22345678901234567890", ColumnType.Varchar, null, 0)]
    [InlineData("0.00001,1", ColumnType.Varchar, null, 0)]
    [InlineData("true,false", ColumnType.Boolean, "true|false", 0)]
    [InlineData("True,False", ColumnType.Boolean, "True|False", 0)]
    [InlineData("TRUE", ColumnType.Boolean, "TRUE|FALSE", 0)]
    [InlineData("true,False", ColumnType.Varchar, null, 0)]
    [InlineData("yes,no", ColumnType.Varchar, null, 0)]
    [InlineData("2021,2020", ColumnType.BigInt, null, 0)]
    [InlineData("1600000000,1600000001", ColumnType.BigInt, null, 0)]
    [InlineData("2021-06-22T11:17:29Z,2021-06-22T11:17:30Z", ColumnType.TimestampTz, "yyyy-MM-ddTHH:mm:ss'Z'", 0)]
    [InlineData("2021-06-22T11:17:29.1234567Z,2021-06-22T11:17:30.1Z", ColumnType.TimestampTz, "yyyy-MM-ddTHH:mm:ss.f'Z'", 1)]
    [InlineData("06:55:46,06:55:47", ColumnType.Varchar, null, 0)]
    [InlineData(",", ColumnType.Varchar, null, 0)]
    public void Decide_Column_GetsType(string cells, ColumnType type, string? format, long misfits) =>
        Assert.Equal(new Verdict(type, format, misfits), Decide(Hint(), cells.Split(',')));

    [Theory]
    [InlineData("created", "1600000000", ColumnType.TimestampTz)]
    [InlineData("created", "1600000000123", ColumnType.TimestampTz)]
    [InlineData("created", "160000000", ColumnType.BigInt)]     // 1975
    [InlineData("created", "17", ColumnType.BigInt)]
    [InlineData("_time", "17", ColumnType.TimestampTz)]
    [InlineData("bytes", "1600000000", ColumnType.BigInt)]
    public void Decide_PlainNumber_IsTimeOnlyByName(string name, string cell, ColumnType type) =>
        Assert.Equal(type, Decide(Hint(name), cell).Type);

    [Theory]
    [InlineData("1", "N/A", 99, ColumnType.BigInt)]
    [InlineData("1", "N/A", 98, ColumnType.Varchar)]
    [InlineData("1", "+1", 99, ColumnType.BigInt)]
    [InlineData("1", "007", 98, ColumnType.Varchar)]
    [InlineData("1.5", "x", 99, ColumnType.Double)]
    [InlineData("1.5", "x", 98, ColumnType.Varchar)]
    [InlineData("true", "x", 99, ColumnType.Boolean)]
    [InlineData("true", "x", 98, ColumnType.Varchar)]
    [InlineData("2021-06-22", "x", 99, ColumnType.TimestampTz)]
    [InlineData("2021-06-22", "x", 98, ColumnType.Varchar)]
    [InlineData("1", "1.5", 99, ColumnType.BigInt)]
    [InlineData("1", "1.5", 98, ColumnType.Double)]
    public void Decide_OnePercent_IsTheBorder(string good, string bad, int goods, ColumnType type) =>
        Assert.Equal(type, Decide(Hint(), [.. Repeat(goods, good), bad]).Type);

    [Fact]
    public void Decide_Time_WithoutValues_IsStillTime()
    {
        Assert.Equal(ColumnType.TimestampTz, Decide(Hint("_time")).Type);
        Assert.Equal(new Verdict(ColumnType.TimestampTz, "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", 1), Decide(Hint("_time"), "soon", "", null));
        Assert.Equal(Verdict.Text, Decide(Hint("created")));
    }

    [Fact]
    public void Decide_SeveralSpellings_TakesTheCommonest()
    {
        Verdict verdict = Decide(Hint("_time"), "2021-06-22T11:17:29Z", "2021-06-22T11:17:30Z", "1600000000", "2021-06-22T11:17:29+01:00", "x");
        Assert.Equal(new Verdict(ColumnType.TimestampTz, "yyyy-MM-ddTHH:mm:ss'Z'", 3), verdict);
    }

    [Fact]
    public void Decide_DateOrder_ComesFromOwnValuesThenFromTheSource()
    {
        var options = new TypingOptions();
        ColumnTally open = Tally(Hint("a"), "7/8/2019 16:08"), day = Tally(Hint("b"), "17/8/2019", "1/2/2019"), month = Tally(Hint("c"), "8/17/2019");
        SourceVerdict alone = SourceVerdict.Decide([open, Tally(Hint(), "4/2/20")], options);
        Assert.Equal(Verdict.Text, alone.Columns[0]);
        Assert.Equal([0], alone.UndecidedDates);
        SourceVerdict withDay = SourceVerdict.Decide([open, day], options);
        Assert.Equal("d/M/yyyy HH:mm [UTC]", withDay.Columns[0].Format);
        Assert.Empty(withDay.UndecidedDates);
        SourceVerdict both = SourceVerdict.Decide([open, day, month], options);
        Assert.Equal([0], both.UndecidedDates);
        Assert.Equal(["d/M/yyyy [UTC]", "M/d/yyyy [UTC]"], both.Columns.Skip(1).Select(v => v.Format));
        SourceVerdict told = SourceVerdict.Decide([open, month], options with { DateOrder = DateOrder.DayMonth });
        Assert.Equal(ColumnType.TimestampTz, told.Columns[0].Type);
        Assert.Equal(ColumnType.Varchar, told.Columns[1].Type);
        Assert.Empty(told.UndecidedDates);
    }

    [Fact]
    public void Decide_OneOddDate_DoesNotTurnTheColumn()
    {
        Verdict verdict = Decide(Hint(), [.. Repeat(150, "8/17/2019"), "17/8/2019"]);
        Assert.Equal(new Verdict(ColumnType.TimestampTz, "M/d/yyyy [UTC]", 1), verdict);
    }

    [Fact]
    public void Decide_UndecidedTime_IsNamedAndStaysTime()
    {
        SourceVerdict verdict = SourceVerdict.Decide([Tally(Hint("_time"), "4/2/2021")], new TypingOptions());
        Assert.Equal(new Verdict(ColumnType.TimestampTz, "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", 1), verdict.Columns[0]);
        Assert.Equal([0], verdict.UndecidedDates);
    }

    [Fact]
    public void Decide_OtherSpellings_KeepTheirOrderInTheFormat()
    {
        Verdict verdict = Decide(Hint("_time"), "2021-04-02", "2021-04-02", "13/4/2021");
        Assert.Equal("yyyy-MM-dd [UTC] (dmy)", verdict.Format);
        Assert.Equal(1, Typer.Convert(Text("13/4/2021"), Hint("_time"), verdict, false).Misfits);
        Assert.False(Typer.Convert(Text("13/4/2021"), Hint("_time"), verdict, false).Values.IsNull(0));
    }

    [Fact]
    public void Tally_BeyondDouble_IsSeen()
    {
        Assert.False(Tally(Hint(), "999999999999999", "-999999999999999").BeyondDouble);
        Assert.True(Tally(Hint(), "1000000000000000").BeyondDouble); // where the text of a DOUBLE ends
        Assert.True(Tally(Hint(), "9007199254740993").BeyondDouble);
    }

    [Fact]
    public void Convert_InexactValue_KeepsValueAndText()
    {
        TypedColumn typed = Typer.Convert(Text("1", "+2", "x", "", null, "007"), Hint(), new Verdict(ColumnType.BigInt, null, 0), keepEmpty: true);
        var values = (Apache.Arrow.Int64Array)typed.Values;
        Assert.Equal([1, 2, null, null, null, 7], values.ToArray());
        Assert.Equal([null, "+2", "x", "", null, "007"], Enumerable.Range(0, 6).Select(i => Cell(typed.Text, i)));
        Assert.Equal(3, typed.Misfits);
        Assert.Null(Typer.Convert(Text("1", ""), Hint(), new Verdict(ColumnType.BigInt, null, 0), keepEmpty: false).Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Merge_AnyOrder_GivesTheSameSums(int seed)
    {
        var random = new Random(seed);
        ColumnHint hint = Hint("_time");
        // Thousands of spellings, so that the bound on shapes is at work.
        string[] cells = [.. Enumerable.Range(0, 20000).Select(i => random.Next(4) switch
        {
            0 => $"2021-0{random.Next(1, 10)}-{random.Next(10, 29)}{(random.Next(2) == 0 ? 'T' : ' ')}{random.Next(24):00}:00:00.{random.Next(1000)}{(random.Next(2) == 0 ? '+' : '-')}{random.Next(15):00}:{random.Next(4) * 15:00}",
            1 => $"{random.Next(1, 30)}/{random.Next(1, 30)}/2020 {random.Next(24)}:00",
            2 => random.Next(1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => random.Next(3) == 0 ? "" : "true",
        })];
        ColumnTally whole = Tally(hint, cells);
        random.Shuffle(cells);
        ColumnTally[] parts = [.. cells.Chunk(500).Select(c => Tally(hint, c))];
        var sum = new ColumnTally(hint);
        foreach (ColumnTally part in parts)
            sum.Merge(ColumnTally.FromJson(hint, JsonNode.Parse(part.ToJson().ToJsonString())!));
        Assert.True(whole.Shapes.Count == ColumnTally.MostShapes, $"seed {seed}: {whole.Shapes.Count} shapes");
        Assert.Equal(whole.ToJson().ToJsonString(), sum.ToJson().ToJsonString());
        Assert.Equal(whole.ToJson().ToJsonString(), ColumnTally.FromJson(hint, sum.ToJson()).ToJson().ToJsonString());
        Assert.True(sum.ToJson().ToJsonString().Length < 16_000);
    }

    [Fact]
    public void Add_SlicedColumn_SeesItsOwnCellsOnly()
    {
        var tally = new ColumnTally(Hint());
        tally.Add((Apache.Arrow.StringArray)Text("1", null, "x", "2", "", null).Slice(1, 4));
        Assert.Equal(2, tally.Values);
        Assert.Equal(1, tally.Empty);
        Assert.Equal(1, tally.Integers);
    }
}
