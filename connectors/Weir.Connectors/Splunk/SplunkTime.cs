using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Times in Splunk's forms: <c>now</c>, <c>-24h@h</c>, <c>@d</c>, <c>@w1-2h</c>, epoch seconds, ISO 8601, <c>10/27/2018:00:00:00</c>.</summary>
internal static partial class SplunkTime
{
    private static readonly string[] Zoneless = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd", "M/d/yyyy:H:m:s"];

    private static readonly string[] Zoned = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mmzzz"];

    /// <summary>Whether it means another time tomorrow.</summary>
    public static bool IsRelative(string text) => Relative().IsMatch(text.Trim());

    /// <summary>The instant that is meant, to the millisecond, which is what the server takes.</summary>
    /// <param name="option">What the message calls it.</param>
    /// <param name="text">The time.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="zone">Zone of times without one, and of <c>@d</c>.</param>
    /// <exception cref="WeirException">It is no time.</exception>
    public static DateTime Resolve(string option, string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        text = text.Trim();
        DateTime? found = TryResolve(text, now, zone);
        if (found is not { } time)
            throw new WeirException($"{option} {text}", "it is no time", "now, -24h, -7d@d, @w1, epoch seconds, or 2018-08-20T00:00:00Z", "Units are s, m, h, d, w, mon, q, y; behind @ stands what to snap to.");
        return new DateTime(time.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }

    private static DateTime? TryResolve(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (text.Length == 0)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds))
            return seconds < 253_402_300_800 ? DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
        if (DateTime.TryParseExact(text, Zoneless, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
            return Utc(local, zone);
        if (DateTimeOffset.TryParseExact(text, Zoned, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset zoned))
            return zoned.UtcDateTime;
        Match parts = Relative().Match(text);
        if (!parts.Success)
            return null;
        try
        {
            DateTime time = now.UtcDateTime;
            foreach (Capture part in parts.Groups["part"].Captures)
            {
                if ((part.Value[0] == '@' ? Snap(time, part.Value[1..], zone) : Shift(time, part.Value, zone)) is { } moved)
                    time = moved;
                else
                    return null;
            }

            return time;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Hours and less are lengths, also over a change of clocks; days and more are as a calendar counts.</summary>
    private static DateTime? Shift(DateTime time, string text, TimeZoneInfo zone)
    {
        Match part = ShiftPart().Match(text);
        int number = (part.Groups["number"].Length == 0 ? 1 : int.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture)) * (text[0] == '-' ? -1 : 1);
        return Unit(part.Groups["unit"].Value) switch
        {
            's' => time.AddSeconds(number),
            'm' => time.AddMinutes(number),
            'h' => time.AddHours(number),
            'd' => Utc(Local(time, zone).AddDays(number), zone),
            'w' => Utc(Local(time, zone).AddDays(7 * number), zone),
            'M' => Utc(Local(time, zone).AddMonths(number), zone),
            'q' => Utc(Local(time, zone).AddMonths(3 * number), zone),
            'y' => Utc(Local(time, zone).AddYears(number), zone),
            _ => null,
        };
    }

    private static DateTime? Snap(DateTime utc, string unit, TimeZoneInfo zone)
    {
        DateTime time = Local(utc, zone);
        if (Snap(time, unit) is not { } snapped)
            return null;
        // Within an hour the offset does not change, and an hour that comes twice is the one we are in.
        return Unit(unit) is 's' or 'm' or 'h' ? utc.AddTicks(snapped.Ticks - time.Ticks) : Utc(snapped, zone);
    }

    private static DateTime? Snap(DateTime time, string unit)
    {
        DateTime day = time.Date;
        if (unit is ['w', >= '0' and <= '7' and var weekday])
            return day.AddDays(-(((int)day.DayOfWeek - (weekday - '0') + 7) % 7)); // w0 and w7 are Sunday
        return Unit(unit) switch
        {
            's' => day.AddSeconds(Math.Floor(time.TimeOfDay.TotalSeconds)),
            'm' => day.AddMinutes(Math.Floor(time.TimeOfDay.TotalMinutes)),
            'h' => day.AddHours(time.Hour),
            'd' => day,
            'w' => day.AddDays(-(int)day.DayOfWeek),
            'M' => new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
            'q' => new DateTime(day.Year, (day.Month - 1) / 3 * 3 + 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
            'y' => new DateTime(day.Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
            _ => null,
        };
    }

    private static char Unit(string text) => text.ToLowerInvariant() switch
    {
        "s" or "sec" or "secs" or "second" or "seconds" => 's',
        "m" or "min" or "mins" or "minute" or "minutes" => 'm',
        "h" or "hr" or "hrs" or "hour" or "hours" => 'h',
        "d" or "day" or "days" => 'd',
        "w" or "week" or "weeks" => 'w',
        "mon" or "month" or "months" => 'M',
        "q" or "qtr" or "qtrs" or "quarter" or "quarters" => 'q',
        "y" or "yr" or "yrs" or "year" or "years" => 'y',
        _ => '?',
    };

    private static DateTime Local(DateTime utc, TimeZoneInfo zone) => DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(utc, zone), DateTimeKind.Unspecified);

    // A time that the clocks skip is taken as it would have been without the change.
    private static DateTime Utc(DateTime local, TimeZoneInfo zone) => new(local.Ticks - zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)).Ticks, DateTimeKind.Utc);

    [GeneratedRegex(@"^(now(\(\))?)?(?<part>[+-]\d*[a-z]+|@(w[0-7]|[a-z]+))*$", RegexOptions.IgnoreCase)]
    private static partial Regex Relative();

    [GeneratedRegex(@"^[+-](?<number>\d*)(?<unit>[a-z]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex ShiftPart();
}
