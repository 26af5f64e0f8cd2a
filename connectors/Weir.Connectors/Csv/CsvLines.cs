namespace Weir.Connectors;

/// <summary>Text of no format that is known, as delimited text without a delimiter: one row a line.</summary>
internal static class CsvLines
{
    /// <summary>The column of the lines.</summary>
    private const string Raw = "_raw";

    public static CsvLayout Make(InputOptions options, bool asked) => new()
    {
        Connector = "text",
        Dialect = new CsvDialect([], -1, -1, options.Csv.RowLimit),
        RegisterBits = options.Csv.RegisterBits,
        PieceBytes = options.Csv.PieceBytes,
        Columns = [Raw],
        HasHeader = false,
        BodyOffset = 0,
        BodyLine = 1,
        Preamble = [],
        Reasons = [asked ? "format: text, one row a line, as asked for" : $"format: none that is known; one row a line, in {Raw}"],
    };
}
