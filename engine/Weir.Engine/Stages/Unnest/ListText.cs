using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>The text of one list under a format; the inverse of <see cref="ListTyper"/> for every cell without a companion.</summary>
internal static class ListText
{
    /// <summary>The text of a list that is not NULL.</summary>
    public static byte[] Write(ListArray lists, int row, string format)
    {
        var text = new List<byte>();
        if (format == ListFormat.Json)
        {
            JsonList.Write(Values(lists, row), text);
            return [.. text];
        }

        bool first = true;
        foreach (ReadOnlyMemory<byte>? value in Values(lists, row))
        {
            if (!first)
                text.Add((byte)'\n');
            first = false;
            text.AddRange(value.GetValueOrDefault().Span);
        }

        return [.. text];
    }

    /// <summary>The text of the <c>__mv_</c> twin: empty for a single value.</summary>
    public static byte[] WriteTwin(ListArray lists, int row)
    {
        if (lists.IsNull(row) || lists.GetValueLength(row) < 2)
            return [];
        var text = new List<byte>();
        MvTwin.Write(Values(lists, row).Select(v => v.GetValueOrDefault()), text);
        return [.. text];
    }

    private static IEnumerable<ReadOnlyMemory<byte>?> Values(ListArray lists, int row)
    {
        var items = (StringArray)lists.Values;
        int from = lists.ValueOffsets[row], to = lists.ValueOffsets[row + 1];
        for (int i = from; i < to; i++)
            yield return items.IsNull(i) ? (ReadOnlyMemory<byte>?)null : items.GetBytes(i).ToArray();
    }
}
