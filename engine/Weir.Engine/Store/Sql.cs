namespace Weir.Engine.Store;

/// <summary>Quoting. Identifiers and literals of SQL text go through here; everything else is bound.</summary>
internal static class Sql
{
    /// <summary>An identifier in double quotes.</summary>
    public static string Name(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal in single quotes.</summary>
    public static string Text(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
