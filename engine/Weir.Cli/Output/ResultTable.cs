using System.Globalization;

namespace Weir.Cli.Output;

/// <summary>The house's table: calm, a rule under the head, text from logs made harmless.</summary>
/// <remarks>
/// Fits any width: numbers and short columns stay whole, the widest are cut first. Columns that find no room stand under their row, with their
/// names; where these would be most of them, each row is printed as a block of name and value. No column is ever left out.
/// </remarks>
internal sealed class ResultTable(params string[] columns)
{
    private const int Gap = 3, Indent = 2, Narrowest = 12, NarrowestFold = 28;

    private readonly string[] names = [.. columns.Select(Terminal.Line)];
    private readonly bool[] right = new bool[columns.Length];
    private readonly bool[] whole = new bool[columns.Length];
    private readonly List<string?[]> rows = [];
    private int[]? full; // room that each column would like, once all rows are there

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

    public void Write(Screen console)
    {
        int room = console.Width;
        if (LeaveOutEmpty && rows.Count > 0 && Enumerable.Range(0, names.Length).Where(i => rows.Exists(r => r[i] is not null)).ToArray() is { Length: > 0 } kept && kept.Length < names.Length)
        {
            Only(kept).Write(console);
            return;
        }

        if ((Fitting(room) ?? (Relax(room) ? Fitting(room) : null)) is not var (shown, widths))
        {
            WriteBlocks(console, room);
            return;
        }

        bool folds = FoldLast && shown[^1] == names.Length - 1;
        console.WriteLine();
        console.MarkupLine(Row(widths, i => $"[bold]{Pad(names[shown[i]], widths[i], right[shown[i]])}[/]"));
        console.MarkupLine($"[grey]{new string('─', widths.Sum() + Gap * (widths.Length - 1) + 2 * Indent)}[/]");
        foreach (string?[] row in rows)
        {
            string[] folded = folds ? [.. Screen.Fold(row[^1] ?? "", widths[^1], BetweenWords)] : [];
            console.MarkupLine(Row(widths, i => folds && i == shown.Length - 1 && row[^1] is not null ? Pad(folded[0], widths[i], false) : Cell(row[shown[i]], widths[i], right[shown[i]])));
            foreach (string more in folded.Skip(1))
                console.MarkupLine(new string(' ', Indent + widths[..^1].Sum() + Gap * (widths.Length - 1)) + Screen.Escape(more));
            string under = string.Join(" · ", Enumerable.Range(0, names.Length).Where(i => row[i] is not null && !shown.Contains(i)).Select(i => $"{names[i]} {(FoldLast && i == names.Length - 1 ? row[i] : Cut(row[i]!, room - 3 * Indent - Size(names[i]) - 1))}"));
            foreach (string line in under.Length == 0 ? [] : Screen.Fold(under, room - 3 * Indent, words: true))
                console.MarkupLine($"{new string(' ', 2 * Indent)}[grey]{Screen.Escape(line)}[/]");
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

    private (int[] Shown, int[] Widths)? Fitting(int room)
    {
        foreach (int[] shown in Layouts())
        {
            if (Widths(shown, room) is { } widths)
                return (shown, widths);
        }

        return null;
    }

    /// <summary>One key that is longer than most of a line is cut like other text: it must not make blocks of all rows.</summary>
    private bool Relax(int room)
    {
        bool any = false;
        for (int i = 0; i < names.Length; i++)
        {
            bool relaxed = whole[i] && !right[i] && Full(i) * 3 > room * 2;
            whole[i] &= !relaxed;
            any |= relaxed;
        }

        return any;
    }

    /// <summary>Columns that may stand in the line, best first: all, all but the one that needs most room, and ever fewer as long as most do.</summary>
    private IEnumerable<int[]> Layouts()
    {
        int[] all = [.. Enumerable.Range(0, names.Length)];
        yield return all;
        if (all.Where(i => !whole[i]).OrderBy(Full).LastOrDefault(-1) is > 0 and var widest)
            yield return [.. all.Where(i => i != widest)];
        for (int count = names.Length - 1; count * 2 > names.Length; count--)
            yield return all[..count];
    }

    private int Full(int column) => (full ??= [.. Enumerable.Range(0, names.Length).Select(Widest)])[column];

    private int Widest(int column) => Math.Max(1, Math.Max(Size(names[column]), rows.Select(r => r[column] is { } cell ? Size(cell) : 1).DefaultIfEmpty(0).Max()));

    /// <summary>Widths with which columns fit into a line; null where there are none that leave each column readable.</summary>
    private int[]? Widths(int[] shown, int line)
    {
        int room = line - 2 * Indent - Gap * (shown.Length - 1);
        int[] wished = [.. shown.Select(Full)];
        if (wished.Sum() <= room)
            return wished;
        int[] least = [.. wished.Select((w, i) => whole[shown[i]] ? w : Math.Min(w, FoldLast && shown[i] == names.Length - 1 ? Math.Max(Narrowest, Math.Min(NarrowestFold, line / 4)) : Narrowest))];
        if (least.Sum() > room)
            return null;

        // The highest cap under which all fit: the widest columns give way, the others do not.
        int cap = Narrowest;
        while (wished.Select((w, i) => Math.Max(least[i], Math.Min(w, cap + 1))).Sum() <= room)
            cap++;
        int[] widths = [.. wished.Select((w, i) => Math.Max(least[i], Math.Min(w, cap)))];
        int left = room - widths.Sum();
        for (int i = 0; i < widths.Length && left > 0; i++)
        {
            if (widths[i] < wished[i])
            {
                widths[i]++;
                left--;
            }
        }

        return widths;
    }

    private void WriteBlocks(Screen console, int room)
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
        return Screen.Escape(right ? blanks + cut : cut + blanks);
    }

    private static string Cut(string text, int width) => text.Length <= width && Size(text) <= width ? text : text[..(width > 1 ? Screen.Fitting(text, 0, width - 1) : 0)] + "…";

    // Cells that are far longer than any terminal need no exact measure.
    private static int Size(string text) => text.Length > 4096 ? text.Length : Screen.Size(text);
}
