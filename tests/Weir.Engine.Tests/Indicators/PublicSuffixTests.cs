using System.Text;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Indicators;

public class PublicSuffixTests
{
    // After the list's own test vectors (test_psl.txt), names of other scripts as xn--.
    [Theory]
    [InlineData("com", null)]
    [InlineData("example.com", "example.com")]
    [InlineData("b.example.com", "example.com")]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("example", null)]
    [InlineData("b.example.example", null)]
    [InlineData("biz", null)]
    [InlineData("domain.biz", "domain.biz")]
    [InlineData("uk.com", "uk.com")]
    [InlineData("jp", null)]
    [InlineData("test.jp", "test.jp")]
    [InlineData("ac.jp", null)]
    [InlineData("www.test.ac.jp", "test.ac.jp")]
    [InlineData("ide.kyoto.jp", null)]
    [InlineData("b.ide.kyoto.jp", "b.ide.kyoto.jp")]
    [InlineData("c.kobe.jp", null)]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("www.city.kobe.jp", "city.kobe.jp")]
    [InlineData("ck", null)]
    [InlineData("test.ck", null)]
    [InlineData("b.test.ck", "b.test.ck")]
    [InlineData("www.www.ck", "www.ck")]
    [InlineData("test.us", "test.us")]
    [InlineData("www.test.k12.ak.us", "test.k12.ak.us")]
    [InlineData("github.io", "github.io")] // private section: not asked
    [InlineData("x.xn--85x722f.com.cn", "xn--85x722f.com.cn")]
    [InlineData("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("shishi.xn--fiqs8s", "shishi.xn--fiqs8s")]
    [InlineData("xn--fiqs8s", null)]
    [InlineData("a.foo.onion", "foo.onion")]
    public void RegistrableStart_Name_IsAsListed(string name, string? expected)
    {
        int start = PublicSuffixes.Embedded.RegistrableStart(Encoding.ASCII.GetBytes(name));
        Assert.Equal(expected, start < 0 ? null : name[start..]);
    }

    [Fact]
    public void Embedded_Rules_HaveAtMostFourLabels()
    {
        string icann = Encoding.UTF8.GetString(PublicSuffixes.ReadEmbedded()).Split("===END ICANN DOMAINS===")[0];
        Assert.Equal(4, icann.Split('\n').Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)).Max(l => l.Count(c => c == '.') + 1));
    }
}
