using System.Globalization;
using Spectre.Console;

namespace Weir.Cli.Output;

/// <summary>The house's table: calm, a rule under the head, text from logs made harmless.</summary>
/// <remarks>
/// Fits any width: numbers and short columns stay whole, the widest are cut first. Where even that leaves no room, each row is printed as a
/// block of name and value: no column is ever left out.
/// </remarks>
internal sealed class ResultTable(params string[] columns)
{
    private const int Gap = 3, Indent = 2, Narrowest = 12;

    private readonly string[] names = [.. columns.Select(Terminal.Line)];
    private readonly bool[] right = new bool[columns.Length];
    private readonly bool[] whole = new bool[columns.Length];
    private readonly List<string?[]> rows = [];

    public int Columns => names.Length;

    /// <summary>The last column is folded into lines, not cut: for what must be read whole.</summary>
    public bool FoldLast { get; init; }

    /// <summary>It is folded between words where there are some.</summary>
    public bool BetweenWords { get; init; }

    /// <summary>Columns without any value are left out, where they would only take room.</summary>
    public bool LeaveOutEmpty { get; init; }

    public void RightAlign(params ReadOnlySpan<int> positions)
    {
        foreach (int position in positions)
            right[position] = whole[position] = true;
    }

    /// <summary>Columns that are never cut: half a time or half a number is a wrong one.</summary>
    public void KeepWhole(params ReadOnlySpan<int> positions)
    {
        foreach (int position in positions)
            whole[position] = true;
    }

    /// <summary>Adds a row; null is NULL.</summary>
    public void Add(IEnumerable<string?> cells) => rows.Add([.. cells.Select(c => c is null ? null : Terminal.Line(c))]);

    public void Write(IAnsiConsole console)
    {
        int room = console.Profile.Width;
        if (LeaveOutEmpty && rows.Count > 0 && Enumerable.Range(0, names.Length).Where(i => rows.Exists(r => r[i] is not null)).ToArray() is { Length: > 0 } kept && kept.Length < names.Length)
        {
            Only(kept).Write(console);
            return;
        }

        if (Widths(room - 2 * Indent - Gap * (names.Length - 1)) is not { } widths)
        {
            WriteBlocks(console, room);
            return;
        }

        console.WriteLine();
        console.MarkupLine(Row(widths, i => $"[bold]{Pad(names[i], widths[i], right[i])}[/]"));
        console.MarkupLine($"[grey]{new string('─', widths.Sum() + Gap * (names.Length - 1) + 2 * Indent)}[/]");
        foreach (string?[] row in rows)
        {
            string[] folded = FoldLast ? [.. Fold(row[^1] ?? "", widths[^1], BetweenWords)] : [];
            console.MarkupLine(Row(widths, i => FoldLast && i == names.Length - 1 && row[i] is not null ? Pad(folded[0], widths[i], false) : Cell(row[i], widths[i], right[i])));
            foreach (string more in folded.Skip(1))
                console.MarkupLine(new string(' ', Indent + widths[..^1].Sum() + Gap * (names.Length - 1)) + Markup.Escape(more));
        }

        console.WriteLine();
    }

    private ResultTable Only(int[] kept)
    {
        var table = new ResultTable([.. kept.Select(i => names[i])]) { FoldLast = FoldLast, BetweenWords = BetweenWords };
        for (int i = 0; i < kept.Length; i++)
            (table.right[i], table.whole[i]) = (right[kept[i]], whole[kept[i]]);
        foreach (string?[] row in rows)
            table.rows.Add([.. kept.Select(i => row[i])]);
        return table;
    }

    /// <summary>Widths that fit into the room; null where there are none that leave each column readable.</summary>
    private int[]? Widths(int room)
    {
        int[] full = [.. names.Select((n, i) => Math.Max(1, Math.Max(Size(n), rows.Select(r => r[i] is { } cell ? Size(cell) : 1).DefaultIfEmpty(0).Max())))];
        if (full.Sum() <= room)
            return full;
        int[] least = [.. full.Select((w, i) => whole[i] ? w : Math.Min(w, Narrowest))];
        if (least.Sum() > room)
            return null;

        // The highest cap under which all fit: the widest columns give way, the others do not.
        int cap = Narrowest;
        while (full.Select((w, i) => Math.Max(least[i], Math.Min(w, cap + 1))).Sum() <= room)
            cap++;
        int[] widths = [.. full.Select((w, i) => Math.Max(least[i], Math.Min(w, cap)))];
        int left = room - widths.Sum();
        for (int i = 0; i < widths.Length && left > 0; i++)
        {
            if (widths[i] < full[i])
            {
                widths[i]++;
                left--;
            }
        }

        return widths;
    }

    private void WriteBlocks(IAnsiConsole console, int room)
    {
        int name = Math.Min(names.Max(Size), Math.Max(Narrowest, room / 3));
        int value = Math.Max(Narrowest, room - name - Indent - Gap);
        for (int row = 0; row < rows.Count; row++)
        {
            string head = string.Create(CultureInfo.InvariantCulture, $"── {row + 1} ");
            console.MarkupLine($"[grey]{head}{new string('─', Math.Max(0, Math.Min(room, name + Indent + Gap + 40) - head.Length))}[/]");
            for (int i = 0; i < names.Length; i++)
                console.MarkupLine($"  [bold]{Pad(names[i], name, false)}[/]   {Cell(rows[row][i], value, false).TrimEnd()}");
        }
    }

    private static string Row(int[] widths, Func<int, string> cell) => "  " + string.Join(new string(' ', Gap), Enumerable.Range(0, widths.Length).Select(cell)).TrimEnd();

    private static string Cell(string? text, int width, bool right) => text is null ? $"[grey]{Pad("∅", width, right)}[/]" : Pad(text, width, right);

    private static string Pad(string text, int width, bool right)
    {
        string cut = Cut(text, width), blanks = new(' ', Math.Max(0, width - Size(cut)));
        return Markup.Escape(right ? blanks + cut : cut + blanks);
    }

    private static string Cut(string text, int width)
    {
        if (text.Length <= width && Size(text) <= width)
            return text;
        int at = 0;
        for (int used = 0; at < text.Length; at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1)
        {
            used += Size(text.AsSpan(at, char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1).ToString());
            if (used > width - 1)
                break;
        }

        return text[..at] + "…";
    }

    private static IEnumerable<string> Fold(string text, int width, bool words)
    {
        while (Size(text) > width)
        {
            string piece = Cut(text, width + 1)[..^1];
            if (words && text[piece.Length] != ' ' && piece.LastIndexOf(' ') is > 0 and int blank)
                piece = piece[..blank];
            yield return piece;
            text = words ? text[piece.Length..].TrimStart(' ') : text[piece.Length..];
        }

        yield return text;
    }

    // Cells that are far longer than any terminal need no exact measure.
    private static int Size(string text) => text.Length > 4096 ? text.Length : text.GetCellWidth();
}
