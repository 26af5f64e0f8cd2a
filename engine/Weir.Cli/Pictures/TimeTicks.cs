using System.Globalization;

namespace Weir.Cli.Pictures;

/// <summary>A tick of an axis of time.</summary>
/// <param name="Time">The moment, UTC.</param>
/// <param name="Label">What stands under it.</param>
/// <param name="Context">What stands under that, where it differs from the tick before: the day of an hour, the year of a day.</param>
internal readonly record struct TimeTick(DateTime Time, string Label, string? Context);

/// <summary>Ticks at round times of a zone, from microseconds to centuries.</summary>
internal static class TimeTicks
{
    private static readonly (long Count, Unit Unit)[] Steps =
    [
        .. new[] { 1L, 10, 100, 1_000, 10_000, 100_000 }.SelectMany(scale => new[] { (1 * scale, Unit.Microsecond), (2 * scale, Unit.Microsecond), (5 * scale, Unit.Microsecond) }),
        .. new[] { 1L, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200 }.Select(seconds => (seconds * 1_000_000, Unit.Microsecond)),
        (1, Unit.Day), (2, Unit.Day), (7, Unit.Day), (14, Unit.Day), (1, Unit.Month), (3, Unit.Month), (6, Unit.Month),
        .. new[] { 1L, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000 }.Select(years => (years * 12, Unit.Month)),
    ];

    private enum Unit
    {
        Microsecond,
        Day,
        Month,
    }

    /// <summary>The finest ticks that are not more than wanted.</summary>
    public static IReadOnlyList<TimeTick> Between(DateTime first, DateTime last, TimeZoneInfo zone, int most)
    {
        double span = (last - first).TotalMicroseconds;
        var (count, unit) = Array.Find(Steps, s => span / Length(s.Count, s.Unit) <= most) is { Count: > 0 } fitting ? fitting : Steps[^1];
        var ticks = new List<TimeTick>();
        string? context = null;
        DateTime? at = Floor(Local(first, zone), count, unit);
        for (; at is { } local && ticks.Count <= 2 * most; at = Next(local, count, unit))
        {
            if (zone.IsInvalidTime(local) || Utc(local, zone) is not { } time || time < first || (ticks.Count > 0 && time <= ticks[^1].Time))
                continue;
            if (time > last)
                break;
            var (label, around) = Label(local, count, unit);
            ticks.Add(new TimeTick(time, label, around == context ? null : around));
            context = around;
        }

        return ticks;
    }

    /// <summary>The zone as an axis names it, with what it is off UTC in between.</summary>
    public static string Name(DateTime first, DateTime last, TimeZoneInfo zone)
    {
        if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime)
            return "UTC";
        string one = Offset(zone.GetUtcOffset(first)), other = Offset(zone.GetUtcOffset(last));
        return one == other ? $"{zone.Id}, {one}" : $"{zone.Id}, {one} to {other}";
    }

    private static string Offset(TimeSpan offset) => $"UTC{(offset < TimeSpan.Zero ? "-" : "+")}{offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture)}";

    private static (string Label, string Context) Label(DateTime local, long count, Unit unit) => unit switch
    {
        Unit.Month when count % 12 == 0 => (Text(local, "yyyy"), ""),
        Unit.Month => (Text(local, "MMM"), Text(local, "yyyy")),
        Unit.Day => (Text(local, "ddd d MMM"), Text(local, "yyyy")),
        _ => (Text(local, count % 60_000_000 == 0 ? "HH:mm" : count % 1_000_000 == 0 ? "HH:mm:ss" : count % 1_000 == 0 ? "HH:mm:ss.fff" : "HH:mm:ss.ffffff"), Text(local, "ddd yyyy-MM-dd")),
    };

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static double Length(long count, Unit unit) => unit switch
    {
        Unit.Day => count * 86_400e6,
        Unit.Month => count * 30.44 * 86_400e6,
        _ => count,
    };

    private static DateTime Floor(DateTime local, long count, Unit unit) => unit switch
    {
        Unit.Month => Month(Math.Max(12, (local.Year * 12L + local.Month - 1) / count * count)), // there is no year 0
        Unit.Day => new DateTime(Math.Max(0, local.Ticks / TimeSpan.TicksPerDay / count * count) * TimeSpan.TicksPerDay), // 0001-01-01 was a Monday: weeks begin with one
        _ => new DateTime(local.Ticks / (count * 10) * count * 10),
    };

    private static DateTime? Next(DateTime local, long count, Unit unit)
    {
        if (unit == Unit.Month)
        {
            long months = (local.Year * 12L + local.Month - 1) / count * count + count;
            return months / 12 > 9_999 ? null : Month(months);
        }

        long step = count * (unit == Unit.Day ? TimeSpan.TicksPerDay : 10);
        return local.Ticks > DateTime.MaxValue.Ticks - step ? null : local.AddTicks(step);
    }

    private static DateTime Month(long months) => new((int)(months / 12), (int)(months % 12) + 1, 1);

    private static DateTime Local(DateTime utc, TimeZoneInfo zone) => new(Math.Clamp(utc.Ticks + zone.GetUtcOffset(utc).Ticks, 0, DateTime.MaxValue.Ticks));

    private static DateTime? Utc(DateTime local, TimeZoneInfo zone)
    {
        long ticks = local.Ticks - zone.GetUtcOffset(local).Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTime(ticks, DateTimeKind.Utc);
    }
}
