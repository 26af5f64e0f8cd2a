namespace Weir.Engine.Stages;

/// <summary>The same conversions as <see cref="Typer"/>, as DuckDB SQL, for columns that change their type after they have landed.</summary>
/// <remarks>
/// The text goes into ALTER … USING, which DuckDB replays from its log when a killed case is opened: it depends on no setting,
/// no time zone of the session and no function that weir registers.
/// </remarks>
internal static class TypedSql
{
    /// <summary>DuckDB's name of a type.</summary>
    public static string Name(ColumnType type) => throw new NotImplementedException();

    /// <summary>Format of values that came in under another type: BIGINT in a DOUBLE column.</summary>
    public static string? DefaultFormat(ColumnType type) => type == ColumnType.Double ? "shortest" : null;

    /// <summary>VARCHAR expression that writes a typed value back; NULL for NULL.</summary>
    /// <param name="value">SQL expression of the column's type.</param>
    public static string Write(string value, ColumnType type, string? format) => throw new NotImplementedException();

    /// <summary>Expression that gives the typed value of a text, NULL where the text is none.</summary>
    /// <param name="text">SQL expression of type VARCHAR.</param>
    /// <param name="tally">Counts of the column: only spellings that occur in it are tried.</param>
    public static string Parse(string text, Verdict verdict, ColumnTally tally) => throw new NotImplementedException();
}
