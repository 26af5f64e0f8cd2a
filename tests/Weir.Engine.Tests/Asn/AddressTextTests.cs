using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Asn;

public class AddressTextTests
{
    private static readonly Gen<IPAddress> IPv4 = Gen.Byte.Array[4].Select(b => new IPAddress(b));

    // Runs of zeros are what the spellings differ in.
    private static readonly Gen<IPAddress> IPv6 = Gen.Select(Gen.Byte.Array[16], Gen.Bool.Array[8]).Select((bytes, zero) =>
    {
        for (int i = 0; i < 16; i++)
            bytes[i] = zero[i / 2] ? (byte)0 : bytes[i];
        return new IPAddress(bytes);
    });

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("1.2.3.4:443", "1.2.3.4")]
    [InlineData("1.2.3.4:0", "1.2.3.4")]
    [InlineData("[1.2.3.4]:25", "1.2.3.4")]
    [InlineData("  1.2.3.4\t", "1.2.3.4")]
    [InlineData("\"1.2.3.4\"", "1.2.3.4")]
    [InlineData("' 1.2.3.4:80 '", "1.2.3.4")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2A01:0DB8:0000::0001", "2a01:db8::1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("[2a01::1]", "2a01::1")]
    [InlineData("[2a01::1]:443", "2a01::1")]
    [InlineData("\"[2a01::1]:443\"", "2a01::1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("[fe80::1%25en1]:53", "fe80::1")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("::FFFF:102:304", "1.2.3.4")]
    [InlineData("[::ffff:1.2.3.4]:55", "1.2.3.4")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    public void TryRead_Spelling_IsAddress(string text, string expected)
    {
        Assert.True(AddressText.TryRead(Encoding.UTF8.GetBytes(text), out Address address));
        Assert.Equal(IPAddress.Parse(expected), address.ToIPAddress());
        Assert.Equal(address, Address.Of(address.ToIPAddress()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\"\"")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData(".1.2.3.4")]
    [InlineData("256.1.1.1")]
    [InlineData("1.1.1.1000")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("0x1.2.3.4")]
    [InlineData("16909060")]
    [InlineData("1.2.3.4/24")]
    [InlineData("1.2.3.4:")]
    [InlineData("1.2.3.4:65536")]
    [InlineData("1.2.3.4:123456")]
    [InlineData("1.2.3.4:4a")]
    [InlineData("1.2.3.4%eth0")]
    [InlineData("1.2.3.4 5.6.7.8")]
    [InlineData("\"1.2.3.4'")]
    [InlineData("\"")]
    [InlineData("12:30:45")]
    [InlineData("12:30:45.123")]
    [InlineData("00:1a:2b:3c:4d:5e")]
    [InlineData("00-1a-2b-3c-4d-5e")]
    [InlineData("01:23:45:67:89:ab:cd:ef:01")]
    [InlineData("dead:beef")]
    [InlineData("abcdef")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:::2")]
    [InlineData("1::2::3")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1::12345")]
    [InlineData("g::1")]
    [InlineData("::1.2.3")]
    [InlineData("::01.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1%")]
    [InlineData("::1%eth 0")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[]")]
    [InlineData("[::1]443")]
    [InlineData("[::1]:x")]
    [InlineData("[ ::1 ]")]
    public void TryRead_AnythingElse_IsNone(string text) =>
        Assert.False(AddressText.TryRead(Encoding.UTF8.GetBytes(text), out _), text);

    [Fact]
    public void TryRead_AnySpellingOfAnyAddress_GivesItBack() =>
        Gen.Select(Gen.OneOf(IPv4, IPv6), Gen.Int[0, 9], Gen.Int[0, 65535]).Sample((address, spelling, port) =>
        {
            string plain = address.ToString(), text = spelling switch
            {
                0 => plain.ToUpperInvariant(),
                1 => Long(address),
                2 => Long(address).ToUpperInvariant(),
                3 => $"[{plain}]:{port}",
                4 => $"[{Long(address)}]",
                5 => $" \"{plain}\" ",
                6 => address.AddressFamily == AddressFamily.InterNetwork ? $"::ffff:{plain}" : $"{plain}%eth{port}",
                7 => address.AddressFamily == AddressFamily.InterNetwork ? $"{plain}:{port}" : plain,
                8 => address.AddressFamily == AddressFamily.InterNetwork ? $"0:0:0:0:0:FFFF:{plain}" : Dotted(address),
                _ => plain,
            };
            IPAddress expected = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return AddressText.TryRead(Encoding.UTF8.GetBytes(text), out Address read) && read.ToIPAddress().Equals(expected);
        });

    // The framework is more lenient about IPv4 (one to four numbers, octal, hexadecimal) and brackets; over these letters, and where no
    // number of the dotted part has a leading zero, both must say the same.
    [Fact]
    public void TryRead_ColonText_AgreesWithTheFramework() =>
        Gen.OneOf(
            Gen.String[Gen.Char["0123abF:::."], 2, 24],
            Gen.Select(IPv6.Select(a => a.ToString()), Gen.Int[0, 39], Gen.Char["0:1.f"]).Select((text, at, c) => text.Remove(at % text.Length, 1).Insert(at % text.Length, c.ToString())),
            Gen.Select(IPv6.Select(a => a.ToString()), Gen.Int[0, 39]).Select((text, at) => text.Remove(at % text.Length, 1)))
        .Where(text => text.Count(c => c == ':') >= 2 && text.Split('.', ':').All(part => part.Length < 2 || part[0] != '0' || !text.Contains('.', StringComparison.Ordinal)))
        .Sample(
            text =>
            {
                bool ours = AddressText.TryRead(Encoding.UTF8.GetBytes(text), out Address address), theirs = IPAddress.TryParse(text, out IPAddress? parsed);
                return ours == theirs && (!ours || address == Address.Of(parsed!));
            },
            iter: 20_000);

    [Fact]
    public void TryRead_DottedText_AgreesWithTheFrameworkWhereThatIsPlain() =>
        Gen.String[Gen.Char["0125."], 5, 15].Sample(
            text =>
            {
                bool plain = IPAddress.TryParse(text, out IPAddress? parsed) && parsed.ToString() == text;
                return AddressText.TryRead(Encoding.UTF8.GetBytes(text), out Address address) == plain && (!plain || address == Address.Of(parsed!));
            },
            iter: 20_000);

    [Fact]
    public void TryRead_Addresses_AllocatesNothing()
    {
        byte[][] texts = [.. new[] { "1.2.3.4", " \"[2a01::1]:443\"", "::ffff:1.2.3.4", "no address", "fe80::1%eth0" }.Select(Encoding.UTF8.GetBytes)];
        foreach (byte[] text in texts)
            AddressText.TryRead(text, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (byte[] text in texts)
            AddressText.TryRead(text, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>All eight groups of four digits.</summary>
    private static string Long(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.ToString()
        : string.Join(':', address.GetAddressBytes().Chunk(2).Select(Convert.ToHexString));

    private static string Dotted(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return string.Join(':', bytes[..12].Chunk(2).Select(Convert.ToHexString)) + ':' + string.Join('.', bytes[12..]);
    }
}
