using System.Globalization;

namespace Weir.Engine;

/// <summary>What a run read, landed and rejected, and what each node did.</summary>
public sealed record RunReport
{
    /// <summary>The source.</summary>
    public required SourceInfo Source { get; init; }

    /// <summary>What stands in the sink now, all runs of this source together.</summary>
    public required CommitResult Result { get; init; }

    /// <summary>True where the sink held all of the source before: nothing was read.</summary>
    public bool AlreadyLanded { get; init; }

    /// <summary>Rows that earlier, unfinished runs had landed or rejected.</summary>
    public long RowsBefore { get; init; }

    /// <summary>Rows read in this run.</summary>
    public long RowsRead { get; init; }

    /// <summary>Remarks of this run by code.</summary>
    public IReadOnlyDictionary<string, long> Remarks { get; init; } = new Dictionary<string, long>();

    /// <summary>What the source knew at its end; null where nothing was read.</summary>
    public SourceEnd? End { get; init; }

    /// <summary>Wall time of the run.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Most bytes that batches held at once.</summary>
    public long PeakBytes { get; init; }

    /// <summary>The nodes in order: source, stages, sink.</summary>
    public IReadOnlyList<NodeReport> Nodes { get; init; } = [];

    /// <summary>Every row read is landed or rejected.</summary>
    public bool Balances => Result.RowsRead == Result.RowsLanded + Result.RowsRejected && Result.RowsRead == RowsBefore + RowsRead;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Source.Uri}: {Result.RowsRead} read = {Result.RowsLanded} landed + {Result.RowsRejected} rejected");
}

/// <summary>What one node did.</summary>
/// <param name="Name">The node.</param>
/// <param name="Batches">Batches that left it.</param>
/// <param name="Rows">Rows that left it.</param>
/// <param name="Bytes">Bytes of the batches that left it.</param>
/// <param name="Remarks">Remarks on the batches that left it.</param>
/// <param name="Rejects">Rejects on the batches that left it.</param>
/// <param name="Busy">Time spent in it, all threads together.</param>
/// <param name="DeepestQueue">Most batches that waited in front of it.</param>
public sealed record NodeReport(string Name, long Batches, long Rows, long Bytes, long Remarks, long Rejects, TimeSpan Busy, int DeepestQueue);
