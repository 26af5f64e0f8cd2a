namespace Weir.Engine.Stages;

/// <summary>Writes the parts of a time from left to right.</summary>
internal ref struct TimeWriter(Span<byte> text)
{
    private readonly Span<byte> text = text;

    public int Length { get; private set; }

    public void Byte(byte value) => text[Length++] = value;

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(text[Length..]);
        Length += bytes.Length;
    }

    /// <summary>A number of at least so many digits.</summary>
    public void Number(long value, int digits)
    {
        if (value < 0)
        {
            Byte((byte)'-');
            value = -value;
        }

        int size = digits;
        for (long rest = value; size < 20 && rest >= Power(size); size++)
        {
        }

        for (int i = size - 1; i >= 0; i--, value /= 10)
            text[Length + i] = (byte)('0' + value % 10);
        Length += size;
    }

    /// <summary>The whole part of <paramref name="micros"/> / <paramref name="unit"/>, towards zero, with the sign of the whole.</summary>
    public void Signed(long micros, long unit)
    {
        if (micros < 0)
            Byte((byte)'-');
        Number(Math.Abs(micros / unit), 1);
    }

    public void Padded(int value, int width)
    {
        if (width == TimeShape.BlankPadded && value < 10)
            Byte((byte)' ');
        Number(value, width == TimeShape.Padded ? 2 : 1);
    }

    public void Date(TimeShape shape, DateOrder order, int year, int month, int day)
    {
        switch (shape.Family)
        {
            case TimeFamily.Iso or TimeFamily.IsoSlash:
                byte mark = shape.Family == TimeFamily.Iso ? (byte)'-' : (byte)'/';
                Number(year, 4);
                Byte(mark);
                Number(month, 2);
                Byte(mark);
                Number(day, 2);
                break;
            case TimeFamily.Slash or TimeFamily.Dash or TimeFamily.Dot:
                bool dayFirst = order == DateOrder.DayMonth;
                Padded(dayFirst ? day : month, shape.FirstWidth);
                Byte(Mark(shape.Family));
                Padded(dayFirst ? month : day, shape.SecondWidth);
                Byte(Mark(shape.Family));
                Number(year, 4);
                break;
            case TimeFamily.NameSlash or TimeFamily.NameBlank or TimeFamily.NameDash:
                Padded(day, shape.SecondWidth);
                Byte(Mark(shape.Family));
                Bytes(TimeWords.Months.Slice(month * 3 - 3, 3));
                Byte(Mark(shape.Family));
                Number(year, 4);
                break;
            default:
                Bytes(TimeWords.Months.Slice(month * 3 - 3, 3));
                Byte((byte)' ');
                Padded(day, shape.SecondWidth);
                if (shape.Family == TimeFamily.NameFirst)
                {
                    Bytes(", "u8);
                    Number(year, 4);
                }

                break;
        }
    }

    public void Gap(TimeGap gap) => Bytes(gap switch
    {
        TimeGap.T => "T"u8,
        TimeGap.Blank => " "u8,
        TimeGap.CommaBlank => ", "u8,
        TimeGap.At => " @ "u8,
        _ => ":"u8,
    });

    public void Clock(TimeShape shape, long micros)
    {
        int hour = (int)(micros / (3600 * Calendar.MicrosPerSecond));
        bool afternoon = hour >= 12;
        if (shape.HalfDay != 0)
            hour = hour % 12 == 0 ? 12 : hour % 12;
        Padded(hour, shape.HourWidth);
        Byte((byte)':');
        Number(micros / (60 * Calendar.MicrosPerSecond) % 60, 2);
        if (shape.Seconds)
        {
            Byte((byte)':');
            Number(micros / Calendar.MicrosPerSecond % 60, 2);
            Fraction(shape, micros % Calendar.MicrosPerSecond);
        }

        if (shape.HalfDay is 1 or 3)
            Byte((byte)' ');
        if (shape.HalfDay is 1 or 2)
            Bytes(afternoon ? "PM"u8 : "AM"u8);
        else if (shape.HalfDay != 0)
            Bytes(afternoon ? "pm"u8 : "am"u8);
    }

    public void Fraction(TimeShape shape, long micros)
    {
        int digits = shape.Fraction;
        if (digits == 0 || digits == TimeShape.Trimmed && micros == 0)
            return;
        Byte(shape.FractionComma ? (byte)',' : (byte)'.');
        int start = Length;
        Number(micros, 6);
        if (digits == TimeShape.Trimmed)
        {
            while (text[Length - 1] == '0')
                Length--;
            return;
        }

        for (int i = 6; i < digits; i++)
            Byte((byte)'0');
        Length = start + digits;
    }

    public void Zone(TimeShape shape)
    {
        switch (shape.Zone)
        {
            case ZoneStyle.None:
                return;
            case ZoneStyle.Z:
                Byte((byte)'Z');
                return;
            case ZoneStyle.Name:
                Byte((byte)' ');
                foreach (char letter in TimeWords.Zones[shape.ZoneValue].Name)
                    Byte((byte)letter);
                return;
        }

        ZoneStyle style = shape.Zone;
        if (style >= ZoneStyle.BlankColon)
        {
            Byte((byte)' ');
            style -= ZoneStyle.BlankColon - ZoneStyle.Colon;
        }

        int quarters = shape.ZoneValue == TimeShape.NegativeZero ? 0 : shape.ZoneValue - TimeShape.ZoneBias;
        Byte(quarters < 0 || shape.ZoneValue == TimeShape.NegativeZero ? (byte)'-' : (byte)'+');
        quarters = Math.Abs(quarters);
        Number(quarters / 4, 2);
        if (style == ZoneStyle.Colon)
            Byte((byte)':');
        if (style != ZoneStyle.Hours)
            Number(quarters % 4 * 15, 2);
        // An offset such as +01 has no quarter hours; one with them is spelled otherwise, so it is another shape.
    }

    private static byte Mark(TimeFamily family) => family switch
    {
        TimeFamily.Slash or TimeFamily.NameSlash => (byte)'/',
        TimeFamily.Dash or TimeFamily.NameDash => (byte)'-',
        TimeFamily.Dot => (byte)'.',
        _ => (byte)' ',
    };

    private static long Power(int digits)
    {
        long power = 1;
        for (int i = 0; i < Math.Min(digits, 18); i++)
            power *= 10;
        return digits >= 19 ? long.MaxValue : power;
    }
}
