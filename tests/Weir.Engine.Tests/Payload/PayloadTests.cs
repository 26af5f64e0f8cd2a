using System.Text;
using System.Text.RegularExpressions;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Payload;

/// <summary>Values are read out of cells as they stand in them; a fault costs what stands behind it and nothing else.</summary>
public sealed class PayloadTests
{
    [Theory]
    [InlineData("""{"Id":"a"}""", "Id", "a")]
    [InlineData("""{"Id":5.0}""", "Id", "5.0")]
    [InlineData("""{"Id":true}""", "Id", "true")]
    [InlineData("""{"Id":null}""", "Id", null)]
    [InlineData("""{"Id":"a\u00e9\n\ud83d\ude00"}""", "Id", "aé\n😀")]
    [InlineData("""{"Id":"\ud800x"}""", "Id", "\ufffdx")]
    [InlineData("""{"Id":"a","Id":"b"}""", "Id", "a")]
    [InlineData("""{"A":{"Id":"x"},"Id":"y"}""", "Id", "y")]
    [InlineData("""{"A":{"B":{"C":"x"}}}""", "A.B.C", "x")]
    [InlineData("""{"A":"no object"}""", "A.B", null)]
    [InlineData("""{"A":[1,{"b":2}]}""", "A", """[1,{"b":2}]""")]
    [InlineData("""{"Id":"a","B":"cut sho""", "Id", "a")]
    [InlineData("""{"Id":"a"} trailing""", "Id", "a")]
    [InlineData("not json", "Id", null)]
    [InlineData("""{"P":[{"Name":"SessionId","Value":"s"},{"Name":"OS","Value":"w"}]}""", "P[SessionId]", "s")]
    [InlineData("""{"P":"[{\"Name\":\"SessionId\",\"Value\":\"s\"}]"}""", "P[SessionId]", "s")]
    [InlineData("""{"A":[{"B":"x","C":1},7,{"B":"y"},{"B":"x"}]}""", "A.B", "x, y")]
    [InlineData("""{"F":[{"I":[{"M":"a"},{"M":"b"}]},{"I":[{"M":"c"}]}]}""", "F.I.M", "a, b, c")]
    [InlineData("""[{"B":"x"},{"B":"y"}]""", "B", "x, y")]
    [InlineData("""{"A":[{"B":"x"},{"B":"cut""", "A.B", "x")]
    public void Json_Path_GivesItsText(string cell, string path, string? expected) =>
        Assert.Equal(expected, Read(new PayloadRule(PayloadFormat.Json, ["c"], [], [new PayloadField(path, PayloadType.Text)]), cell));

    [Theory]
    [InlineData("""{"P":[{"Name":"a","Value":"b c"},{"Name":"d","Value":"e\r\nf"}]}""", "P", "a=b c d=e  f")]
    [InlineData("""{"P":[{"Name":"a","NewValue":["x"],"OldValue":"y"}]}""", "P", """a=["x"]""")]
    [InlineData("""{"P":[]}""", "P", null)]
    [InlineData("""{"P":"-Page 1"}""", "P", "-Page 1")]
    [InlineData("""[{"Name":"a","Value":"b"}]""", "*", "a=b")]
    public void Json_Pairs_AreOneLine(string cell, string path, string? expected) =>
        Assert.Equal(expected, Read(new PayloadRule(PayloadFormat.Json, ["c"], [], [new PayloadField(path, PayloadType.Pairs)]), cell));

    [Theory]
    [InlineData("<Event xmlns='urn:x'><System><EventID Qualifiers='0'>1</EventID></System></Event>", "System.EventID", "1")]
    [InlineData("<Event><System><TimeCreated SystemTime='2018-08-20T11:52:16.678Z'/></System></Event>", "System.TimeCreated.SystemTime", "2018-08-20T11:52:16.678Z")]
    [InlineData("<Event><EventData><Data Name='Image'>C:\\a &amp; b</Data></EventData></Event>", "EventData.Image", "C:\\a & b")]
    [InlineData("<Event><EventData><Data Name='Image'><![CDATA[<x>]]></Data></EventData></Event>", "EventData.Image", "<x>")]
    [InlineData("<Event><EventData><Data Name='Image'>a</Data><Data Name='Use", "EventData.Image", "a")]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'y'>]><Event><EventData><Data Name='Image'>&x;</Data></EventData></Event>", "EventData.Image", null)]
    [InlineData("<Event><EventData><Data Name='Image'>&x;</Data></EventData></Event>", "EventData.Image", null)]
    [InlineData("<Event><EventData><Data Name='Image'>a&#x1;b</Data></EventData></Event>", "EventData.Image", "a\u0001b")]
    public void Xml_Path_GivesItsText(string cell, string path, string? expected) =>
        Assert.Equal(expected, Read(new PayloadRule(PayloadFormat.Xml, ["c"], [], [new PayloadField(path, PayloadType.Text)]), cell));

    [Fact]
    public void Bombs_AreBounded()
    {
        var json = new PayloadRule(PayloadFormat.Json, ["c"], [], [new PayloadField("a.a", PayloadType.Text)]);
        Assert.Null(Read(json, string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));
        Assert.Null(Read(json, new string('[', 1_000_000)));
        var xml = new PayloadRule(PayloadFormat.Xml, ["c"], [], [new PayloadField("a.a", PayloadType.Text)]);
        Assert.Null(Read(xml, string.Concat(Enumerable.Repeat("<a>", 100_000))));
        Assert.Null(Read(xml, "<a>" + new string('x', 5 << 20)));
    }

    [Theory]
    [InlineData("10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36")]
    [InlineData("2021-03-23T15:45:38", "2021-03-23T15:45:38")]
    [InlineData("2018-08-20 11:52:16.675", "2018-08-20T11:52:16.675")]
    [InlineData("10/Okt/2000:13:55:36 -0700", null)]
    [InlineData("4/5/2021", null)]
    public void Time_Spellings_AreReadAsUtc(string text, string? expected)
    {
        bool read = PayloadTime.TryRead(Encoding.UTF8.GetBytes(text), out long micros);
        Assert.Equal(expected, read ? DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-ddTHH:mm:ss.FFF", System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    [Fact]
    public void Pattern_Groups_AreFields()
    {
        var rule = new PayloadRule(PayloadFormat.Pattern, ["c"], [], [new PayloadField("word", PayloadType.Text)], new Lazy<Regex>(() => new Regex("^(?<word>[a-z]+)!", RegexOptions.NonBacktracking)));
        Assert.Equal("hello", Read(rule, "hello! you"));
        Assert.Null(Read(rule, "Hello! you"));
    }

    private static string? Read(PayloadRule rule, string cell)
    {
        var values = new PayloadValues(1);
        values.Clear();
        byte[] text = Encoding.UTF8.GetBytes(cell);
        _ = rule.Format switch
        {
            PayloadFormat.Json => new JsonPayload(rule.Fields).Read(text, values),
            PayloadFormat.Xml => new XmlPayload(rule.Fields).Read(text, values),
            _ => new PatternPayload(rule).Read(text, values),
        };
        return values.Has(0) ? Encoding.UTF8.GetString(values[0]) : null;
    }
}
