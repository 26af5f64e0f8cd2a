using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Weir.Cli.Tests.Landing;

/// <summary>One generated file, and what must stand in the case once it has landed, told by the generator alone.</summary>
internal sealed record RandomSource(string File, string[] Header, string?[][] Columns, RowFault[] Faults, int Style)
{
    private const int TooLong = 70_000; // beyond --max-row 64KB

    private static readonly Regex Several = new(@"\A\$([^$]|\$\$)*\$(;\$([^$]|\$\$)*\$)+\z", RegexOptions.Singleline);

    public int Records => Faults.Length;

    /// <summary>Landed rows: number, and cells as text, extra fields behind them.</summary>
    public List<(long Row, string[] Cells)> Rows { get; } = [];

    public List<(long Row, string Code)> Remarks { get; } = [];

    /// <summary>Rejected rows and their bytes.</summary>
    public List<(long Row, long Bytes)> Rejects { get; } = [];

    /// <summary>Cells that are neither NULL nor empty, a column each.</summary>
    public long[] Filled { get; private set; } = [];

    /// <summary>The file's bytes; fills in the expectations.</summary>
    public byte[] Render()
    {
        Rows.Clear();
        Remarks.Clear();
        Rejects.Clear();
        Filled = new long[Header.Length];
        string end = (Style & 1) == 0 ? "\n" : "\r\n";
        var text = new StringBuilder(string.Join(',', Header.Select((name, i) => Field(name, i))) + end);
        for (int row = 0; row < Records; row++)
            Add(text, row, end);
        byte[] bytes = Bytes(text.ToString());
        if (!File.EndsWith(".gz", StringComparison.Ordinal))
            return bytes;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Places of fields and of their twins.</summary>
    public static IEnumerable<(int Field, int Twin)> Twins(string[] header) =>
        header.Select((name, i) => (Field: Array.FindIndex(header, h => "__mv_" + h == name), Twin: i)).Where(p => p.Field >= 0 && header[p.Field] != "_time").GroupBy(p => p.Field).Select(g => g.First());

    /// <summary>Without a column, or with fewer rows; for making a failure small.</summary>
    public RandomSource With(IEnumerable<int> columns, IEnumerable<int> rows)
    {
        int[] kept = [.. rows], places = [.. columns];
        return this with { Header = [.. places.Select(c => Header[c])], Columns = [.. places.Select(c => kept.Select(r => Columns[c][r]).ToArray())], Faults = [.. kept.Select(r => Faults[r])] };
    }

    private void Add(StringBuilder text, int row, string end)
    {
        RowFault fault = Effective(row);
        long number = row + 1;
        string[] fields = [.. Columns.Select((c, i) => Field(c[row], row * 31 + i))];
        string[] cells = [.. Columns.Select(c => c[row] ?? "")];
        string?[] extra = [];
        if (row > 0 && Effective(row - 1) == RowFault.UnclosedQuote || row == 0 && fields is [""])
            fields[0] = Quoted(cells[0]); // what ends the quote's search; a blank line behind the header would make a title of it
        switch (fault)
        {
            case RowFault.MissingFields:
                int left = 1 + (row % (fields.Length - 1));
                fields = fields[..left];
                cells.AsSpan(left).Clear();
                cells = [.. cells.Select(c => c ?? "")];
                if (left == 1 && cells[0].Length == 0)
                    fields[0] = Quoted(cells[0]);
                Remarks.Add((number, "missing-fields"));
                break;
            case RowFault.ExtraFields:
                extra = ["one", row % 3 == 0 ? null : row % 3 == 1 ? "" : "b\uFFFDd", "x,y"];
                fields = [.. fields, .. extra.Select((e, i) => Field(e, row + i))];
                Remarks.Add((number, "extra-fields"));
                break;
            case RowFault.TextAfterQuote:
                int at = row % fields.Length;
                fields[at] = $"\"{cells[at][..1]}\"{cells[at][1..]}";
                Remarks.Add((number, "text-after-quote"));
                break;
            case RowFault.UnclosedQuote:
                cells[^1] = fields[^1] = "\"open" + (row % 9);
                Remarks.Add((number, "unclosed-quote"));
                break;
            case RowFault.BlankLine:
                text.Append(end);
                break;
            case RowFault.TooLong:
                string line = string.Join(',', fields[1..].Prepend("long" + new string('z', TooLong)));
                text.Append(line).Append(end);
                Rejects.Add((number, Bytes(line).Length));
                return;
        }

        text.Append(string.Join(',', fields)).Append(end);
        Remarks.AddRange(Twins(Header).Where(t => cells[t.Twin].Length > 0 && (cells[t.Field].Length == 0 || !Several.IsMatch(cells[t.Twin]))).Select(_ => (number, "mv-twin")));
        Remarks.AddRange(cells.Concat(extra).Where(c => c?.Contains('\uFFFD', StringComparison.Ordinal) == true).Select(_ => (number, "invalid-utf8")));
        for (int i = 0; i < Header.Length; i++)
            Filled[i] += cells[i].Length > 0 ? 1 : 0;
        Rows.Add((number, [.. cells, .. extra.Select(e => e ?? "")]));
    }

    /// <summary>The fault, where the cells allow it.</summary>
    private RowFault Effective(int row) => Faults[row] switch
    {
        RowFault.MissingFields when Header.Length > 1 => RowFault.MissingFields,
        RowFault.ExtraFields => RowFault.ExtraFields,
        RowFault.TextAfterQuote when Columns[row % Header.Length][row] is { Length: > 1 } cell && cell.All(char.IsAsciiLetterOrDigit) => RowFault.TextAfterQuote,
        RowFault.UnclosedQuote when Header.Length > 1 && row + 1 < Records && Columns[0][row + 1] is { Length: > 0 } next && char.IsAsciiLetterOrDigit(next[0]) && Effective(row + 1) is RowFault.None => RowFault.UnclosedQuote,
        RowFault.BlankLine when Header.Length > 1 && row > 0 => RowFault.BlankLine,
        RowFault.TooLong when Columns.All(c => c[row]?.AsSpan().ContainsAny('\r', '\n', '"') != true) => RowFault.TooLong,
        _ => RowFault.None,
    };

    private string Field(string? cell, int place)
    {
        if (cell is null)
            return "";
        bool must = cell.Length == 0 || cell.AsSpan().ContainsAny(',', '\r', '\n') || cell[0] == '"';
        bool stray = cell.Contains('"', StringComparison.Ordinal);
        return must || stray && (place & 1) == 0 || place % 7 == Style % 7 ? Quoted(cell) : cell;
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static byte[] Bytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace('\uFFFD', '\u0001'));
        bytes.AsSpan().Replace((byte)1, (byte)0xFF);
        return bytes;
    }
}

/// <summary>What is wrong with a generated row.</summary>
internal enum RowFault
{
    None,
    MissingFields,
    ExtraFields,
    TextAfterQuote,
    UnclosedQuote,
    BlankLine,
    TooLong,
}
