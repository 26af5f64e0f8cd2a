namespace Weir.Connectors;

/// <summary>Counts rows without keeping them, up to the one asked for.</summary>
internal sealed unsafe class CsvRowFinder(CsvLayout layout, CsvPlace place)
{
    private readonly CsvParser parser = new(layout.Dialect);
    private long rows = place.RowsRead;
    private int rejectLeft = place.RejectLeft;

    public byte[]? Found { get; private set; }

    /// <summary>True: the search is over. False: more text is needed.</summary>
    public bool Find(TextWindow window, long row)
    {
        while (rows < row)
        {
            if (rejectLeft >= 0)
            {
                if (!SkipRejected(window))
                    return false;
                continue;
            }

            if (window.Length == 0)
                return window.Final;
            CsvRowStatus status = parser.Read(window.Pointer, window.Length, window.Final);
            if (status == CsvRowStatus.Incomplete)
                return false;
            if (status == CsvRowStatus.TooLong)
            {
                rejectLeft = layout.Dialect.MaxRow;
                continue;
            }

            if (parser.Length > 0 || layout.Columns.Length < 2)
                rows++;
            if (rows == row && (parser.Length > 0 || layout.Columns.Length < 2))
                Found = window.Span[..parser.Length].ToArray();
            window.Take(parser.Consumed);
        }

        return true;
    }

    private bool SkipRejected(TextWindow window)
    {
        int own = Math.Min(rejectLeft, window.Length);
        rejectLeft -= own;
        window.Take(own);
        if (rejectLeft > 0)
        {
            if (!window.Final)
                return false;
            rejectLeft = -1;
            rows++;
            return true;
        }

        int end = window.Span.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            window.Take(window.Length);
            if (!window.Final)
                return false;
        }
        else
        {
            if (window.Span[end] == '\r' && end + 1 == window.Length && !window.Final)
                return false;
            int width = window.Span[end] == '\r' && end + 1 < window.Length && window.Span[end + 1] == '\n' ? 2 : 1;
            window.Take(end + width);
        }

        rejectLeft = -1;
        rows++;
        return true;
    }
}
