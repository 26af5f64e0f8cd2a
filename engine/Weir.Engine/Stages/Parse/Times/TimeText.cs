using System.Runtime.CompilerServices;

namespace Weir.Engine.Stages;

/// <summary>Which plain numbers are times.</summary>
internal enum EpochNumbers
{
    None,

    /// <summary>Seconds of 1990 to 2100, and 13 digits of milliseconds.</summary>
    Plausible,

    /// <summary>Every number: <c>_time</c>.</summary>
    All,
}

/// <summary>One time as read: its numbers, and how it is spelled.</summary>
/// <remarks>
/// Understands the spellings of <see cref="TimeFamily"/> with a time of 12 or 24 hours, seconds and fraction optional, and a zone; <see cref="TypedSql"/>
/// has the same grammar as patterns, and tests hold the two together. Second 60 and hour 24 are no times: they would be
/// two spellings of one instant.
/// </remarks>
internal struct TimeText
{
    // 1990 to 2100: shorter numbers are ports, sizes and durations far more often than times.
    public const long PlausibleFirst = 631_152_000, PlausibleLast = 4_102_444_800;
    public const int MostFractionDigits = 20;

    public TimeShape Shape;

    /// <summary>Some format gives the text back; else it is a time but only its companion has the text.</summary>
    public bool Exact;

    private int year, first, second;
    private int weekday;
    private long clock;             // microseconds since midnight; of numbers: since 1970
    private int offset;             // minutes

    /// <summary>Reads a text that is a time under at least one order of day and month.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, EpochNumbers numbers, out TimeText time)
    {
        Unsafe.SkipInit(out time);
        if (text.Length is < 1 or > 80)
            return false;
        byte head = text[0];
        // Free text leaves here: a month or weekday has three letters.
        if (head >= 'A' && (text.Length < 11 || text[3] is not ((byte)' ' or (byte)',')))
            return false;
        time = default;
        time.Exact = true;
        var reader = new TimeReader(text);
        if (char.IsAsciiDigit((char)head))
        {
            int digits = reader.CountDigits();
            if (digits == text.Length || text[digits] == '.' && (digits > 2 || reader.CountDigits(digits + 1) + digits + 1 == text.Length))
                return numbers != EpochNumbers.None && ReadEpoch(ref time, text, numbers);
            return text.Length >= 8 && ReadDate(ref time, ref reader, digits) && ReadClockAndZone(ref time, ref reader);
        }

        return head switch
        {
            (byte)'-' => numbers == EpochNumbers.All && ReadEpoch(ref time, text, numbers),
            (byte)'/' => ReadJsonDate(ref time, ref reader),
            >= (byte)'A' => ReadNamed(ref time, ref reader) && ReadClockAndZone(ref time, ref reader),
            _ => false,
        };
    }

    /// <summary>Microseconds UTC; false where the order of day and month is not decided or makes no date of it.</summary>
    public readonly bool TryMicros(DateOrder order, ZoneTable zone, out long micros)
    {
        micros = clock;
        if (Shape.Family is TimeFamily.Epoch or TimeFamily.EpochMs or TimeFamily.JsonDate)
            return true;
        (int month, int day) = (first, second);
        if (Shape.HasOrder)
        {
            if (order == DateOrder.Auto || Shape.Evidence == (order == DateOrder.DayMonth ? 2 : 1))
                return false;
            if (order == DateOrder.DayMonth)
                (month, day) = (day, month);
        }

        micros += Calendar.Days(year, month, day) * Calendar.MicrosPerDay;
        micros -= Shape.Zone == ZoneStyle.None ? zone.OffsetAtLocal(micros) : offset * ZoneTable.MicrosPerMinute;
        return true;
    }

    /// <summary>Whether the zone says what it means: with changing offsets, a zoneless time of 1970 to 2099 only.</summary>
    public readonly bool IsWithin(ZoneTable zone) =>
        zone.Offsets.Length == 1 || Shape.Zone != ZoneStyle.None || Shape.Family >= TimeFamily.Epoch
        || year is >= ZoneTable.FirstYear and <= ZoneTable.LastYear;

    /// <summary>Notes in the shape whether the zone's clocks ever showed this local time: one that was skipped cannot be given back.</summary>
    public void NoteSkipped(ZoneTable zone)
    {
        if (zone.Offsets.Length == 1 || Shape.Zone != ZoneStyle.None)
            return;
        int skipped = IsSkipped(DateOrder.MonthDay, zone) ? 1 : 0;
        skipped |= (Shape.HasOrder ? IsSkipped(DateOrder.DayMonth, zone) : skipped != 0) ? 2 : 0;
        Shape = Shape with { Skipped = skipped };
    }

    private readonly bool IsSkipped(DateOrder order, ZoneTable zone)
    {
        if (Shape.Family >= TimeFamily.Epoch || !TryMicros(order, ZoneTable.Utc, out long local))
            return false;
        long offsetAtLocal = zone.OffsetAtLocal(local);
        return zone.OffsetAtUtc(local - offsetAtLocal) != offsetAtLocal;
    }

    private static bool ReadDate(ref TimeText time, ref TimeReader reader, int digits)
    {
        byte mark = reader.Peek(digits);
        if (digits == 4 && mark is (byte)'-' or (byte)'/')
        {
            time.Shape = new TimeShape { Family = mark == '-' ? TimeFamily.Iso : TimeFamily.IsoSlash };
            return reader.Digits(4, out time.year) && reader.Is(mark) && reader.Digits(2, out time.first) && reader.Is(mark)
                && reader.Digits(2, out time.second) && Calendar.Exists(time.year, time.first, time.second);
        }

        if (digits > 2)
            return false;
        return mark is (byte)'/' or (byte)'-' or (byte)' ' && !char.IsAsciiDigit((char)reader.Peek(digits + 1))
            ? ReadDayName(ref time, ref reader, mark)
            : ReadTwoParts(ref time, ref reader, mark);
    }

    private static bool ReadTwoParts(ref TimeText time, ref TimeReader reader, byte mark)
    {
        TimeFamily family = mark switch { (byte)'/' => TimeFamily.Slash, (byte)'-' => TimeFamily.Dash, _ => TimeFamily.Dot };
        if (mark is not ((byte)'/' or (byte)'-' or (byte)'.')
            || !reader.OneOrTwo(out int a, out int firstWidth) || !reader.Is(mark)
            || !reader.OneOrTwo(out int b, out int secondWidth) || !reader.Is(mark) || !reader.Digits(4, out time.year))
        {
            return false;
        }

        (time.first, time.second) = (a, b);
        int evidence = a > 12 ? 1 : b > 12 ? 2 : 0;
        time.Shape = new TimeShape { Family = family, FirstWidth = firstWidth, SecondWidth = secondWidth, Evidence = evidence };
        return evidence == 1 ? Calendar.Exists(time.year, b, a) : Calendar.Exists(time.year, a, b);
    }

    private static bool ReadDayName(ref TimeText time, ref TimeReader reader, byte mark)
    {
        TimeFamily family = mark switch { (byte)'/' => TimeFamily.NameSlash, (byte)'-' => TimeFamily.NameDash, _ => TimeFamily.NameBlank };
        if (!reader.OneOrTwo(out time.second, out int width) || !reader.Is(mark) || !reader.Month(out time.first, ref time.Exact)
            || !reader.Is(mark) || !reader.Digits(4, out time.year))
        {
            return false;
        }

        time.Shape = time.Shape with { Family = family, SecondWidth = width };
        return Calendar.Exists(time.year, time.first, time.second);
    }

    private static bool ReadNamed(ref TimeText time, ref TimeReader reader)
    {
        time.weekday = reader.Weekday();
        if (time.weekday != 0)
        {
            time.Shape = new TimeShape { Weekday = reader.Is((byte)',') ? 2 : 1 };
            if (!reader.Is((byte)' '))
                return false;
            if (char.IsAsciiDigit((char)reader.Peek(0)))
            {
                int digits = reader.CountDigits();
                return digits <= 2 && reader.Peek(digits) == ' ' && ReadDayName(ref time, ref reader, (byte)' ');
            }
        }

        if (!reader.Month(out time.first, ref time.Exact) || !reader.Is((byte)' '))
            return false;
        bool blank = reader.Is((byte)' ');
        if (!reader.OneOrTwo(out time.second, out int width))
            return false;
        if (blank)
        {
            time.Exact &= width == TimeShape.Short;
            width = TimeShape.BlankPadded;
        }

        bool yearFollows = reader.Peek(0) == ',';
        time.Shape = time.Shape with { Family = yearFollows ? TimeFamily.NameFirst : TimeFamily.YearLast, SecondWidth = width };
        if (!yearFollows)
            return true;        // the year stands behind the time
        reader.Skip(1);
        return reader.Is((byte)' ') && reader.Digits(4, out time.year) && Calendar.Exists(time.year, time.first, time.second);
    }

    private static bool ReadClockAndZone(ref TimeText time, ref TimeReader reader)
    {
        bool yearLast = time.Shape.Family == TimeFamily.YearLast;
        if (!reader.AtEnd || yearLast)
        {
            TimeGap gap = reader.Gap(time.Shape.Family);
            if (gap == TimeGap.None || yearLast && gap != TimeGap.Blank)
                return false;
            time.Shape = time.Shape with { Gap = gap };
            if (!reader.Clock(ref time.Shape, ref time.Exact, out time.clock))
                return false;
            if (yearLast && !(reader.Is((byte)' ') && reader.Digits(4, out time.year) && Calendar.Exists(time.year, time.first, time.second)))
                return false;
            if (!reader.Zone(ref time.Shape, ref time.Exact, out time.offset))
                return false;
        }

        if (time.weekday != 0)
            time.Exact &= time.weekday == Calendar.Weekday(Calendar.Days(time.year, time.first, time.second)) + 1;
        return reader.AtEnd;
    }

    private static bool ReadEpoch(ref TimeText time, ReadOnlySpan<byte> text, EpochNumbers numbers)
    {
        var reader = new TimeReader(text);
        bool negative = reader.Is((byte)'-');
        int digits = reader.CountDigits();
        if (digits is 0 or > 13 || !reader.Long(digits, out long whole))
            return false;
        bool leading = digits > 1 && text[negative ? 1 : 0] == '0';
        time.Shape = new TimeShape { Family = TimeFamily.Epoch };
        if (digits == 13)
        {
            time.Shape = new TimeShape { Family = TimeFamily.EpochMs };
            time.clock = whole * 1000;
            return reader.AtEnd && !negative && !leading && whole / 1000 <= PlausibleLast;
        }

        if (numbers == EpochNumbers.Plausible && (leading || whole is < PlausibleFirst or > PlausibleLast))
            return false;
        long fraction = 0;
        if (reader.Peek(0) == '.' && !reader.Fraction(ref time.Shape, ref time.Exact, out fraction))
            return false;
        if (!reader.AtEnd || whole > (negative ? -Calendar.FirstSecond : Calendar.LastSecond))
            return false;
        time.Exact &= !leading && !(negative && whole == 0 && fraction == 0);
        time.clock = whole * Calendar.MicrosPerSecond + fraction;
        if (negative)
            time.clock = -time.clock;
        return true;
    }

    private static bool ReadJsonDate(ref TimeText time, ref TimeReader reader)
    {
        if (!reader.Is("/Date("u8))
            return false;
        bool negative = reader.Is((byte)'-');
        int digits = reader.CountDigits();
        bool leading = digits > 1 && reader.Peek(0) == '0';
        if (digits is 0 or > 15 || !reader.Long(digits, out long whole))
            return false;
        time.Shape = new TimeShape { Family = TimeFamily.JsonDate };
        if (reader.Peek(0) != ')' && (!reader.Zone(ref time.Shape, ref time.Exact, out _) || time.Shape.Zone != ZoneStyle.Plain))
            return false;
        time.Exact &= !leading && !(negative && whole == 0);
        time.clock = (negative ? -whole : whole) * 1000;
        return reader.Is(")/"u8) && reader.AtEnd && whole / 1000 <= (negative ? -Calendar.FirstSecond : Calendar.LastSecond);
    }
}
