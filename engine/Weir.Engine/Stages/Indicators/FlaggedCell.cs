namespace Weir.Engine.Stages;

/// <summary>A cell in which a bound was met.</summary>
internal readonly record struct FlaggedCell(int Cell, IndicatorFlags Flags);
