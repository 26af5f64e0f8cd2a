namespace Weir.Engine.Analysis;

/// <summary>What a line, a shape or a colour of a picture stands for.</summary>
/// <param name="Name">The value; null where it is several, or none.</param>
/// <param name="Values">How many values it is.</param>
/// <param name="Events">Events of them.</param>
internal sealed record MarkGroup(MarkGroupKind Kind, string? Name, long Values, long Events);

/// <summary>A value, the rest of the values, or no value.</summary>
internal enum MarkGroupKind
{
    Named,
    Others,
    None,
}
