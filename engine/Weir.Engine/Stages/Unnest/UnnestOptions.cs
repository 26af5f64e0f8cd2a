namespace Weir.Engine.Stages;

/// <summary>Which columns hold many values.</summary>
public sealed record UnnestOptions
{
    /// <summary>Further columns that hold one value a line, by their original or their cleaned name; none by default.</summary>
    public IReadOnlyList<string> MultiValue { get; init; } = [];

    /// <summary>List columns whose values land one a row in a child table <c>&lt;table&gt;__&lt;column&gt;</c>, by their original or their cleaned name; none by default.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>Text by which a <see cref="CollapseStage"/> has joined the values; nothing is listed then. Null by default.</summary>
    public string? Collapse { get; init; }

    /// <summary>Child rows of one source and column beyond which its unnest is refused, by a forecast over its first rows.</summary>
    /// <value>At least 1; 100,000,000 by default.</value>
    public long MostChildren
    {
        get;
        init => field = Check.Within(value, 1, long.MaxValue);
    } = 100_000_000;
}
