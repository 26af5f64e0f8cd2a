namespace Weir.Engine.Stages;

/// <summary>Reads the parts of a time from left to right; a part that is not there leaves the position where it was or ends the reading.</summary>
internal ref struct TimeReader(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> text = text;
    private int at;

    public readonly bool AtEnd => at == text.Length;

    /// <summary>A byte further on; 0 behind the end.</summary>
    public readonly byte Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : (byte)0;

    public void Skip(int bytes) => at += bytes;

    public bool Is(byte expected)
    {
        if (Peek(0) != expected || AtEnd)
            return false;
        at++;
        return true;
    }

    public bool Is(ReadOnlySpan<byte> expected)
    {
        if (!text[at..].StartsWith(expected))
            return false;
        at += expected.Length;
        return true;
    }

    public readonly int CountDigits(int ahead = 0)
    {
        int end = at + ahead;
        while (end < text.Length && (uint)(text[end] - '0') <= 9)
            end++;
        return Math.Max(0, end - at - ahead);
    }

    public bool Digits(int count, out int value)
    {
        value = 0;
        if (at + count > text.Length)
            return false;
        for (int i = 0; i < count; i++)
        {
            uint digit = (uint)(text[at + i] - '0');
            if (digit > 9)
                return false;
            value = value * 10 + (int)digit;
        }

        at += count;
        return true;
    }

    public bool Long(int count, out long value)
    {
        value = 0;
        for (int i = 0; i < count; i++)
            value = value * 10 + (text[at + i] - '0');
        at += count;
        return true;
    }

    public bool OneOrTwo(out int value, out int width)
    {
        int digits = Math.Min(2, CountDigits());
        width = digits == 1 ? TimeShape.Short : Peek(0) == '0' ? TimeShape.Padded : 0;
        value = 0;
        return digits > 0 && Digits(digits, out value);
    }

    public bool Month(out int month, ref bool exact)
    {
        month = 0;
        if (at + 3 > text.Length)
            return false;
        month = TimeWords.Month(text.Slice(at, 3), out bool spelled);
        exact &= spelled;
        at += 3;
        return month != 0;
    }

    /// <summary>1 (Monday) to 7, or 0 and nothing is read.</summary>
    public int Weekday()
    {
        int weekday = at + 3 <= text.Length ? TimeWords.Weekday(text.Slice(at, 3)) : 0;
        at += weekday == 0 ? 0 : 3;
        return weekday;
    }

    public TimeGap Gap(TimeFamily family)
    {
        if (family == TimeFamily.NameSlash)
            return Is((byte)':') ? TimeGap.Colon : TimeGap.None;
        if (Is((byte)'T'))
            return TimeGap.T;
        if (Is(", "u8))
            return TimeGap.CommaBlank;
        if (Is(" @ "u8))
            return TimeGap.At;
        return Is((byte)' ') ? TimeGap.Blank : TimeGap.None;
    }

    /// <summary><c>9:05</c>, <c>14:08:45.221</c>, <c>2:08:45 PM</c></summary>
    public bool Clock(ref TimeShape shape, ref bool exact, out long micros)
    {
        micros = 0;
        long fraction = 0;
        int seconds = 0;
        if (!OneOrTwo(out int hour, out int width) || !Is((byte)':') || !Digits(2, out int minute) || hour > 23 || minute > 59)
            return false;
        shape = shape with { HourWidth = width };
        if (Is((byte)':'))
        {
            if (!Digits(2, out seconds) || seconds > 59)
                return false;
            shape = shape with { Seconds = true };
            if (Peek(0) is (byte)'.' or (byte)',' && !Fraction(ref shape, ref exact, out fraction))
                return false;
        }

        int half = HalfDay(out bool afternoon);
        if (half != 0)
        {
            if (hour is 0 or > 12)
                return false;
            hour = hour % 12 + (afternoon ? 12 : 0);
            shape = shape with { HalfDay = half };
        }

        micros = (hour * 3600L + minute * 60 + seconds) * Calendar.MicrosPerSecond + fraction;
        return true;
    }

    /// <summary>A point or comma and its digits; those past the sixth are cut off.</summary>
    public bool Fraction(ref TimeShape shape, ref bool exact, out long micros)
    {
        micros = 0;
        bool comma = Peek(0) == ',';
        at++;
        int digits = CountDigits();
        if (digits is 0 or > TimeText.MostFractionDigits)
            return false;
        for (int i = 0; i < 6; i++)
            micros = micros * 10 + (i < digits ? text[at + i] - '0' : 0);
        bool cut = digits > 6 && text.Slice(at + 6, digits - 6).IndexOfAnyExcept((byte)'0') >= 0;
        exact &= digits <= 9 && !cut;
        shape = shape with
        {
            Fraction = Math.Min(digits, 9),
            FractionComma = comma,
            FractionEndsInDigit = text[at + digits - 1] != '0',
        };
        at += digits;
        return true;
    }

    /// <summary>What is left of a time: nothing, or a zone; of a JSON date, the zone before its bracket.</summary>
    public bool Zone(ref TimeShape shape, ref bool exact, out int minutes)
    {
        minutes = 0;
        if (AtEnd)
            return true;
        if (Is((byte)'Z'))
        {
            shape = shape with { Zone = ZoneStyle.Z };
            return true;
        }

        bool blank = Is((byte)' ');
        bool negative = Peek(0) == '-';
        if (!negative && Peek(0) != '+')
        {
            int named = blank ? TimeWords.Zone(text[at..]) : -1;
            if (named < 0)
                return false;
            at = text.Length;
            minutes = TimeWords.Zones[named].Minutes;
            shape = shape with { Zone = ZoneStyle.Name, ZoneValue = named };
            return true;
        }

        at++;
        int rest = 0;
        if (!Digits(2, out int hours) || hours > 14)
            return false;
        ZoneStyle style = ZoneStyle.Hours;
        if (Is((byte)':'))
            style = ZoneStyle.Colon;
        else if (char.IsAsciiDigit((char)Peek(0)))
            style = ZoneStyle.Plain;
        if (style != ZoneStyle.Hours && (!Digits(2, out rest) || rest > 59))
            return false;
        minutes = hours * 60 + rest;
        exact &= minutes % 15 == 0;
        int quarters = minutes / 15;
        shape = shape with
        {
            Zone = blank ? style + (ZoneStyle.BlankColon - ZoneStyle.Colon) : style,
            ZoneValue = !negative ? TimeShape.ZoneBias + quarters : quarters == 0 ? TimeShape.NegativeZero : TimeShape.ZoneBias - quarters,
        };
        if (negative)
            minutes = -minutes;
        return true;
    }

    /// <summary>0 and nothing is read, or <see cref="TimeShape.HalfDay"/>.</summary>
    private int HalfDay(out bool afternoon)
    {
        int blank = Peek(0) == ' ' ? 1 : 0;
        byte letter = Peek(blank), m = Peek(blank + 1);
        afternoon = letter is (byte)'P' or (byte)'p';
        bool upper = letter is (byte)'A' or (byte)'P' && m == 'M';
        if (!upper && !(letter is (byte)'a' or (byte)'p' && m == 'm'))
            return 0;
        at += blank + 2;
        return (upper ? 1 : 3) + (blank == 0 ? 1 : 0);
    }
}
