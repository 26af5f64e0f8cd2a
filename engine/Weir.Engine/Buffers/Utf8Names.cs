using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Weir.Engine.Buffers;

/// <summary>Compares names in UTF-8, so that a dictionary of them is asked with bytes and makes no string.</summary>
internal sealed class Utf8Names : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Names Comparer { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    // Names are those that kinds of logs list: what a log holds is only looked up, so nobody can fill a bucket, and both ends of a name tell enough.
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        int length = alternate.Length;
        ulong first, last;
        if (length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(alternate);
            last = BinaryPrimitives.ReadUInt64LittleEndian(alternate[(length - 8)..]);
        }
        else
        {
            first = length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(alternate) : length > 0 ? alternate[0] : 0u;
            last = length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(alternate[(length - 4)..]) : length > 1 ? (ulong)alternate[length / 2] << 8 | alternate[length - 1] : 0;
        }

        ulong mixed = (first ^ BitOperations.RotateLeft(last, 29) ^ (ulong)length) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 32);
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
