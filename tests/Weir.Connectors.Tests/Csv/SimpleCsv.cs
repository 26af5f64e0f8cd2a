using System.Text;

namespace Weir.Connectors.Tests;

/// <summary>The reading rules once more, byte by byte over the whole text: slow, and written from the rules, not from the parser.</summary>
internal sealed class SimpleCsv(byte[] text, string delimiter, int quote, int escape, int maxRow, int columns)
{
    private readonly byte[] separator = Encoding.UTF8.GetBytes(delimiter);

    public List<string> Rows { get; } = [];

    public List<string> Remarks { get; } = [];

    /// <summary>Row and bytes of each rejected row.</summary>
    public List<(long Row, string Raw)> Rejects { get; } = [];

    public int BlankLines { get; private set; }

    public void Read(int at)
    {
        long row = 0;
        while (at < text.Length)
        {
            var cells = new List<(byte[]? Text, byte[] Raw, string? Fault)>();
            int start = at;
            int end = ReadRow(start, cells);
            if (end - start > maxRow)
            {
                end = start + maxRow;
                while (!IsLineEnd(end))
                    end++;
                row++;
                Rejects.Add((row, Convert.ToHexString(text[start..end])));
            }
            else if (end == start && columns > 1)
            {
                BlankLines++;
            }
            else
            {
                row++;
                Land(row, cells);
            }

            at = end < text.Length && text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
        }
    }

    private int ReadRow(int start, List<(byte[]? Text, byte[] Raw, string? Fault)> cells)
    {
        bool broken = false;
        int at = start;
        while (true)
        {
            int end = at;
            if (at < text.Length && text[at] == quote)
            {
                var inside = new List<byte>();
                int close = Close(at, start, inside);
                bool lines = close < 0 || text[at..close].Any(b => b is 10 or 13);
                if (close >= 0 && IsEnd(close + 1) && !(broken && lines))
                {
                    cells.Add(([.. inside], text[at..(close + 1)], null));
                    end = close + 1;
                }
                else
                {
                    bool literal = lines || broken;
                    end = literal ? at : close + 1;
                    while (!IsEnd(end))
                        end++;
                    cells.Add(literal
                        ? (text[at..end], text[at..end], broken ? null : "unclosed-quote")
                        : ([.. inside, .. text[(close + 1)..end]], text[at..end], "text-after-quote"));
                    broken |= literal;
                }
            }
            else
            {
                while (!IsEnd(end))
                    end++;
                cells.Add((end == at ? null : text[at..end], text[at..end], null));
            }

            if (IsLineEnd(end))
                return end;
            at = end + separator.Length;
        }
    }

    private int Close(int open, int start, List<byte> inside)
    {
        for (int i = open + 1; i < text.Length && i < start + maxRow; i++)
        {
            bool twin = i + 1 < text.Length && (escape < 0 ? text[i] == quote && text[i + 1] == quote : text[i] == escape && (text[i + 1] == quote || text[i + 1] == escape));
            if (twin)
                i++;
            else if (text[i] == quote)
                return i;
            inside.Add(text[i]);
        }

        return -1;
    }

    private bool IsLineEnd(int at) => at >= text.Length || text[at] is 10 or 13;

    private bool IsEnd(int at) => IsLineEnd(at) || (separator.Length > 0 && text.AsSpan(at).StartsWith(separator));

    private void Land(long row, List<(byte[]? Text, byte[] Raw, string? Fault)> cells)
    {
        string[] shown = [.. cells.Select(c => c.Text is null ? "~" : $"[{Encoding.UTF8.GetString(c.Text)}]")];
        Rows.Add(row + string.Concat(Enumerable.Range(0, columns).Select(i => i < shown.Length ? shown[i] : "~")) + (shown.Length > columns ? "+" + string.Concat(shown[columns..]) : ""));
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i].Fault == "text-after-quote")
                Remarks.Add($"{row} {(i < columns ? i : -1)} text-after-quote {Convert.ToHexString(cells[i].Raw)}");
        }

        int broken = cells.FindIndex(c => c.Fault == "unclosed-quote");
        if (broken >= 0)
            Remarks.Add($"{row} {(broken < columns ? broken : -1)} unclosed-quote ");
        else if (cells.Count != columns)
            Remarks.Add($"{row} -1 {(cells.Count < columns ? "missing" : "extra")}-fields ");
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i].Text is { } bytes && !IsText(bytes))
                Remarks.Add($"{row} {(i < columns ? i : -1)} invalid-utf8 {Convert.ToHexString(bytes)}");
        }
    }

    private static bool IsText(byte[] bytes)
    {
        try
        {
            new UTF8Encoding(false, true).GetString(bytes);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
