using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Weir.Connectors;

/// <summary>What <see cref="CsvParser.Read"/> found at the place it was given.</summary>
internal enum CsvRowStatus
{
    /// <summary>A whole row: its fields stand in <see cref="CsvParser.Fields"/>.</summary>
    Row,

    /// <summary>The bytes end inside a row and more may come: ask again, from the row's start, with more of them.</summary>
    Incomplete,

    /// <summary>The row has more bytes than allowed; its end is the first line end at or behind that bound.</summary>
    TooLong,
}

/// <summary>How a field's bytes become its text.</summary>
[Flags]
internal enum CsvFieldKind
{
    Plain = 0,

    /// <summary>The bytes stood between quotes.</summary>
    Quoted = 1,

    /// <summary>Quotes inside are doubled or escaped and must be taken back.</summary>
    Marked = 2,

    /// <summary>Text follows the closing quote: the field's bytes are raw, from the opening quote on, and <see cref="CsvField.Close"/> is the closing one.</summary>
    TextAfterQuote = 4,
}

/// <summary>Place of a field in its row, in bytes from the row's start.</summary>
internal readonly record struct CsvField(int Start, int End, int Close, CsvFieldKind Kind)
{
    public int Length => End - Start;
}

/// <summary>Finds the fields of one row in a block of bytes.</summary>
/// <remarks>
/// Knows nothing of files, batches or text, and decides by bytes only: more bytes behind a row never change it. 64 bytes behind
/// the block may be read. A row broken by a stray quote is read again from that quote to its own line end, and each byte is looked at a
/// bounded number of times: an opening quote that another search runs over would have ended that search.
/// </remarks>
internal sealed unsafe class CsvParser(CsvDialect dialect)
{
    /// <summary>Fields beyond this many stay together in the last one: 16 bytes each, they would outgrow the row itself.</summary>
    public const int MaxFields = 1 << 20;

    private const int NotFound = -1;
    private const int NeedMore = -2;
    private readonly byte[] delimiter = dialect.Delimiter;
    private readonly byte first = dialect.Delimiter.Length == 0 ? (byte)'\n' : dialect.Delimiter[0];
    private readonly int quote = dialect.Quote;
    private readonly int escape = dialect.Escape;
    private readonly int maxRow = dialect.MaxRow;
    private CsvField[] fields = new CsvField[64];

    public int Count { get; private set; }

    public ReadOnlySpan<CsvField> Fields => fields.AsSpan(0, Count);

    /// <summary>Bytes of the row without its line end.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the row with its line end.</summary>
    public int Consumed { get; private set; }

    /// <summary>0-based field whose opening quote counts as an ordinary character; -1 for none.</summary>
    public int BrokenField { get; private set; }

    /// <summary>Some field has text behind its closing quote.</summary>
    public bool HasTextAfterQuote { get; private set; }

    /// <summary>Reads the row that starts at <paramref name="row"/>.</summary>
    /// <param name="row">Its first byte.</param>
    /// <param name="available">Bytes from there on, at least 1.</param>
    /// <param name="final">No byte follows them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a run of seconds must not spend them in slow code first
    public CsvRowStatus Read(byte* row, int available, bool final)
    {
        Count = 0;
        BrokenField = -1;
        HasTextAfterQuote = false;
        int stop = Math.Min(available, maxRow); // a closing quote stands before it
        int at = 0;
        int window = -64;
        uint mask = 0;
        while (true)
        {
            int end;
            if (Count == MaxFields - 1)
            {
                end = LineEnd(row, at, available);
                Add(new CsvField(at, end, 0, CsvFieldKind.Plain));
            }
            else if (at < available && row[at] == quote)
            {
                int close = FindClose(row, at + 1, stop, available, final, out bool marked);
                if (close == NeedMore || (close == NotFound && available < maxRow && !final))
                    return Incomplete(available);
                CsvFieldKind kind = CsvFieldKind.Quoted | (marked ? CsvFieldKind.Marked : 0);
                int ending = close == NotFound ? 0 : EndAt(row, close + 1, available, final);
                if (ending == NeedMore)
                    return Incomplete(available);
                bool lines = close == NotFound || ((BrokenField >= 0 || ending == 0) && HasLineEnd(row, at + 1, close));
                if (ending != 0 && !(lines && BrokenField >= 0))
                {
                    Add(new CsvField(at + 1, close, close, kind));
                    end = close + 1;
                }
                else
                {
                    bool literal = lines || BrokenField >= 0;
                    if (literal && BrokenField < 0)
                        BrokenField = Count;
                    int from = literal ? at : close + 1;
                    if (!ScanPlain(row, from, available, final, ref window, ref mask, out end))
                        return Incomplete(available);
                    if (literal)
                    {
                        Add(new CsvField(at, end, 0, CsvFieldKind.Plain));
                    }
                    else
                    {
                        Add(new CsvField(at, end, close, kind | CsvFieldKind.TextAfterQuote));
                        HasTextAfterQuote = true;
                    }
                }
            }
            else
            {
                if (!ScanPlain(row, at, available, final, ref window, ref mask, out end))
                    return Incomplete(available);
                Add(new CsvField(at, end, 0, CsvFieldKind.Plain));
            }

            if (end >= available)
            {
                if (available > maxRow)
                    return CsvRowStatus.TooLong;
                if (!final)
                    return CsvRowStatus.Incomplete;
                Length = Consumed = available;
                return CsvRowStatus.Row;
            }

            byte b = row[end];
            if (b is (byte)'\n' or (byte)'\r')
            {
                if (end > maxRow)
                    return CsvRowStatus.TooLong;
                int width = 1;
                if (b == '\r')
                {
                    if (end + 1 >= available && !final)
                        return CsvRowStatus.Incomplete;
                    if (end + 1 < available && row[end + 1] == '\n')
                        width = 2;
                }

                Length = end;
                Consumed = end + width;
                return CsvRowStatus.Row;
            }

            at = end + delimiter.Length;
            if (at > maxRow)
                return CsvRowStatus.TooLong;
        }
    }

    /// <summary>First CR or LF from <paramref name="from"/> on; <paramref name="available"/> where there is none.</summary>
    private static int LineEnd(byte* row, int from, int available)
    {
        int found = new ReadOnlySpan<byte>(row + from, available - from).IndexOfAny((byte)'\r', (byte)'\n');
        return found < 0 ? available : from + found;
    }

    private static bool HasLineEnd(byte* row, int from, int to) =>
        new ReadOnlySpan<byte>(row + from, to - from).ContainsAny((byte)'\r', (byte)'\n');

    // Past the bound the row is too long whatever follows: no need to wait for more.
    private CsvRowStatus Incomplete(int available) => available > maxRow + 8 ? CsvRowStatus.TooLong : CsvRowStatus.Incomplete;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(CsvField field)
    {
        if (Count == fields.Length)
            Array.Resize(ref fields, fields.Length * 2);
        fields[Count++] = field;
    }

    /// <summary>End of an unquoted field: its delimiter, line end, or the end of the bytes. False: it cannot be told yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ScanPlain(byte* row, int from, int available, bool final, ref int window, ref uint mask, out int end)
    {
        // The last window's marks serve all short fields that lie in it.
        uint marks = (uint)(from - window) < 32 ? mask & (uint.MaxValue << (from - window)) : LoadMarks(row, window = from, out mask);
        while (true)
        {
            while (marks == 0)
            {
                window += 32;
                if (window >= available)
                {
                    end = available;
                    window = -64;
                    return true;
                }

                marks = LoadMarks(row, window, out mask);
            }

            end = window + BitOperations.TrailingZeroCount(marks);
            if (end >= available)
            {
                end = available;
                return true;
            }

            if (delimiter.Length <= 1 || row[end] is (byte)'\r' or (byte)'\n')
                return true;
            int match = DelimiterAt(row, end, available, final);
            if (match == NeedMore)
                return false;
            if (match != 0)
                return true;
            marks &= marks - 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint LoadMarks(byte* row, int at, out uint mask)
    {
        Vector256<byte> bytes = Vector256.Load(row + at);
        mask = (Vector256.Equals(bytes, Vector256.Create(first)) | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\r'))).ExtractMostSignificantBits();
        return mask;
    }

    /// <summary>The quote that closes a field, whatever follows it; none at or behind <paramref name="stop"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindClose(byte* row, int from, int stop, int available, bool final, out bool marked)
    {
        marked = false;
        if (escape >= 0)
            return FindEscapedClose(row, from, stop, available, final, out marked);
        Vector256<byte> quotes = Vector256.Create((byte)quote);
        int at = from;
        while (at < stop)
        {
            uint marks = Vector256.Equals(Vector256.Load(row + at), quotes).ExtractMostSignificantBits();
            int step = 32;
            while (marks != 0)
            {
                int bit = BitOperations.TrailingZeroCount(marks);
                int found = at + bit;
                if (found >= stop)
                    return NotFound;
                if (found + 1 >= available)
                    return final ? found : NeedMore;
                if (row[found + 1] != quote)
                    return found;
                marked = true;
                if (bit == 31)
                {
                    step = 33; // its twin is the next window's first byte
                    break;
                }

                marks &= ~(3u << bit);
            }

            at += step;
        }

        return NotFound;
    }

    private int FindEscapedClose(byte* row, int from, int stop, int available, bool final, out bool marked)
    {
        marked = false;
        int at = from;
        while (at < stop)
        {
            int found = new ReadOnlySpan<byte>(row + at, stop - at).IndexOfAny((byte)quote, (byte)escape);
            if (found < 0)
                return NotFound;
            at += found;
            if (row[at] == quote)
                return at;
            if (at + 1 >= available)
                return final ? NotFound : NeedMore;
            if (row[at + 1] == quote || row[at + 1] == escape)
            {
                marked = true;
                at++;
            }

            at++;
        }

        return NotFound;
    }

    /// <summary>1: a delimiter, a line end or the end of the input stands at <paramref name="at"/>; 0: other text does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int EndAt(byte* row, int at, int available, bool final)
    {
        if (at >= available)
            return final ? 1 : NeedMore;
        byte b = row[at];
        if (b is (byte)'\n' or (byte)'\r')
            return 1;
        return b != first || delimiter.Length == 0 ? 0 : delimiter.Length == 1 ? 1 : DelimiterAt(row, at, available, final);
    }

    private int DelimiterAt(byte* row, int at, int available, bool final)
    {
        for (int i = 0; i < delimiter.Length; i++)
        {
            if (at + i >= available)
                return final ? 0 : NeedMore;
            if (row[at + i] != delimiter[i])
                return 0;
        }

        return 1;
    }
}
