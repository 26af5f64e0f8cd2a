namespace Weir.Engine.Stages;

/// <summary>The Gregorian calendar on plain numbers: DateTime ends at year 9999 and knows no local time beyond it.</summary>
internal static class Calendar
{
    public const long MicrosPerSecond = 1_000_000;
    public const long MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>First and last second that a date of years 1 to 9999 can name, in UTC.</summary>
    public const long FirstSecond = -62_135_596_800, LastSecond = 253_402_300_799;

    public static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static bool Exists(int year, int month, int day) =>
        year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DaysIn(year, month);

    /// <summary>Days since 1970-01-01 (Howard Hinnant, days_from_civil).</summary>
    public static long Days(int year, int month, int day)
    {
        long y = month <= 2 ? year - 1 : year;
        long era = (y >= 0 ? y : y - 399) / 400;
        long yearOfEra = y - era * 400;
        long dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }

    /// <summary>The inverse of <see cref="Days"/> (civil_from_days).</summary>
    public static (int Year, int Month, int Day) Date(long days)
    {
        days += 719_468;
        long era = (days >= 0 ? days : days - 146_096) / 146_097;
        long dayOfEra = days - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long m = (5 * dayOfYear + 2) / 153;
        int month = (int)(m < 10 ? m + 3 : m - 9);
        return ((int)(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (153 * m + 2) / 5) + 1);
    }

    /// <summary>0 (Monday) to 6.</summary>
    public static int Weekday(long days) => (int)(((days + 3) % 7 + 7) % 7);
}
