using System.Text;

namespace Weir.Connectors.Tests;

public sealed class CsvDetectorTests
{
    [Theory]
    [InlineData("id,name\n1,x\n2,y\n", ",", true)]
    [InlineData("id;name;sum\n1;x;1,5\n2;y;2,5\n", ";", true)]
    [InlineData("id\tname\n1\tx, y\n2\ty, z\n", "\t", true)]
    [InlineData("id|name\n1|x\n", "|", true)]
    [InlineData("a,b,c\nLinux;Chrome,x;y,z\nMac;Safari,p;q,r\n", ",", true)]
    [InlineData("time,message\n2024-01-01,\"a;b;c\nd;e\"\n2024-01-02,\"f;g\"\n", ",", true)]
    [InlineData("10.0.0.0/8\n192.168.0.0/16\n", "", false)]
    [InlineData("evil.example\nbad.example\n", "", false)]
    [InlineData("indicator\nevil.example\nbad.example\n", "", true)]
    [InlineData("name\nAnna\nBen\n", "", true)]
    [InlineData(",value\n0,a\n1,b\n", ",", true)]
    [InlineData("2024-01-01 10:00:00,10.0.0.1,ok\n2024-01-01 10:00:01,10.0.0.2,ok\n", ",", false)]
    [InlineData("2024-01-01T10:00:00Z,login,10.0.0.1\n", ",", false)]
    [InlineData("id,name,city\n", ",", true)]
    public void Detect_Text_FindsDelimiterAndHeader(string text, string delimiter, bool header)
    {
        CsvLayout layout = Layout(text);
        Assert.Equal(delimiter, Encoding.UTF8.GetString(layout.Dialect.Delimiter));
        Assert.True(header == layout.HasHeader, string.Join("; ", layout.Reasons));
        Assert.NotEmpty(layout.Reasons);
    }

    [Theory]
    [InlineData("id,name\n1,'x, y'\n2,'it''s'\n", '\'')]
    [InlineData("id,name\n1,\"x, y\"\n2,'z'\n", '"')]
    [InlineData("id,name\n1,it's\n2,'tis\n", '"')]
    public void Detect_Text_FindsTheQuote(string text, char quote) => Assert.Equal(quote, Layout(text).Dialect.Quote);

    [Fact]
    public void Detect_OptionsThatAreSet_AreTakenAsTheyAre()
    {
        CsvLayout layout = Layout("a;b\n1;2\n", new CsvOptions { Delimiter = ",", Header = false });
        Assert.Equal(["column_1"], layout.Columns);
        Assert.Equal(",", Encoding.UTF8.GetString(layout.Dialect.Delimiter));
    }

    [Fact]
    public void Detect_RaggedHeaderless_TakesTheUsualNumberOfColumns()
    {
        SourceRun run = SourceRun.Of("1,2\n1,2,3\n4,5,6\n7,8,9,10\n", new CsvOptions { Header = false, Delimiter = "," });
        Assert.Equal(3, run.Info.Columns.Count);
        Assert.Equal("1[1][2]~\n2[1][2][3]\n3[4][5][6]\n4[7][8][9]+[10]", run.Text());
    }

    [Fact]
    public void Detect_KeyValueLinesAlone_AreData() => Assert.Equal(2, SourceRun.Of("a:1\nb:2\n\n", new CsvOptions { Header = false }).Rows.Count(r => r[0] is not null));

    [Fact]
    public void Detect_HeaderBeyondTheSample_IsReadWhole()
    {
        string wide = string.Join(',', Enumerable.Range(0, 9000).Select(i => $"column {i} {new string('x', 150)}"));
        SourceRun run = SourceRun.Of(wide + "\n" + string.Join(',', Enumerable.Range(0, 9000)) + "\n", new CsvOptions { Header = true });
        Assert.Equal(9000, run.Info.Columns.Count);
        Assert.Equal("8999", run.Rows[0][^1]);
    }

    [Fact]
    public void Detect_TooManyColumns_IsRefused()
    {
        var e = Assert.Throws<Weir.Engine.WeirException>(() => SourceRun.Of(new string(',', 20_000) + "\n", new CsvOptions { Header = true, Delimiter = "," }));
        Assert.Contains("20001 fields", e.Message, StringComparison.Ordinal);
    }

    private static CsvLayout Layout(string text, CsvOptions? options = null)
    {
        var source = new CsvSource(new ChoppedStream(Encoding.UTF8.GetBytes(text), 100), "-", options);
        source.OpenAsync(default).AsTask().GetAwaiter().GetResult();
        return source.Layout!;
    }
}
