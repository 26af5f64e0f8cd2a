using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Buffers;

/// <summary>Writes one text column of a batch straight into Arrow's three buffers: validity, offsets, values.</summary>
/// <remarks>
/// The caller may write into the value buffer itself (<see cref="Reserve"/>, <see cref="Advance"/>) and close the cell with
/// <see cref="EndCell"/>. Bytes must be valid UTF-8: DuckDB is handed them without a check. Not safe from several threads.
/// </remarks>
internal sealed unsafe class Utf8Builder : IDisposable
{
    private NativeBuffer values;
    private NativeBuffer offsets;
    private NativeBuffer? validity;
    private int cells;
    private int nulls;

    /// <param name="cells">Cells that are expected; more may come.</param>
    /// <param name="bytes">Bytes of text that are expected; more may come.</param>
    public Utf8Builder(int cells, int bytes)
    {
        values = new NativeBuffer(bytes);
        offsets = new NativeBuffer((cells + 1L) * sizeof(int));
        *(int*)offsets.Pointer = 0;
        offsets.Length = sizeof(int);
    }

    public int Count => cells;

    public int NullCount => nulls;

    /// <summary>Bytes of text so far.</summary>
    public int Length => values.Length;

    /// <summary>Bytes of text that may be written without growing.</summary>
    public long Capacity => values.Capacity;

    /// <summary>Where the current cell's next byte goes, with room for <paramref name="bytes"/> and 64 bytes of slack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Reserve(int bytes)
    {
        if (values.Length + (long)bytes > values.Capacity)
            values.Ensure(values.Length + (long)bytes);
        return values.Pointer + values.Length;
    }

    /// <summary>Takes <paramref name="bytes"/> that were written behind <see cref="Reserve"/> into the current cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int bytes) => values.Length += bytes;

    /// <summary>Closes the current cell; what was advanced since the last one is its text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndCell()
    {
        cells++;
        long at = (long)cells * sizeof(int);
        if (at + sizeof(int) > offsets.Capacity)
            offsets.Ensure(at + sizeof(int));
        *(int*)(offsets.Pointer + at) = values.Length;
        offsets.Length = (int)(at + sizeof(int));
    }

    /// <summary>Where the ends of so many more cells go, counted from the column's first byte; <see cref="EndCells"/> takes them.</summary>
    public int* ReserveCells(int count)
    {
        offsets.Ensure((cells + count + 1L) * sizeof(int));
        return (int*)offsets.Pointer + cells + 1;
    }

    /// <summary>Closes cells whose ends stand where <see cref="ReserveCells"/> said, the last of them at <paramref name="length"/>.</summary>
    public void EndCells(int count, int length)
    {
        cells += count;
        offsets.Length = (cells + 1) * sizeof(int);
        values.Length = length;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(Reserve(text.Length), text.Length));
        Advance(text.Length);
        EndCell();
    }

    public void AppendNull()
    {
        MarkNull(cells);
        EndCell();
    }

    /// <summary>Fills up with NULLs to <paramref name="count"/> cells.</summary>
    public void PadTo(int count)
    {
        while (cells < count)
            AppendNull();
    }

    /// <summary>Text of a cell written before.</summary>
    public ReadOnlySpan<byte> Cell(int index)
    {
        int* at = (int*)offsets.Pointer + index;
        return new ReadOnlySpan<byte>(values.Pointer + at[0], at[1] - at[0]);
    }

    /// <summary>Whether a cell written before is NULL.</summary>
    public bool IsNull(int index) => validity is not null && index >> 3 < validity.Length && (validity.Pointer[index >> 3] & (1 << (index & 7))) == 0;

    /// <summary>Takes back every cell behind the first <paramref name="count"/>, and what was advanced of the current one.</summary>
    public void TruncateTo(int count)
    {
        for (int i = count; i < cells && validity is not null; i++)
        {
            if (IsNull(i))
            {
                validity.Pointer[i >> 3] |= (byte)(1 << (i & 7));
                nulls--;
            }
        }

        cells = Math.Min(cells, count);
        offsets.Length = (cells + 1) * sizeof(int);
        values.Length = ((int*)offsets.Pointer)[cells];
    }

    /// <summary>The finished column. The builder is empty afterwards and must not be used again.</summary>
    public StringArray Build() => new(BuildData());

    /// <summary>The finished column as array data, for a list column's values.</summary>
    public ArrayData BuildData()
    {
        ArrowBuffer bits = ArrowBuffer.Empty;
        if (validity is not null)
        {
            CoverValidity(cells); // it ends where the last NULL was; the cells behind it have none
            validity.Length = (cells + 7) / 8;
            bits = validity.ToArrow();
            validity = null;
        }

        var data = new ArrayData(StringType.Default, cells, nulls, 0, [bits, offsets.ToArrow(), values.ToArrow()]);
        values = null!;
        offsets = null!;
        return data;
    }

    public void Dispose()
    {
        ((IDisposable?)values)?.Dispose();
        ((IDisposable?)offsets)?.Dispose();
        ((IDisposable?)validity)?.Dispose();
    }

    /// <summary>Makes a cell NULL, one of <see cref="ReserveCells"/> too.</summary>
    public void MarkNull(int index)
    {
        if (validity is null)
        {
            validity = new NativeBuffer(Math.Max(index + 1L, offsets.Capacity / sizeof(int)) / 8 + 1);
            new Span<byte>(validity.Pointer, (int)validity.Capacity).Fill(0xFF);
            validity.Length = (int)validity.Capacity;
        }
        else
        {
            CoverValidity(index + 1);
        }

        validity.Pointer[index >> 3] &= (byte)~(1 << (index & 7));
        nulls++;
    }

    private void CoverValidity(int count)
    {
        int old = validity!.Length;
        if ((count + 7L) / 8 <= old)
            return;
        validity.Ensure(Math.Max((count + 7L) / 8, old * 2L));
        new Span<byte>(validity.Pointer + old, (int)validity.Capacity - old).Fill(0xFF);
        validity.Length = (int)validity.Capacity;
    }
}
