using System.Globalization;
using System.Runtime.CompilerServices;

namespace Weir.Engine.Stages;

/// <summary>A time zone as a sorted list of offsets.</summary>
/// <remarks>
/// Covers 1970 to 2099: outside, a zoneless local time is no time in a zone whose offset changes. A local time that comes twice means the
/// later one, standard time; one that never comes is read with the offset before the gap, so it is not given back exactly. DuckDB's
/// <c>timezone</c> does the same (tests compare them); its zone data is its own.
/// </remarks>
internal sealed class ZoneTable
{
    public const int FirstYear = 1970, LastYear = 2099;
    public const long MicrosPerMinute = 60_000_000;
    private const long MicrosPerDay = 86_400_000_000;

    // A memo of a pure function: the zone objects are few and live as long as the process.
    private static readonly ConditionalWeakTable<TimeZoneInfo, ZoneTable> Known = [];

    private ZoneTable(string name, long[] starts, long[] offsets)
    {
        (Name, UtcStarts, Offsets) = (name, starts, offsets);
        LocalStarts = new long[starts.Length];
        for (int i = 0; i < starts.Length; i++)
            LocalStarts[i] = starts[i] + offsets[i];
    }

    public static ZoneTable Utc { get; } = new("UTC", [long.MinValue / 2], [0]);

    /// <summary><c>UTC</c>, <c>+02:00</c>, or the system's id.</summary>
    public string Name { get; }

    /// <summary>First instant of each stretch, in microseconds UTC.</summary>
    public long[] UtcStarts { get; }

    /// <summary>First local time of each stretch: the new offset counts from here on.</summary>
    public long[] LocalStarts { get; }

    /// <summary>Offset from UTC of each stretch, in microseconds.</summary>
    public long[] Offsets { get; }

    public static ZoneTable For(TimeZoneInfo zone) => zone.Equals(TimeZoneInfo.Utc) ? Utc : Known.GetValue(zone, Build);

    /// <summary>A zone by <c>UTC</c>, <c>GMT</c>, <c>Z</c>, an offset such as <c>+02:00</c>, or an id; null where there is none.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        if (name is "UTC" or "GMT" or "Z" or "utc" or "gmt" or "Utc")
            return TimeZoneInfo.Utc;
        ReadOnlySpan<char> offset = name.AsSpan();
        if (offset.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) || offset.StartsWith("GMT", StringComparison.OrdinalIgnoreCase))
            offset = offset[3..];
        if (offset.Length is 5 or 6 && offset[0] is '+' or '-'
            && TimeSpan.TryParseExact(offset[1..], offset.Length == 6 ? @"hh\:mm" : "hhmm", CultureInfo.InvariantCulture, out TimeSpan span)
            && span <= TimeSpan.FromHours(14))
        {
            return Fixed(offset[0] == '-' ? -span : span);
        }

        // Only ids with a slash: "[Local]" or "(EST)" in a header must not pick up a file of the system's zone folder.
        return name.Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;
    }

    public long OffsetAtUtc(long micros) => Offsets[Stretch(UtcStarts, micros)];

    public long OffsetAtLocal(long micros) => Offsets[Stretch(LocalStarts, micros)];

    private static int Stretch(long[] starts, long at)
    {
        int low = 0, high = starts.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (starts[middle] <= at)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private static TimeZoneInfo Fixed(TimeSpan offset)
    {
        string name = OffsetName((int)offset.TotalMinutes);
        return offset == TimeSpan.Zero ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    private static string OffsetName(int minutes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}");

    private static ZoneTable Build(TimeZoneInfo zone)
    {
        var starts = new List<long> { long.MinValue / 2 };
        var offsets = new List<long> { OffsetOf(zone, 0) };
        long end = new DateTime(LastYear + 1, 1, 2, 0, 0, 0, DateTimeKind.Utc).Subtract(DateTime.UnixEpoch).Ticks / 10;
        for (long day = 0; day < end; day += MicrosPerDay)
        {
            if (OffsetOf(zone, day + MicrosPerDay) == offsets[^1])
                continue;
            long low = day, high = day + MicrosPerDay;
            while (high - low > 1_000_000)
            {
                long middle = (low + high) / 2 / 1_000_000 * 1_000_000;
                if (OffsetOf(zone, middle) == offsets[^1])
                    low = middle;
                else
                    high = middle;
            }

            starts.Add(high);
            offsets.Add(OffsetOf(zone, high));
        }

        string name = starts.Count > 1 ? Iana(zone) : offsets[0] == 0 ? "UTC" : OffsetName((int)(offsets[0] / MicrosPerMinute));
        return new ZoneTable(name, [.. starts], [.. offsets]);
    }

    // The name has to mean the same to DuckDB.
    private static string Iana(TimeZoneInfo zone) =>
        zone.HasIanaId ? zone.Id
        : TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out string? id) ? id
        : throw new ArgumentException($"The time zone '{zone.Id}' changes its offset and has no IANA name. Set {nameof(TypingOptions)}.{nameof(TypingOptions.TimeZone)} to one such as Europe/Berlin.");

    private static long OffsetOf(TimeZoneInfo zone, long micros) =>
        (long)zone.GetUtcOffset(DateTime.UnixEpoch.AddTicks(micros * 10)).TotalMinutes * MicrosPerMinute;
}
