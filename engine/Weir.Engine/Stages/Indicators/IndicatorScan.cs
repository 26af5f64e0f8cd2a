using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>Looks for indicators in one column, or in what was wrong with rows.</summary>
/// <param name="position">Place of the column in its source.</param>
/// <param name="remarks">Takes what bounds were met.</param>
internal sealed class IndicatorScan(IndicatorExtractor extractor, IndicatorTables tables, Int64Array rows, int position, List<Remark> remarks)
{
    private static readonly (IndicatorFlags Flag, string Code, string Detail)[] Bounds =
    [
        (IndicatorFlags.UrlCut, "url-cut", "a URL is longer than what is kept of it"),
        (IndicatorFlags.NestedUrls, "nested-urls", "more URLs stand inside one URL than are followed"),
        (IndicatorFlags.DecodeDepth, "decode-depth", "text is encoded more often than is decoded"),
        (IndicatorFlags.DecodeBytes, "decode-bytes", "the cell decodes to more bytes than are decoded"),
        (IndicatorFlags.DecodeTexts, "decode-texts", "the cell holds more encoded texts than are decoded"),
    ];

    /// <param name="raw">Column whose cell may contain this one's, which then counts for nothing; null where none does.</param>
    /// <param name="alsoListed">Lists that hold the values of these cells already: their text is looked at only where they hold none.</param>
    public void Cells(StringArray cells, StringArray? raw, ListArray? alsoListed = null)
    {
        var column = new TextCells(cells);
        TextCells around = raw is null ? default : new TextCells(raw);
        for (int i = 0; i < column.Count; i++)
        {
            if (!column.IsNull(i) && alsoListed?.IsNull(i) != false)
                Scan(column[i], rows.Values[i], null, raw is null ? default : around[i]);
        }
    }

    public void Lists(ListArray lists, StringArray? raw)
    {
        var column = new TextCells((StringArray)lists.Values);
        TextCells around = raw is null ? default : new TextCells(raw);
        for (int i = 0; i < lists.Length; i++)
        {
            if (lists.IsNull(i))
                continue;
            int from = lists.ValueOffsets[i], to = lists.ValueOffsets[i + 1];
            for (int k = from; k < to; k++)
                Scan(column[k], rows.Values[i], k - from + 1, raw is null ? default : around[i]);
        }
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
            extractor.Clear();
            extractor.Extract(remark.Raw.Span, 0, remark.Raw.Length, 0);
            tables.Take(extractor, remark.RowId, IndicatorTables.Place.Remarks, remark.Column, null, remark.Raw.Span, value => !known.Contains((remark.RowId ?? 0, value)));
        }

        foreach (Reject reject in rejects)
        {
            extractor.Clear();
            extractor.Extract(reject.Raw.Span, 0, reject.Raw.Length, 0);
            tables.Take(extractor, reject.RowId, IndicatorTables.Place.Rejects, -1, null, reject.Raw.Span);
        }
    }

    private void Scan(ReadOnlySpan<byte> text, long row, long? ordinal, ReadOnlySpan<byte> around)
    {
        if (text.Length < Shortest)
            return;
        extractor.Clear();
        extractor.Extract(text, 0, text.Length, 0);
        if (extractor.Hits.Count + extractor.Texts.Count + extractor.Flagged.Count == 0 || (!around.IsEmpty && around.IndexOf(text) >= 0))
            return;
        tables.Take(extractor, row, IndicatorTables.Place.Events, position, ordinal, text);
        foreach (FlaggedCell cell in extractor.Flagged)
        {
            foreach (var (flag, code, detail) in Bounds)
            {
                if ((cell.Flags & flag) != 0)
                    remarks.Add(new Remark(row, position, code, detail, default));
            }
        }
    }

    // ::1 is the shortest of all.
    private const int Shortest = 3;
}
