namespace Weir.Engine;

/// <summary>A cell or row that landed although something was wrong with it.</summary>
/// <param name="RowId">1-based data row; null where the remark is about the source as a whole.</param>
/// <param name="Column">0-based position of the column among the source's columns; -1 for the row.</param>
/// <param name="Code">Kebab-case: <c>unclosed-quote</c>, <c>invalid-utf8</c>, …</param>
/// <param name="Detail">What was found, in words; never text from the log.</param>
/// <param name="Raw">The bytes as they stood in the source; empty where the landed row holds them.</param>
public sealed record Remark(long? RowId, int Column, string Code, string Detail, ReadOnlyMemory<byte> Raw);

/// <summary>A stretch of input that has no row structure, kept with its bytes.</summary>
/// <param name="RowId">Number of the data row it stands in place of, 1-based; the pieces of one row share it.</param>
/// <param name="Line">1-based line of its first byte.</param>
/// <param name="ByteOffset">0-based offset in the source's text.</param>
/// <param name="Code">Kebab-case: <c>row-too-long</c>, …</param>
/// <param name="Detail">What was found, in words; never text from the log.</param>
/// <param name="Raw">The bytes.</param>
public sealed record Reject(long RowId, long Line, long ByteOffset, string Code, string Detail, ReadOnlyMemory<byte> Raw);
