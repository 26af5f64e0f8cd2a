namespace Weir.Engine.Stages;

/// <summary>Decides whether <c>4/2/2021</c> begins with the day or the month.</summary>
internal static class DateOrders
{
    private const int DayFirst = 1, MonthFirst = 2;     // TimeShape.Evidence

    private static readonly TimeFamily[] Ordered = [TimeFamily.Slash, TimeFamily.Dash, TimeFamily.Dot];

    /// <summary>The order that all columns with evidence share; Auto where there is none or they differ.</summary>
    public static DateOrder OfSource(IReadOnlyList<ColumnTally> columns, TypingOptions options)
    {
        DateOrder shared = options.DateOrder;
        if (shared != DateOrder.Auto)
            return shared;
        foreach (ColumnTally column in columns)
        {
            if (Count(column, DayFirst) + Count(column, MonthFirst) == 0)
                continue;
            DateOrder own = OfColumn(column, options, DateOrder.Auto);
            if (own == DateOrder.Auto || shared != DateOrder.Auto && own != shared)
                return DateOrder.Auto;
            shared = own;
        }

        return shared;
    }

    /// <summary>The option, else what most of the column's own evidence says, else the source's.</summary>
    public static DateOrder OfColumn(ColumnTally column, TypingOptions options, DateOrder shared)
    {
        if (Dates(column) == 0)
            return DateOrder.Auto;
        if (options.DateOrder != DateOrder.Auto)
            return options.DateOrder;
        long dayFirst = Count(column, DayFirst), monthFirst = Count(column, MonthFirst);
        if (dayFirst == monthFirst)
            return dayFirst == 0 ? shared : DateOrder.Auto;
        return dayFirst > monthFirst ? DateOrder.DayMonth : DateOrder.MonthDay;
    }

    /// <summary>More than one in a hundred of its dates are certainly in the other order.</summary>
    public static bool IsContradicted(ColumnTally column, DateOrder order) => order != DateOrder.Auto && Count(column, order == DateOrder.DayMonth ? MonthFirst : DayFirst) * 100 > Dates(column);

    /// <summary>Values whose day and month are both figures.</summary>
    public static long Dates(ColumnTally column) => Count(column, 0) + Count(column, DayFirst) + Count(column, MonthFirst);

    private static long Count(ColumnTally column, int evidence)
    {
        long count = 0;
        foreach (TimeFamily family in Ordered)
            count += column.Times(family, evidence);
        return count;
    }
}
