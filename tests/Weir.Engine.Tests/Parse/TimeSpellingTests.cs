using System.Globalization;
using Apache.Arrow;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

public class TimeSpellingTests
{
    /// <summary>Text, format, instant. The text is given back by the format.</summary>
    public static TheoryData<string, string, string> Exact => new()
    {
        { "2021-06-22T11:17:29Z", "yyyy-MM-ddTHH:mm:ss'Z'", "2021-06-22T11:17:29Z" },
        { "2021-06-22T11:17:29.492996Z", "yyyy-MM-ddTHH:mm:ss.ffffff'Z'", "2021-06-22T11:17:29.492996Z" },
        { "2021-06-22T11:17:29.4929960Z", "yyyy-MM-ddTHH:mm:ss.fffffff'Z'", "2021-06-22T11:17:29.492996Z" },
        { "2021-06-22 11:17:29.430145000+00:00", "yyyy-MM-dd HH:mm:ss.fffffffff'+00:00'", "2021-06-22T11:17:29.430145Z" },
        { "2090-01-16 09:26:43+00:00", "yyyy-MM-dd HH:mm:ss'+00:00'", "2090-01-16T09:26:43Z" },
        { "2014-06-11T08:19:59.000-0700", "yyyy-MM-ddTHH:mm:ss.fff'-0700'", "2014-06-11T15:19:59Z" },
        { "2018-08-20T11:10:55.000+0000", "yyyy-MM-ddTHH:mm:ss.fff'+0000'", "2018-08-20T11:10:55Z" },
        { "2012-11-27T16:44:05.208-08:00", "yyyy-MM-ddTHH:mm:ss.fff'-08:00'", "2012-11-28T00:44:05.208Z" },
        { "2021-04-28T10:11:12,5+01", "yyyy-MM-ddTHH:mm:ss,f'+01'", "2021-04-28T09:11:12.5Z" },
        { "2021-04-28T10:11:12 +0530", "yyyy-MM-ddTHH:mm:ss' +0530'", "2021-04-28T04:41:12Z" },
        { "2021-04-28T10:11:12-00:00", "yyyy-MM-ddTHH:mm:ss'-00:00'", "2021-04-28T10:11:12Z" },
        { "2021-04-28 10:11:12 UTC", "yyyy-MM-dd HH:mm:ss' UTC'", "2021-04-28T10:11:12Z" },
        { "2021-04-28 10:11", "yyyy-MM-dd HH:mm [UTC]", "2021-04-28T10:11:00Z" },
        { "2021-04-28", "yyyy-MM-dd [UTC]", "2021-04-28T00:00:00Z" },
        { "0001-01-01T00:00:00", "yyyy-MM-ddTHH:mm:ss [UTC]", "0001-01-01T00:00:00Z" },
        { "2019-02-12 14:22:40.697", "yyyy-MM-dd HH:mm:ss.fff [UTC]", "2019-02-12T14:22:40.697Z" },
        { "2021/04/28 10:11:12", "yyyy/MM/dd HH:mm:ss [UTC]", "2021-04-28T10:11:12Z" },
        { "4/28/2021, 2:08:45.221 PM", "M/d/yyyy, h:mm:ss.fff tt [UTC]", "2021-04-28T14:08:45.221Z" },
        { "4/28/2021, 12:08:45.000 AM", "M/d/yyyy, h:mm:ss.fff tt [UTC]", "2021-04-28T00:08:45Z" },
        { "3/21/2021 10:38:56 PM", "M/d/yyyy h:mm:ss tt [UTC]", "2021-03-21T22:38:56Z" },
        { "04/28/2021 9:05", "MM/dd/yyyy H:mm [UTC]", "2021-04-28T09:05:00Z" },
        { "28.04.2021 10:11:12", "dd.MM.yyyy HH:mm:ss [UTC]", "2021-04-28T10:11:12Z" },
        { "28-4-2021", "d-M-yyyy [UTC]", "2021-04-28T00:00:00Z" },
        { "4/28/2021 2:08pm", "M/d/yyyy h:mmaa [UTC]", "2021-04-28T14:08:00Z" },
        { "20/Aug/2018:11:21:40 +0300", "dd/MMM/yyyy:HH:mm:ss' +0300'", "2018-08-20T08:21:40Z" },
        { "01/Jan/1970:03:00:00 +0300", "dd/MMM/yyyy:HH:mm:ss' +0300'", "1970-01-01T00:00:00Z" },
        { "Mon Aug 20 11:21:40 2018 UTC", "ddd MMM _d HH:mm:ss yyyy' UTC'", "2018-08-20T11:21:40Z" },
        { "Mon Aug  6 11:21:40 2018", "ddd MMM _d HH:mm:ss yyyy [UTC]", "2018-08-06T11:21:40Z" },
        { "Mon, 20 Aug 2018 11:21:40 +0000", "ddd, dd MMM yyyy HH:mm:ss' +0000'", "2018-08-20T11:21:40Z" },
        { "20 Aug 2018 11:21:40 GMT", "dd MMM yyyy HH:mm:ss' GMT'", "2018-08-20T11:21:40Z" },
        { "20 Aug 2018 11:21:40", "dd MMM yyyy HH:mm:ss [UTC]", "2018-08-20T11:21:40Z" },
        { "28-Apr-2021 10:11:12", "dd-MMM-yyyy HH:mm:ss [UTC]", "2021-04-28T10:11:12Z" },
        { "Apr 28, 2021 2:08:45 PM", "MMM d, yyyy h:mm:ss tt [UTC]", "2021-04-28T14:08:45Z" },
        { "Apr 28, 2021 @ 14:08:45.221", "MMM d, yyyy @ HH:mm:ss.fff [UTC]", "2021-04-28T14:08:45.221Z" },
        { "2021-04-28 10:11:12 EST", "yyyy-MM-dd HH:mm:ss' EST'", "2021-04-28T15:11:12Z" },
        { "2021-04-28 10:11:12 PDT", "yyyy-MM-dd HH:mm:ss' PDT'", "2021-04-28T17:11:12Z" },
        { "/Date(1600000000000)/", "/Date(epoch-ms)/", "2020-09-13T12:26:40Z" },
        { "/Date(1600000000123+0000)/", "/Date(epoch-ms'+0000')/", "2020-09-13T12:26:40.123Z" },
        { "/Date(-62135596800000)/", "/Date(epoch-ms)/", "0001-01-01T00:00:00Z" },
        { "1599593544", "epoch", "2020-09-08T19:32:24Z" },
        { "1599593544.737", "epoch.fff", "2020-09-08T19:32:24.737Z" },
        { "1443140226.10", "epoch.ff", "2015-09-25T00:17:06.1Z" },
        { "1600000000123", "epoch-ms", "2020-09-13T12:26:40.123Z" },
        { "-1.5", "epoch.f", "1969-12-31T23:59:58.5Z" },
        { "0", "epoch", "1970-01-01T00:00:00Z" },
    };

    [Theory]
    [MemberData(nameof(Exact))]
    public void Spelling_IsUnderstood_AndGivenBack(string text, string format, string instant)
    {
        ColumnHint hint = Hint("_time");
        Verdict verdict = Decide(hint, text);
        TypedColumn typed = Typer.Convert(Text(text), hint, verdict, keepEmpty: false);
        long expected = (DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / 10;
        Assert.Equal(ColumnType.TimestampTz, verdict.Type);
        Assert.Equal(0, verdict.Misfits);
        Assert.Equal(expected, ((TimestampArray)typed.Values).Values[0]);
        Assert.Null(typed.Text);
        Assert.Equal(text, Typer.Write(typed.Values, 0, verdict.Format));
        Assert.Equal(format, verdict.Format);
        Assert.Equal(format, TimeFormat.Parse(format).Text);
    }

    [Theory]
    [InlineData("2021-06-22T11:17:29.492996300Z", "2021-06-22T11:17:29.492996Z")]   // the seventh digit is cut off
    [InlineData("2021-04-28T10:11:12+01:07", "2021-04-28T09:04:12Z")]               // no quarter of an hour
    [InlineData("Tue, 20 Aug 2018 11:21:40 +0000", "2018-08-20T11:21:40Z")]         // it was a Monday
    [InlineData("20 AUG 2018 11:21:40", "2018-08-20T11:21:40Z")]
    [InlineData("0001599593544", null)]
    [InlineData("001599593544", "2020-09-08T19:32:24Z")]
    public void Spelling_ThatNoFormatWrites_KeepsTimeAndText(string text, string? instant)
    {
        ColumnHint hint = Hint("_time");
        Verdict verdict = Decide(hint, text);
        TypedColumn typed = Typer.Convert(Text(text), hint, verdict, keepEmpty: false);
        Assert.Equal(1, verdict.Misfits);
        Assert.Equal(text, Cell(typed.Text, 0));
        Assert.Equal(instant is null, typed.Values.IsNull(0));
        if (instant is not null)
            Assert.Equal((DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / 10, ((TimestampArray)typed.Values).Values[0]);
    }

    [Theory]
    [InlineData("2021-02-30")]
    [InlineData("2021-13-01")]
    [InlineData("0000-01-01")]
    [InlineData("2021-04-28 25:00")]
    [InlineData("2021-04-28 24:00:00")]
    [InlineData("2021-04-28 10:60:00")]
    [InlineData("2016-12-31 23:59:60")]
    [InlineData("4/28/2021 13:00 PM")]
    [InlineData("4/28/2021 0:00 AM")]
    [InlineData("31/4/2021")]
    [InlineData("13/13/2021")]
    [InlineData("2021-04-28T10:11:12+15:00")]
    [InlineData("2021-04-28T10:11:12.")]
    [InlineData("2021-04-28T10:11:12 CEST")]
    [InlineData("10.1.2.3")]
    [InlineData("06:55:46")]
    [InlineData("Aug 20 11:21:40")]
    [InlineData("99d8471d-83c0-4f6c-b1a3-5c86b1f0c1f7")]
    [InlineData("Mon")]
    [InlineData("/Date(x)/")]
    public void NoTime_IsNoTime(string text) =>
        Assert.False(TimeText.TryRead(System.Text.Encoding.UTF8.GetBytes(text), EpochNumbers.All, out _));

    [Fact]
    public void Zoneless_MeansTheColumnsZone()
    {
        ColumnHint berlin = Hint("when [Europe/Berlin]");
        string[] cells = ["2021-07-01 12:00:00", "2021-01-01 12:00:00", "2021-03-28 02:30:00", "2021-10-31 02:30:00"];
        Verdict verdict = Decide(berlin, cells);
        TypedColumn typed = Typer.Convert(Text(cells), berlin, verdict, keepEmpty: false);
        Assert.Equal("yyyy-MM-dd HH:mm:ss [Europe/Berlin]", verdict.Format);
        Assert.Equal(1, verdict.Misfits);
        Assert.Equal("2021-03-28 02:30:00", Cell(typed.Text, 2));   // clocks went from 2 to 3
        string[] instants = ["2021-07-01T10:00:00Z", "2021-01-01T11:00:00Z", "2021-03-28T01:30:00Z", "2021-10-31T01:30:00Z"];
        Assert.Equal(instants, ((TimestampArray)typed.Values).Values.ToArray().Select(v => DateTime.UnixEpoch.AddTicks(v * 10).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Zone_OfHeader_GoesBeforeOption()
    {
        var options = new TypingOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        Assert.Equal("UTC", ZoneTable.For(ColumnHint.For("TimeGenerated [UTC]", options).Zone).Name);
        Assert.Equal("UTC", ZoneTable.For(ColumnHint.For("Date (GMT)", options).Zone).Name);
        Assert.Equal("+02:00", ZoneTable.For(ColumnHint.For("when [+02:00]", options).Zone).Name);
        Assert.Equal("-05:30", ZoneTable.For(ColumnHint.For("when (UTC-05:30)", options).Zone).Name);
        Assert.Equal("Europe/Berlin", ZoneTable.For(ColumnHint.For("values(when)", options).Zone).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yyyy")]
    [InlineData("yyyy-MM-dd HH:mm:ss")]
    [InlineData("yyyy-MM-dd [Nowhere/City]")]
    [InlineData("epoch.ffffffffff")]
    [InlineData("yyyy-MM-ddTHH:mm:ss'+01:07'")]
    public void Notation_Wrong_Throws(string text) => Assert.Throws<FormatException>(() => TimeFormat.Parse(text));
}
