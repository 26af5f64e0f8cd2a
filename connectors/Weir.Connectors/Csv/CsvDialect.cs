using System.Text;

namespace Weir.Connectors;

/// <summary>The four facts a parser needs. Bytes only: nothing of files, headers or text.</summary>
/// <param name="Delimiter">1 to 4 bytes; empty where a row is one field.</param>
/// <param name="Quote">The quote's byte; -1 for none.</param>
/// <param name="Escape">The escape's byte; -1 where quotes are doubled.</param>
/// <param name="MaxRow">Longest row in bytes, without its line end.</param>
internal sealed record CsvDialect(byte[] Delimiter, int Quote, int Escape, int MaxRow)
{
    public static CsvDialect Of(CsvOptions options, string delimiter, string quote)
    {
        int quoteByte = quote.Length == 0 ? -1 : quote[0];
        int escape = options.Escape is null ? -1 : options.Escape[0];
        return new CsvDialect(Encoding.UTF8.GetBytes(delimiter), quoteByte, escape == quoteByte ? -1 : escape, options.RowLimit);
    }
}

/// <summary>What was found out about an input before its first data row.</summary>
internal sealed record CsvLayout
{
    public required CsvDialect Dialect { get; init; }

    /// <summary>Original names, in order.</summary>
    public required string[] Columns { get; init; }

    public required bool HasHeader { get; init; }

    /// <summary>0-based offset of the first byte behind the header's line end.</summary>
    public required long BodyOffset { get; init; }

    /// <summary>1-based line of that byte.</summary>
    public required long BodyLine { get; init; }

    /// <summary>The bytes skipped before the header; empty where there were none.</summary>
    public required byte[] Preamble { get; init; }

    /// <summary>Why it is read like this, one sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
