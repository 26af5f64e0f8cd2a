using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>Looks for indicators in one column, or in what was wrong with rows.</summary>
/// <param name="position">Place of the column in its source.</param>
/// <param name="remarks">Takes what bounds were met.</param>
internal sealed class IndicatorScan(IndicatorExtractor extractor, IndicatorTables tables, Int64Array rows, int position, List<Remark> remarks)
{
    // ::1 is the shortest of all.
    private const int Shortest = 3;

    private static readonly (IndicatorFlags Flag, string Code, string Detail)[] Bounds =
    [
        (IndicatorFlags.UrlCut, "url-cut", "a URL is longer than what is kept of it"),
        (IndicatorFlags.NestedUrls, "nested-urls", "more URLs stand inside one URL than are followed"),
        (IndicatorFlags.DecodeDepth, "decode-depth", "text is encoded more often than is decoded"),
        (IndicatorFlags.DecodeBytes, "decode-bytes", "the cell decodes to more bytes than are decoded"),
        (IndicatorFlags.DecodeTexts, "decode-texts", "the cell holds more encoded texts than are decoded"),
    ];

    /// <summary>Looks through a column as it is: text, lists, or what a type does not give back.</summary>
    /// <param name="text">Companion of typed values and lists; null where there is none.</param>
    /// <param name="raw">Column whose cell may contain this one's, which then counts for nothing; null where none does.</param>
    public void Column(IArrowArray values, StringArray? text, StringArray? raw)
    {
        var lists = values as ListArray;
        if (lists is not null)
            Look((StringArray)lists.Values, lists, null, raw);
        if (values is StringArray cells)
            Look(cells, null, null, raw);
        else if (text is not null)
            Look(text, null, lists, raw); // what has a type and is given back holds no indicator
    }

    /// <summary>Remarks and rejects. What a row's cells gave already does not count once more.</summary>
    public void Faults(IReadOnlyList<Remark> found, IReadOnlyList<Reject> rejects)
    {
        HashSet<(long Row, long Value)>? known = null;
        foreach (Remark remark in found)
        {
            if (remark.Raw.IsEmpty)
                continue;
            known ??= tables.ValuesOfRows([.. found.Select(r => r.RowId ?? 0)]);
            Fault(remark.Raw.Span, new FoundIn(remark.RowId, FoundPlace.Remarks, remark.Column), known);
        }

        foreach (Reject reject in rejects)
            Fault(reject.Raw.Span, new FoundIn(reject.RowId, FoundPlace.Rejects, -1), []);
    }

    private void Fault(ReadOnlySpan<byte> text, in FoundIn at, HashSet<(long, long)> known)
    {
        extractor.Clear();
        extractor.Extract(text, 0, text.Length, 0);
        for (int i = 0; i < extractor.Hits.Count; i++)
        {
            if (!known.Contains((at.Row ?? 0, tables.ValueOf(extractor, i))))
                tables.AddHit(extractor, i, at, text);
        }

        foreach (DecodedText layer in extractor.Texts)
            tables.AddText(layer, at);
    }

    /// <summary>One pass over the column's buffer; then what was found gets its row, place in its list, and a look whether <paramref name="raw"/> repeats it.</summary>
    /// <param name="texts">Cells, or the values of <paramref name="lists"/>.</param>
    /// <param name="unless">Lists that hold the values of these cells already: a cell counts only where it has none.</param>
    private void Look(StringArray texts, ListArray? lists, ListArray? unless, StringArray? raw)
    {
        var column = new TextCells(texts);
        ReadOnlySpan<byte> buffer = texts.Values;
        ReadOnlySpan<int> offsets = texts.Length == 0 ? default : texts.ValueOffsets;
        extractor.Clear();
        for (int i = 0; i < column.Count; i++)
        {
            if (offsets[i + 1] - offsets[i] >= Shortest && !column.IsNull(i) && unless?.IsNull(i) != false)
                extractor.Extract(buffer, offsets[i], offsets[i + 1], i);
        }

        var place = new Cursor(rows, position, lists, raw);
        for (int i = 0; i < extractor.Hits.Count; i++)
        {
            int cell = extractor.Hits[i].Cell;
            if (place.MoveTo(cell, column[cell]))
                tables.AddHit(extractor, i, place.At, column[cell]);
        }

        place = new Cursor(rows, position, lists, raw);
        foreach (DecodedText layer in extractor.Texts)
        {
            if (place.MoveTo(layer.Cell, column[layer.Cell]))
                tables.AddText(layer, place.At);
        }

        place = new Cursor(rows, position, lists, raw);
        foreach (FlaggedCell flagged in extractor.Flagged)
        {
            if (!place.MoveTo(flagged.Cell, column[flagged.Cell]))
                continue;
            foreach (var (flag, code, detail) in Bounds)
            {
                if ((flagged.Flags & flag) != 0)
                    remarks.Add(new Remark(place.At.Row, position, code, detail, default));
            }
        }
    }

    /// <summary>Goes along the cells, which come in order, and tells of each where it is and whether it counts.</summary>
    private ref struct Cursor
    {
        private readonly ReadOnlySpan<long> rows;
        private readonly int position;
        private readonly ReadOnlySpan<int> offsets;
        private readonly TextCells around;
        private readonly bool repeats;
        private int row;
        private int cell = -1;
        private bool counts;

        public Cursor(Int64Array rows, int position, ListArray? lists, StringArray? raw)
        {
            this.rows = rows.Values;
            this.position = position;
            offsets = lists is null ? default : lists.ValueOffsets;
            repeats = raw is not null;
            around = raw is null ? default : new TextCells(raw);
        }

        public FoundIn At { get; private set; }

        public bool MoveTo(int next, ReadOnlySpan<byte> text)
        {
            if (next == cell)
                return counts;
            cell = next;
            if (offsets.IsEmpty)
            {
                row = next;
            }
            else
            {
                while (offsets[row + 1] <= next)
                    row++;
            }

            At = new FoundIn(rows[row], FoundPlace.Events, position, offsets.IsEmpty ? 0 : next - offsets[row] + 1);
            return counts = !repeats || around[row].IndexOf(text) < 0;
        }
    }
}
