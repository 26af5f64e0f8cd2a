using System.Text;

namespace Weir.Engine.Stages;

/// <summary>One spelling of times: which texts it gives back, and how it writes them. Immutable.</summary>
internal sealed partial class TimeFormat
{
    // Longest text a format writes: "Mon, Aug 20, 2018 @ 11:21:40.123456000 PM +00:00" and a year of more digits.
    public const int LongestText = 80;

    private TimeFormat(TimeShape shape, DateOrder order, ZoneTable zone)
    {
        Shape = shape;
        Order = order;
        Zone = zone;
        Text = Notation(shape, order, zone);
    }

    /// <summary>The spelling; its widths are never 0.</summary>
    public TimeShape Shape { get; }

    /// <summary>Order in which the column's dates in figures are read; Auto where it has none or they are not decided.</summary>
    public DateOrder Order { get; }

    /// <summary>Zone of zoneless texts; UTC where the spelling has a zone of its own.</summary>
    public ZoneTable Zone { get; }

    /// <summary>The notation that <see cref="Parse"/> reads.</summary>
    public string Text { get; }

    /// <summary>Offset of the zone in the spelling, in minutes.</summary>
    public int OffsetMinutes => Shape.Zone switch
    {
        ZoneStyle.None or ZoneStyle.Z => 0,
        ZoneStyle.Name => TimeWords.Zones[Shape.ZoneValue].Minutes,
        _ => Shape.ZoneValue == TimeShape.NegativeZero ? 0 : (Shape.ZoneValue - TimeShape.ZoneBias) * 15,
    };

    /// <summary>A format under the widths of <paramref name="shape"/>; what does not vary in its family is set right.</summary>
    public static TimeFormat Create(TimeShape shape, DateOrder order, ZoneTable zone)
    {
        if (shape.FirstWidth == 0 || !shape.HasOrder)
            shape = shape with { FirstWidth = TimeShape.Padded };
        if (shape.SecondWidth == 0 || shape.Family is TimeFamily.Iso or TimeFamily.IsoSlash)
            shape = shape with { SecondWidth = TimeShape.Padded };
        if (shape.HourWidth == 0 || shape.Gap == TimeGap.None)
            shape = shape with { HourWidth = TimeShape.Padded };
        bool zoneless = shape.Zone == ZoneStyle.None && shape.Family < TimeFamily.Epoch;
        return new TimeFormat(
            shape with { Evidence = 0, Skipped = 0, FractionEndsInDigit = false, FractionComma = shape.FractionComma && shape.Fraction > 0 },
            order,
            zoneless ? zone : ZoneTable.Utc);
    }

    /// <summary>Whether this format gives back a text of that shape, byte for byte.</summary>
    public bool GivesBack(TimeShape text)
    {
        TimeShape mine = Shape;
        if (text.Layout != mine.Layout
            || text.FirstWidth != 0 && text.FirstWidth != mine.FirstWidth
            || text.SecondWidth != 0 && text.SecondWidth != mine.SecondWidth
            || text.HourWidth != 0 && text.HourWidth != mine.HourWidth)
        {
            return false;
        }

        bool dayFirst = Order == DateOrder.DayMonth;
        if (mine.HasOrder && (Order == DateOrder.Auto || text.Evidence == (dayFirst ? 2 : 1)))
            return false;
        if ((text.Skipped & (dayFirst ? 2 : 1)) != 0)
            return false;
        if (text.Fraction == 0)
            return mine.Fraction is 0 or TimeShape.Trimmed;
        return text.FractionComma == mine.FractionComma
            && (mine.Fraction == TimeShape.Trimmed ? text.FractionEndsInDigit && text.Fraction <= 6 : text.Fraction == mine.Fraction);
    }

    /// <summary>Writes an instant; returns the bytes written. <paramref name="text"/> has room for <see cref="LongestText"/>.</summary>
    public int Write(long micros, Span<byte> text)
    {
        var writer = new TimeWriter(text);
        TimeShape shape = Shape;
        switch (shape.Family)
        {
            case TimeFamily.Epoch:
                writer.Signed(micros, Calendar.MicrosPerSecond);
                writer.Fraction(shape, Math.Abs(micros % Calendar.MicrosPerSecond));
                return writer.Length;
            case TimeFamily.EpochMs:
                writer.Signed(micros, 1000);
                return writer.Length;
            case TimeFamily.JsonDate:
                writer.Bytes("/Date("u8);
                writer.Signed(micros, 1000);
                writer.Zone(shape);
                writer.Bytes(")/"u8);
                return writer.Length;
        }

        micros += shape.Zone == ZoneStyle.None ? Zone.OffsetAtUtc(micros) : OffsetMinutes * ZoneTable.MicrosPerMinute;
        long days = micros / Calendar.MicrosPerDay - (micros % Calendar.MicrosPerDay < 0 ? 1 : 0);
        long clock = micros - days * Calendar.MicrosPerDay;
        var (year, month, day) = Calendar.Date(days);
        if (shape.Weekday != 0)
        {
            writer.Bytes(TimeWords.Weekdays.Slice(Calendar.Weekday(days) * 3, 3));
            writer.Bytes(shape.Weekday == 1 ? " "u8 : ", "u8);
        }

        writer.Date(shape, Order, year, month, day);
        if (shape.Gap != TimeGap.None)
        {
            writer.Gap(shape.Gap);
            writer.Clock(shape, clock);
            if (shape.Family == TimeFamily.YearLast)
            {
                writer.Byte((byte)' ');
                writer.Number(year, 4);
            }

            writer.Zone(shape);
        }

        return writer.Length;
    }

    public override string ToString() => Text;

    /// <summary>Text of the zone in the spelling: <c>Z</c>, <c>+01:00</c>, <c> UTC</c>.</summary>
    public static string ZoneText(TimeShape shape)
    {
        Span<byte> text = stackalloc byte[16];
        var writer = new TimeWriter(text);
        writer.Zone(shape);
        return Encoding.ASCII.GetString(text[..writer.Length]);
    }
}
