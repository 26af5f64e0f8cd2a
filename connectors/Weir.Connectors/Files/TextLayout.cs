using Weir.Engine;

namespace Weir.Connectors;

/// <summary>What was found out about an input before its first data row: how it is read, and why.</summary>
internal abstract record TextLayout
{
    /// <summary>What the ledger calls the reader: <c>csv</c>, <c>ndjson</c>, …</summary>
    public required string Connector { get; init; }

    /// <summary>Original names, in order, as far as they are known before reading.</summary>
    public required string[] Columns { get; init; }

    /// <summary>0-based offset in the text of the first byte that rows may stand at.</summary>
    public required long BodyOffset { get; init; }

    /// <summary>1-based line of that byte.</summary>
    public required long BodyLine { get; init; }

    /// <summary>The bytes skipped before the header; empty where there were none.</summary>
    public required byte[] Preamble { get; init; }

    /// <summary>Why it is read like this, one sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Columns are found while rows are read.</summary>
    public virtual bool OpenColumns => false;

    /// <summary>A reader that goes on at a place: <paramref name="from"/>, or where the rows begin.</summary>
    public abstract RowReader Read(TextWindow window, ResumePoint? from, RunOptions options);

    /// <summary>Whether reading can go on at an offset and line alone, without the state that a proof keeps.</summary>
    public virtual bool StartsAnywhere => true;
}
