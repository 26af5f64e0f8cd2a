namespace Weir.Engine.Stages;

/// <summary>Which values of a column of a source are times, whatever the column's type is: families with what occurs in them, the order of day and month, the zone of what has none.</summary>
/// <remarks>As <c>weir.columns.times</c> keeps it: <c>mdy Slash+Clock+Seconds+NoZone Iso+OffsetZone [Europe/Berlin]</c>.</remarks>
internal sealed record TimeSpellings(DateOrder Order, IReadOnlyList<(TimeFamily Family, ColumnTally.Parts Parts)> Families, ZoneTable Zone)
{
    private const string DayMonth = "dmy", MonthDay = "mdy";

    /// <summary>Those of a column; null where no value is certain to be a time.</summary>
    /// <param name="order">In which its dates in figures are read; under Auto they are no times.</param>
    public static TimeSpellings? Of(ColumnTally column, DateOrder order)
    {
        var families = new List<(TimeFamily, ColumnTally.Parts)>();
        for (int f = 0; f < ColumnTally.Families; f++)
        {
            var family = (TimeFamily)f;
            bool ordered = new TimeShape { Family = family }.HasOrder;
            if (column.Times(family, 0) + column.Times(family, order == DateOrder.DayMonth ? 1 : 2) > 0 && !(ordered && order == DateOrder.Auto))
                families.Add((family, column.PartsOf(family)));
        }

        return families.Count == 0 ? null : new TimeSpellings(order, families, ZoneTable.For(column.Hint.Zone));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static TimeSpellings Parse(string text)
    {
        string[] words = text.Split(' ');
        DateOrder order = words[0] switch { DayMonth => DateOrder.DayMonth, MonthDay => DateOrder.MonthDay, _ => DateOrder.Auto };
        string zone = words[^1].Trim('[', ']');
        return new TimeSpellings(
            order,
            [.. words[(order == DateOrder.Auto ? 0 : 1)..^1].Select(w => w.Split('+')).Select(p => (Enum.Parse<TimeFamily>(p[0]), p.Skip(1).Aggregate(ColumnTally.Parts.None, (all, part) => all | Enum.Parse<ColumnTally.Parts>(part))))],
            ZoneTable.For(ZoneTable.Find(zone) ?? TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    public override string ToString() => string.Join(' ', (IEnumerable<string>)
    [
        .. Order == DateOrder.Auto ? (string[])[] : [Order == DateOrder.DayMonth ? DayMonth : MonthDay],
        .. Families.Select(f => string.Join('+', Enum.GetValues<ColumnTally.Parts>().Where(p => p != ColumnTally.Parts.None && f.Parts.HasFlag(p)).Select(p => p.ToString()).Prepend(f.Family.ToString()))),
        $"[{Zone.Name}]",
    ]);
}
