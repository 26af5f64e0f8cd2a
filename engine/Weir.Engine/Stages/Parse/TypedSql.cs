using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>The same conversions as <see cref="Typer"/>, as DuckDB SQL, for columns that change their type after they have landed.</summary>
/// <remarks>
/// The text goes into ALTER … USING, which DuckDB replays from its log when a killed case is opened: it depends on no setting,
/// no time zone of the session and no function that weir registers. DuckDB's casts take more than we do ('1e3' and '1.5' as BIGINT), so
/// patterns guard them. Lambdas would save evaluating a pattern several times, but ALTER takes their parameters for columns (1.5.6).
/// </remarks>
internal static class TypedSql
{
    /// <summary>DuckDB's name of a type.</summary>
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.Varchar => "VARCHAR",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.BigInt => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        ColumnType.BigIntList => "BIGINT[]",
        _ => "VARCHAR[]",
    };

    /// <summary>Format of a column without values of its own spelling: one that got its type from another source, or BIGINT in a DOUBLE column.</summary>
    public static string? DefaultFormat(ColumnType type) => type switch
    {
        ColumnType.Boolean => BooleanText.Formats[0],
        ColumnType.Double => DoubleFormat.Shortest,
        ColumnType.TimestampTz => TimeVerdict.DefaultFormat,
        ColumnType.VarcharList => ListFormat.Single,
        _ => null,
    };

    /// <summary>VARCHAR expression that writes a typed value back; NULL for NULL.</summary>
    /// <remarks>NULL also for a DOUBLE outside the bounds of its format: such a cell has a companion.</remarks>
    /// <param name="value">SQL expression of the column's type.</param>
    public static string Write(string value, ColumnType type, string? format) => type switch
    {
        ColumnType.Varchar => value,
        ColumnType.Boolean => WriteBoolean(value, format!.Split('|')),
        ColumnType.BigInt => $"CAST({value} AS VARCHAR)",
        ColumnType.Double => WriteDouble(value, format),
        ColumnType.TimestampTz => TimeSql.Write(value, TimeFormat.Parse(format!)),
        ColumnType.VarcharList => ListSql.Write(value, format!),
        _ => throw new ArgumentException($"Values of {type} have no format.", nameof(type)),
    };

    /// <summary>Expression that gives the typed value of a text, NULL where the text is none.</summary>
    /// <param name="text">SQL expression of type VARCHAR; it is evaluated several times.</param>
    /// <param name="tally">Counts of the column: only spellings that occur in it are tried.</param>
    public static string Parse(string text, Verdict verdict, ColumnTally tally) => verdict.Type switch
    {
        ColumnType.Varchar => text,
        ColumnType.Boolean => $"CASE WHEN {text} IN ('true', 'True', 'TRUE') THEN true WHEN {text} IN ('false', 'False', 'FALSE') THEN false END",
        ColumnType.BigInt => $"CASE WHEN {IsNumber(text, @"[+-]?\d+")} THEN TRY_CAST({text} AS BIGINT) END",
        ColumnType.Double => $"CASE WHEN {IsNumber(text, @"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")} AND isfinite(TRY_CAST({text} AS DOUBLE)) THEN TRY_CAST({text} AS DOUBLE) END",
        ColumnType.TimestampTz => TimeSql.Parse(text, TimeFormat.Parse(verdict.Format!), tally),
        ColumnType.VarcharList => ListSql.Parse(text, verdict.Format!),
        _ => throw new ArgumentException($"Text is not typed as {verdict.Type}.", nameof(verdict)),
    };

    // NumberText reads no more than 40 bytes.
    private static string IsNumber(string text, string pattern) => $"regexp_full_match({text}, '{pattern}') AND length({text}) <= 40";

    private static string WriteBoolean(string value, string[] spelling) =>
        $"CASE WHEN {value} THEN '{spelling[0]}' WHEN NOT ({value}) THEN '{spelling[1]}' END";

    private static string WriteDouble(string value, string? format)
    {
        int decimals = DoubleFormat.DecimalsOf(format);
        if (decimals > 0)
        {
            string beyond = Math.Pow(10, NumberText.MostDecimals - decimals).ToString("0", CultureInfo.InvariantCulture);
            return $"CASE WHEN {value} = 0 THEN '0.{new string('0', decimals)}' WHEN abs({value}) < {beyond}::DOUBLE THEN format('{{:.{decimals}f}}', {value}) END";
        }

        string plain = format == DoubleFormat.Point ? $"CAST({value} AS VARCHAR)" : $@"regexp_replace(CAST({value} AS VARCHAR), '\.0$', '')";
        return $"CASE WHEN {value} = 0 THEN '{(format == DoubleFormat.Point ? "0.0" : "0")}' WHEN abs({value}) >= 0.0001::DOUBLE AND abs({value}) < 1e15::DOUBLE THEN {plain} END";
    }
}
