using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>What a table knows of the addresses of one column, cell by cell.</summary>
/// <param name="Asn">AS numbers, BIGINT or lists of it; NULL where the cell is no address, the address is not public or nobody announces it.</param>
/// <param name="Organisation">Their organisations, text or lists of it; NULL also where the table has no name for the number.</param>
internal sealed record AsnColumns(IArrowArray Asn, IArrowArray Organisation) : IDisposable
{
    /// <summary>BIGINT[] in Arrow.</summary>
    public static readonly ListType AsnList = new(new Field("item", Int64Type.Default, true));

    public void Dispose()
    {
        Asn.Dispose();
        Organisation.Dispose();
    }

    /// <summary>The same as lists of one: for a table whose column is a list.</summary>
    public static AsnColumns AsLists(Int64Array asn, StringArray organisation)
    {
        int[] offsets = [.. Enumerable.Range(0, asn.Length + 1)];
        return new AsnColumns(Listed(AsnList, offsets, asn, asn), Listed(ListColumnBuilder.Type, offsets, organisation, asn));
    }

    /// <summary>The values of lists under the offsets of those lists; a list of which nothing is known is NULL.</summary>
    public static AsnColumns AsLists(ListArray cells, Int64Array asn, StringArray organisation)
    {
        int[] offsets = cells.ValueOffsets[..(cells.Length + 1)].ToArray();
        return new AsnColumns(Listed(AsnList, offsets, asn, asn), Listed(ListColumnBuilder.Type, offsets, organisation, asn));
    }

    /// <summary>Of lists that the table wants as single values: what the cells that are an address themselves have.</summary>
    public static AsnColumns AsSingle(ListArray asn, ListArray organisation, StringArray cells)
    {
        var text = new TextCells(cells);
        var numbers = (Int64Array)asn.Values;
        var names = (StringArray)organisation.Values;
        using var single = new TypedColumnBuilder(cells.Length, ColumnType.BigInt);
        using var name = new Utf8Builder(cells.Length, 64);
        for (int i = 0; i < cells.Length; i++)
        {
            int at = asn.ValueOffsets[i];
            bool known = !asn.IsNull(i) && asn.GetValueLength(i) == 1 && !numbers.IsNull(at) && AddressText.TryReadCell(text[i], out _);
            if (known)
                single.Set(i, numbers.Values[at]);
            else
                single.SetNull(i);
            if (known && !names.IsNull(at))
                name.Append(names.GetBytes(at));
            else
                name.AppendNull();
        }

        return new AsnColumns(single.Build().Values, name.Build());
    }

    private static unsafe ListArray Listed(ListType type, int[] offsets, IArrowArray values, Int64Array known)
    {
        int count = offsets.Length - 1, nulls = 0;
        var places = new NativeBuffer((count + 1L) * sizeof(int)) { Length = (count + 1) * sizeof(int) };
        offsets.CopyTo(new Span<int>(places.Pointer, count + 1));
        var validity = new NativeBuffer((count + 7) / 8) { Length = (count + 7) / 8 };
        validity.GetSpan().Clear();
        for (int i = 0; i < count; i++)
        {
            bool any = false;
            for (int k = offsets[i]; k < offsets[i + 1] && !any; k++)
                any = !known.IsNull(k);
            if (any)
                validity.Pointer[i >> 3] |= (byte)(1 << (i & 7));
            else
                nulls++;
        }

        return new ListArray(new ArrayData(type, count, nulls, 0, [validity.ToArrow(), places.ToArrow()], [values.Data.SliceShared(0, values.Length)]));
    }
}
