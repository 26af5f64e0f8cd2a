namespace Weir.Engine.Analysis;

/// <summary>One mark of a picture.</summary>
/// <param name="User">Place of its line.</param>
/// <param name="Address">Place of its shape.</param>
/// <param name="Log">Place of its colour.</param>
/// <param name="First">Time of its first event, UTC.</param>
/// <param name="Last">Time of its last.</param>
/// <param name="Events">How many events it stands for.</param>
internal readonly record struct TimelineMark(int User, int Address, int Log, DateTime First, DateTime Last, long Events);
