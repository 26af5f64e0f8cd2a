using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>A typed column of one batch.</summary>
/// <param name="Values">BooleanArray, Int64Array, DoubleArray or TimestampArray (microseconds, UTC).</param>
/// <param name="Text">The companion: exact text where <paramref name="Values"/> does not give it back, NULL elsewhere; null where there is none.</param>
/// <param name="Misfits">Values in the companion, empty ones apart.</param>
internal sealed record TypedColumn(IArrowArray Values, StringArray? Text, long Misfits);

/// <summary>Text to typed values and back, exactly.</summary>
internal static class Typer
{
    /// <summary>Types the cells under a verdict that may come from other cells.</summary>
    /// <param name="keepEmpty">Keep the quoted empty string in the companion, so that the column can still become text.</param>
    public static TypedColumn Convert(StringArray cells, ColumnHint hint, Verdict verdict, bool keepEmpty) => throw new NotImplementedException();

    /// <summary>Text of one typed value under a format; the inverse of <see cref="Convert"/> for every value without a companion.</summary>
    public static string Write(IArrowArray values, int index, string? format) => throw new NotImplementedException();
}
