using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weir.Engine.Stages;

/// <summary>An IPv4 or IPv6 address as a number.</summary>
/// <param name="Value">The address, most significant byte first; of IPv4 the low 32 bits.</param>
internal readonly record struct Address(UInt128 Value, bool IsIPv4)
{
    private const uint MappedPrefix = 0xFFFF;

    /// <summary>Of 16 bytes; <c>::ffff:1.2.3.4</c> is the IPv4 address in it.</summary>
    public static Address OfIPv6(UInt128 value) =>
        (value >> 32) == MappedPrefix ? new Address((uint)value, IsIPv4: true) : new Address(value, IsIPv4: false);

    public static Address Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new Address(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsIPv4: true)
            : OfIPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new IPAddress(IsIPv4 ? bytes[12..] : bytes);
    }

    public override string ToString() => ToIPAddress().ToString();
}
