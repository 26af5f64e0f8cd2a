using System.Globalization;
using Apache.Arrow.Types;

namespace Weir.Cli.Output;

/// <summary>Times as they are printed: ISO 8601 with their zone, fraction digits only where there are some.</summary>
internal static class Times
{
    private const long SecondsOfDay = 86_400;

    public static string Show(DateTime? utc) => utc is { } time ? Instant((time - DateTime.UnixEpoch).Ticks / 10, TimeUnit.Microsecond, TimeZoneInfo.Utc) : "";

    /// <summary>A time since 1970, of any year that DuckDB knows.</summary>
    /// <param name="zone">Zone to print it in; null: it has none. Beyond the years 1 to 9999, where zones mean nothing, UTC.</param>
    public static string Instant(long value, TimeUnit unit, TimeZoneInfo? zone)
    {
        if (Infinite(value, long.MaxValue) is { } infinite)
            return infinite;
        long scale = unit switch { TimeUnit.Second => 1, TimeUnit.Millisecond => 1_000, TimeUnit.Microsecond => 1_000_000, _ => 1_000_000_000 };
        var (seconds, part) = Floor(value, scale);
        string suffix = zone is null ? "" : "Z";
        if (zone is not null && !IsUtc(zone) && seconds is > -62_135_510_400 and < 253_402_214_400)
        {
            TimeSpan offset = zone.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(seconds));
            seconds += (long)offset.TotalSeconds;
            suffix = (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(offset.Seconds == 0 ? @"hh\:mm" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
        }

        var (day, second) = Floor(seconds, SecondsOfDay);
        return $"{Day(day)}T{OfDay(second * 1_000_000_000 + part * (1_000_000_000 / scale))}{suffix}";
    }

    /// <summary>How far one time is from another, in its two largest units: <c>2 h earlier</c>.</summary>
    public static string Span(long seconds)
    {
        long size = Math.Abs(seconds);
        string text = size switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{size} s"),
            < 3600 => Two(size / 60, "min", size % 60, "s"),
            < SecondsOfDay => Two(size / 3600, "h", size % 3600 / 60, "min"),
            _ => Two(size / SecondsOfDay, "d", size % SecondsOfDay / 3600, "h"),
        };
        return text + (seconds < 0 ? " earlier" : " later");

        static string Two(long large, string unit, long small, string part) => string.Create(CultureInfo.InvariantCulture, $"{large} {unit}{(small == 0 ? "" : $" {small} {part}")}");
    }

    /// <summary>A day since 1970.</summary>
    public static string Date(int day) => Infinite(day, int.MaxValue) ?? Day(day);

    /// <summary>Nanoseconds since midnight; 24:00:00 is one of them.</summary>
    public static string OfDay(long nanos)
    {
        long seconds = nanos / 1_000_000_000;
        string fraction = (nanos % 1_000_000_000).ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{(fraction.Length == 0 ? "" : ".")}{fraction}");
    }

    /// <summary>A span as DuckDB writes it: parts that are zero are left out.</summary>
    public static string Interval(int months, int days, long nanos)
    {
        var parts = new List<string>();
        Add(months / 12, "year");
        Add(months % 12, "month");
        Add(days, "day");
        if (nanos != 0 || parts.Count == 0)
            parts.Add((nanos < 0 ? "-" : "") + OfDay(Math.Abs(nanos)));
        return string.Join(' ', parts);

        void Add(int count, string unit)
        {
            if (count != 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(Math.Abs(count) == 1 ? "" : "s")}"));
        }
    }

    private static bool IsUtc(TimeZoneInfo zone) => zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime;

    // DuckDB's infinities are the ends of the number's range, the lower one short of its last value.
    private static string? Infinite(long value, long most) => value == most ? "infinity" : value == -most ? "-infinity" : null;

    private static (long Whole, long Left) Floor(long value, long divisor)
    {
        long rest = value % divisor;
        return rest < 0 ? (value / divisor - 1, rest + divisor) : (value / divisor, rest);
    }

    // .NET's calendar ends at both sides of four digits; its 400 years repeat for ever (146,097 days).
    private static string Day(long day)
    {
        var (cycle, within) = Floor(day, 146_097);
        DateTime date = DateTime.UnixEpoch.AddDays(within);
        long year = date.Year + cycle * 400;
        string sign = year is >= 0 and <= 9999 ? "" : year < 0 ? "-" : "+"; // ISO 8601, expanded years; the year 0 is 1 BC
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(year):0000}-{date:MM-dd}");
    }
}
