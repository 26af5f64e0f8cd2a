using System.Globalization;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>SQL of values inside cells, for columns that are not stored.</summary>
/// <remarks>
/// Lists are made behind a condition that is always true and that DuckDB takes for volatile: else each condition on a value is pushed below the list, and reads the cell once more.
/// </remarks>
internal static class PayloadSql
{
    private const string Once = "random() >= 0";

    /// <summary>List of the values of some paths in a JSON object: the cell is read once for all of them. NULL where it is none.</summary>
    public static string Json(string cell, IEnumerable<string> paths) =>
        $"json_extract_string(CASE WHEN {Once} AND starts_with({cell}, '{{') AND json_valid({cell}) THEN {cell} END, [{string.Join(", ", paths.Select(JsonPath))}])";

    /// <summary>Value of a path in such a list.</summary>
    public static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index + 1}]");

    /// <summary>Text of the <c>Data</c> element of a name; empty where there is none.</summary>
    public static string Xml(string cell, string name) =>
        $"regexp_extract(CASE WHEN starts_with({cell}, '<') THEN {cell} END, '<Data Name=[''\"]{name}[''\"]>([^<&]*)</Data>', 1)";

    /// <summary>List of some of the values that are kept beside the cells (<see cref="KeptValues"/>), of which a row has none or some.</summary>
    public static string Kept(string values, IEnumerable<string> paths) =>
        $"json_extract_string(CASE WHEN {Once} THEN {values} END, [{string.Join(", ", paths.Select(p => Sql.Text("/" + p.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))))}])";

    /// <summary>List of all of them.</summary>
    public static string AllKept(string values) => $"json_extract_string({values}, '$.*')";

    private static string JsonPath(string path) => Sql.Text("$" + string.Concat(path.Split('.').Select(name => $".\"{name}\"")));
}
