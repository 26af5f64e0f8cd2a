using System.Text;
using Weir.Engine;

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

/// <summary>How delimited text is read.</summary>
internal sealed record CsvLayout : TextLayout
{
    public required CsvDialect Dialect { get; init; }

    public required bool HasHeader { get; init; }

    /// <summary>A line without a byte is a row of one empty field.</summary>
    public bool BlankIsRow { get; init; }

    /// <summary>Width of the registers it is read with. No result depends on it.</summary>
    public int RegisterBits { get; init; } = Block.Bits;

    /// <summary>Largest piece of a rejected row.</summary>
    public required int PieceBytes { get; init; }

    public override RowReader Read(TextWindow window, ResumePoint? from, RunOptions options) =>
        new CsvReader(window, this, from is null ? new RowPlace(0, BodyLine, 0, -1) : RowPlace.Of(from), PieceBytes, options);
}
