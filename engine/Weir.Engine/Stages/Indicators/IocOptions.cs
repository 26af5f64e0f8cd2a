namespace Weir.Engine.Stages;

/// <summary>Where indicators are looked for.</summary>
public sealed record IocOptions
{
    /// <summary>The columns to look at, by their original or their cleaned name. Null, by default: <c>_raw</c>, and of every other column the cells that are not contained in it.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Look at every cell of every column, also at those that <c>_raw</c> repeats; false by default.</summary>
    public bool All { get; init; }
}
