namespace Weir.Engine.Stages;

/// <summary>The verdicts of all columns of a source.</summary>
/// <param name="Columns">One a column.</param>
/// <param name="UndecidedDates">Positions of columns that stay text (of <c>_time</c>: lack times) because nothing decides whether day or month comes first.</param>
internal sealed record SourceVerdict(IReadOnlyList<Verdict> Columns, IReadOnlyList<int> UndecidedDates)
{
    /// <summary>Judges all columns of a source together: they share one order of day and month unless a column's own values say otherwise.</summary>
    public static SourceVerdict Decide(IReadOnlyList<ColumnTally> columns, TypingOptions options)
    {
        DateOrder shared = DateOrders.OfSource(columns, options);
        var verdicts = new Verdict[columns.Count];
        var undecided = new List<int>();
        for (int i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = Judge(columns[i], DateOrders.OfColumn(columns[i], options, shared), out bool needsOrder);
            if (needsOrder)
                undecided.Add(i);
        }

        return new SourceVerdict(verdicts, undecided);
    }

    private static Verdict Judge(ColumnTally column, DateOrder order, out bool needsOrder)
    {
        needsOrder = false;
        if (column.Hint.AlwaysTime)
        {
            needsOrder = order == DateOrder.Auto && DateOrders.Dates(column) > 0;
            return TimeVerdict.Of(column, order);
        }

        if (column.Values == 0 || column.Lists is { TwinOf: >= 0 })
            return Verdict.Text;
        if (column.Lists?.Judge(column.Values) is { } list)
            return list;
        // Numbers are counted as times only where the column is named like one, so such a column asks for time first.
        if (Fits(column, TimeVerdict.Readable(column, order)))
            return TimeVerdict.Of(column, order);
        return OfBooleans(column) ?? OfNumbers(column) ?? OfUndecided(column, order, out needsOrder);
    }

    private static Verdict OfUndecided(ColumnTally column, DateOrder order, out bool needsOrder)
    {
        needsOrder = order == DateOrder.Auto && DateOrders.Dates(column) > 0
            && Math.Max(Fitting(DateOrder.DayMonth), Fitting(DateOrder.MonthDay)) is var most && Fits(column, most);
        return Verdict.Text;

        long Fitting(DateOrder either) => TimeVerdict.Readable(column, either);
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
