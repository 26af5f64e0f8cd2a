using System.Globalization;

namespace Weir.Cli.Output;

/// <summary>Times as they are printed: ISO 8601 with their zone, fraction digits only where there are some.</summary>
internal static class Times
{
    public static string Show(DateTime? utc) => utc is { } time ? Show(time, TimeZoneInfo.Utc) : "";

    public static string Show(DateTime utc, TimeZoneInfo zone)
    {
        if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime)
            return utc.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
        var local = TimeZoneInfo.ConvertTime(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)), zone);
        return local.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
    }

    /// <summary>Microseconds since 1970; beyond what .NET's calendar holds, the number itself.</summary>
    public static string Micros(long micros, TimeZoneInfo? zone)
    {
        if (micros is < -62_135_596_800_000_000 or > 253_402_300_799_999_999)
            return string.Create(CultureInfo.InvariantCulture, $"{micros} µs");
        DateTime time = DateTime.UnixEpoch.AddTicks(micros * 10);
        return zone is null ? time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) : Show(time, zone);
    }
}
