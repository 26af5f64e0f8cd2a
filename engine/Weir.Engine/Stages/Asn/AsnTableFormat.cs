using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>The file of a built table: small, and read in milliseconds.</summary>
/// <remarks>
/// <para>Magic, then two sections, names and ranges, each: length of the content, length as stored (int32), zlib, whose checksum guards it. Numbers are little endian.</para>
/// <para>Names: source and date (a length and UTF-8 each); count of holders; per holder the step from the AS number before; the lengths of names; the names.
/// Ranges, IPv4 then IPv6: count of segments; of each but the last its size: trailing zero bits a byte, then what is left a varint (with bit 7 of the byte set, 16 bytes follow instead);
/// of each its holder plus one, as a rank: holders are ranked by how often they occur, so that the common ones take a byte. Parts of a kind lie together, which compresses best.
/// The same data give the same content; how zlib packs it is the runtime's affair. Brotli would be a fifth smaller, and take twice as long to read (measured).</para>
/// </remarks>
internal static class AsnTableFormat
{
    private const int SectionHead = 8;
    private const int MostRatio = 1032; // deflate's bound
    private const byte Wide = 0x80;

    public static ReadOnlySpan<byte> Magic => "weirasn1"u8;

    public static byte[] Write(AsnTableData table)
    {
        var file = new MemoryStream();
        file.Write(Magic);
        WriteSection(file, NamesOf(table));
        WriteSection(file, RangesOf(table));
        return file.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no table, or a damaged one.</exception>
    public static AsnTableData Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic))
            throw new InvalidDataException("it does not start as a table does");
        file = file[Magic.Length..];
        byte[] names = ReadSection(ref file), ranges = ReadSection(ref file);
        var named = new Reader(names);
        string source = named.Text(), date = named.Text();
        var asns = new uint[named.Count()];
        uint asn = 0;
        for (int i = 0; i < asns.Length; i++)
            asns[i] = asn += (uint)named.Number();
        var offsets = new int[asns.Length + 1];
        for (int i = 0; i < asns.Length; i++)
            offsets[i + 1] = offsets[i] + (int)named.Number();
        var segments = new Reader(ranges);
        int[] ranked = new int[segments.Count()];
        for (int i = 0; i < ranked.Length; i++)
            ranked[i] = (int)segments.Number() - 1;
        if (ranked.AsSpan().ContainsAnyExceptInRange(AsnTableData.Nobody, asns.Length - 1))
            throw new InvalidDataException("a range has a holder that is not there");
        uint[] starts4 = Starts4(ref segments);
        int[] holders4 = Holders(ref segments, starts4.Length, ranked);
        UInt128[] starts6 = Starts6(ref segments);
        return new AsnTableData
        {
            Source = source,
            Date = date.Length == 0 ? null : DateOnly.ParseExact(date, "O", CultureInfo.InvariantCulture),
            Asns = asns,
            NameOffsets = offsets,
            Names = named.Rest(offsets[^1]),
            Starts4 = starts4,
            Holders4 = holders4,
            Starts6 = starts6,
            Holders6 = Holders(ref segments, starts6.Length, ranked),
        };
    }

    private static byte[] NamesOf(AsnTableData table)
    {
        var content = new Writer();
        content.Text(table.Source);
        content.Text(table.Date?.ToString("O", CultureInfo.InvariantCulture) ?? "");
        content.Number((ulong)table.Asns.Length);
        uint before = 0;
        foreach (uint asn in table.Asns)
        {
            content.Number(asn - before);
            before = asn;
        }

        for (int i = 0; i < table.Asns.Length; i++)
            content.Number((ulong)(table.NameOffsets[i + 1] - table.NameOffsets[i]));
        content.Bytes(table.Names);
        return content.ToArray();
    }

    private static byte[] RangesOf(AsnTableData table)
    {
        var uses = new Dictionary<int, int>();
        foreach (int holder in table.Holders4.Concat(table.Holders6))
            uses[holder] = uses.GetValueOrDefault(holder) + 1;
        int[] ranked = [.. uses.OrderByDescending(u => u.Value).ThenBy(u => u.Key).Select(u => u.Key)];
        var rank = new Dictionary<int, int>();
        foreach (int holder in ranked)
            rank.Add(holder, rank.Count);

        var content = new Writer();
        content.Number((ulong)ranked.Length);
        foreach (int holder in ranked)
            content.Number((ulong)(holder + 1));
        Segments(content, [.. table.Starts4.Select(s => (UInt128)s)], table.Holders4, rank);
        Segments(content, table.Starts6, table.Holders6, rank);
        return content.ToArray();
    }

    private static void Segments(Writer content, UInt128[] starts, int[] holders, Dictionary<int, int> rank)
    {
        content.Number((ulong)starts.Length);
        var left = new Writer();
        for (int i = 1; i < starts.Length; i++)
        {
            UInt128 size = starts[i] - starts[i - 1];
            int zeros = (int)UInt128.TrailingZeroCount(size);
            UInt128 rest = size >> zeros;
            bool wide = rest > ulong.MaxValue;
            content.Byte((byte)(wide ? zeros | Wide : zeros));
            if (wide)
                left.Wide(rest);
            else
                left.Number((ulong)rest);
        }

        content.Bytes(left.ToArray());
        foreach (int holder in holders)
            content.Number((ulong)rank[holder]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint[] Starts4(ref Reader from)
    {
        var starts = new uint[Some(from.Count())];
        ReadOnlySpan<byte> zeros = from.Take(starts.Length - 1);
        uint at = 0;
        for (int i = 0; i < zeros.Length; i++)
        {
            at += (uint)from.Number() << zeros[i];
            starts[i + 1] = at;
        }

        return starts;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static UInt128[] Starts6(ref Reader from)
    {
        var starts = new UInt128[Some(from.Count())];
        ReadOnlySpan<byte> zeros = from.Take(starts.Length - 1);
        UInt128 at = 0;
        for (int i = 0; i < zeros.Length; i++)
        {
            byte shift = zeros[i];
            at += (shift & Wide) == 0 ? (UInt128)from.Number() << shift : from.WideNumber() << (shift & ~Wide);
            starts[i + 1] = at;
        }

        return starts;
    }

    private static int Some(int segments) => segments > 0 ? segments : throw new InvalidDataException("it has no segments");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Holders(ref Reader from, int count, int[] ranked)
    {
        var holders = new int[count];
        for (int i = 0; i < count; i++)
            holders[i] = ranked[from.Number()];
        return holders;
    }

    private static void WriteSection(Stream file, byte[] content)
    {
        var stored = new MemoryStream();
        using (var zlib = new ZLibStream(stored, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(content);
        Span<byte> head = stackalloc byte[SectionHead];
        BinaryPrimitives.WriteInt32LittleEndian(head, content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], (int)stored.Length);
        file.Write(head);
        stored.WriteTo(file);
    }

    private static unsafe byte[] ReadSection(ref ReadOnlySpan<byte> file)
    {
        if (file.Length < SectionHead)
            throw new InvalidDataException("it is cut");
        int length = BinaryPrimitives.ReadInt32LittleEndian(file), stored = BinaryPrimitives.ReadInt32LittleEndian(file[4..]);
        file = file[SectionHead..];
        if (length < 0 || stored <= 0 || stored > file.Length || length / stored > MostRatio)
            throw new InvalidDataException("it is cut");
        fixed (byte* start = file)
        {
            using var zlib = new ZLibStream(new UnmanagedMemoryStream(start, stored), CompressionMode.Decompress);
            byte[] content = GC.AllocateUninitializedArray<byte>(length);
            // Nothing is behind it, and asking makes zlib compare its checksum.
            if (zlib.ReadAtLeast(content, length, throwOnEndOfStream: false) != length || zlib.ReadByte() >= 0)
                throw new InvalidDataException("it holds more or less than it says");
            file = file[stored..];
            return content;
        }
    }

    private sealed class Writer
    {
        private readonly List<byte> bytes = [];

        public void Byte(byte value) => bytes.Add(value);

        public void Bytes(ReadOnlySpan<byte> value) => bytes.AddRange(value);

        public void Number(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                bytes.Add((byte)(value | 0x80));
            bytes.Add((byte)value);
        }

        public void Wide(UInt128 value)
        {
            Span<byte> wide = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128LittleEndian(wide, value);
            bytes.AddRange(wide);
        }

        public void Text(string value)
        {
            byte[] text = Encoding.UTF8.GetBytes(value);
            Number((ulong)text.Length);
            bytes.AddRange(text);
        }

        public byte[] ToArray() => [.. bytes];
    }

    private ref struct Reader(ReadOnlySpan<byte> content)
    {
        private readonly ReadOnlySpan<byte> content = content;
        private int at;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Number()
        {
            byte first = content[at++];
            return first < 0x80 ? first : Longer(first);
        }

        public int Count() => checked((int)Number());

        public UInt128 WideNumber() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

        public ReadOnlySpan<byte> Take(int bytes)
        {
            at += bytes;
            return content.Slice(at - bytes, bytes);
        }

        public string Text() => Encoding.UTF8.GetString(Take(Count()));

        public byte[] Rest(int bytes) => Take(bytes).ToArray();

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private ulong Longer(ulong value)
        {
            value &= 0x7F;
            for (int shift = 7; ; shift += 7)
            {
                byte next = content[at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
