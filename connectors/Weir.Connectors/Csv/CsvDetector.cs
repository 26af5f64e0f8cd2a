using System.Globalization;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Finds out from an input's first bytes how it is written: preamble, delimiter, quote, header.</summary>
/// <remarks>Looks at the first MiB only, so that the verdict does not depend on how reads are cut. What the options set is taken as it is.</remarks>
internal static unsafe class CsvDetector
{
    /// <summary>Wider tables are a wrong delimiter or an attack: each column of a batch needs two pages at least.</summary>
    public const int MaxColumns = 16_384;

    private const int SampleRows = 1_000;  // guess: enough to see what is usual; the sample files would show a wrong one
    private const int HeaderRows = 200;

    private static readonly string[] Delimiters = [",", ";", "\t", "|"];

    /// <summary>Delimited text: rows of several fields, or one column below a name.</summary>
    public static Recognition Recognise(TextSample input, InputOptions options, string? asked)
    {
        if (asked is null && IsMarkup(input.Sample))
            return default;
        CsvLayout? layout = Detect(input.Path, input.Window, options.Csv);
        if (layout is null)
            return new Recognition(null, true);
        bool lines = asked is null && layout is { Dialect.Delimiter.Length: 0, HasHeader: false } && options.Csv.Header is null;
        return Recognition.Of(lines ? null : layout);
    }

    /// <inheritdoc cref="Detect(byte*, int, bool, CsvOptions)"/>
    /// <exception cref="WeirException">It has more columns than a table may have.</exception>
    public static CsvLayout? Detect(string where, TextWindow window, CsvOptions options)
    {
        CsvLayout? layout = Detect(window.Pointer, window.Length, window.Final, options);
        return layout?.Columns.Length > MaxColumns
            ? throw new WeirException(where, $"its first row has {layout.Columns.Length} fields", $"at most {MaxColumns} columns", "Check the delimiter: --delimiter says which it is.")
            : layout;
    }

    /// <summary>What stands before the first data row; null where <paramref name="length"/> bytes do not hold the whole header.</summary>
    public static CsvLayout? Detect(byte* text, int length, bool final, CsvOptions options)
    {
        int sample = Math.Min(length, TextSource.SampleBytes);
        bool whole = final && sample == length;
        var reasons = new List<string>();
        int bom = new ReadOnlySpan<byte>(text, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        int start = bom;
        string? hint = null;
        if (options.Header != false)
            start = CsvPreamble.Skip(text, start, sample, ref hint);
        CsvDialect dialect = Choose(text, start, sample, whole, options, hint, reasons);
        if (options.Header != false)
        {
            int title = CsvPreamble.SkipTitle(text, start, sample);
            if (title > start)
            {
                var ignored = new List<string>();
                CsvDialect behind = Choose(text, title, sample, whole, options, hint, ignored);
                if (Measure(behind, text, title, sample, whole).First > 1 && Measure(behind, text, start, title, true).First == 1)
                    (start, dialect, reasons) = (title, behind, ignored);
            }
        }

        if (start > bom)
            reasons.Insert(0, string.Create(CultureInfo.InvariantCulture, $"preamble: {start - bom} bytes before the table are left out and kept as a remark"));

        bool header;
        if (options.Header is not null)
        {
            header = options.Header.Value;
            reasons.Add($"header: {(header ? "yes" : "no")}, as asked for");
        }
        else
        {
            header = CsvHeaderGuess.IsHeader(Records(dialect, text, start, sample, whole), out string reason);
            reasons.Add(reason);
        }

        string[] columns;
        int body = start;
        if (header && start < length)
        {
            var parser = new CsvParser(dialect);
            switch (parser.Read(text + start, length - start, final))
            {
                case CsvRowStatus.Incomplete:
                    return null;
                case CsvRowStatus.TooLong:
                    columns = ["column_1"];
                    reasons.Add("header: none, the first row is longer than a row may be");
                    header = false;
                    break;
                default:
                    columns = Cells(parser, dialect, text + start);
                    body = start + parser.Consumed;
                    break;
            }
        }
        else
        {
            header = false;
            int count = Math.Max(1, Measure(dialect, text, start, sample, whole).Usual);
            columns = [.. Enumerable.Range(1, count).Select(i => "column_" + i.ToString(CultureInfo.InvariantCulture))];
        }

        var lines = new LineCounter(1);
        lines.Add(new ReadOnlySpan<byte>(text, body));
        return new CsvLayout
        {
            Connector = "csv",
            Dialect = dialect,
            RegisterBits = options.RegisterBits,
            PieceBytes = options.PieceBytes,
            BlankIsRow = columns.Length < 2,
            Columns = columns,
            HasHeader = header,
            BodyOffset = body,
            BodyLine = lines.Line,
            Preamble = new ReadOnlySpan<byte>(text + bom, start - bom).ToArray(),
            Reasons = reasons,
        };
    }

    private static CsvDialect Choose(byte* text, int start, int end, bool final, CsvOptions options, string? hint, List<string> reasons)
    {
        string? asked = options.Delimiter ?? hint;
        string quote = options.Quote ?? ChooseQuote(text, start, end, final, options, asked, reasons);
        if (asked is not null)
        {
            reasons.Add($"delimiter: {Name(asked)}, {(options.Delimiter is null ? "named by its first line" : "as asked for")}");
            return CsvDialect.Of(options, asked, quote);
        }

        CsvDialect? best = null;
        string name = "";
        Shape shape = default;
        foreach (string delimiter in Delimiters)
        {
            if (delimiter == quote)
                continue;
            CsvDialect candidate = CsvDialect.Of(options, delimiter, quote);
            Shape seen = Measure(candidate, text, start, end, final);
            if (seen.IsTable && (best is null || seen.Score > shape.Score))
                (best, name, shape) = (candidate, delimiter, seen);
        }

        if (best is null)
        {
            reasons.Add("delimiter: none of comma, semicolon, tab and bar divides the rows evenly; each row is one field");
            return CsvDialect.Of(options, "", quote);
        }

        reasons.Add(string.Create(CultureInfo.InvariantCulture, $"delimiter: {Name(name)}, {shape.Even} of the first {shape.Rows} rows have {shape.Usual} fields"));
        return best;
    }

    // A single quote is common in text, so it must earn its place: no field in double quotes, no fault, and more even rows.
    private static string ChooseQuote(byte* text, int start, int end, bool final, CsvOptions options, string? delimiter, List<string> reasons)
    {
        foreach (string candidate in delimiter is null ? Delimiters : [delimiter])
        {
            Shape two = Measure(CsvDialect.Of(options, candidate, "\""), text, start, end, final);
            if (two.Quoted > 0 && two.IsTable)
                break;
            Shape one = Measure(CsvDialect.Of(options, candidate, "'"), text, start, end, final);
            if (one.IsTable && one.Quoted > 1 && one.Faults == 0 && one.Even == one.Rows && two.Quoted == 0 && (two.Even < two.Rows || one.Quoted >= one.Rows))
            {
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"quote: ', {one.Quoted} fields stand between single quotes and none between double ones"));
                return "'";
            }
        }

        return "\"";
    }

    private static Shape Measure(CsvDialect dialect, byte* text, int start, int end, bool final)
    {
        var parser = new CsvParser(dialect);
        var counts = new Dictionary<int, (int Rows, int Clean)>();
        var shape = default(Shape);
        int at = start;
        while (shape.Rows < SampleRows && Next(parser, text, at, end, final, shape.Rows == 0))
        {
            at += parser.Consumed;
            if (parser.Length == 0)
                continue;
            bool faulty = parser.HasTextAfterQuote || parser.BrokenField >= 0;
            shape.Rows++;
            shape.Faults += faulty ? 1 : 0;
            shape.Divided += parser.Count > 1 ? 1 : 0;
            if (shape.Rows == 1)
                shape.First = parser.Count;
            foreach (CsvField field in parser.Fields)
                shape.Quoted += (field.Kind & CsvFieldKind.Quoted) != 0 ? 1 : 0;
            (int Rows, int Clean) count = counts.GetValueOrDefault(parser.Count);
            counts[parser.Count] = (count.Rows + 1, count.Clean + (faulty ? 0 : 1));
        }

        foreach ((int fields, (int rows, int clean)) in counts)
        {
            if (rows > shape.UsualRows || (rows == shape.UsualRows && fields > shape.Usual))
                (shape.Usual, shape.UsualRows, shape.Even) = (fields, rows, clean);
        }

        return shape;
    }

    // A sample that ends within its first row still shows how that row is divided; of a later one nothing is lost.
    private static bool Next(CsvParser parser, byte* text, int at, int end, bool final, bool first) =>
        at < end && (parser.Read(text + at, end - at, final) == CsvRowStatus.Row || (first && parser.Read(text + at, end - at, true) == CsvRowStatus.Row));

    private static List<string[]> Records(CsvDialect dialect, byte* text, int start, int end, bool final)
    {
        var records = new List<string[]>();
        var parser = new CsvParser(dialect);
        int at = start;
        while (records.Count < HeaderRows && Next(parser, text, at, end, final, records.Count == 0))
        {
            if (parser.Length > 0)
                records.Add(Cells(parser, dialect, text + at));
            at += parser.Consumed;
        }

        return records;
    }

    private static string[] Cells(CsvParser parser, CsvDialect dialect, byte* row)
    {
        string[] cells = new string[parser.Count];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = CsvText.Decode(row, parser.Fields[i], dialect.Quote, dialect.Escape);
        return cells;
    }

    // Read as CSV, such a file would land as rows that mean nothing, its first line as their header.
    private static bool IsMarkup(ReadOnlySpan<byte> text)
    {
        text = (text.StartsWith("\uFEFF"u8) ? text[3..] : text).TrimStart(" \t\r\n"u8);
        return text.StartsWith("<?xml"u8) || text.StartsWith("<!"u8) || (text.Length > 1 && text[0] == '<' && char.IsAsciiLetter((char)text[1]));
    }

    private static string Name(string delimiter) => delimiter switch
    {
        "," => "comma",
        ";" => "semicolon",
        "\t" => "tab",
        "|" => "bar",
        _ => "'" + delimiter + "'",
    };

    /// <summary>How a dialect divides the sample.</summary>
    private struct Shape
    {
        public int Rows;
        public int First;      // fields of the first row
        public int Usual;      // the commonest number of fields
        public int UsualRows;  // rows that have it
        public int Even;       // of these, rows without a fault
        public int Divided;    // rows of more than one field
        public int Quoted;     // fields in quotes
        public int Faults;

        /// <summary>Most rows agree, or the first row has several fields and nearly all others have too.</summary>
        public readonly bool IsTable => (Usual > 1 && Even * 5 >= Rows * 3) || (First > 1 && Divided * 5 >= Rows * 4);

        /// <summary>Even rows count, wide ones more; a first row that differs from the usual speaks against it (decimal commas below a header with semicolons).</summary>
        public readonly double Score => Usual < 2 ? 0 : (double)Even / Rows * (1 - (1.0 / Usual)) * (First == Usual ? 1 : 0.5);
    }
}
