using Apache.Arrow;

namespace Weir.Engine.Buffers;

/// <summary>Writes one column of numbers straight into Arrow's buffers, cell by cell. Not safe from several threads.</summary>
internal sealed unsafe class Int64Builder : IDisposable
{
    private readonly NativeBuffer values;
    private NativeBuffer? validity;
    private int cells;
    private int nulls;
    private bool built;

    /// <param name="cells">Cells that are expected; more may come.</param>
    public Int64Builder(int cells) => values = new NativeBuffer(cells * (long)sizeof(long));

    public int Count => cells;

    /// <summary>A cell written before; 0 for NULL.</summary>
    public long this[int cell] => ((long*)values.Pointer)[cell];

    public void Append(long number)
    {
        long bytes = (cells + 1L) * sizeof(long);
        if (bytes > values.Capacity)
            values.Ensure(bytes);
        ((long*)values.Pointer)[cells++] = number;
        values.Length = (int)bytes;
        Mark(valid: true);
    }

    public void Append(long? number)
    {
        Append(number.GetValueOrDefault());
        if (number is null)
            Mark(valid: false);
    }

    /// <summary>The finished column. The builder must not be used again.</summary>
    public Int64Array Build()
    {
        built = true;
        return new Int64Array(values.ToArrow(), validity is null ? ArrowBuffer.Empty : validity.ToArrow(), cells, nulls, 0);
    }

    public void Dispose()
    {
        if (built)
            return;
        ((IDisposable)values).Dispose();
        ((IDisposable?)validity)?.Dispose();
    }

    // Bits exist from the first NULL on; those before it are set.
    private void Mark(bool valid)
    {
        if (validity is null)
        {
            if (valid)
                return;
            validity = new NativeBuffer(values.Capacity / sizeof(long) / 8 + 1);
        }

        int bytes = (cells + 7) / 8;
        if (bytes > validity.Length)
        {
            int old = validity.Length;
            validity.Ensure(bytes);
            validity.Length = bytes;
            validity.GetSpan()[old..].Fill(0xFF);
        }

        if (valid)
            return;
        validity.Pointer[(cells - 1) >> 3] &= (byte)~(1 << ((cells - 1) & 7));
        nulls++;
    }
}
