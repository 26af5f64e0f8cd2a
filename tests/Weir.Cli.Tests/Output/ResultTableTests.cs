using Weir.Cli.Output;

namespace Weir.Cli.Tests;

/// <summary>A table fits the terminal without leaving a column out or cutting a number.</summary>
public class ResultTableTests
{
    [Fact]
    public void Write_Room_PrintsWholeCells() => Assert.Equal(
        "\n  a         n\n───────────────\n  xyz   1,000\n  ∅         2\n\n", Print(80, ["xyz", "1,000"], [null, "2"]));

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public void Write_LittleRoom_CutsTextAndNeverANumber(int width)
    {
        string printed = Print(width, [new string('x', 500), "123,456,789"]);
        Assert.Contains("x…   123,456,789", printed, StringComparison.Ordinal);
        Assert.All(printed.Split('\n'), line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void Write_WideLetters_CountTwice() => Assert.All(Print(40, [new string('木', 60), "1"]).Split('\n'), line => Assert.True(Screen.Size(line) <= 40, line));

    [Fact]
    public void Write_MoreColumnsThanFit_NamesEachOfThem()
    {
        var table = new ResultTable([.. Enumerable.Range(0, 60).Select(i => $"column{i}")]);
        table.Add(Enumerable.Range(0, 60).Select(i => $"value{i} {new string('y', 200)}"));
        string printed = Print(100, table);
        Assert.All(Enumerable.Range(0, 60), i => Assert.Contains($"value{i} y", printed, StringComparison.Ordinal));
        Assert.All(printed.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Write_WidestFindsNoRoom_StandsUnderItsRow()
    {
        var table = new ResultTable("key", "first", "last", "detail");
        table.KeepWhole(1, 2);
        table.Add(["a", "2018-08-20T09:31:05Z", "2018-08-20T09:31:06Z", "what was done by whom"]);
        table.Add(["b", "2018-08-20T09:31:05Z", null, null]);
        Assert.Equal(
            ["  key   first                  last", "  a     2018-08-20T09:31:05Z   2018-08-20T09:31:06Z", "    detail what was done by whom", "  b     2018-08-20T09:31:05Z   ∅"],
            Print(60, table).Trim('\n').Split('\n').Where(l => !l.Contains('─', StringComparison.Ordinal)).Select(l => l.TrimEnd()));
    }

    [Fact]
    public void Write_SeveralFindNoRoom_StandUnderTheirRowWithTheirNames()
    {
        string[] times = ["2018-08-20T09:31:05Z", "2018-08-20T09:31:06Z", "2018-08-20T09:31:07Z"];
        var table = new ResultTable("key", "n", "m", "first", "last", "final");
        table.RightAlign(1, 2);
        table.KeepWhole(3, 4, 5);
        table.Add(["a", "1", "2", .. times]);
        Assert.Equal(["  a     1   2   2018-08-20T09:31:05Z", "    last 2018-08-20T09:31:06Z · final", "    2018-08-20T09:31:07Z"], Print(46, table).Trim('\n').Split('\n').Skip(2).Select(l => l.TrimEnd()));
    }

    [Fact]
    public void Write_FoldedColumn_IsWhole()
    {
        var table = new ResultTable("a", "text") { FoldLast = true };
        string text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i:000}"));
        table.Add(["x", text]);
        Assert.Equal(text, string.Concat(Print(60, table).Split('\n').Skip(3).Select(l => l.Replace("  x   ", "", StringComparison.Ordinal).Trim())));
    }

    [Fact]
    public void Write_FoldedBetweenWords_CutsOnlyWordsThatAreTooLong()
    {
        var table = new ResultTable("a", "text") { FoldLast = true, BetweenWords = true };
        table.Add(["x", $"one two three four five {new string('y', 30)} six"]);
        Assert.Equal(["one two three", "four five", "yyyyyyyyyyyyyyyy", "yyyyyyyyyyyyyy", "six"], Print(24, table).Trim('\n').Split('\n').Skip(2).Select(l => l.Replace("  x   ", "", StringComparison.Ordinal).Trim()));
    }

    [Fact]
    public void Write_MarkupAndEscapes_AreText()
    {
        string printed = Print(80, ["[red]x[/]\u001b[31m\u202e", "1"]);
        Assert.Contains("[red]x[/]\\x1b[31m\\u202e", printed, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', printed);
    }

    private static string Print(int width, params string?[][] rows)
    {
        var table = new ResultTable("a", "n");
        table.RightAlign(1);
        foreach (string?[] row in rows)
            table.Add(row);
        return Print(width, table);
    }

    private static string Print(int width, ResultTable table)
    {
        var output = new StringWriter();
        table.Write(Screen.Plain(output, width));
        return output.ToString().Replace("\r", "", StringComparison.Ordinal);
    }
}
