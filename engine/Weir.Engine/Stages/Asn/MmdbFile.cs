using System.Globalization;
using System.Net;
using MaxMind.Db;

namespace Weir.Engine.Stages;

/// <summary>Reads the AS numbers of a MaxMind database (GeoLite2-ASN and its like).</summary>
internal static class MmdbFile
{
    public const string Extension = ".mmdb";

    private const string Asn = "autonomous_system_number", Organisation = "autonomous_system_organization";

    // Databases of both families keep IPv4 in ::/96.
    private const int IPv4Prefix = 96;

    /// <returns>The database's type and the day it was built.</returns>
    public static (string Source, DateOnly Date) Read(string path, AsnTableBuilder builder)
    {
        try
        {
            using var reader = new Reader(path);
            int before = builder.Ranges;
            foreach (Reader.ReaderIteratorNode<Dictionary<string, object>> node in reader.FindAll<Dictionary<string, object>>())
            {
                if (!node.Data.TryGetValue(Asn, out object? number) || Convert.ToInt64(number, CultureInfo.InvariantCulture) is not (> 0 and <= uint.MaxValue and var asn))
                    continue;
                (Address first, Address last) = Ends(node.Start, node.PrefixLength);
                builder.Add(first, last, (uint)asn, node.Data.TryGetValue(Organisation, out object? name) ? (string)name : "");
            }

            if (builder.Ranges == before)
                throw new WeirException(path, $"no {Asn} in this database ({reader.Metadata.DatabaseType})", "GeoLite2-ASN or one like it", "Give a database of AS numbers.");
            return (reader.Metadata.DatabaseType, DateOnly.FromDateTime(reader.Metadata.BuildDate));
        }
        catch (Exception e) when (e is InvalidDatabaseException or DeserializationException or InvalidCastException or FormatException)
        {
            throw new WeirException(path, $"not a whole MaxMind database: {e.Message.TrimEnd('.')}", "GeoLite2-ASN or one like it", "Fetch it again.", e);
        }
    }

    private static (Address First, Address Last) Ends(IPAddress start, int length)
    {
        Address first = Address.Of(start);
        int bits = first.IsIPv4 ? 32 : 128;
        if (first.IsIPv4 && length > bits)
            length -= IPv4Prefix;
        if (!first.IsIPv4 && length >= IPv4Prefix && first.Value <= uint.MaxValue)
            (first, bits, length) = (new Address(first.Value, IsIPv4: true), 32, length - IPv4Prefix);
        UInt128 size = length == 0 && bits == 128 ? UInt128.MaxValue : (UInt128.One << (bits - length)) - 1;
        return (first, new Address(first.Value | size, first.IsIPv4));
    }
}
