using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The table function <c>weir_batches()</c>: hands Arrow batches to DuckDB's own threads, without a copy.</summary>
/// <remarks>
/// The measured route (perf/): rows go out in chunks of 2,048 whose <c>string_t</c> point at the Arrow bytes, and each thread takes
/// whole row groups, so that no partial group is left behind for a checkpoint to rewrite. The batches must stay alive until the
/// statement has ended. One statement at a time.
/// </remarks>
internal sealed unsafe class BatchFeed : IDisposable
{
    private const int TypeBoolean = 1, TypeInteger = 4, TypeBigInt = 5, TypeDouble = 11, TypeVarchar = 17, TypeTimestampTz = 31;

    private GCHandle self;
    private IReadOnlyList<LandedColumn> columns = [];
    private IReadOnlyList<LandedRows> batches = [];
    private long[] firstRows = [];
    private readonly List<MemoryHandle> pins = [];
    private long rows;
    private long reserved;
    private long until;
    private LandingShape shape;
    private int rowGroup;
    private CancellationToken cancellation;

    public BatchFeed(nint connection)
    {
        self = GCHandle.Alloc(this, GCHandleType.Weak);
        nint function = DuckDbNative.CreateTableFunction();
        DuckDbNative.SetName(function, "weir_batches");
        DuckDbNative.SetExtraInfo(function, GCHandle.ToIntPtr(self), null);
        DuckDbNative.SetBind(function, &Bind);
        DuckDbNative.SetInit(function, &Init);
        DuckDbNative.SetLocalInit(function, &InitThread);
        DuckDbNative.SetFunction(function, &Fill);
        int state = DuckDbNative.Register(connection, function);
        DuckDbNative.DestroyTableFunction(ref function);
        if (state != 0)
            throw new InvalidOperationException("DuckDB refused the table function weir_batches.");
    }

    /// <summary>Sets what the next statement reads: <c>source_id</c>, <c>row_id</c>, then the columns.</summary>
    /// <returns>Rows that the statement must insert.</returns>
    public long Load(IReadOnlyList<LandedColumn> columns, IReadOnlyList<LandedRows> batches, LandingShape shape, int rowGroup, CancellationToken cancellationToken)
    {
        (this.shape, this.rowGroup) = (shape, rowGroup);
        this.columns = columns;
        this.batches = batches;
        cancellation = cancellationToken;
        firstRows = new long[batches.Count];
        rows = 0;
        for (int i = 0; i < batches.Count; i++)
        {
            firstRows[i] = rows;
            rows += batches[i].RowIds.Length;
            foreach (IArrowArray? column in batches[i].Columns)
                Pin(column);
        }

        reserved = 0;
        return rows;
    }

    /// <summary>Whether rows are left; makes ready what the next statement takes.</summary>
    public bool Next()
    {
        if (reserved >= rows)
            return false;
        long part = rows % rowGroup;
        until = shape.Piecewise && reserved == 0 && part > 0 ? part : rows;
        return true;
    }

    /// <summary>The statement takes less than a row group.</summary>
    public bool IsPart => until - reserved < rowGroup;

    /// <summary>Forgets the batches, which may be disposed now.</summary>
    public void Unload()
    {
        (batches, columns) = ([], []);
        foreach (MemoryHandle pin in pins)
            pin.Dispose();
        pins.Clear();
    }

    public void Dispose()
    {
        if (self.IsAllocated)
            self.Free();
    }

    // DuckDB is given pointers to the text: batches made by others may lie in managed memory, which moves.
    private void Pin(IArrowArray? column)
    {
        if (column is StringArray text)
            pins.Add(text.ValueBuffer.Memory.Pin());
        else if (column is ListArray list)
            Pin(list.Values);
    }

    private static BatchFeed From(nint handle) =>
        GCHandle.FromIntPtr(handle).Target as BatchFeed ?? throw new ObjectDisposedException(nameof(BatchFeed));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            Add(info, "source_id", TypeInteger);
            Add(info, "row_id", TypeBigInt);
            foreach (LandedColumn column in From(DuckDbNative.BindExtraInfo(info)).columns)
            {
                if (column.Type is ColumnType.VarcharList or ColumnType.BigIntList)
                    AddList(info, column.Name, column.Type == ColumnType.VarcharList ? TypeVarchar : TypeBigInt);
                else
                    Add(info, column.Name, column.IsNarrow ? TypeInteger : TypeOf(column.Type));
            }
        }
        catch (Exception e)
        {
            DuckDbNative.BindError(info, e.Message);
        }
    }

    private static void Add(nint info, string name, int type)
    {
        nint logical = DuckDbNative.CreateLogicalType(type);
        DuckDbNative.AddResultColumn(info, name, logical);
        DuckDbNative.DestroyLogicalType(ref logical);
    }

    private static void AddList(nint info, string name, int type)
    {
        nint item = DuckDbNative.CreateLogicalType(type);
        nint list = DuckDbNative.CreateListType(item);
        DuckDbNative.AddResultColumn(info, name, list);
        DuckDbNative.DestroyLogicalType(ref list);
        DuckDbNative.DestroyLogicalType(ref item);
    }

    private static int TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => TypeBoolean,
        ColumnType.BigInt => TypeBigInt,
        ColumnType.Double => TypeDouble,
        ColumnType.TimestampTz => TypeTimestampTz,
        _ => TypeVarchar,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info)
    {
        try
        {
            DuckDbNative.SetMaxThreads(info, (ulong)From(DuckDbNative.InitExtraInfo(info)).shape.Threads);
        }
        catch (Exception e)
        {
            DuckDbNative.InitError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void InitThread(nint info)
    {
        try
        {
            DuckDbNative.SetInitData(info, (nint)NativeMemory.AllocZeroed((nuint)sizeof(Place)), &FreeThread);
        }
        catch (Exception e)
        {
            DuckDbNative.InitError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeThread(nint place) => NativeMemory.Free((void*)place);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint chunk)
    {
        try
        {
            From(DuckDbNative.FunctionExtraInfo(info)).FillChunk((Place*)DuckDbNative.LocalInitData(info), chunk);
        }
        catch (Exception e)
        {
            DuckDbNative.FunctionError(info, e.Message);
        }
    }

    private void FillChunk(Place* place, nint chunk)
    {
        cancellation.ThrowIfCancellationRequested();
        if (place->Next == place->End && !Reserve(place))
        {
            DuckDbNative.SetChunkSize(chunk, 0);
            return;
        }

        int at = System.Array.BinarySearch(firstRows, place->Next);
        at = at < 0 ? ~at - 1 : LastOfEqual(at);
        LandedRows batch = batches[at];
        int from = (int)(place->Next - firstRows[at]);
        int count = (int)Math.Min(Math.Min(shape.ChunkRows, batch.RowIds.Length - from), place->End - place->Next);
        new Span<int>(DuckDbNative.VectorData(DuckDbNative.ChunkVector(chunk, 0)), count).Fill(batch.SourceId);
        batch.RowIds.Values.Slice(from, count).CopyTo(new Span<long>(DuckDbNative.VectorData(DuckDbNative.ChunkVector(chunk, 1)), count));
        for (int i = 0; i < columns.Count; i++)
            VectorWriter.Write(DuckDbNative.ChunkVector(chunk, (ulong)i + 2), batch.Columns[i], columns[i].Type, from, count);
        DuckDbNative.SetChunkSize(chunk, (ulong)count);
        place->Next += count;
    }

    private bool Reserve(Place* place)
    {
        if (shape.Piecewise && place->Taken)
            return false;
        long taken;
        do
        {
            taken = Volatile.Read(ref reserved);
            if (taken >= until)
                return false;
            place->Next = taken;
            place->End = Math.Min(taken + rowGroup, until);
        }
        while (Interlocked.CompareExchange(ref reserved, place->End, taken) != taken);
        return place->Taken = true;
    }

    // Batches without rows share their first row with the batch behind them.
    private int LastOfEqual(int at)
    {
        while (at + 1 < firstRows.Length && firstRows[at + 1] == firstRows[at])
            at++;
        return at;
    }

    /// <summary>Where a DuckDB thread stands in the row group it has reserved.</summary>
    private struct Place
    {
        public long Next;
        public long End;
        public bool Taken;
    }
}
