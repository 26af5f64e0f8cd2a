namespace Weir.Engine.Stages;

/// <summary>The same conversions as <see cref="ListTyper"/> and <see cref="ListText"/>, as DuckDB SQL (see <see cref="TypedSql"/>).</summary>
internal static class ListSql
{
    private const string String = @"""(?:[^""\\\x00-\x1f]|\\(?:[""\\/bfnrt]|u[0-9a-fA-F]{4}))*""";

    private const string Bare = @"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)";

    /// <summary>VARCHAR expression that writes a list back; NULL for NULL.</summary>
    public static string Write(string value, string format) =>
        format == ListFormat.Json ? $"CASE WHEN {value} IS NOT NULL THEN CAST(to_json({value}) AS VARCHAR) END" : $"array_to_string({value}, chr(10))";

    /// <summary>Expression that gives the list of a text, NULL where the text is none.</summary>
    public static string Parse(string text, string format) => format switch
    {
        ListFormat.Json => ParseJson(text),
        ListFormat.Newline => $"CASE WHEN {text} <> '' THEN string_split({text}, chr(10)) END",
        _ => $"CASE WHEN {text} <> '' THEN [{text}] END",
    };

    // Bare elements are quoted first (JSON text holds no control characters, so they can mark the places), as DuckDB would spell numbers anew.
    private static string ParseJson(string text)
    {
        const string space = @"[ \t\r\n]*";
        string element = $"{space}(?:{String}|{Bare}){space}";
        string grammar = $@"{space}\[(?:{space}|{element}(?:,{element})*)\]{space}";
        string marked = $@"regexp_replace({text}, '({String})|([^"" \t\r\n,\[\]]+)', '\1' || chr(1) || '\2' || chr(2), 'g')";
        string quoted = $"replace(replace(replace(replace({marked}, chr(1) || chr(2), ''), chr(1) || 'null' || chr(2), 'null'), chr(1), '\"'), chr(2), '\"')";
        return $"CASE WHEN regexp_full_match({text}, '{grammar}') AND json_valid({quoted}) THEN json_extract_string({quoted}, '$[*]') END";
    }
}
