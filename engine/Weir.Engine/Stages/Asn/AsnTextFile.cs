using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Reads published tables that are text, also as .gz: ranges or prefixes with their AS number, and names of AS numbers.</summary>
/// <remarks>
/// A line is <c>first, last, asn[, [country,] name]</c> (ip2asn, iptoasn.com, DB-IP) or <c>prefix, asn[, name]</c> (pyasn), split by tabs, else by commas with quotes.
/// A file whose head begins <c>asn,name</c> gives names. Lines that start with <c>;</c> or <c>#</c> are comments; the number 0 is "not routed".
/// </remarks>
internal static class AsnTextFile
{
    private const int SmallestGzip = 18;

    public static void Read(string path, AsnTableBuilder builder)
    {
        using var lines = new StreamReader(new MemoryStream(Bytes(path)), new UTF8Encoding(false, throwOnInvalidBytes: false));
        bool names = false, begun = false;
        int number = 0, before = builder.Ranges + builder.Names;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line[0] is ';' or '#')
                continue;
            List<string> fields = line.Contains('\t', StringComparison.Ordinal) ? [.. line.Split('\t')] : Split(line);
            bool head = !begun && !char.IsAsciiDigit(fields[0].TrimStart('"').FirstOrDefault()) && !fields[0].Contains(':', StringComparison.Ordinal) && Number(fields[0]) is null;
            begun = true;
            if (head)
                names = fields is ["asn", "name", ..];
            else if (names ? !AddName(fields, builder) : !AddRange(fields, builder))
                throw new WeirException($"{path}, line {number}", $"'{(line.Length > 80 ? line[..80] + "…" : line)}'", names ? "asn,name" : "first,last,asn or prefix,asn", "Mend the line, or take the table from where it is published again.");
        }

        if (builder.Ranges + builder.Names == before)
            throw new WeirException(path, "no range and no name in it", "lines first,last,asn or prefix,asn or asn,name", "Give a table of AS numbers.");
    }

    private static bool AddName(List<string> fields, AsnTableBuilder builder)
    {
        if (fields.Count < 2 || Number(fields[0]) is not { } asn)
            return false;
        builder.AddName(asn, fields[1]);
        return true;
    }

    private static bool AddRange(List<string> fields, AsnTableBuilder builder)
    {
        Address first, last;
        int next;
        if (fields[0].Contains('/', StringComparison.Ordinal))
        {
            if (!AddressPrefix.TryRead(Encoding.UTF8.GetBytes(fields[0]), out first, out last))
                return false;
            next = 1;
        }
        else
        {
            if (fields.Count < 3 || !AddressText.TryRead(Encoding.UTF8.GetBytes(fields[0]), out first) || !AddressText.TryRead(Encoding.UTF8.GetBytes(fields[1]), out last))
                return false;
            next = 2;
        }

        if (fields.Count <= next || first.IsIPv4 != last.IsIPv4 || first.Value > last.Value || Number(fields[next]) is not { } asn)
            return false;
        if (asn != 0)
            builder.Add(first, last, asn, fields.Count > next + 1 ? fields[^1] : null);
        return true;
    }

    private static uint? Number(string field) =>
        uint.TryParse(field.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? field.AsSpan(2) : field, NumberStyles.None, CultureInfo.InvariantCulture, out uint asn) ? asn : null;

    private static List<string> Split(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
            return [.. line.Split(',')];
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                Next();
            else
                field.Append(line[i]);
        }

        Next();
        return fields;

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }

    /// <summary>The file's bytes, unpacked. The framework takes a cut .gz for a whole one, and a cut table would call what is missing unrouted.</summary>
    private static byte[] Bytes(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes is not [0x1F, 0x8B, ..])
            return bytes;
        var text = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            gzip.CopyTo(text);
        }
        catch (InvalidDataException)
        {
            text.SetLength(0);
        }

        byte[] content = text.ToArray();
        if (bytes.Length < SmallestGzip || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)) != (uint)content.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 8)) != Crc32.HashToUInt32(content))
            throw new WeirException(path, "the .gz is cut or damaged", "one whole gzip member", "Fetch it again, or unpack it first.");
        return content;
    }
}
