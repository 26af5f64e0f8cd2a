namespace Weir.Engine.Store;

/// <summary>How the rows of one commit are handed to DuckDB: as ever, or in pieces where whole row groups of them do not fit into memory.</summary>
/// <remarks>
/// <para>A row group that DuckDB fills costs a block of 256 KiB for the values of each column and one for its NULLs, which is written whole. Only the first group of
/// a statement begins with 32 KiB and 2 KiB (column_data.cpp, 1.5). Rows of a commit that is smaller than a row group are copied into the table and cost
/// such blocks again, larger ones are written out at once. So wide rows land in small row groups, each the first and only one of a thread in its statement.</para>
/// </remarks>
/// <param name="RowGroup">Rows of a row group; 0: whatever the case is attached with.</param>
/// <param name="Piecewise">A thread takes one row group a statement.</param>
/// <param name="ChunkRows">Rows of a chunk at most.</param>
/// <param name="Limit">DuckDB's memory limit.</param>
internal readonly record struct LandingShape(int RowGroup, bool Piecewise, int Threads, int ChunkRows, long Limit)
{
    /// <summary>Rows of an ordinary row group: small groups bound what a thread holds while it compresses (perf.md, section i: 24,576).</summary>
    public const int OrdinaryRowGroup = 24_576;

    /// <summary>Rows of the smallest row group, and of DuckDB's vectors.</summary>
    public const int VectorRows = 2_048;

    private const long ColumnBlocks = 512L << 10;

    /// <param name="columns">Columns of the widest table.</param>
    /// <param name="rows">Rows of the commit.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="longestCell">Bytes of the longest cell, 0 where all are short.</param>
    public static LandingShape Of(RunOptions run, int columns, long rows, long bytes, long longestCell)
    {
        bool heavy = IsHeavy(run, columns, rows, bytes);
        long rowBytes = bytes / Math.Max(1, rows);
        if (!heavy)
            return new LandingShape(rows < OrdinaryRowGroup ? 0 : OrdinaryRowGroup, false, run.Threads, VectorRows, Math.Max(run.DuckDbBytes, MemoryFor(columns) + longestCell * 4));
        int threads = (int)Math.Clamp(2 * run.DuckDbBytes / (columns * ColumnBlocks), 1, run.Threads);
        int rowGroup = VectorRows;
        while (rowGroup < 16_384 && 2 * rowGroup <= rows && 2 * rowGroup * rowBytes * threads <= run.DuckDbBytes / 2)
            rowGroup *= 2;
        int chunk = VectorRows;
        while (chunk > 128 && (long)chunk * columns * 16 > run.DuckDbBytes / 4)
            chunk /= 2;
        bool whole = rows >= VectorRows;
        long values = rowGroup * rowBytes > columns * (28L << 10) ? 288L << 10 : 32L << 10;
        long groups = (threads + 1) * columns * (values + (4L << 10)) + threads * (rowGroup * rowBytes + columns * (256L << 10));
        long vectors = (long)threads * columns * VectorRows * 16L * 2;
        long copies = whole ? 0 : columns * ColumnBlocks + bytes * 3;
        return new LandingShape(whole ? rowGroup : 0, true, threads, chunk, Math.Max(run.DuckDbBytes, (64L << 20) + groups + vectors + copies + longestCell * 4));
    }

    /// <summary>What the columns of a table with few rows hold until the commit: 300 tables of 12 columns took 144 MB; one that is altered is in memory whole, and once more when it is written.</summary>
    public static long MemoryOf(TableModel table) => (table.Stored.Count() + 2L) * (table.WillAlter ? ColumnBlocks : 64 << 10);

    /// <summary>What DuckDB needs to write ordinary row groups of short cells, in bytes: blocks for two threads and the commit (tried).</summary>
    public static long MemoryFor(long columns) => (64L << 20) + columns * (1200L << 10);

    /// <summary>What DuckDB needs to read rows of a source, in bytes: a thread has a vector of cells, and a copy of each that a question makes. At most three quarters of the machine's memory.</summary>
    /// <remarks>By the mean cell: where a few long ones stand among many short ones it is too little.</remarks>
    public static long MemoryToRead(int threads, long rows, long bytes) => Math.Min(
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3,
        (64L << 20) + bytes / Math.Max(1, rows) * Math.Min(rows, VectorRows) * Math.Min(threads, (rows + VectorRows - 1) / VectorRows) * 2);

    /// <summary>Whether ordinary row groups of such rows take more than DuckDB's share.</summary>
    private static bool IsHeavy(RunOptions run, int columns, long rows, long bytes) =>
        columns * ColumnBlocks * (rows > OrdinaryRowGroup ? 2 * run.Threads : 1) > run.DuckDbBytes || bytes / Math.Max(1, rows) * OrdinaryRowGroup > run.CommitBytes;
}
