using System.Net;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Who announces an address.</summary>
public readonly struct AsnEntry
{
    private readonly AsnTableData table;
    private readonly int holder;
    private readonly Address first;
    private readonly Address last;

    internal AsnEntry(AsnTableData table, int holder, Address first, Address last) =>
        (this.table, this.holder, this.first, this.last) = (table, holder, first, last);

    /// <summary>The number of the autonomous system.</summary>
    public long Asn => table.Asns[holder];

    /// <summary>The organisation's name; null where the table has none. Made anew by each call.</summary>
    public string? Organisation => OrganisationUtf8 is { IsEmpty: false } name ? Encoding.UTF8.GetString(name) : null;

    /// <summary>The organisation's name as UTF-8, empty where the table has none.</summary>
    public ReadOnlySpan<byte> OrganisationUtf8 => table.NameOf(holder);

    /// <summary>First address of the table's range around the address: where ranges overlap, of the part that no narrower one covers.</summary>
    public IPAddress First => first.ToIPAddress();

    /// <summary>Last address of the same range.</summary>
    public IPAddress Last => last.ToIPAddress();

    /// <summary>The same range as text: <c>1.0.0.0/24</c>, or <c>1.0.0.0-1.0.2.255</c> where it is no single prefix.</summary>
    public string Range => AddressPrefix.Show(first, last);
}
