namespace Weir.Engine.Stages;

/// <summary>The format of a column of times.</summary>
internal static class TimeVerdict
{
    /// <summary>How times are written that no text of the column stands for.</summary>
    public const string DefaultFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'";

    /// <summary>Values that are times under the order; without one, those whose day and month are certain.</summary>
    public static long Readable(ColumnTally column, DateOrder order)
    {
        long readable = 0;
        for (int f = 0; f < ColumnTally.Families; f++)
        {
            var family = (TimeFamily)f;
            if (!new TimeShape { Family = family }.HasOrder)
                readable += column.Times(family, 0);
            else if (order != DateOrder.Auto)
                readable += column.Times(family, 0) + column.Times(family, order == DateOrder.DayMonth ? 1 : 2);
        }

        return readable;
    }

    /// <summary>The format that gives most values back; of equals, the first by name.</summary>
    public static Verdict Of(ColumnTally column, DateOrder order)
    {
        ZoneTable zone = ZoneTable.For(column.Hint.Zone);
        TimeFormat? best = null;
        long most = 0;
        foreach (IGrouping<TimeShape, TimeShape> layout in column.Shapes.Keys.Select(bits => new TimeShape(bits)).GroupBy(s => s.Layout))
        {
            if (layout.Key.HasOrder && order == DateOrder.Auto)
                continue;
            TimeShape[] shapes = [.. layout];
            foreach (TimeShape candidate in Candidates(layout.Key, shapes))
            {
                TimeFormat format = TimeFormat.Create(candidate, order, zone);
                long count = 0;
                foreach (TimeShape shape in shapes)
                    count += format.GivesBack(shape) ? column.Shapes[shape.Bits] : 0;
                if (count > most || count == most && best is not null && string.CompareOrdinal(format.Text, best.Text) < 0)
                    (most, best) = (count, format);
            }
        }

        // Nothing is given back (or there is nothing): the values stand in their companions, and the column is written as ISO 8601.
        best ??= TimeFormat.Create(TimeFormat.Parse(DefaultFormat).Shape, order, zone);
        return new Verdict(ColumnType.TimestampTz, best.Text, column.Values - most);
    }

    // Only widths and fractions that occur can give most back. Where values leave a width open (two digits throughout), the usual one is taken.
    private static IEnumerable<TimeShape> Candidates(TimeShape layout, TimeShape[] shapes)
    {
        int[] fractions = [.. shapes.Select(s => s.Fraction).Distinct()];
        if (fractions.Length > 1)
            fractions = [.. fractions, TimeShape.Trimmed];
        bool[] commas = [.. shapes.Where(s => s.Fraction > 0).Select(s => s.FractionComma).Distinct().DefaultIfEmpty()];
        // Day and month are mostly written alike: 04/28/2021 is MM/dd, 28-4-2021 is d-M.
        int[] seen = [.. shapes.SelectMany(s => (int[])[s.FirstWidth, s.SecondWidth]).Where(w => w != 0).Distinct()];
        int usual = seen is [TimeShape.Short or TimeShape.Padded] ? seen[0] : layout.Family switch
        {
            TimeFamily.Slash or TimeFamily.NameFirst => TimeShape.Short,
            TimeFamily.YearLast => TimeShape.BlankPadded,
            _ => TimeShape.Padded,
        };
        foreach (int first in Widths(shapes.Select(s => s.FirstWidth), usual))
        {
            foreach (int second in Widths(shapes.Select(s => s.SecondWidth), usual))
            {
                foreach (int hour in Widths(shapes.Select(s => s.HourWidth), layout.HalfDay != 0 ? TimeShape.Short : TimeShape.Padded))
                {
                    foreach (int fraction in fractions)
                    {
                        foreach (bool comma in commas)
                            yield return layout with { FirstWidth = first, SecondWidth = second, HourWidth = hour, Fraction = fraction, FractionComma = comma };
                    }
                }
            }
        }
    }

    private static IEnumerable<int> Widths(IEnumerable<int> seen, int usual) => seen.Where(w => w != 0).Distinct().DefaultIfEmpty(usual);
}
