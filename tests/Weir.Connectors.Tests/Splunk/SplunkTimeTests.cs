using System.Globalization;
using Weir.Engine;

namespace Weir.Connectors.Tests.Splunk;

/// <summary>Splunk's spellings of times.</summary>
public sealed class SplunkTimeTests
{
    private static readonly DateTimeOffset Now = new(2018, 8, 22, 15, 47, 31, 250, TimeSpan.Zero); // a Wednesday

    [Theory]
    [InlineData("now", "2018-08-22T15:47:31.250")]
    [InlineData("now()", "2018-08-22T15:47:31.250")]
    [InlineData("-24h", "2018-08-21T15:47:31.250")]
    [InlineData("-24h@h", "2018-08-21T15:00:00.000")]
    [InlineData("-7d@d", "2018-08-15T00:00:00.000")]
    [InlineData("-m", "2018-08-22T15:46:31.250")]
    [InlineData("-1mon@mon", "2018-07-01T00:00:00.000")]
    [InlineData("@d", "2018-08-22T00:00:00.000")]
    [InlineData("@w", "2018-08-19T00:00:00.000")]
    [InlineData("@w0", "2018-08-19T00:00:00.000")]
    [InlineData("@w1", "2018-08-20T00:00:00.000")]
    [InlineData("@w6", "2018-08-18T00:00:00.000")]
    [InlineData("-1d@d+9h", "2018-08-21T09:00:00.000")]
    [InlineData("@q", "2018-07-01T00:00:00.000")]
    [InlineData("@y", "2018-01-01T00:00:00.000")]
    [InlineData("+1d", "2018-08-23T15:47:31.250")]
    [InlineData("-30minutes@s", "2018-08-22T15:17:31.000")]
    [InlineData("1534723200", "2018-08-20T00:00:00.000")]
    [InlineData("1534723200.5009", "2018-08-20T00:00:00.500")]
    [InlineData("0", "1970-01-01T00:00:00.000")]
    [InlineData("2018-08-20", "2018-08-20T00:00:00.000")]
    [InlineData("2018-08-20T01:02:03", "2018-08-20T01:02:03.000")]
    [InlineData("2018-08-20T01:02:03.1234567Z", "2018-08-20T01:02:03.123")]
    [InlineData("2018-08-20T01:02:03+02:00", "2018-08-19T23:02:03.000")]
    [InlineData("2018-08-20 01:02", "2018-08-20T01:02:00.000")]
    [InlineData("10/27/2018:00:30:00", "2018-10-27T00:30:00.000")]
    public void Resolve_AnySpelling_IsTheInstantItMeans(string text, string expected) =>
        Assert.Equal(expected, SplunkTime.Resolve("--earliest", text, Now, TimeZoneInfo.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("@d", "2018-08-21T22:00:00")]
    [InlineData("2018-08-20", "2018-08-19T22:00:00")]
    [InlineData("10/28/2018:12:00:00", "2018-10-28T11:00:00")]
    [InlineData("2018-08-20T00:00:00Z", "2018-08-20T00:00:00")]
    public void Resolve_InAZone_SnapsThere(string text, string expected) =>
        Assert.Equal(expected, SplunkTime.Resolve("--earliest", text, Now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString("s", CultureInfo.InvariantCulture));

    /// <summary>Clocks went forward at 01:00Z on 2026-03-29 and back at 01:00Z on 2026-10-25.</summary>
    [Theory]
    [InlineData("2026-03-29T10:00:00", "-24h", "2026-03-28T10:00:00")]
    [InlineData("2026-03-29T10:00:00", "-1d", "2026-03-28T11:00:00")]
    [InlineData("2026-03-29T01:30:00", "-1h", "2026-03-29T00:30:00")]
    [InlineData("2026-03-29T10:00:00", "@d", "2026-03-28T23:00:00")]
    [InlineData("2026-03-29T10:15:00", "-2h@h", "2026-03-29T08:00:00")]
    [InlineData("2026-10-25T00:30:00", "now", "2026-10-25T00:30:00")]
    [InlineData("2026-10-25T01:30:00", "now", "2026-10-25T01:30:00")]
    [InlineData("2026-10-25T00:30:00", "@h", "2026-10-25T00:00:00")]
    [InlineData("2026-10-25T01:30:00", "@h", "2026-10-25T01:00:00")]
    [InlineData("2026-10-25T10:00:00", "-24h", "2026-10-24T10:00:00")]
    [InlineData("2026-10-25T10:00:00", "-1d@d", "2026-10-23T22:00:00")]
    public void Resolve_OverAChangeOfClocks_CountsHoursAsHoursAndDaysAsDays(string now, string text, string expected) =>
        Assert.Equal(expected, SplunkTime.Resolve("--earliest", text, DateTimeOffset.Parse(now + "Z", CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString("s", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("-24x")]
    [InlineData("@")]
    [InlineData("-7d@")]
    [InlineData("20.08.2018")]
    [InlineData("99999999999999")]
    [InlineData("-99999999999y")]
    [InlineData("@foo")]
    [InlineData("-1d@dd")]
    public void Resolve_NoTime_IsRefused(string text) => Assert.Throws<WeirException>(() => SplunkTime.Resolve("--earliest", text, Now, TimeZoneInfo.Utc));

    [Theory]
    [InlineData("-24h", true)]
    [InlineData("now", true)]
    [InlineData("@d", true)]
    [InlineData("2018-08-20", false)]
    [InlineData("1534723200", false)]
    public void IsRelative_Spelling_IsTold(string text, bool relative) => Assert.Equal(relative, SplunkTime.IsRelative(text));
}
