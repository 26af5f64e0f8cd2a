using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>The ICANN section of the public suffix list: which ends of a host name are registries.</summary>
/// <remarks>
/// Rules are kept as spans of one buffer in an open-addressed table, compared byte for byte. Names are asked for in lower case with <c>xn--</c> labels; rules of
/// other scripts are converted once. A name whose end no rule knows is no domain (the list's default rule <c>*</c> is not applied); <c>onion</c> counts as a
/// suffix (RFC 7686).
/// </remarks>
internal sealed class PublicSuffixes
{
    /// <summary>Date of the embedded list, which itself names none: that of Debian's package publicsuffix 20230209.2326-1.</summary>
    public const string Date = "2023-02-09";

    private const int MostLabels = 4; // the longest rule of the list: a test counts
    private const byte Plain = 1, Wildcard = 2, Exception = 4;

    private static readonly Lazy<PublicSuffixes> Shared = new(() => new PublicSuffixes(ReadEmbedded()));

    private readonly byte[] names;
    private readonly (int At, byte Length, byte Kinds)[] table;
    private int used;

    internal PublicSuffixes(ReadOnlySpan<byte> list)
    {
        names = new byte[list.Length * 2];
        table = new (int, byte, byte)[1 << 15];
        int from = list.IndexOf("===BEGIN ICANN DOMAINS==="u8), to = list.IndexOf("===END ICANN DOMAINS==="u8);
        var idn = new IdnMapping();
        Add("onion"u8, Plain);
        foreach (Range line in list[from..to].Split((byte)'\n'))
        {
            ReadOnlySpan<byte> rule = list[from..to][line];
            int blank = rule.IndexOfAny((byte)' ', (byte)'\r', (byte)'\t');
            rule = blank < 0 ? rule : rule[..blank];
            if (rule.IsEmpty || rule[0] is (byte)'/' or (byte)'=')
                continue;
            byte kind = rule[0] == '!' ? Exception : rule.StartsWith("*."u8) ? Wildcard : Plain;
            rule = rule[(kind == Plain ? 0 : kind == Wildcard ? 2 : 1)..];
            if (Ascii.IsValid(rule))
                Add(rule, kind);
            else
                Add(Encoding.ASCII.GetBytes(idn.GetAscii(Encoding.UTF8.GetString(rule))), kind);
        }
    }

    /// <summary>The embedded list, parsed when it is first asked for.</summary>
    public static PublicSuffixes Embedded => Shared.Value;

    /// <summary>Whether a label alone is a suffix, or ends one. Cheap: most dotted words fail here.</summary>
    public bool IsTopLevel(ReadOnlySpan<byte> label) => Find(label) != 0;

    /// <summary>Where the registrable domain of a host name begins: the public suffix and one label.</summary>
    /// <param name="host">Lower case, labels of other scripts as <c>xn--</c>, no dot at either end.</param>
    /// <returns>0-based offset; -1 where the name has no known suffix or is one.</returns>
    public int RegistrableStart(ReadOnlySpan<byte> host)
    {
        int suffix = -1, label = host.Length + 1;
        for (int labels = 0; labels < MostLabels && label > 0; labels++)
        {
            label = host[..(label - 1)].LastIndexOf((byte)'.') + 1;
            byte kinds = Find(host[label..]);
            if ((kinds & Exception) != 0)
            {
                suffix = label + host[label..].IndexOf((byte)'.') + 1;
                break;
            }

            if ((kinds & Plain) != 0)
                suffix = label;
            if ((kinds & Wildcard) != 0 && label > 1)
                suffix = host[..(label - 1)].LastIndexOf((byte)'.') + 1;
        }

        return suffix <= 1 ? -1 : host[..(suffix - 1)].LastIndexOf((byte)'.') + 1;
    }

    private byte Find(ReadOnlySpan<byte> name)
    {
        for (int slot = Slot(name); table[slot].Kinds != 0; slot = (slot + 1) & (table.Length - 1))
        {
            var (at, length, kinds) = table[slot];
            if (length == name.Length && names.AsSpan(at, length).SequenceEqual(name))
                return kinds;
        }

        return 0;
    }

    private void Add(ReadOnlySpan<byte> name, byte kind)
    {
        int slot = Slot(name);
        for (; table[slot].Kinds != 0; slot = (slot + 1) & (table.Length - 1))
        {
            if (names.AsSpan(table[slot].At, table[slot].Length).SequenceEqual(name))
                break;
        }

        if (table[slot].Kinds == 0)
        {
            name.CopyTo(names.AsSpan(used));
            table[slot] = (used, (byte)name.Length, 0);
            used += name.Length;
        }

        table[slot].Kinds |= kind;
    }

    private int Slot(ReadOnlySpan<byte> name) => (int)XxHash3.HashToUInt64(name) & (table.Length - 1);

    internal static byte[] ReadEmbedded()
    {
        using Stream list = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("public_suffix_list.dat")!;
        byte[] bytes = new byte[list.Length];
        list.ReadExactly(bytes);
        return bytes;
    }
}
