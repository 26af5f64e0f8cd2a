using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Weir.Engine.Stages;

namespace Weir.Benchmarks;

/// <summary>Writes the IPv4 ranges of a table as a MaxMind database, so that both look-ups have the same entries. The format is MaxMind DB 2.0 with records of 32 bits.</summary>
internal sealed class MmdbWriter
{
    private const uint Empty = uint.MaxValue, Leaf = 0x8000_0000;
    private const int TypeMap = 7, TypeText = 2, TypeUInt16 = 5, TypeUInt32 = 6, TypeUInt64 = 9, TypeArray = 11;

    private readonly List<(uint First, uint Last, uint DataAt)> ranges = [];
    private readonly List<(uint Left, uint Right)> nodes = [];
    private readonly List<byte> data = [];

    private MmdbWriter(AsnTable table)
    {
        // Entry by entry through the space: what is behind a gap begins at the next address of a /24, which is as narrow as announcements are.
        for (ulong at = 0; at <= uint.MaxValue;)
        {
            if (table.Find(Address((uint)at)) is not { } entry)
            {
                at = (at | 0xFF) + 1;
                continue;
            }

            uint last = Number(entry.Last);
            ranges.Add(((uint)at, last, (uint)data.Count));
            Control(data, TypeMap, 2);
            Text(data, "autonomous_system_number");
            Integer(data, TypeUInt32, (ulong)entry.Asn, 4);
            Text(data, "autonomous_system_organization");
            Text(data, entry.Organisation ?? "");
            at = (ulong)last + 1;
        }
    }

    public static void Write(string path, AsnTable table)
    {
        var writer = new MmdbWriter(table);
        int next = 0;
        writer.Build(0, 32, ref next);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Span<byte> node = stackalloc byte[8];
        foreach (var (left, right) in writer.nodes)
        {
            BinaryPrimitives.WriteUInt32BigEndian(node, writer.Record(left));
            BinaryPrimitives.WriteUInt32BigEndian(node[4..], writer.Record(right));
            file.Write(node);
        }

        file.Write(new byte[16]);   // between the tree and the data
        file.Write(CollectionsMarshal.AsSpan(writer.data));
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        file.Write(CollectionsMarshal.AsSpan(writer.Metadata()));
    }

    /// <summary>A record of the file: a node, nothing, or a place in the data.</summary>
    private uint Record(uint value) => value == Empty ? (uint)nodes.Count : (value & Leaf) != 0 ? (uint)nodes.Count + 16 + ranges[(int)(value & ~Leaf)].DataAt : value;

    /// <summary>The tree below a prefix.</summary>
    /// <param name="first">Its first address.</param>
    /// <param name="bits">Bits behind it.</param>
    /// <param name="next">The first range that does not end before it.</param>
    private uint Build(ulong first, int bits, ref int next)
    {
        ulong last = first + (1UL << bits) - 1;
        while (next < ranges.Count && ranges[next].Last < first)
            next++;
        if (bits < 32 && (next == ranges.Count || ranges[next].First > last))
            return Empty;
        if (bits < 32 && ranges[next].First <= first && ranges[next].Last >= last)
            return Leaf | (uint)next;
        int me = nodes.Count;
        nodes.Add(default);
        uint left = Build(first, bits - 1, ref next), right = Build(first + (1UL << (bits - 1)), bits - 1, ref next);
        nodes[me] = (left, right);
        return (uint)me;
    }

    private List<byte> Metadata()
    {
        var told = new List<byte>();
        Control(told, TypeMap, 9);
        Text(told, "node_count");
        Integer(told, TypeUInt32, (ulong)nodes.Count, 4);
        Text(told, "record_size");
        Integer(told, TypeUInt16, 32, 2);
        Text(told, "ip_version");
        Integer(told, TypeUInt16, 4, 2);
        Text(told, "database_type");
        Text(told, "Weir-Benchmark-ASN");
        Text(told, "languages");
        Control(told, TypeArray, 0);
        Text(told, "binary_format_major_version");
        Integer(told, TypeUInt16, 2, 2);
        Text(told, "binary_format_minor_version");
        Integer(told, TypeUInt16, 0, 2);
        Text(told, "build_epoch");
        Integer(told, TypeUInt64, 1_764_806_400, 8);
        Text(told, "description");
        Control(told, TypeMap, 0);
        return told;
    }

    private static void Text(List<byte> to, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Control(to, TypeText, bytes.Length);
        to.AddRange(bytes);
    }

    private static void Integer(List<byte> to, int type, ulong value, int size)
    {
        Control(to, type, size);
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
            to.Add((byte)(value >> shift));
    }

    /// <summary>What stands before a value: its type in three bits, or in a byte of its own; its size in five, from 29 on with a byte more, from 285 on with two.</summary>
    private static void Control(List<byte> to, int type, int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(size, 285 + 65_536);
        to.Add((byte)((type > 7 ? 0 : type << 5) | (size < 285 ? Math.Min(size, 29) : 30)));
        if (type > 7)
            to.Add((byte)(type - 7));
        if (size >= 285)
            to.AddRange([(byte)((size - 285) >> 8), (byte)(size - 285)]);
        else if (size >= 29)
            to.Add((byte)(size - 29));
    }

    private static IPAddress Address(uint number) => new(BinaryPrimitives.ReverseEndianness(number));

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
