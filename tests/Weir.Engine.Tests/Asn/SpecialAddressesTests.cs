using System.Net;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Asn;

public class SpecialAddressesTests
{
    [Theory]
    [InlineData("0.0.0.0", "Reserved")]
    [InlineData("0.255.255.255", "Reserved")]
    [InlineData("1.0.0.0", "Public")]
    [InlineData("9.255.255.255", "Public")]
    [InlineData("10.0.0.0", "Private")]
    [InlineData("10.255.255.255", "Private")]
    [InlineData("11.0.0.0", "Public")]
    [InlineData("100.63.255.255", "Public")]
    [InlineData("100.64.0.0", "Private")]
    [InlineData("100.127.255.255", "Private")]
    [InlineData("100.128.0.0", "Public")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("172.15.255.255", "Public")]
    [InlineData("172.16.0.0", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("172.32.0.0", "Public")]
    [InlineData("192.0.0.8", "Reserved")]
    [InlineData("192.0.0.9", "Public")]
    [InlineData("192.0.0.11", "Reserved")]
    [InlineData("192.0.2.1", "Documentation")]
    [InlineData("192.31.196.1", "Public")]
    [InlineData("192.88.99.1", "Public")]
    [InlineData("192.168.255.255", "Private")]
    [InlineData("198.19.255.255", "Reserved")]
    [InlineData("198.51.100.7", "Documentation")]
    [InlineData("203.0.113.7", "Documentation")]
    [InlineData("223.255.255.255", "Public")]
    [InlineData("224.0.0.0", "Multicast")]
    [InlineData("239.255.255.255", "Multicast")]
    [InlineData("240.0.0.0", "Reserved")]
    [InlineData("255.255.255.255", "Reserved")]
    [InlineData("::", "Reserved")]
    [InlineData("::1", "Loopback")]
    [InlineData("::2", "Reserved")]
    [InlineData("::ffff:10.1.2.3", "Private")]
    [InlineData("::ffff:8.8.8.8", "Public")]
    [InlineData("64:ff9b::8.8.8.8", "Public")]
    [InlineData("64:ff9b:1::1", "Private")]
    [InlineData("100::1", "Reserved")]
    [InlineData("2001::1", "Public")]
    [InlineData("2001:2::1", "Reserved")]
    [InlineData("2001:20::1", "Public")]
    [InlineData("2001:200::1", "Public")]
    [InlineData("2001:db8::1", "Documentation")]
    [InlineData("2002:102:304::1", "Public")]
    [InlineData("2a01:4f8::1", "Public")]
    [InlineData("3fff:fff:ffff::1", "Documentation")]
    [InlineData("3fff:1000::1", "Public")]
    [InlineData("4000::1", "Reserved")]
    [InlineData("5f00::1", "Reserved")]
    [InlineData("fc00::1", "Private")]
    [InlineData("fdff:ffff::1", "Private")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("fec0::1", "Private")]
    [InlineData("ff02::1", "Multicast")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "Multicast")]
    public void ScopeOf_Address_IsTheRegistrys(string address, string expected) =>
        Assert.Equal(expected, SpecialAddresses.ScopeOf(Address.Of(IPAddress.Parse(address))).ToString());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NotPublic_Edges_AreWhereTheScopeChanges(bool ipv4)
    {
        UInt128 end = ipv4 ? uint.MaxValue : UInt128.MaxValue;
        foreach ((UInt128 first, UInt128 last) in SpecialAddresses.NotPublic(ipv4))
        {
            Assert.NotEqual(AddressScope.Public, Scope(first));
            Assert.NotEqual(AddressScope.Public, Scope(last));
            if (first > 0)
                Assert.Equal(AddressScope.Public, Scope(first - 1));
            if (last < end)
                Assert.Equal(AddressScope.Public, Scope(last + 1));
        }

        AddressScope Scope(UInt128 value) => SpecialAddresses.ScopeOf(new Address(value, ipv4));
    }
}
