using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>A value that is looked for, as conditions over columns. Its text is the mark <c>$1</c> of them all.</summary>
/// <param name="Text">Text, or a pattern of RE2.</param>
/// <param name="IsPattern">It is a pattern; <c>(?-i)</c> in it turns case on.</param>
internal sealed partial record PivotValue(string Text, bool IsPattern = false)
{
    private const double WholeNumbers = 1L << 53; // up to here DOUBLE holds each

    // Bytes that are no UTF-8, as DuckDB writes them out: what it escapes and is text, back; the rest as the character that stands for broken ones.
    private static string Lenient(string bytes) =>
        $"""replace(regexp_replace(replace(replace(replace(replace(replace({bytes}::VARCHAR, '\x27', ''''), '\x22', '"'), '\x0A', chr(10)), '\x0D', chr(13)), '\x09', chr(9)), '\\x(?:[0-46-9A-F][0-9A-F]|5[0-9ABD-F])', chr(65533), 'g'), '\x5C', '\')""";

    /// <summary>The times that the text stands for, both ends in it; null where it is no time.</summary>
    public (DateTime First, DateTime Last)? Times { get; init; }

    /// <summary>Condition that a column holds it; null where it cannot.</summary>
    public string? In(TableColumn column)
    {
        string name = Sql.Name(column.Name);
        if (column.Type == ColumnType.VarcharList)
            return $"len(list_filter({name}, lambda v: {InText("v")})) > 0";
        if (column.Type == ColumnType.Varchar)
            return InText(name);
        if (IsPattern)
        {
            // Times as answers print them.
            return column.Type == ColumnType.TimestampTz ? InText($"replace(replace({name}::VARCHAR, ' ', 'T'), '+00', 'Z')") : InText($"{name}::VARCHAR");
        }

        string text = Text.Trim();
        return column.Type switch
        {
            ColumnType.BigInt => Whole(text) is { } whole ? string.Create(CultureInfo.InvariantCulture, $"{name} = {whole}::BIGINT") : null,
            ColumnType.Double => Number(text) is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name} = '{number:R}'::DOUBLE") : null,
            ColumnType.Boolean => bool.TryParse(text, out bool truth) ? (truth ? name : $"NOT {name}") : null,
            ColumnType.TimestampTz => Times is var (first, last) ? $"{name} BETWEEN {EventFilter.Instant(first)} AND {EventFilter.Instant(last)}" : null,
            _ => null,
        };
    }

    /// <summary>Condition that text holds it.</summary>
    /// <remarks>lower() costs more than the search; where the value has nothing that has a case, it is left out. ILIKE and patterns without regard to case take two to three times as long as lower() (DuckDB 1.5).</remarks>
    public string InText(string text) => IsPattern ? (HasCase ? $"regexp_matches({text}, $1, 'i')" : $"regexp_matches({text}, $1)")
        : HasCase ? $"contains(lower({text}), lower($1))" : $"contains({text}, $1)";

    /// <summary>Condition that bytes hold it, which may be no text.</summary>
    public string InBytes(string bytes)
    {
        string read = $"coalesce(try(decode({bytes})), {Lenient(bytes)})";
        return IsPattern || System.Text.Ascii.IsValid(Text) ? InText(read) : $"({InText(read)} OR regexp_matches(hex({bytes}), '^(?:..)*?' || hex(encode($1))))";
    }

    // Whatever is no ASCII may have a case, or fold into ASCII (the Kelvin sign).
    private bool HasCase => (IsPattern ? Classes().Replace(Text, "") : Text).Any(c => char.IsAsciiLetter(c) || !char.IsAscii(c));

    private static long? Whole(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return whole;
        return Number(text) is { } number && Math.Abs(number) <= WholeNumbers && Math.Floor(number) == number ? (long)number : null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    [GeneratedRegex(@"\\(?:[dDsSbB]|\\)")]
    private static partial Regex Classes();
}
