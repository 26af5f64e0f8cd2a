namespace Weir.Engine.Stages;

/// <summary>Which columns hold many values.</summary>
public sealed record UnnestOptions
{
    /// <summary>Further columns that hold one value a line, by their original or their cleaned name; none by default.</summary>
    public IReadOnlyList<string> MultiValue { get; init; } = [];

    /// <summary>List columns whose values land one a row in a child table <c>&lt;table&gt;__&lt;column&gt;</c>, by their original or their cleaned name; none by default.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>Text between values that are joined instead of listed; null, by default, lists them. Which value was where is lost.</summary>
    public string? Collapse { get; init; }
}
