namespace Weir.Engine.Stages;

/// <summary>How the values of a list stand in the source's text, as <c>weir.columns.format</c> names it.</summary>
internal static class ListFormat
{
    /// <summary>Splunk's pair: the values joined by newlines in the field, <c>$a$;$b$</c> in its <c>__mv_</c> twin; a twin that is empty means one value.</summary>
    public const string MvTwin = "mv-twin";

    /// <summary>A JSON array of scalars. Written back without white space, every element a string or null: what differs has a companion.</summary>
    public const string Json = "json";

    /// <summary>One value a line.</summary>
    public const string Newline = "newline";

    /// <summary>The text is the only value: a source that knows no lists, in a column that is a list because of another.</summary>
    public const string Single = "single";

    /// <summary>Name of a twin without its field's.</summary>
    public const string TwinPrefix = "__mv_";

    /// <summary>Fields that hold many values whatever a source holds: <c>values(user)</c>, <c>list(user)</c>, and Splunk's own.</summary>
    public static bool IsNamedSo(string original) =>
        original is "_si" or "tag" or "eventtype" || original.StartsWith("tag::", StringComparison.Ordinal)
        || (original.EndsWith(')') && (original.StartsWith("values(", StringComparison.Ordinal) || original.StartsWith("list(", StringComparison.Ordinal)));
}
