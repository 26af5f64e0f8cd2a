using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>Text cells to lists, exactly.</summary>
/// <remarks>NULL and the empty cell are NULL. A cell that is no list in the format is NULL beside its text; one that is a list but is not spelled as
/// <see cref="ListText"/> writes it has its text beside the values.</remarks>
internal static class ListTyper
{
    /// <param name="twin">Cells of the <c>__mv_</c> twin; null where the source has none.</param>
    /// <param name="keepEmpty">Keep the quoted empty string in the companion, so that the column can still become text.</param>
    public static TypedColumn Convert(StringArray cells, StringArray? twin, string format, bool keepEmpty)
    {
        var column = new TextCells(cells);
        TextCells twins = twin is null ? default : new TextCells(twin);
        using var lists = new ListColumnBuilder(column.Count, cells.Values.Length);
        for (int i = 0; i < column.Count; i++)
        {
            ReadOnlySpan<byte> text = column[i];
            if (text.IsEmpty || column.IsNull(i))
            {
                lists.AddNull();
                if (keepEmpty && !column.IsNull(i))
                    lists.Companion.SetEmpty(i);
                continue;
            }

            bool exact = true;
            switch (format)
            {
                case ListFormat.Json when JsonList.Is(text, out exact):
                    JsonList.Append(text, lists.Values);
                    lists.End();
                    break;
                case ListFormat.Json:
                    lists.AddNull();
                    exact = false;
                    break;
                case ListFormat.Newline:
                    AddLines(text, lists);
                    break;
                case ListFormat.MvTwin when twin is not null && twins[i] is { IsEmpty: false } values && MvTwin.Count(values) > 0:
                    int first = lists.Values.Count;
                    MvTwin.Append(values, lists.Values);
                    lists.End();
                    exact = IsJoined(text, lists.Values, first);
                    break;
                default:
                    lists.Values.Append(text);
                    lists.End();
                    break;
            }

            if (!exact)
                lists.Companion.SetMisfit(i, text);
        }

        return lists.Build();
    }

    /// <summary>Whether the field is what its twin says: the values joined by newlines.</summary>
    public static bool IsJoined(ReadOnlySpan<byte> text, Buffers.Utf8Builder values, int first)
    {
        int at = 0;
        for (int i = first; i < values.Count; i++)
        {
            ReadOnlySpan<byte> value = values.Cell(i);
            if (i > first && (at >= text.Length || text[at++] != '\n'))
                return false;
            if (!text[at..].StartsWith(value))
                return false;
            at += value.Length;
        }

        return at == text.Length;
    }

    private static void AddLines(ReadOnlySpan<byte> text, ListColumnBuilder lists)
    {
        foreach (Range line in text.Split((byte)'\n'))
            lists.Values.Append(text[line]);
        lists.End();
    }
}
