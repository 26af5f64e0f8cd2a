namespace Weir.Engine.Stages;

/// <summary>The text in which something was found.</summary>
/// <param name="Row">Its row; null where it belongs to the source as a whole.</param>
/// <param name="Place">A cell of the events, or what was kept of a fault.</param>
/// <param name="Position">Position of the column in its source; -1 for the row.</param>
/// <param name="Ordinal">Place in a list cell, 1-based; 0 where the cell is no list.</param>
internal readonly record struct FoundIn(long? Row, FoundPlace Place, int Position, int Ordinal = 0)
{
    /// <summary>Place and column in one, as the side tables' column <c>place</c> holds them.</summary>
    public int Number => ((Position + 1) << 2) | (int)Place;

    /// <summary>What a <see cref="Number"/> says.</summary>
    public static (FoundPlace Place, int Position) Of(int number) => ((FoundPlace)(number & 3), (number >> 2) - 1);
}

/// <summary>Where a text stands.</summary>
internal enum FoundPlace
{
    Events = 0,
    Remarks = 1,
    Rejects = 2,
}
