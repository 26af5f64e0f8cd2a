namespace Weir.Engine.Stages;

/// <summary>The verdicts of all columns of a source.</summary>
/// <param name="Columns">One a column.</param>
/// <param name="Orders">One a column: in which order its dates in figures are read where the column is no time; Auto where it has none, or nothing decides, or they contradict each other.</param>
/// <param name="UndecidedDates">Positions of columns that stay text (of <c>_time</c>: lack times) because nothing decides whether day or month comes first.</param>
/// <param name="MisfitDates">Positions of columns that stay text because some of their dates are in the other order than <see cref="TypingOptions.DateOrder"/> says.</param>
internal sealed record SourceVerdict(IReadOnlyList<Verdict> Columns, IReadOnlyList<DateOrder> Orders, IReadOnlyList<int> UndecidedDates, IReadOnlyList<int> MisfitDates)
{
    /// <summary>Judges all columns of a source together: they share one order of day and month unless a column's own values say otherwise.</summary>
    public static SourceVerdict Decide(IReadOnlyList<ColumnTally> columns, TypingOptions options)
    {
        DateOrder shared = DateOrders.OfSource(columns, options);
        var verdicts = new Verdict[columns.Count];
        var orders = new DateOrder[columns.Count];
        var undecided = new List<int>();
        var misfit = new List<int>();
        for (int i = 0; i < verdicts.Length; i++)
        {
            ColumnTally column = columns[i];
            DateOrder order = DateOrders.OfColumn(column, options, shared);
            orders[i] = options.DateOrder == DateOrder.Auto && DateOrders.IsContradicted(column, order) ? DateOrder.Auto : order;
            verdicts[i] = Judge(column, order);
            if (verdicts[i].Type == ColumnType.Varchar || column.Hint.AlwaysTime)
                NoteUnread(column, i);
        }

        return new SourceVerdict(verdicts, orders, undecided, misfit);

        void NoteUnread(ColumnTally column, int at)
        {
            if (DateOrders.Dates(column) == 0 || column.Lists is { TwinOf: >= 0 })
                return;
            long readable = Math.Max(TimeVerdict.Readable(column, DateOrder.DayMonth), TimeVerdict.Readable(column, DateOrder.MonthDay));
            if (!column.Hint.AlwaysTime && readable * 2 < column.Values)
                return; // dates in other text
            if (options.DateOrder != DateOrder.Auto)
            {
                if (DateOrders.IsContradicted(column, options.DateOrder))
                    misfit.Add(at);
            }
            else if (orders[at] == DateOrder.Auto)
            {
                undecided.Add(at);
            }
        }
    }

    private static Verdict Judge(ColumnTally column, DateOrder order)
    {
        if (column.Hint.AlwaysTime)
            return TimeVerdict.Of(column, order);
        if (column.Values == 0 || column.Lists is { TwinOf: >= 0 })
            return Verdict.Text;
        if (column.Lists?.Judge(column.Values) is { } list)
            return list;
        // Numbers are counted as times only where the column is named like one, so such a column asks for time first.
        if (Fits(column, TimeVerdict.Readable(column, order)))
            return TimeVerdict.Of(column, order);
        return OfBooleans(column) ?? OfNumbers(column) ?? Verdict.Text;
    }

    private static Verdict? OfBooleans(ColumnTally column)
    {
        string? format = null;
        long most = 0;
        for (int i = 0; i < BooleanText.Formats.Length; i++)
            Prefer(column.Booleans[i], BooleanText.Formats[i], ref most, ref format);
        return Fits(column, most) ? new Verdict(ColumnType.Boolean, format, column.Values - most) : null;
    }

    private static Verdict? OfNumbers(ColumnTally column)
    {
        if (Fits(column, column.Integers))
            return new Verdict(ColumnType.BigInt, null, column.Values - column.Integers);
        string? format = null;
        long most = 0;
        Prefer(column.Shortest, DoubleFormat.Shortest, ref most, ref format);
        Prefer(column.Point, DoubleFormat.Point, ref most, ref format);
        for (int n = 1; n <= NumberText.MostDecimals; n++)
            Prefer(column.Decimals[n], DoubleFormat.Fixed(n), ref most, ref format);
        return Fits(column, most) ? new Verdict(ColumnType.Double, format, column.Values - most) : null;
    }

    // Most exact values; ties go by ordinal name, so that no order of values or of formats matters.
    internal static void Prefer(long count, string name, ref long most, ref string? best)
    {
        if (count > most || count == most && best is not null && string.CompareOrdinal(name, best) < 0)
            (most, best) = (count, name);
    }

    private static bool Fits(ColumnTally column, long fitting) => fitting > 0 && (column.Values - fitting) * 100 <= column.Values;
}
