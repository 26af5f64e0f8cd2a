using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Engine;

namespace Weir.Cli.Commands;

/// <summary>The instants that a spelled time stands for: a date for its day, a minute for its minute, a second for its second; in UTC, both ends in it.</summary>
/// <remarks>So that a time which is copied from a log or from an answer finds its event whatever digits were left out. Microseconds are the case's grain.</remarks>
internal readonly partial record struct SpelledTime(DateTime First, DateTime Last)
{
    private const int Digits = 7; // of a tick; logs may write nine

    /// <param name="option">What the message calls it.</param>
    /// <param name="text">ISO 8601 with or without zone, date only too.</param>
    /// <param name="zone">Zone of a time without one. One that comes twice there means both.</param>
    /// <exception cref="WeirException">It is no time.</exception>
    public static SpelledTime Read(string option, string text, TimeZoneInfo zone) =>
        Of(text, zone) ?? throw new WeirException(
            $"{option} {text}", "it is no time", "a date or time of ISO 8601, for example 2018-08-20, 2018-08-20T10:48 or 2018-08-20T10:48:28Z", "Without a zone, --tz says which is meant (UTC by default).");

    /// <summary>The same where the text is a time; else null.</summary>
    public static SpelledTime? Of(string text, TimeZoneInfo zone) => TryRead(text.Trim(), zone);

    /// <summary>The same with some time before and behind.</summary>
    public SpelledTime Widened(TimeSpan by) => new(
        First - DateTime.MinValue < by ? DateTime.MinValue : First - by, DateTime.MaxValue - Last < by ? DateTime.MaxValue : Last + by);

    private static SpelledTime? TryRead(string text, TimeZoneInfo zone)
    {
        Match parts = Iso().Match(text);
        if (!parts.Success)
            return null;
        string hours = parts.Groups["time"].Value, fraction = parts.Groups["fraction"].Value, offset = parts.Groups["zone"].Value;
        if (fraction.Length > 0 && hours.Length == 5)
            return null;
        string whole = $"{parts.Groups["date"].Value} {hours}{(hours.Length switch { 0 => "00:00:00", 5 => ":00", _ => "" })}";
        if (!DateTime.TryParseExact(whole, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime first))
            return null;
        long grain = hours.Length switch { 0 => TimeSpan.TicksPerDay, 5 => TimeSpan.TicksPerMinute, _ => TimeSpan.TicksPerSecond };
        foreach (char digit in fraction.Length > Digits ? fraction[..Digits] : fraction)
        {
            grain /= 10;
            first = first.AddTicks((digit - '0') * grain);
        }

        first = first.AddTicks(-(first.Ticks % TimeSpan.TicksPerMicrosecond));
        long length = Math.Max(grain, TimeSpan.TicksPerMicrosecond);
        try
        {
            DateTime last = first.AddTicks(length - TimeSpan.TicksPerMicrosecond);
            if (offset.Length == 0)
                return new SpelledTime(Utc(first, OffsetsOf(first, zone).Max()), Utc(last, OffsetsOf(last, zone).Min()));
            return OffsetOf(offset) is { } fixedOffset ? new SpelledTime(Utc(first, fixedOffset), Utc(last, fixedOffset)) : null;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // beyond the years 1 to 9999
        }
    }

    private static TimeSpan? OffsetOf(string text)
    {
        if (text is "Z" or "z")
            return TimeSpan.Zero;
        string digits = text[1..].Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
        if (!TimeSpan.TryParseExact(digits, "hhmm", CultureInfo.InvariantCulture, out TimeSpan span) || span > TimeSpan.FromHours(14))
            return null;
        return text[0] == '-' ? -span : span;
    }

    /// <summary>All that a clock in the zone may have meant: a time that comes twice has two, one that is skipped those of both sides.</summary>
    private static TimeSpan[] OffsetsOf(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsAmbiguousTime(local))
            return zone.GetAmbiguousTimeOffsets(local);
        return zone.IsInvalidTime(local) ? [zone.GetUtcOffset(local.AddDays(-1)), zone.GetUtcOffset(local.AddDays(1))] : [zone.GetUtcOffset(local)];
    }

    private static DateTime Utc(DateTime local, TimeSpan offset) => new(local.Ticks - offset.Ticks, DateTimeKind.Utc);

    [GeneratedRegex(@"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([Tt ](?<time>[0-9]{2}:[0-9]{2}(:[0-9]{2})?)([.,](?<fraction>[0-9]{1,9}))? ?(?<zone>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?$")]
    private static partial Regex Iso();
}
