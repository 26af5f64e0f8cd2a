using Spectre.Console;
using Spectre.Console.Rendering;

namespace Weir.Cli.Output;

/// <summary>The house's table: calm, a rule under the head, text from logs made harmless.</summary>
internal static class ResultTable
{
    public static Table Empty(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, ShowRowSeparators = false };
        table.BorderStyle(new Style(Color.Grey));
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(Terminal.Line(column), new Style(decoration: Decoration.Bold))) { NoWrap = true });
        return table;
    }

    public static IRenderable Cell(string text, int widest = int.MaxValue) => new Text(Cut(Terminal.Line(text), widest)) { Overflow = Overflow.Ellipsis };

    public static IRenderable Null() => new Text("∅", new Style(Color.Grey));

    private static string Cut(string text, int widest) => text.Length <= widest ? text : string.Concat(text.AsSpan(0, Math.Max(0, widest - 1)), "…");
}
