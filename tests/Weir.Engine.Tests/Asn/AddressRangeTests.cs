using System.Text;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Asn;

public class AddressRangeTests
{
    [Theory]
    [InlineData("10.1.2.0/24", "10.1.2.0,10.1.2.255,::ffff:10.1.2.7,10.1.2.9:443", "10.1.1.255,10.1.3.0,::10.1.2.7")]
    [InlineData("10.1.2.3", "10.1.2.3,[10.1.2.3]:80,::ffff:a01:203", "10.1.2.30,10.1.2.2")]
    [InlineData("10.1.2.3:21974", "10.1.2.3", "10.1.2.4")]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.2,10.1.2.4")]
    [InlineData("0.0.0.0/0", "0.0.0.0,255.255.255.255", "::1")]
    [InlineData("2001:DB8::/32", "2001:db8::,2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff,[2001:db8::1]:443", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff,2001:db9::,32.1.13.184")]
    [InlineData("2001:0db8:0:0:0:0:0:1", "2001:db8::1,2001:DB8::0.0.0.1,2001:db8::1%eth0", "2001:db8::10")]
    [InlineData("::/0", "::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "0.0.0.0")]
    [InlineData("::ffff:10.1.2.0/120", "10.1.2.0,10.1.2.255", "10.1.3.0")]
    public void Contains_AddressesOfTheRange_WhateverTheirSpelling(string range, string inside, string outside)
    {
        Assert.True(AddressRange.TryRead(range, out AddressRange read));
        Assert.All(inside.Split(','), t => Assert.True(AddressText.TryRead(Encoding.UTF8.GetBytes(t), out Address a) && read.Contains(a), t));
        Assert.All(outside.Split(','), t => Assert.False(AddressText.TryRead(Encoding.UTF8.GetBytes(t), out Address a) && read.Contains(a), t));
    }

    [Theory]
    [InlineData("10.1.2.3/24", "10.1.2.0/24")]
    [InlineData("2001:db8::1/32", "2001:db8::/32")]
    [InlineData("1.2.3.4/0", "0.0.0.0/0")]
    [InlineData("1.2.3.4/33", null)]
    [InlineData("1.2.3.4/-1", null)]
    [InlineData("1.2.3/24", null)]
    [InlineData("1.2.3.4/8/8", null)]
    [InlineData("example.com", null)]
    [InlineData("", null)]
    public void TryRead_NoRange_IsRefusedAndThePrefixNamed(string text, string? meant)
    {
        Assert.False(AddressRange.TryRead(text, out _));
        Assert.Equal(meant, AddressRange.Enclosing(text));
    }
}
