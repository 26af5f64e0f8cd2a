using System.Globalization;

namespace Weir.Engine.Store;

/// <summary>SQL of values inside cells, for columns that are not stored.</summary>
internal static class PayloadSql
{
    /// <summary>List of the values of some paths in a JSON object: the cell is read once for all of them. NULL where it is none.</summary>
    public static string Json(string cell, IEnumerable<string> paths) =>
        $"json_extract_string(CASE WHEN starts_with({cell}, '{{') AND json_valid({cell}) THEN {cell} END, [{string.Join(", ", paths.Select(JsonPath))}])";

    /// <summary>Value of a path in such a list.</summary>
    public static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index + 1}]");

    /// <summary>Text of the <c>Data</c> element of a name; empty where there is none.</summary>
    public static string Xml(string cell, string name) =>
        $"regexp_extract(CASE WHEN starts_with({cell}, '<') THEN {cell} END, '<Data Name=[''\"]{name}[''\"]>([^<&]*)</Data>', 1)";

    private static string JsonPath(string path) => Sql.Text("$" + string.Concat(path.Split('.').Select(name => $".\"{name}\"")));
}
