using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Writes a stretch of an Arrow array into a DuckDB vector; text stays where it is and is pointed at.</summary>
internal static unsafe class VectorWriter
{
    /// <param name="array">Null: the whole stretch is NULL.</param>
    public static void Write(nint vector, IArrowArray? array, ColumnType type, int from, int count)
    {
        if (array is null)
        {
            DuckDbNative.EnsureValidity(vector);
            new Span<ulong>(DuckDbNative.VectorValidity(vector), (count + 63) / 64).Clear();
            if (type is ColumnType.VarcharList or ColumnType.BigIntList)
                _ = DuckDbNative.ListSetSize(vector, 0);
            return;
        }

        Validity(vector, array.Data, from, count);
        void* data = DuckDbNative.VectorData(vector);
        switch (type)
        {
            case ColumnType.Varchar:
                var text = (StringArray)array;
                Strings((DuckDbNative.StringT*)data, text.Values, text.ValueOffsets.Slice(from, count + 1));
                break;
            case ColumnType.BigInt when array is Int32Array narrow:
                narrow.Values.Slice(from, count).CopyTo(new Span<int>(data, count));
                break;
            case ColumnType.BigInt:
                ((Int64Array)array).Values.Slice(from, count).CopyTo(new Span<long>(data, count));
                break;
            case ColumnType.TimestampTz:
                ((TimestampArray)array).Values.Slice(from, count).CopyTo(new Span<long>(data, count));
                break;
            case ColumnType.Double:
                ((DoubleArray)array).Values.Slice(from, count).CopyTo(new Span<double>(data, count));
                break;
            case ColumnType.Boolean:
                Booleans((bool*)data, (BooleanArray)array, from, count);
                break;
            case ColumnType.VarcharList or ColumnType.BigIntList:
                Lists(vector, (DuckDbNative.ListEntry*)data, (ListArray)array, from, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>Copies validity bits: both sides are little-endian bit masks, 1 for valid, but a stretch may begin anywhere.</summary>
    private static void Validity(nint vector, ArrayData data, int from, int count)
    {
        if (data.GetNullCount() == 0 || data.Buffers[0].IsEmpty)
            return;
        DuckDbNative.EnsureValidity(vector);
        ulong* target = DuckDbNative.VectorValidity(vector);
        ReadOnlySpan<byte> bits = data.Buffers[0].Span;
        int start = data.Offset + from;
        if ((start & 7) == 0)
        {
            bits.Slice(start >> 3, (count + 7) >> 3).CopyTo(new Span<byte>(target, (count + 63) / 64 * sizeof(ulong)));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            ulong bit = 1UL << (i & 63);
            if ((bits[(start + i) >> 3] & (1 << ((start + i) & 7))) != 0)
                target[i >> 6] |= bit;
            else
                target[i >> 6] &= ~bit;
        }
    }

    private static void Strings(DuckDbNative.StringT* target, ReadOnlySpan<byte> values, ReadOnlySpan<int> offsets)
    {
        byte* text = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values)); // pinned by the feed
        for (int i = 0; i < offsets.Length - 1; i++)
        {
            int length = offsets[i + 1] - offsets[i];
            byte* cell = text + offsets[i];
            target[i].Length = (uint)length;
            if (length <= 12)
            {
                // Short text stands inside, zero-padded: DuckDB compares these bytes.
                target[i].Prefix = 0;
                target[i].Pointer = null;
                Unsafe.CopyBlockUnaligned((byte*)&target[i].Prefix, cell, (uint)length);
            }
            else
            {
                target[i].Prefix = *(uint*)cell;
                target[i].Pointer = cell;
            }
        }
    }

    private static void Booleans(bool* target, BooleanArray array, int from, int count)
    {
        ReadOnlySpan<byte> bits = array.ValueBuffer.Span;
        int start = array.Offset + from;
        for (int i = 0; i < count; i++)
            target[i] = (bits[(start + i) >> 3] & (1 << ((start + i) & 7))) != 0;
    }

    private static void Lists(nint vector, DuckDbNative.ListEntry* target, ListArray array, int from, int count)
    {
        ReadOnlySpan<int> offsets = array.ValueOffsets.Slice(from, count + 1);
        int first = offsets[0], items = offsets[count] - first;
        if (DuckDbNative.ListReserve(vector, (ulong)items) != 0 || DuckDbNative.ListSetSize(vector, (ulong)items) != 0)
            throw new InvalidOperationException($"DuckDB refused a list of {items} items.");
        for (int i = 0; i < count; i++)
        {
            target[i].Offset = (ulong)(offsets[i] - first);
            target[i].Length = (ulong)(offsets[i + 1] - offsets[i]);
        }

        nint child = DuckDbNative.ListChild(vector);
        Validity(child, array.Values.Data, first, items);
        void* data = DuckDbNative.VectorData(child); // taken after the reserve: it may move
        if (array.Values is StringArray text)
            Strings((DuckDbNative.StringT*)data, text.Values, text.ValueOffsets.Slice(first, items + 1));
        else
            ((Int64Array)array.Values).Values.Slice(first, items).CopyTo(new Span<long>(data, items));
    }
}
