using System.Globalization;
using Weir.Cli.Commands;
using Weir.Engine;

namespace Weir.Cli.Tests.Commands;

public class SpelledTimeTests
{
    [Theory]
    [InlineData("2018-08-20", "UTC", "2018-08-20T00:00:00.000000", "2018-08-20T23:59:59.999999")]
    [InlineData("2018-08-20T10:48", "UTC", "2018-08-20T10:48:00.000000", "2018-08-20T10:48:59.999999")]
    [InlineData("2018-08-20 10:48:28", "UTC", "2018-08-20T10:48:28.000000", "2018-08-20T10:48:28.999999")]
    [InlineData("2018-08-20T11:43:14.7Z", "Europe/Berlin", "2018-08-20T11:43:14.700000", "2018-08-20T11:43:14.799999")]
    [InlineData("2018-08-20T11:52:16.678737700Z", "UTC", "2018-08-20T11:52:16.678737", "2018-08-20T11:52:16.678737")]
    [InlineData("2018-08-20T11:52:16,6787Z", "UTC", "2018-08-20T11:52:16.678700", "2018-08-20T11:52:16.678799")]
    [InlineData("2018-08-20T10:48:28+02:00", "UTC", "2018-08-20T08:48:28.000000", "2018-08-20T08:48:28.999999")]
    [InlineData("2018-08-20T10:48:28 -0330", "UTC", "2018-08-20T14:18:28.000000", "2018-08-20T14:18:28.999999")]
    [InlineData("2018-08-20T10:48:28", "Europe/Berlin", "2018-08-20T08:48:28.000000", "2018-08-20T08:48:28.999999")]
    [InlineData("2024-03-31", "Europe/Berlin", "2024-03-30T23:00:00.000000", "2024-03-31T21:59:59.999999")] // a day of 23 hours
    [InlineData("2024-10-27T02:30", "Europe/Berlin", "2024-10-27T00:30:00.000000", "2024-10-27T01:30:59.999999")] // comes twice
    [InlineData("2024-03-31T02:30", "Europe/Berlin", "2024-03-31T00:30:00.000000", "2024-03-31T01:30:59.999999")] // never comes
    public void Read_StandsForAllItLeavesOpen(string text, string zone, string first, string last)
    {
        SpelledTime time = SpelledTime.Read("--from", text, TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.Equal((first, last), (Show(time.First), Show(time.Last)));
        Assert.Equal((DateTimeKind.Utc, DateTimeKind.Utc), (time.First.Kind, time.Last.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("-24h")]
    [InlineData("20.08.2018")]
    [InlineData("08/20/2018")]
    [InlineData("2018-13-01")]
    [InlineData("2018-02-29")]
    [InlineData("2018-08-20T24:00")]
    [InlineData("2018-08-20T10")]
    [InlineData("2018-08-20T10:48.5")]
    [InlineData("2018-08-20Z")]
    [InlineData("2018-08-20T10:48:28+15:00")]
    [InlineData("2018-08-20T10:48:28.1234567890Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("２０18-08-20")]
    public void Read_NoTime_SaysWhatIsExpected(string text)
    {
        string message = Assert.Throws<WeirException>(() => SpelledTime.Read("--from", text, TimeZoneInfo.Utc)).Message;
        Assert.StartsWith($"--from {text}: it is no time; expected", message, StringComparison.Ordinal);
        Assert.Contains("--tz", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Widened_StaysWithinTheCalendar()
    {
        Assert.Equal("2018-08-20T10:33:00.000000", Show(SpelledTime.Read("--around", "2018-08-20T10:48", TimeZoneInfo.Utc).Widened(TimeSpan.FromMinutes(15)).First));
        Assert.Equal("2018-08-20T11:03:59.999999", Show(SpelledTime.Read("--around", "2018-08-20T10:48", TimeZoneInfo.Utc).Widened(TimeSpan.FromMinutes(15)).Last));
        Assert.Equal(DateTime.MinValue, SpelledTime.Read("--around", "0001-01-01", TimeZoneInfo.Utc).Widened(TimeSpan.FromDays(2)).First);
        Assert.Equal(DateTime.MaxValue, SpelledTime.Read("--around", "9999-12-31", TimeZoneInfo.Utc).Widened(TimeSpan.FromDays(2)).Last);
    }

    private static string Show(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
