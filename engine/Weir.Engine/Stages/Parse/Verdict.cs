namespace Weir.Engine.Stages;

/// <summary>What a column of a source is.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Format">How its values are written back as text (<see cref="TypedSql"/>, <see cref="Typer"/>): <c>true|false</c>, <c>fixed:2</c>, a time
/// (<see cref="TimeFormat"/>); a list (<see cref="ListFormat"/>); null for text and BIGINT, which have one spelling.</param>
/// <param name="Misfits">Values that the type and format do not give back exactly: their text is in the companion column.</param>
internal sealed record Verdict(ColumnType Type, string? Format, long Misfits)
{
    public static readonly Verdict Text = new(ColumnType.Varchar, null, 0);

    /// <summary>The same values are typed the same way under both.</summary>
    public bool ReadsLike(Verdict other) => Type == other.Type && Format == other.Format;
}
