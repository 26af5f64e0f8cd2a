using System.Text;
using CsCheck;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Indicators;

public class ScannerPropertyTests
{
    private static readonly string[] Pieces =
    [
        "http://", "https://", "://", "evil.com", "a.b", ".", "..", "-", "_", ":", "::", "@", "me@example.org", "1.2.3.4", "10.0.0.1", "fe80::1", "2001:db8::", "/", "\\", "%2F", "?", "#", "[", "]", "(", ")",
        " ", "'", "\"", "&quot;", "ü", "“", "\uFFFD", "пример.рф", "d41d8cd98f00b204e9800998ecf8427e", "cve-2021-44228", "CVE 2014-", "0", "com", "x.sh", ",", ";", "=", "\n", "\0", "é.de", "xn--",
    ];

    private static readonly Gen<byte[]> Texts = Gen.OneOf(
        Gen.Byte.Array[0, 300],
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Select(p => Encoding.UTF8.GetBytes(string.Concat(p))),
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 20], Gen.Byte.Array[0, 20], (p, b) => (byte[])[.. Encoding.UTF8.GetBytes(string.Concat(p)), .. b, .. Encoding.UTF8.GetBytes(string.Concat(p))]));

    [Fact]
    public void Scan_AnyBytes_FindsSpansOfThem() => Texts.Sample(text =>
    {
        IndicatorHits hits = Scan.Hits(text);
        for (int i = 0; i < hits.Count; i++)
        {
            IndicatorHit hit = hits[i];
            Assert.InRange(hit.Offset, 0, text.Length - 1);
            Assert.InRange(hit.Length, 1, text.Length - hit.Offset);
            string original = Encoding.UTF8.GetString(text, hit.Offset, hit.Length), value = hits.ValueText(i);
            if (Ascii.IsValid(original) && hit.Type is not (IndicatorType.Ipv6 or IndicatorType.Cve))
                Assert.Equal(original, value, ignoreCase: true);
            if (hit.PartOf >= 0)
            {
                IndicatorHit around = hits[hit.PartOf];
                Assert.True(hit.Offset >= around.Offset && hit.Offset + hit.Length <= around.Offset + around.Length, $"{value} is not inside {hits.ValueText(hit.PartOf)}");
            }
        }
    }, iter: 20_000, threads: 1);

    [Fact]
    public void Scan_Hit_IsFoundOnce() => Texts.Sample(text =>
    {
        IndicatorHits hits = Scan.Hits(text);
        (IndicatorType, int)[] places = [.. Enumerable.Range(0, hits.Count).Select(i => (hits[i].Type, hits[i].Offset))];
        Assert.True(places.Length == places.Distinct().Count(), $"'{Encoding.UTF8.GetString(text)}': {string.Join(" | ", Scan.Full(hits))}");
    }, iter: 10_000, threads: 1);

    [Fact]
    public void ScanColumn_AnyGrouping_FindsTheSame() => Gen.Select(Texts.Array[1, 8], Gen.Int[0, 70]).Sample((cells, padding) =>
    {
        var one = new List<string>();
        for (int i = 0; i < cells.Length; i++)
        {
            var hits = new IndicatorHits { Cell = i };
            IndicatorScanner.Scan(cells[i], hits);
            one.AddRange(Scan.Full(hits));
        }

        byte[] values = [.. new byte[padding], .. cells.SelectMany(c => c), .. Enumerable.Repeat((byte)'a', padding)];
        int[] offsets = [.. cells.Select((_, i) => padding + cells.Take(i).Sum(c => c.Length)), padding + cells.Sum(c => c.Length)];
        var all = new IndicatorHits();
        IndicatorScanner.ScanColumn(values, offsets, all);
        Assert.Equal(one, Scan.Full(all));
    }, iter: 5_000, threads: 1);

    /// <summary>How long such texts take is measured by perf/ (<c>text</c>).</summary>
    [Theory]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData("http://")]
    [InlineData("http://a.com,")]
    [InlineData("http://a&")]
    [InlineData("http://[")]
    [InlineData("ldap://@")]
    [InlineData("0123456789abcdef")]
    [InlineData("a@")]
    [InlineData("a@b.")]
    [InlineData("a.b@c.com")]
    [InlineData(":")]
    [InlineData("1:")]
    [InlineData("::1.")]
    [InlineData("1.2.3.")]
    [InlineData("“a.“")]
    [InlineData("ü.")]
    [InlineData("a.com+")]
    [InlineData("me.a+b")]
    [InlineData("cve-2021-")]
    [InlineData("%2F%2Fa.")]
    [InlineData("\\a.com\\")]
    public void Scan_HostileText_GivesSpansOfIt(string piece)
    {
        byte[] text = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(piece), 5_000).SelectMany(b => b)];
        IndicatorHits hits = Scan.Hits(text);
        Assert.All(Enumerable.Range(0, hits.Count), i => Assert.InRange(hits[i].Offset + hits[i].Length, 1, text.Length));
    }
}
