namespace Weir.Engine.Stages;

/// <summary>What a column of a source is.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Format">How its values are written back as text (<see cref="TypedSql"/>, <see cref="Typer"/>); null for text.</param>
/// <param name="Misfits">Values that the type and format do not give back exactly: their text is in the companion column.</param>
internal sealed record Verdict(ColumnType Type, string? Format, long Misfits)
{
    public static readonly Verdict Text = new(ColumnType.Varchar, null, 0);

    /// <summary>The same values are typed the same way under both.</summary>
    public bool ReadsLike(Verdict other) => Type == other.Type && Format == other.Format;
}

/// <summary>The verdicts of all columns of a source.</summary>
/// <param name="Columns">One a column.</param>
/// <param name="UndecidedDates">Positions of columns that stay text because nothing decides whether day or month comes first.</param>
internal sealed record SourceVerdict(IReadOnlyList<Verdict> Columns, IReadOnlyList<int> UndecidedDates)
{
    public static SourceVerdict Decide(IReadOnlyList<ColumnTally> columns, TypingOptions options) => throw new NotImplementedException();
}
