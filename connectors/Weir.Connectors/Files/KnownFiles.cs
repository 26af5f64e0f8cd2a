namespace Weir.Connectors;

/// <summary>Files that are no text and whose first bytes say what they are.</summary>
internal static class KnownFiles
{
    private static readonly (byte[] Magic, string Name, string Remedy)[] Kinds =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a zip archive within another container", "Unpack it, and ingest the files."),
        ("SQLite format 3\0"u8.ToArray(), "a SQLite database", "Export its tables as CSV."),
        ("ElfFile\0"u8.ToArray(), "a Windows event log (.evtx)", "Export it as JSON or CSV first."),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a picture", "Leave it out."),
        ([0xFF, 0xD8, 0xFF], "a picture", "Leave it out."),
        ("GIF8"u8.ToArray(), "a picture", "Leave it out."),
        ("%PDF"u8.ToArray(), "a PDF", "Leave it out, or take its text out first."),
        ([0xD0, 0xCF, 0x11, 0xE0], "an Office document", "Export it as CSV."),
        ("PAR1"u8.ToArray(), "a Parquet file", "Write it as CSV or JSON first."),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "packed with xz", "Unpack it first."),
        ("BZh"u8.ToArray(), "packed with bzip2", "Unpack it first."),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF], "a 7z archive", "Unpack it first."),
        ([0x1F, 0x8B], "packed with gzip twice", "Unpack it once."),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program", "Leave it out."),
        ("MZ\u0090\0"u8.ToArray(), "a program", "Leave it out."),
    ];

    /// <summary>What the bytes are, and what can be done; null where they tell nothing.</summary>
    public static (string Name, string Remedy)? Of(ReadOnlySpan<byte> first)
    {
        foreach ((byte[] magic, string name, string remedy) in Kinds)
        {
            if (first.StartsWith(magic))
                return (name, remedy);
        }

        if (first.Length > 12 && first[8..].StartsWith("DUCK"u8))
            return ("a DuckDB database", "Export its tables as CSV; '--case' opens a case.");

        // A tar archive says so in its first header.
        return first.Length > 262 && first[257..].StartsWith("ustar"u8) ? ("a tar archive", "Unpack it, and ingest the files.") : null;
    }
}
