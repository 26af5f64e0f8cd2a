using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine;

/// <summary>One slice of input and all that was derived from it.</summary>
/// <remarks>
/// A batch carries its own schema; batches of one source may differ. The first column of <see cref="Events"/> is
/// <c>row_id</c> int64. Owns its columns: dispose it, and pass columns on with <see cref="Share(string)"/>.
/// </remarks>
public sealed class Batch : IDisposable
{
    /// <summary>Name of the first column of <see cref="Events"/>.</summary>
    public const string RowId = "row_id";

    private readonly RecordBatch events;
    private long? bytes;
    private bool disposed;

    /// <summary>Takes ownership of <paramref name="events"/>.</summary>
    public Batch(Origin origin, RecordBatch events)
    {
        Origin = origin;
        this.events = events;
        if (events.Schema.FieldsList.Count == 0 || events.Column(0) is not Int64Array)
            throw new ArgumentException($"The first column must be {RowId} int64.", nameof(events));
    }

    /// <summary>Where it stands in its source.</summary>
    public Origin Origin { get; }

    /// <summary>The rows: <c>row_id</c> int64, then one column a field.</summary>
    public RecordBatch Events => disposed ? throw new ObjectDisposedException(nameof(Batch)) : events;

    /// <summary>The cells as read, text, once a stage has replaced them in <see cref="Events"/> by typed columns; null before.</summary>
    public RecordBatch? Cells { get; init; }

    /// <summary>Derived rows for other tables.</summary>
    public IReadOnlyList<SideTable> Side { get; init; } = [];

    /// <summary>Cells and rows that land with a remark, in row order.</summary>
    public IReadOnlyList<Remark> Remarks { get; init; } = [];

    /// <summary>Input without row structure, in row order.</summary>
    public IReadOnlyList<Reject> Rejects { get; init; } = [];

    /// <summary>Set on the last batch of a source.</summary>
    public SourceEnd? End { get; init; }

    /// <summary>Per column of <see cref="Cells"/>, how many values fit which type; empty before the parse stage.</summary>
    internal IReadOnlyList<ColumnTally> Tallies { get; init; } = [];

    /// <summary>Columns of values inside cells that need no storing; empty before the payload stage.</summary>
    internal IReadOnlyList<DerivedColumn> Derived { get; init; } = [];

    /// <summary>Order-free sum over rows of their source cells with their original names (see <see cref="RowHash"/>).</summary>
    internal ulong CellsHash { get; init; }

    /// <summary>Rows that land.</summary>
    public int Rows => events.Length;

    /// <summary>Bytes of memory held by columns, remarks and rejects: what the run's memory bound counts.</summary>
    public long Bytes => bytes ??= Measure();

    /// <summary>Runs once when the batch is disposed: the runner's memory gate.</summary>
    internal Action? Released { get; set; }

    /// <summary>A column that outlives this batch: reference-counted, disposed with the batch it is given to.</summary>
    public IArrowArray Share(string column) => Share(Events.Column(column));

    /// <summary>A column that outlives this batch: reference-counted, disposed with the batch it is given to.</summary>
    public static IArrowArray Share(IArrowArray column) => ArrowArrayFactory.BuildArray(column.Data.SliceShared(0, column.Length));

    /// <summary>All columns of <see cref="Events"/>, shared.</summary>
    public RecordBatch ShareEvents() => Events.SliceShared(0, Events.Length);

    /// <summary>What a stage makes of the batch: other columns, everything else carried along.</summary>
    /// <param name="columns">The new events, owned by the new batch.</param>
    /// <param name="remarks">Remarks beside those that are there.</param>
    /// <param name="side">Side tables beside those that are there.</param>
    /// <param name="derived">Derived columns; null: those that are there.</param>
    internal Batch Derive(RecordBatch columns, IReadOnlyList<Remark>? remarks = null, IEnumerable<SideTable>? side = null, IReadOnlyList<DerivedColumn>? derived = null) => new(Origin, columns)
    {
        Derived = derived ?? Derived,
        Cells = Cells?.SliceShared(0, Cells.Length),
        Tallies = Tallies,
        CellsHash = CellsHash,
        Side = [.. Side.Select(s => s with { Rows = s.Rows.SliceShared(0, s.Rows.Length) }), .. side ?? []],
        Remarks = remarks is not { Count: > 0 } ? Remarks : [.. Remarks.Concat(remarks).OrderBy(r => r.RowId ?? 0)],
        Rejects = Rejects,
        End = End,
    };

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        events.Dispose();
        Cells?.Dispose();
        foreach (SideTable side in Side)
            side.Rows.Dispose();
        Released?.Invoke();
    }

    private long Measure()
    {
        // Columns are shared between events and cells: a buffer counts once.
        var counted = new HashSet<nint>();
        long size = SizeOf(events, counted) + (Cells is null ? 0 : SizeOf(Cells, counted));
        foreach (SideTable side in Side)
            size += SizeOf(side.Rows, counted);
        foreach (Remark remark in Remarks)
            size += 128 + remark.Raw.Length;
        foreach (Reject reject in Rejects)
            size += 128 + reject.Raw.Length;
        return size;
    }

    private static long SizeOf(RecordBatch batch, HashSet<nint> counted)
    {
        long size = 0;
        for (int i = 0; i < batch.ColumnCount; i++)
            size += SizeOf(batch.Column(i).Data, counted);
        return size;
    }

    private static unsafe long SizeOf(ArrayData data, HashSet<nint> counted)
    {
        long size = 0;
        foreach (ArrowBuffer buffer in data.Buffers)
        {
            if (!buffer.IsEmpty && counted.Add((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Span))))
                size += buffer.Length;
        }

        foreach (ArrayData child in data.Children ?? [])
            size += SizeOf(child, counted);
        return data.Dictionary is null ? size : size + SizeOf(data.Dictionary, counted);
    }
}
