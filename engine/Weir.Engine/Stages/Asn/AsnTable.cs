using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Which autonomous system announces an address.</summary>
/// <remarks>Immutable, safe from any number of threads. Addresses that are not public have no entry, whatever the table's source says of them.</remarks>
public sealed class AsnTable
{
    private const string Resource = "asn.table";

    private static readonly Lazy<AsnTable> Shipped = new(LoadEmbedded);

    private readonly AsnTableData data;
    private readonly int[] index4; // per upper 16 bits: segments that start below them
    private readonly int[] index6;

    internal AsnTable(AsnTableData data)
    {
        this.data = data;
        index4 = Index(data.Starts4);
        index6 = Index(data.Starts6);
    }

    /// <summary>The table that comes with the engine; loaded when it is first asked for.</summary>
    public static AsnTable Embedded => Shipped.Value;

    /// <summary>Where the table is from.</summary>
    public string Source => data.Source;

    /// <summary>The day whose announcements it holds; null where its source does not say.</summary>
    public DateOnly? Date => data.Date;

    /// <summary>IPv4 ranges with a number.</summary>
    public int RangesIPv4 => data.Holders4.AsSpan().Length - data.Holders4.AsSpan().Count(AsnTableData.Nobody);

    /// <summary>IPv6 ranges with a number.</summary>
    public int RangesIPv6 => data.Holders6.AsSpan().Length - data.Holders6.AsSpan().Count(AsnTableData.Nobody);

    internal AsnTableData Data => data;

    /// <summary>Reads a table file: one that <see cref="Build"/> made, ranges or prefixes as text (also .gz; ip2asn, iptoasn.com, pyasn) or MaxMind's .mmdb.</summary>
    /// <remarks>Where the file has no names, those of the embedded table count.</remarks>
    /// <exception cref="WeirException">It is none of these, damaged, or not there.</exception>
    public static AsnTable Load(string path) => new(AsnTableFiles.Load(path));

    /// <summary>Makes one table of published ones and stores it in the compact form that loads in milliseconds.</summary>
    /// <param name="files">Text files or .mmdb; ranges of several are laid over one another, the narrowest counts, of equal ones the last. A file that begins <c>asn,name</c> gives names.</param>
    /// <param name="table">The file to write; one that exists is replaced once the new one is whole.</param>
    /// <exception cref="WeirException">A file is no table, damaged, or not there.</exception>
    public static void Build(IReadOnlyList<string> files, string table) => AsnTableFiles.Build(files, table);

    /// <summary>Looks up the address in a text: with port, brackets, zone, blanks or quotes around it.</summary>
    /// <returns>False where the text is no address, the address is not public, or nobody announces it.</returns>
    public bool TryFind(ReadOnlySpan<byte> text, out AsnEntry entry)
    {
        entry = default;
        return AddressText.TryRead(text, out Address address) && TryFind(address, out entry);
    }

    /// <summary>Looks up an address; null where it is not public or nobody announces it.</summary>
    public AsnEntry? Find(IPAddress address) => TryFind(Address.Of(address), out AsnEntry entry) ? entry : null;

    internal bool TryFind(Address address, out AsnEntry entry)
    {
        int segment = address.IsIPv4 ? Segment((uint)address.Value) : Segment(address.Value);
        int holder = address.IsIPv4 ? data.Holders4[segment] : data.Holders6[segment];
        if (holder < 0)
        {
            entry = default;
            return false;
        }

        UInt128 first = address.IsIPv4 ? data.Starts4[segment] : data.Starts6[segment];
        UInt128 last = address.IsIPv4
            ? segment + 1 < data.Starts4.Length ? data.Starts4[segment + 1] - 1 : uint.MaxValue
            : segment + 1 < data.Starts6.Length ? data.Starts6[segment + 1] - 1 : UInt128.MaxValue;
        entry = new AsnEntry(data, holder, new Address(first, address.IsIPv4), new Address(last, address.IsIPv4));
        return true;
    }

    /// <summary>Gives a table without names those of this one.</summary>
    internal void GiveNames(AsnTableBuilder builder)
    {
        for (int i = 0; i < data.Asns.Length; i++)
        {
            if (!data.NameOf(i).IsEmpty)
                builder.AddName(data.Asns[i], Encoding.UTF8.GetString(data.NameOf(i)));
        }
    }

    /// <summary>The holder of an address in the table's data; negative where there is none.</summary>
    internal int Holder(Address address) => address.IsIPv4 ? data.Holders4[Segment((uint)address.Value)] : data.Holders6[Segment(address.Value)];

    private int Segment(uint address)
    {
        ref int slot = ref index4[address >> 16];
        int low = slot, count = Unsafe.Add(ref slot, 1) - low;
        // Branch-free: which half holds the address is a coin toss that no processor predicts.
        ref uint starts = ref data.Starts4[0];
        while (count > 0)
        {
            int half = (count + 1) >> 1;
            low = Unsafe.Add(ref starts, low + half - 1) <= address ? low + half : low;
            count -= half;
        }

        return low - 1;
    }

    private int Segment(UInt128 address)
    {
        int slot = (int)(uint)(address >> 112);
        int low = index6[slot], high = index6[slot + 1];
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (data.Starts6[middle] <= address)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Index(uint[] starts)
    {
        var index = new int[(1 << 16) + 1];
        for (int i = 0; i < starts.Length; i++)
            index[(starts[i] >> 16) + 1] = i + 1;
        return Filled(index);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Index(UInt128[] starts)
    {
        var index = new int[(1 << 16) + 1];
        for (int i = 0; i < starts.Length; i++)
            index[(int)(starts[i] >> 112) + 1] = i + 1;
        return Filled(index);
    }

    private static int[] Filled(int[] index)
    {
        for (int slot = 1; slot < index.Length; slot++)
            index[slot] = Math.Max(index[slot], index[slot - 1]);
        return index;
    }

    private static unsafe AsnTable LoadEmbedded()
    {
        using var stream = (UnmanagedMemoryStream)typeof(AsnTable).Assembly.GetManifestResourceStream(Resource)!;
        return new AsnTable(AsnTableFormat.Read(new ReadOnlySpan<byte>(stream.PositionPointer, (int)stream.Length)));
    }
}
