using System.IO.Compression;
using System.Net;
using System.Text;
using CsCheck;
using Weir.Engine.Stages;
using Xunit.Abstractions;

namespace Weir.Engine.Tests.Asn;

public sealed class AsnTableTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("weir-asn-").FullName;

    [Fact]
    public void Embedded_EveryLookupOfItsSource_AgreesOnNumberAndRange()
    {
        int rows = 0;
        foreach (string[] row in Lookups("asn/ip2asn-2025-12-lookups.csv"))
        {
            rows++;
            bool found = AsnTable.Embedded.TryFind(Encoding.UTF8.GetBytes(row[0]), out AsnEntry entry);
            Assert.True(found == (row[2].Length > 0), $"{row[0]}: found {found}, expected '{row[2]}'");
            if (found)
                Assert.Equal((row[0], row[2], IPAddress.Parse(row[3]), IPAddress.Parse(row[4])), (row[0], $"{entry.Asn}", entry.First, entry.Last));
        }

        output.WriteLine($"{rows} lookups");
        Assert.True(rows is 0 or 9004, $"{rows} lookups");
    }

    [Theory]
    [InlineData("104.207.83.63", 22612, "Namecheap")]
    [InlineData("199.66.91.253", 15162, "Cricket")]
    [InlineData("45.77.53.176", 20473, "Choopa")]
    [InlineData("[2606:4700:4700::1111]:443", 13335, "Cloudflare")]
    public void Embedded_KnownAddress_HasItsHolder(string address, long asn, string name)
    {
        Assert.True(AsnTable.Embedded.TryFind(Encoding.UTF8.GetBytes(address), out AsnEntry entry));
        Assert.Equal(asn, entry.Asn);
        Assert.Contains(name, entry.Organisation, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(entry.Organisation, Encoding.UTF8.GetString(entry.OrganisationUtf8));
    }

    [Fact]
    public void Embedded_HolderWithoutName_HasNoOrganisation()
    {
        Assert.True(AsnTable.Embedded.TryFind("157.97.121.132"u8, out AsnEntry entry));
        Assert.Equal((396356, (string?)null), (entry.Asn, entry.Organisation));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.1.1")]
    [InlineData("192.168.1.1")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fd00::1")]
    [InlineData("2001:db8::1")]
    [InlineData("no address")]
    public void Embedded_NotPublic_HasNoEntry(string text) => Assert.False(AsnTable.Embedded.TryFind(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Embedded_Origin_IsTold()
    {
        Assert.Equal(new DateOnly(2025, 12, 4), AsnTable.Embedded.Date);
        Assert.Contains("asmap", AsnTable.Embedded.Source, StringComparison.Ordinal);
        Assert.Equal(393_566, AsnTable.Embedded.RangesIPv4);
        Assert.Equal(99_348, AsnTable.Embedded.RangesIPv6);
    }

    [Fact]
    public void Load_PyasnDat_LongestPrefixCounts()
    {
        foreach (string name in (string[])["pyasn-ipasn_20080501_v12.dat.gz", "pyasn-ipasn.fake.dat"])
        {
            if (SharedData.File($"asn/{name}") is not { } path)
            {
                output.WriteLine($"{name}: no sample data here");
                continue;
            }

            AsnTable table = AsnTable.Load(path);
            foreach (string[] row in Lookups($"asn/{name.Replace("_v12.dat.gz", "", StringComparison.Ordinal).Replace(".dat", "", StringComparison.Ordinal)}-lookups.csv"))
                Assert.Equal((row[0], row[1]), (row[0], table.Find(IPAddress.Parse(row[0])) is { } entry ? $"{entry.Asn}" : ""));
        }
    }

    [Fact]
    public void Load_Mmdb_AgreesOnNumberAndName()
    {
        if (SharedData.File("asn/GeoLite2-ASN-Test.mmdb") is not { } path)
        {
            output.WriteLine("GeoLite2-ASN-Test.mmdb: no sample data here");
            return;
        }

        AsnTable table = AsnTable.Load(path);
        int rows = 0;
        foreach (string[] row in Lookups("asn/GeoLite2-ASN-Test-lookups.csv"))
        {
            rows++;
            AsnEntry? entry = table.Find(IPAddress.Parse(row[0]));
            Assert.Equal((row[0], row[2], row[3]), (row[0], $"{entry?.Asn}", entry?.Organisation ?? ""));
            // The file joins neighbours of one holder, which the list has apart.
            Assert.True(AddressPrefix.TryRead(Encoding.UTF8.GetBytes(row[1]), out Address first, out Address last), row[1]);
            if (entry is { } e)
                Assert.True(Address.Of(e.First).Value <= first.Value && last.Value <= Address.Of(e.Last).Value, $"{row[0]}: {e.Range} does not hold {row[1]}");
        }

        Assert.Equal(2105, rows);
        Assert.NotNull(table.Date);
    }

    [Theory]
    [InlineData("MaxMind-DB-test-ipv4-24.mmdb", "no autonomous_system_number")]
    [InlineData("MaxMind-DB-test-decoder.mmdb", "no autonomous_system_number")]
    [InlineData("MaxMind-DB-test-broken-search-tree-24.mmdb", "MaxMind-DB-test-broken-search-tree-24.mmdb")]
    public void Load_MmdbOfSomethingElse_IsRefused(string name, string part)
    {
        if (SharedData.File($"asn/mmdb/{name}") is { } path)
            Assert.Contains(part, Assert.Throws<WeirException>(() => AsnTable.Load(path)).Message, StringComparison.Ordinal);
        else
            output.WriteLine($"{name}: no sample data here");
    }

    [Fact]
    public void Load_IptoasnTsv_HasItsOwnNames()
    {
        AsnTable table = AsnTable.Load(Write(
            "ip2asn-v4-20240501.tsv",
            "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n1.0.4.0\t1.0.5.255\t38803\tAU\tGTELECOM\n2a01::\t2a01::ffff\t5\tFR\t\n"));
        Assert.Equal("CLOUDFLARENET", table.Find(IPAddress.Parse("1.0.0.7"))?.Organisation);
        Assert.Null(table.Find(IPAddress.Parse("1.0.2.0")));
        Assert.Equal("1.0.4.0/23", table.Find(IPAddress.Parse("1.0.5.255"))?.Range);
        Assert.Null(table.Find(IPAddress.Parse("2a01::1"))?.Organisation);
        Assert.Equal(new DateOnly(2024, 5, 1), table.Date);
    }

    [Fact]
    public void Load_TextWithoutNames_HasTheEmbeddedOnes()
    {
        AsnTable table = AsnTable.Load(Write("mine.csv", "start_ip,end_ip,asn\n1.1.1.0,1.1.1.255,AS22612\n"));
        Assert.Contains("Namecheap", table.Find(IPAddress.Parse("1.1.1.1"))?.Organisation, StringComparison.Ordinal);
        Assert.Null(table.Date);
    }

    [Theory]
    [InlineData("1.0.0.0,1.0.0.255", "line 1")]
    [InlineData("# x\n1.0.0.0,1.0.0.255,1\n1.0.1.0,::1,1", "line 3")]
    [InlineData("1.0.0.255,1.0.0.0,1", "line 1")]
    [InlineData("1.0.0.1/24\t7", "line 1")]
    [InlineData("1.0.0.0/24\tx", "line 1")]
    [InlineData("start_ip,end_ip,asn\n", "no range")]
    [InlineData("asn,name\n7,seven\n", "names alone")]
    [InlineData("", "no range")]
    public void Load_TextThatIsNoTable_SaysWhere(string text, string part) =>
        Assert.Contains(part, Assert.Throws<WeirException>(() => AsnTable.Load(Write("broken.csv", text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_CutGzip_IsRefused()
    {
        var gzip = new MemoryStream();
        using (var writer = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
            writer.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"1.0.{i}.0,1.0.{i}.255,{i + 1}\n"))));
        byte[] bytes = gzip.ToArray();
        Assert.Equal(200, AsnTable.Load(Write("whole.csv.gz", bytes)).RangesIPv4);
        foreach (int length in (int[])[bytes.Length - 1, bytes.Length - 8, bytes.Length / 2, 12, 2])
            Assert.Contains("cut or damaged", Assert.Throws<WeirException>(() => AsnTable.Load(Write("cut.csv.gz", bytes[..length]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ThenLoad_IsTheSameTable()
    {
        string ranges = Write("ranges-2024-02.csv", "1.0.0.0,1.0.0.255,7\n2a01::/16,8\n2a01:0:0:1::/64,9\n"), names = Write("names.csv", "asn,name\n7,\"Seven, Inc.\"\n8,Ächt\n99,Unused\n");
        string path = Path.Combine(folder, "t.table"), again = Path.Combine(folder, "again.table");
        AsnTable.Build([ranges, names], path);
        AsnTable.Build([ranges, names], again);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        AsnTable table = AsnTable.Load(path);
        Assert.Equal(("ranges-2024-02.csv, names.csv", new DateOnly(2024, 2, 1)), (table.Source, table.Date));
        Assert.Equal("Seven, Inc.", table.Find(IPAddress.Parse("1.0.0.9"))?.Organisation);
        Assert.Equal("Ächt", table.Find(IPAddress.Parse("2a01:0:0:2::"))?.Organisation);
        Assert.Equal(9, table.Find(IPAddress.Parse("2a01:0:0:1::5"))?.Asn);
        Assert.Equal("2a01:0:0:1::/64", table.Find(IPAddress.Parse("2a01:0:0:1::5"))?.Range);
        Assert.Equal("2a01::/64", table.Find(IPAddress.Parse("2a01::5"))?.Range);

        Assert.Contains("built already", Assert.Throws<WeirException>(() => AsnTable.Build([path], again)).Message, StringComparison.Ordinal);
        byte[] bytes = File.ReadAllBytes(path);
        byte[] whole = AsnTableFormat.Write(table.Data);
        int harmless = 0;
        for (int i = 8; i < bytes.Length; i++)
        {
            for (int bit = 1; bit < 256; bit <<= 1)
            {
                bytes[i] ^= (byte)bit;
                try
                {
                    // Bits that fill up a byte say nothing: without them, the table is the same.
                    Assert.Equal(whole, AsnTableFormat.Write(AsnTable.Load(Write("damaged.table", bytes)).Data));
                    harmless++;
                }
                catch (WeirException)
                {
                }

                bytes[i] ^= (byte)bit;
            }
        }

        Assert.InRange(harmless, 0, 16);
        for (int length = 8; length < bytes.Length; length++)
            Assert.Throws<WeirException>(() => AsnTable.Load(Write("cut.table", bytes[..length])));
    }

    [Fact]
    public void Load_NoSuchFile_SaysSo() =>
        Assert.Contains("no such file", Assert.Throws<WeirException>(() => AsnTable.Load(Path.Combine(folder, "none"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Build_RangesThatOverlap_NarrowestCountsOfEqualOnesTheLast() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[1, 5]).Array[0, 12].Sample(ranges =>
        {
            // The top of the space, and around a private one: 9.255.255.236 to 10.0.0.20.
            foreach ((UInt128 origin, bool ipv4) in ((UInt128, bool)[])[(0x09FFFFEC, true), (UInt128.MaxValue - 80, false), ((UInt128)0x20010db7 << 96, false)])
            {
                var builder = new AsnTableBuilder();
                foreach ((int a, int b, int asn) in ranges)
                    builder.Add(At(Math.Min(a, b)), At(Math.Max(a, b)), (uint)asn, "");
                var table = new AsnTable(AsnTableFormat.Read(AsnTableFormat.Write(builder.Build("", null))));
                for (int i = 0; i <= 40; i++)
                {
                    var over = ranges.Select((r, order) => (First: Math.Min(r.Item1, r.Item2), Last: Math.Max(r.Item1, r.Item2), Asn: r.Item3, order)).Where(r => r.First <= i && i <= r.Last)
                        .OrderBy(r => r.Last - r.First).ThenByDescending(r => r.order).ToArray();
                    long? expected = SpecialAddresses.ScopeOf(At(i)) == AddressScope.Public && over.Length > 0 ? over[0].Asn : null;
                    AsnEntry? entry = table.Find(At(i).ToIPAddress());
                    Assert.Equal(expected, entry?.Asn);
                    if (entry is { } e)
                        Assert.True(Address.Of(e.First).Value <= At(i).Value && At(i).Value <= Address.Of(e.Last).Value);
                }

                Address At(int i) => new(origin + (UInt128)i, ipv4);
            }
        });

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The rows of a list of look-ups, without its head; none where it is absent.</summary>
    private IEnumerable<string[]> Lookups(string file)
    {
        if (SharedData.File(file) is not { } path)
        {
            output.WriteLine($"{file}: no sample data here");
            yield break;
        }

        foreach (string line in File.ReadLines(path).Skip(1))
            yield return [.. System.Text.RegularExpressions.Regex.Matches(line, "(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))").Select(m => m.Groups[1].Success ? m.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : m.Groups[2].Value)];
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
