using System.Text;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Indicators;

public class ScannerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nothing to see, 12:30:59 on 2018-08-20, 3.14 of 5.0.1")]
    [InlineData("192.168.1")]
    [InlineData("256.1.1.1")]
    [InlineData("01.2.3.4")]
    [InlineData(".1.2.3.4")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.a")]
    [InlineData("2018.12.15.14.05.43")]
    [InlineData("Version=4.0.0.0, Culture=neutral")]
    [InlineData("version: 1.2.3.4")]
    [InlineData("std::string a::b dead::beef")]
    [InlineData("::")]
    [InlineData("11:04:10")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("00:11:22:33:44:55:66:77")]
    [InlineData("AB:F2:C9:A6:B3:4F")]
    [InlineData("readme.md setup.py x.sh update.zip id_rsa.pub main.rs")]
    [InlineData("user.name process.id event.name")]
    [InlineData("System.Net System.IO Microsoft.Win32 System.Net.WebClient")]
    [InlineData("$this.name $evil.com")]
    [InlineData("date.today() fi.search=\"x\" value.page_load value.call(")]
    [InlineData("C:\\path\\looks.like.a.domain.com")]
    [InlineData("C:\\\\path\\\\example.com")]
    [InlineData("/var/www/example.com ./example.com")]
    [InlineData("-example.com example-.com example..com example.com- .com com")]
    [InlineData("co.uk c.kobe.jp foo.ck example.notatld")]
    [InlineData("svchost.exe kernel32.dll index.html a.b-.co a.b_.co")]
    [InlineData("@a user@ a@a user@word user@example.notatld")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e0")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("IMPHASH=18DDF28A71089ACDBAB5038F58044C0A")]
    [InlineData("import hash: 18ddf28a71089acdbab5038f58044c0a")]
    [InlineData("authentihash - 3f1b149d07e7e8636636b8b7f7043c40ed64a10b28986181fb046c498432c2d4")]
    [InlineData("CVE-1800-0000 CVE-2100-0000 CVE-20100-0000 CVE-2021-123 CVE-2021-12345678 xcve-2021-44228")]
    [InlineData("http:// http://- https://\" file:///etc/passwd chrome-extension://abcdef/x")]
    public void Scan_TextWithoutIndicator_IsEmpty(string text) => Assert.Empty(Scan.Values(text));

    [Theory]
    [InlineData("10.0.0.1", "ipv4 10.0.0.1")]
    [InlineData("src=104.207.83.63:21974,", "ipv4 104.207.83.63")]
    [InlineData("10.0.0.1-10.0.0.9", "ipv4 10.0.0.1", "ipv4 10.0.0.9")]
    [InlineData("localhost/127.0.0.1.", "ipv4 127.0.0.1")]
    [InlineData("words1.1.1.1words", "ipv4 1.1.1.1")]
    [InlineData("255.255.1.255 255.256.344.1", "ipv4 255.255.1.255")]
    [InlineData("::1", "ipv6 ::1")]
    [InlineData("[2001:0DB8:0:0:0:FF00:0042:8329]:443", "ipv6 2001:db8::ff00:42:8329")]
    [InlineData("2001:db8:0:1:1:1:1:1", "ipv6 2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "ipv6 2001:0:0:1::1")]
    [InlineData("fe80::1ff:fe23:4567:890a%eth0", "ipv6 fe80::1ff:fe23:4567:890a")]
    [InlineData("::ffff:45.77.53.176", "ipv6 ::ffff:45.77.53.176", "ipv4 45.77.53.176")]
    [InlineData("from 2a01::, to", "ipv6 2a01::")]
    [InlineData("EXAMPLE.com, www.foo.CO.UK.", "domain example.com", "domain www.foo.co.uk")]
    [InlineData("(google.com)", "domain google.com")]
    [InlineData("a.www.ck www.ck", "domain a.www.ck", "domain www.ck")]
    [InlineData("x.y.kawasaki.jp city.kawasaki.jp", "domain x.y.kawasaki.jp", "domain city.kawasaki.jp")]
    [InlineData("foo.onion", "domain foo.onion")]
    [InlineData("bücher.de BÜCHER.DE xn--bcher-kva.de", "domain xn--bcher-kva.de", "domain xn--bcher-kva.de", "domain xn--bcher-kva.de")]
    [InlineData("пример.рф", "domain xn--e1afmkfd.xn--p1ai")]
    [InlineData("“evil.com”", "domain evil.com")]
    [InlineData("_dmarc.example.com _ldap._tcp.example.com", "domain _dmarc.example.com", "domain _ldap._tcp.example.com")]
    [InlineData("-x-.evil.com", "domain evil.com")]
    [InlineData("%2Fevil.com =40evil.com %2540evil.com", "domain evil.com", "domain evil.com", "domain evil.com")]
    [InlineData("\\\\server.example.com\\share", "domain server.example.com")]
    [InlineData("setup.py:443 x.sh/install readme.md.example.com", "domain setup.py", "domain x.sh", "domain readme.md.example.com")]
    [InlineData("config.edge.skype.com0", "domain config.edge.skype.com")]
    [InlineData("1.1.1.1.domain.com 12.123.asdas.com", "domain 1.1.1.1.domain.com", "domain 12.123.asdas.com")]
    [InlineData("smtp.mailfrom=User.Name+tag@Sub.Example.com.", "email User.Name+tag@sub.example.com", "domain sub.example.com")]
    [InlineData("john@192.168.10.100", "email john@192.168.10.100", "ipv4 192.168.10.100")]
    [InlineData("me.net+x@example.org", "email me.net+x@example.org", "domain example.org")]
    [InlineData("----foo@bar.com %3Cfoo@bar.com \\u003cfoo@bar.com", "email foo@bar.com", "domain bar.com", "email foo@bar.com", "domain bar.com", "email foo@bar.com", "domain bar.com")]
    [InlineData("example.net@80\\x", "domain example.net")]
    [InlineData("MD5=D41D8CD98F00B204E9800998ECF8427E,", "md5 d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("0x1a1db93766e31994507511c9c70a1dd94465cf6d", "sha1 1a1db93766e31994507511c9c70a1dd94465cf6d")]
    [InlineData("3f1b149d07e7e8636636b8b7f7043c40ed64a10b28986181fb046c498432c2d4", "sha256 3f1b149d07e7e8636636b8b7f7043c40ed64a10b28986181fb046c498432c2d4")]
    [InlineData("cve-2021-44228 CVE 2014-0160 (CVE-1999-0001)", "cve CVE-2021-44228", "cve CVE-2014-0160", "cve CVE-1999-0001")]
    public void Scan_Indicator_IsFound(string text, params string[] expected) => Assert.Equal(expected, Scan.Values(text));

    [Theory]
    [InlineData("HTTPS://Evil.COM/Path?Q=1#F", "https://evil.com/Path?Q=1#F")]
    [InlineData("see https://example.com/.", "https://example.com/")]
    [InlineData("(https://example.com/a_(b))", "https://example.com/a_(b)")]
    [InlineData("[x](https://example.com/a)", "https://example.com/a")]
    [InlineData("'https://example.com/p'after", "https://example.com/p")]
    [InlineData("https://example.com/a'b", "https://example.com/a'b")]
    [InlineData("<a href=\"http://example.com/x\"/>", "http://example.com/x")]
    [InlineData("http://example.com/x&quot; http://example.com/y&amp;z=1&lt;/a&gt;", "http://example.com/x", "http://example.com/y&amp;z=1")]
    [InlineData("\"https://a.com/1,https://b.com/2;http://c.com/3@http://d.com/4*http://e.com/5\"", "https://a.com/1", "https://b.com/2", "http://c.com/3", "http://d.com/4", "http://e.com/5")]
    [InlineData("https://user:pa@ss@www.example.com:123/x", "https://user:pa@ss@www.example.com:123/x")]
    [InlineData("http://[2001:DB8::7]/c=GB?one", "http://[2001:db8::7]/c=GB?one")]
    [InlineData("ldap://45.77.53.176:1389/a} tcp://x:1 socks5h://proxy.example.com", "ldap://45.77.53.176:1389/a", "tcp://x:1", "socks5h://proxy.example.com")]
    [InlineData("sadasdhttp://example.com/test", "http://example.com/test")]
    [InlineData("http://example", "http://example")]
    [InlineData("http://münchen.de/straße", "http://xn--mnchen-3ya.de/straße")]
    [InlineData("“http://example.com/a”", "http://example.com/a")]
    [InlineData("http://example.com&x=1", "http://example.com")]
    [InlineData("http://evil.com%2Fpath", "http://evil.com%2Fpath")]
    [InlineData("http://ts-ocsp.ws.symantec.com07", "http://ts-ocsp.ws.symantec.com")]
    [InlineData("http://example.com: http://example.com:x", "http://example.com", "http://example.com")]
    [InlineData("https://web.example/?u=http://evil.com/x", "https://web.example/?u=http://evil.com/x", "http://evil.com/x")]
    public void Scan_Url_EndsWhereItShould(string text, params string[] expected) =>
        Assert.Equal(expected, Scan.Values(text).Where(v => v.StartsWith("url ", StringComparison.Ordinal)).Select(v => v[4..]));

    [Fact]
    public void Scan_UrlCutByABadByte_EndsBeforeIt()
    {
        IndicatorHits hits = Scan.Hits([.. "http://example.com/test"u8, 0x99, 0x80, (byte)' ']);
        Assert.Equal("http://example.com/test", hits.ValueText(0));
    }

    [Fact]
    public void Scan_Parts_NameTheHitAround()
    {
        Assert.Equal(
            [
                "0 url http://45.77.53.176:3333/logos.png?u=me@example.com @2+51 public in ",
                "0 ipv4 45.77.53.176 @9+12 public in http://45.77.53.176:3333/logos.png?u=me@example.com",
                "0 email me@example.com @39+14  in http://45.77.53.176:3333/logos.png?u=me@example.com",
                "0 domain example.com @42+11  in me@example.com",
                "0 domain example.org @55+11  in ",
            ],
            Scan.Full(Scan.Hits("é\thttp://45.77.53.176:3333/logos.png?u=me@example.com, Example.org"[1..].Insert(0, "x"))));
        Assert.Equal(
            ["0 url https://r.example.com/?u=https%3A%2F%2Fbad.org%2F&i=1.2.3.4 @0+59  in ", "0 domain r.example.com @8+13  in https://r.example.com/?u=https%3A%2F%2Fbad.org%2F&i=1.2.3.4", "0 domain bad.org @39+7  in https://r.example.com/?u=https%3A%2F%2Fbad.org%2F&i=1.2.3.4", "0 ipv4 1.2.3.4 @52+7 public in https://r.example.com/?u=https%3A%2F%2Fbad.org%2F&i=1.2.3.4"],
            Scan.Full(Scan.Hits("https://r.example.com/?u=https%3A%2F%2Fbad.org%2F&i=1.2.3.4")));
    }

    [Theory]
    [InlineData("8.8.8.8", "public")]
    [InlineData("10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1", "private")]
    [InlineData("172.32.0.1 172.15.0.1 100.128.0.1", "public")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("224.0.0.251 239.255.255.250", "multicast")]
    [InlineData("0.0.0.0 192.0.0.8 198.18.0.1 240.0.0.1 255.255.255.255", "reserved")]
    [InlineData("192.0.2.1 198.51.100.7 203.0.113.9", "documentation")]
    [InlineData("2a00:1450:4001:80b::200e 64:ff9b::1", "public")]
    [InlineData("fc00::1 fd12:3456::1", "private")]
    [InlineData("::1 ::ffff:127.0.0.1", "loopback")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("ff02::fb", "multicast")]
    [InlineData("2001:db8::1 3fff::1", "documentation")]
    [InlineData("::2 5f00::1", "reserved")]
    [InlineData("http://127.0.0.1/ root@127.0.0.1", "loopback")]
    public void Scan_Address_HasItsScope(string text, string scope)
    {
        IndicatorHits hits = Scan.Hits(text);
        Assert.Equal(text.Split(' ').Length, Enumerable.Range(0, hits.Count).Count(i => hits[i].PartOf < 0));
        Assert.All(Enumerable.Range(0, hits.Count), i => Assert.Equal(scope, hits[i].Scope?.Name()));
    }

    [Fact]
    public void ScanColumn_Cells_DoNotTouch()
    {
        string[] cells = ["http://a.com/", "x", "", "1.1.1", ".1", "d41d8cd98f00b204", "e9800998ecf8427e", "CVE-2021", "-44228", new string('f', 200), "2.2.2.2"];
        byte[] values = [.. cells.SelectMany(Encoding.UTF8.GetBytes)];
        int[] offsets = [0, .. cells.Select((_, i) => cells.Take(i + 1).Sum(c => c.Length))];
        var hits = new IndicatorHits();
        IndicatorScanner.ScanColumn(values, offsets, hits, 100);
        Assert.Equal(["100 url http://a.com/ @0+13  in ", "100 domain a.com @7+5  in http://a.com/", "110 ipv4 2.2.2.2 @0+7 public in "], Scan.Full(hits));
    }

    [Fact]
    public void Scan_LongUrl_IsCutAndFlagged()
    {
        string tail = new('a', UrlKind.Longest);
        IndicatorHits hits = Scan.Hits($"http://x/{tail} http://b.com");
        Assert.Equal((UrlKind.Longest, IndicatorFlags.UrlCut), (hits[0].Length, hits.Flags));
        Assert.Equal("http://b.com", hits.ValueText(1));
    }

    [Fact]
    public void Scan_ManyUrlsInOne_AreBoundedAndFlagged()
    {
        IndicatorHits hits = Scan.Hits(string.Concat(Enumerable.Repeat("http://a.com/", 20)));
        Assert.Equal((1 + UrlKind.MostNested, IndicatorFlags.NestedUrls), (Enumerable.Range(0, hits.Count).Count(i => hits[i].Type == IndicatorType.Url), hits.Flags));
    }
}
