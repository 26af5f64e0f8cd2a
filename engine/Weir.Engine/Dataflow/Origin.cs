namespace Weir.Engine;

/// <summary>Where a batch stands in its source.</summary>
/// <param name="FirstRow">Number of its first data row, 1-based; rejected rows have numbers too.</param>
/// <param name="Rows">Rows read for it: those that land and those that are rejected.</param>
/// <param name="ByteOffset">0-based offset of its first byte in the source's text (after decompression).</param>
/// <param name="Line">1-based line of its first byte.</param>
/// <param name="Next">Where reading would go on behind this batch.</param>
public sealed record Origin(long FirstRow, long Rows, long ByteOffset, long Line, ResumePoint Next);

/// <summary>A place between two rows of a source at which reading can go on, and the proof that the source is still the same.</summary>
/// <param name="RowsRead">Rows read before it: landed and rejected.</param>
/// <param name="ByteOffset">0-based offset in the source's text (after decompression).</param>
/// <param name="Line">1-based line.</param>
/// <param name="Proof">What the source needs to show that the part read before is unchanged, in the source's own words.</param>
public sealed record ResumePoint(long RowsRead, long ByteOffset, long Line, string Proof)
{
    /// <summary>Original names of the columns read so far, for a source that finds them as it goes (<see cref="SourceInfo.OpenColumns"/>); empty otherwise.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Number of the source in the case that resumes, for messages; null where there is none.</summary>
    public int? SourceId { get; init; }
}
