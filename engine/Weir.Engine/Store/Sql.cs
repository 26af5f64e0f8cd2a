using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace Weir.Engine.Store;

/// <summary>Quoting. Identifiers and literals of SQL text go through here; everything else is bound, or appended.</summary>
internal static class Sql
{
    /// <summary>An identifier in double quotes.</summary>
    public static string Name(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal in single quotes.</summary>
    public static string Text(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Numbers for an IN list.</summary>
    public static string Numbers(IEnumerable<int> numbers) => string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Appends text as bytes: as a string it would end at its first NUL.</summary>
    public static IDuckDBAppenderRow AppendText(this IDuckDBAppenderRow row, string? text) => text is null ? row.AppendNullValue() : row.AppendValue(Encoding.UTF8.GetBytes(text).AsSpan());
}
