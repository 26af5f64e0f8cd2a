using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>A stretch of text of which all fields are found at once, and written a column at a time.</summary>
/// <remarks>
/// Takes ordinary rows only: each quote opens a field, closes one or is doubled within one, and all bytes are UTF-8. There the parity of the quotes before a byte says
/// what <see cref="CsvParser"/> says of it; the stretch ends before the first row of which that is not so, and the parser has that one. Delimiters of one byte or none, quotes that are doubled.
/// Blocks of 64 bytes, in the widest registers there are.
/// </remarks>
internal abstract unsafe class CsvStretch : IDisposable
{
    /// <summary>Columns beyond which rows are left to the parser: places of one row must fit.</summary>
    public const int MaxColumns = 4096;

    // A stretch and its places should stay in the first two caches while its columns are written one by one (guess; a run over narrow rows with other sizes would settle it).
    protected const int Aim = 32 << 10;

    private readonly NativeBuffer places = new((MaxColumns * 2 + Block.Bytes + 1) * sizeof(int));

    /// <summary>Where fields end: bytes from the start of the text to a delimiter or line end (the CR of a CRLF). At -1 stands -1.</summary>
    public int* Ends => (int*)places.Pointer + 1;

    /// <summary>Field ends that were found, those of whole rows.</summary>
    public int Count { get; protected set; }

    /// <summary>Line ends among them.</summary>
    public int Rows { get; protected set; }

    /// <summary>Line ends stand within quotes too.</summary>
    public bool HasInnerLines { get; protected set; }

    /// <summary>There is a CR somewhere.</summary>
    public bool HasCr { get; protected set; }

    /// <param name="bits">Width of the registers, as <see cref="Block.Bits"/> has it.</param>
    /// <returns>null where the dialect asks for the parser.</returns>
    public static CsvStretch? Of(CsvDialect dialect, int columns, int bits)
    {
        if (dialect.Escape >= 0 || dialect.Delimiter.Length > 1 || columns > MaxColumns)
            return null;
        return bits switch
        {
            512 => new CsvStretch<Block512>(dialect),
            256 => new CsvStretch<Block256>(dialect),
            128 => new CsvStretch<Block128>(dialect),
            _ => new CsvStretch<BlockScalar>(dialect),
        };
    }

    /// <summary>Finds the fields from the start of a row on, up to about <see cref="Aim"/> bytes or, in longer rows, to the first row's end.</summary>
    /// <param name="text">64 bytes behind its end may be read.</param>
    public abstract void Find(byte* text, int length);

    /// <summary>No field has been found.</summary>
    /// <returns>0.</returns>
    public int Forget() => Count = Rows = 0;

    /// <summary>Writes the cells of one column.</summary>
    /// <param name="text">As in <see cref="Find"/>.</param>
    /// <param name="first">Index of the first cell's end.</param>
    /// <param name="step">Fields of a row.</param>
    /// <param name="leads">It is the first column: a row begins behind the LF of a CRLF.</param>
    public abstract void Write(Utf8Builder column, byte* text, int first, int step, int rows, bool leads);

    /// <summary>Whether every row has exactly so many fields.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsRegular(byte* text, int columns)
    {
        // Where each n-th field end is a line end for as often as there are line ends, no other one is.
        if (Count < Rows * (long)columns)
            return false;
        int* end = Ends + columns - 1;
        for (int row = 0; row < Rows; row++, end += columns)
        {
            if (!IsLineEnd(text[*end]))
                return false;
        }

        return true;
    }

    /// <summary>Whether none but the last of a row's fields ends its line.</summary>
    public bool IsRow(byte* text, int first, int columns)
    {
        for (int i = first; i < first + columns - 1; i++)
        {
            if (IsLineEnd(text[Ends[i]]))
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLineEnd(byte b) => b is (byte)'\n' or (byte)'\r';

    public void Dispose() => ((IDisposable)places).Dispose();

    protected int Room => (int)(places.Capacity / sizeof(int)) - 1 - Block.Bytes;
}

/// <inheritdoc/>
internal sealed unsafe class CsvStretch<TBlock> : CsvStretch
    where TBlock : struct, IBlock<TBlock>
{
    private readonly int quote;
    private readonly byte delimiter;

    public CsvStretch(CsvDialect dialect)
    {
        quote = dialect.Quote;
        delimiter = dialect.Delimiter.Length == 0 ? (byte)'\n' : dialect.Delimiter[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a run of seconds must not spend them in slow code first
    public override void Find(byte* text, int length)
    {
        TBlock delimiters = TBlock.Of(delimiter), feeds = TBlock.Of((byte)'\n'), returns = TBlock.Of((byte)'\r'), quotes = TBlock.Of((byte)quote);
        bool hasQuotes = quote >= 0;
        int* first = Ends;
        first[-1] = -1;
        int* last = first + Room;
        int* next = first;
        int rows = 0, good = 0, limit = Math.Min(length, Aim);
        ulong carried = 0;                             // all bits: the block before ends within quotes
        ulong beforeOpening = 1, behindClosing = 0;    // lowest bit: the byte before the block is a place to open behind; a closing quote
        ulong behindReturn = 0, allReturns = 0, allInner = 0;
        for (int at = 0; at < limit && next <= last; at += Block.Bytes)
        {
            TBlock block = TBlock.Load(text + at);
            ulong live = Block.First(length - at);
            ulong feed = block.Equal(feeds) & live, @return = block.Equal(returns) & live;
            ulong ends = (block.Equal(delimiters) & live) | feed | @return;
            ulong lines = feed | @return;
            ulong inner = carried, odd = 0;
            if (hasQuotes)
            {
                ulong quoted = block.Equal(quotes) & live;
                inner = Block.PrefixXor(quoted) ^ carried; // from an opening quote on to before the closing one
                carried = (ulong)((long)inner >> 63);
                ends &= ~inner;
                ulong closing = quoted & ~inner, openable = ends | closing;
                odd = (quoted & inner & ~((openable << 1) | beforeOpening)) | (((closing << 1) | behindClosing) & live & ~(quoted | ends));
                (beforeOpening, behindClosing) = (openable >> 63, closing >> 63);
                allInner |= lines & inner;
            }

            ulong high = block.High & live;
            if (high != 0 && !IsText(text, at, length, ref good))
                odd |= high;
            // Of a CRLF the CR ends the field.
            ends &= ~(feed & ((@return << 1) | behindReturn));
            behindReturn = @return >> 63;
            allReturns |= @return;
            if (odd != 0)
            {
                ends &= (odd & (0 - odd)) - 1;
                limit = 0;
            }

            if (ends != 0)
            {
                TBlock.Places(ends, at, next);
                next += BitOperations.PopCount(ends);
                rows += BitOperations.PopCount(ends & lines);
            }

            if (at + Block.Bytes >= limit && rows == 0 && limit > 0)
                limit = (int)Math.Min(length, limit * 2L); // a long row: to its end
        }

        // What follows a CR decides how long the line end is.
        if (next > first && next[-1] == length - 1 && text[length - 1] == '\r')
        {
            next--;
            rows--;
        }

        while (next > first && (rows == 0 || !IsLineEnd(text[next[-1]])))
            next--;
        (Count, Rows, HasInnerLines, HasCr) = ((int)(next - first), rows, allInner != 0, allReturns != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Write(Utf8Builder column, byte* text, int first, int step, int rows, bool leads)
    {
        TBlock quotes = TBlock.Of((byte)quote);
        int quoteByte = quote;
        bool feeds = leads && HasCr;
        int* end = Ends + first;
        int* cells = column.ReserveCells(rows);
        byte* target = column.Reserve(0), start = target - column.Length, stop = start + column.Capacity;
        for (int row = 0; row < rows; row++, end += step)
        {
            int before = end[-1];
            byte* field = text + before + 1;
            int length = *end - before - 1;
            if (feeds && before >= 0 && *field == '\n' && text[before] == '\r')
            {
                field++;
                length--;
            }

            if (length > stop - target)
            {
                column.Advance((int)(target - start) - column.Length);
                target = column.Reserve(length);
                start = target - column.Length;
                stop = start + column.Capacity;
            }

            if (length == 0)
                column.MarkNull(column.Count + row);
            else if (*field == quoteByte)
                target = Unquote(field + 1, length - 2, quotes, target);
            else
                target = Copy(field, length, target);
            cells[row] = (int)(target - start);
        }

        column.EndCells(rows, (int)(target - start));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Copy(byte* source, int length, byte* target)
    {
        // Most cells fit one vector; both sides have slack.
        Vector256.Load(source).Store(target);
        for (int at = 32; at < length; at += Block.Bytes)
            TBlock.Load(source + at).Store(target + at);
        return target + length;
    }

    /// <summary>Copies what stands between the quotes of a field, the second of two quotes left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Unquote(byte* source, int length, TBlock quotes, byte* target)
    {
        ulong carried = 0;
        for (int left = length; left > 0; left -= Block.Bytes, source += Block.Bytes)
        {
            TBlock block = TBlock.Load(source);
            ulong live = Block.First(left);
            ulong quoted = block.Equal(quotes) & live;
            if (quoted == 0)
            {
                block.Store(target);
                target += Math.Min(left, Block.Bytes);
                continue;
            }

            ulong firsts = Block.PrefixXor(quoted) ^ carried;
            carried = (ulong)((long)firsts >> 63);
            target = TBlock.Pack(source, live & ~(quoted & ~firsts), target);
        }

        return target;
    }

    /// <summary>Whether what is not ASCII in a block is UTF-8, with what goes on in the next block.</summary>
    /// <param name="good">Up to where that is known.</param>
    private static bool IsText(byte* text, int at, int length, ref int good)
    {
        int from = Math.Max(at, good), to = Math.Min(length, at + Block.Bytes);
        while (to < length && text[to] >= 0x80)
            to++;
        if (from >= to)
            return true;
        good = to;
        return Utf8.IsValid(new ReadOnlySpan<byte>(text + from, to - from));
    }
}
