using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>The addresses of one column of a batch.</summary>
internal static class AddressCells
{
    /// <summary>Counts the cells of a text column that are addresses, or JSON arrays of them.</summary>
    public static AddressTally Count(StringArray cells, bool arrays)
    {
        var column = new TextCells(cells);
        long values = 0, addresses = 0, lists = 0;
        for (int i = 0; i < column.Count; i++)
        {
            ReadOnlySpan<byte> text = column[i];
            if (text.IsEmpty || column.IsNull(i))
                continue;
            values++;
            if (AddressText.TryReadCell(text, out _))
                addresses++;
            else if (arrays && JsonList.Is(text, out _) && AreAddresses(text))
                (addresses, lists) = (addresses + 1, lists + 1);
        }

        return new AddressTally(values, addresses, lists);
    }

    /// <summary>Counts the lists that hold addresses and nothing else.</summary>
    public static AddressTally Count(ListArray cells)
    {
        var column = new TextCells((StringArray)cells.Values);
        long values = 0, addresses = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells.IsNull(i))
                continue;
            values++;
            addresses += AreAddresses(column, cells.ValueOffsets[i], cells.ValueOffsets[i + 1]) ? 1 : 0;
        }

        return new AddressTally(values, addresses, addresses);
    }

    /// <summary>A text column as lists: JSON arrays as theirs, any other cell as the only value.</summary>
    public static ListArray Lists(StringArray cells)
    {
        var column = new TextCells(cells);
        using var lists = new ListColumnBuilder(column.Count, cells.Values.Length);
        for (int i = 0; i < column.Count; i++)
        {
            ReadOnlySpan<byte> text = column[i];
            if (text.IsEmpty || column.IsNull(i))
            {
                lists.AddNull();
                continue;
            }

            if (JsonList.Is(text, out _))
                JsonList.Append(text, lists.Values);
            else
                lists.Values.Append(text);
            lists.End();
        }

        return (ListArray)lists.Build().Values;
    }

    private static bool AreAddresses(ReadOnlySpan<byte> array)
    {
        using var values = new Buffers.Utf8Builder(8, array.Length);
        JsonList.Append(array, values);
        using StringArray built = values.Build();
        return AreAddresses(new TextCells(built), 0, built.Length);
    }

    private static bool AreAddresses(TextCells values, int from, int to)
    {
        int addresses = 0;
        for (int i = from; i < to; i++)
        {
            if (values.IsNull(i) || values[i].IsEmpty)
                continue;
            if (!AddressText.TryReadCell(values[i], out _))
                return false;
            addresses++;
        }

        return addresses > 0;
    }
}
