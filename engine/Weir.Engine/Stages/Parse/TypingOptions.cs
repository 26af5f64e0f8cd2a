namespace Weir.Engine.Stages;

/// <summary>Which part of <c>4/2/2021</c> is the day.</summary>
public enum DateOrder
{
    /// <summary>Decided per source over all its rows; where nothing decides, the column stays text.</summary>
    Auto,

    /// <summary>Day before month.</summary>
    DayMonth,

    /// <summary>Month before day.</summary>
    MonthDay,
}

/// <summary>How text becomes typed columns.</summary>
public sealed record TypingOptions
{
    /// <summary>Which part of <c>4/2/2021</c> is the day; <see cref="DateOrder.Auto"/> by default.</summary>
    public DateOrder DateOrder { get; init; }

    /// <summary>What times without a zone mean; UTC by default. A zone in the header (<c>[UTC]</c>) or in the value goes first.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Further columns whose numbers are epoch seconds, by their original or their cleaned name.</summary>
    public IReadOnlyList<string> TimeColumns { get; init; } = [];

    /// <summary>Keep column names as they stand instead of cleaning them to snake_case; false by default.</summary>
    public bool KeepNames { get; init; }
}
