using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Reads the notation of <see cref="TimeFormat"/> from left to right.</summary>
internal sealed class NotationReader(string text)
{
    private int at;

    public TimeFormat Read()
    {
        TimeShape shape = default;
        DateOrder order = DateOrder.Auto;
        ZoneTable zone = ZoneTable.Utc;
        if (Is("epoch-ms"))
            shape = shape with { Family = TimeFamily.EpochMs };
        else if (Is("epoch"))
            shape = Fraction(shape with { Family = TimeFamily.Epoch });
        else if (Is("/Date(epoch-ms"))
            shape = JsonDate();
        else
        {
            shape = Clock(Date(shape with { Weekday = Is("ddd, ") ? 2 : Is("ddd ") ? 1 : 0 }, ref order));
            shape = Zone(shape);
            if (shape.Zone == ZoneStyle.None)
                zone = ZoneName();
        }

        if (Is(" (dmy)"))
            order = DateOrder.DayMonth;
        else if (Is(" (mdy)"))
            order = DateOrder.MonthDay;
        return at == text.Length ? TimeFormat.Create(shape, order, zone) : throw Wrong();
    }

    private TimeShape JsonDate()
    {
        TimeShape shape = Zone(new TimeShape { Family = TimeFamily.JsonDate });
        return Is(")/") ? shape : throw Wrong();
    }

    private TimeShape Date(TimeShape shape, ref DateOrder order)
    {
        if (Is("yyyy-MM-dd"))
            return shape with { Family = TimeFamily.Iso };
        if (Is("yyyy/MM/dd"))
            return shape with { Family = TimeFamily.IsoSlash };
        if (Is("MMM "))
        {
            shape = shape with { SecondWidth = Width('d') };
            return shape with { Family = Is(", yyyy") ? TimeFamily.NameFirst : TimeFamily.YearLast };
        }

        bool dayFirst = Peek() is 'd' or '_';
        int first = Width(dayFirst ? 'd' : 'M');
        char mark = Next();
        if (Is("MMM" + mark + "yyyy"))
        {
            TimeFamily named = mark switch { '/' => TimeFamily.NameSlash, ' ' => TimeFamily.NameBlank, '-' => TimeFamily.NameDash, _ => throw Wrong() };
            return shape with { Family = named, SecondWidth = first };
        }

        int second = Width(dayFirst ? 'M' : 'd');
        order = dayFirst ? DateOrder.DayMonth : DateOrder.MonthDay;
        TimeFamily family = mark switch { '/' => TimeFamily.Slash, '-' => TimeFamily.Dash, '.' => TimeFamily.Dot, _ => throw Wrong() };
        return Is(mark + "yyyy") ? shape with { Family = family, FirstWidth = first, SecondWidth = second } : throw Wrong();
    }

    private TimeShape Clock(TimeShape shape)
    {
        TimeGap gap = Is("T") ? TimeGap.T : Is(", ") ? TimeGap.CommaBlank : Is(" @ ") ? TimeGap.At : Is(":") ? TimeGap.Colon
            : Peek() == ' ' && at + 1 < text.Length && text[at + 1] is 'H' or 'h' && Is(" ") ? TimeGap.Blank : TimeGap.None;
        shape = shape with { Gap = gap };
        if (gap == TimeGap.None)
            return shape;
        bool half = Peek() == 'h';
        shape = shape with { HourWidth = Width(half ? 'h' : 'H') };
        if (!Is(":mm"))
            throw Wrong();
        shape = shape with { Seconds = Is(":ss") };
        if (shape.Seconds)
            shape = Fraction(shape);
        shape = shape with { HalfDay = Is(" tt") ? 1 : Is("tt") ? 2 : Is(" aa") ? 3 : Is("aa") ? 4 : 0 };
        if (half != (shape.HalfDay != 0) || shape.Family == TimeFamily.YearLast && !Is(" yyyy"))
            throw Wrong();
        return shape;
    }

    private TimeShape Fraction(TimeShape shape)
    {
        if (Peek() is not ('.' or ','))
            return shape;
        bool comma = Next() == ',';
        if (Is("FFFFFF"))
            return shape with { Fraction = TimeShape.Trimmed, FractionComma = comma };
        int digits = 0;
        while (Is("f"))
            digits++;
        return digits is >= 1 and <= 9 ? shape with { Fraction = digits, FractionComma = comma } : throw Wrong();
    }

    // The quoted zone is read by the reader of values, so that both know the same zones.
    private TimeShape Zone(TimeShape shape)
    {
        if (!Is("'"))
            return shape;
        int end = text.IndexOf('\'', at);
        if (end < 0)
            throw Wrong();
        byte[] zone = Encoding.ASCII.GetBytes(text[at..end]);
        at = end + 1;
        bool exact = true;
        var reader = new TimeReader(zone);
        return zone.Length > 0 && reader.Zone(ref shape, ref exact, out _) && reader.AtEnd && exact ? shape : throw Wrong();
    }

    private ZoneTable ZoneName()
    {
        if (!Is(" ["))
            throw Wrong();
        int end = text.IndexOf(']', at);
        if (end < 0)
            throw Wrong();
        string name = text[at..end];
        at = end + 1;
        if ((ZoneTable.Find(name) ?? (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? found) ? found : null)) is { } zone)
            return ZoneTable.For(zone);
        throw new FormatException($"The time format '{text}' names the zone '{name}', which this system does not know. Install its time zone data (tzdata).");
    }

    private int Width(char letter)
    {
        if (letter == 'd' && Is("_d"))
            return TimeShape.BlankPadded;
        string one = letter.ToString();
        return Is(one + one) ? TimeShape.Padded : Is(one) ? TimeShape.Short : throw Wrong();
    }

    private char Peek() => at < text.Length ? text[at] : '\0';

    private char Next() => at < text.Length ? text[at++] : throw Wrong();

    private bool Is(string expected)
    {
        if (string.CompareOrdinal(text, at, expected, 0, expected.Length) != 0)
            return false;
        at += expected.Length;
        return true;
    }

    private FormatException Wrong() => new($"'{text}' is no time format (at character {at + 1}). weir.columns.format holds what weir wrote; it is not meant to be edited.");
}
