namespace Weir.Engine;

/// <summary>How a run uses the machine. None of it changes a value that lands.</summary>
public sealed record RunOptions
{
    /// <summary>The defaults.</summary>
    public static RunOptions Default { get; } = new();

    /// <summary>Memory for weir's batches and DuckDB together, in bytes; the .NET runtime itself comes on top (about 60 MB).</summary>
    /// <value>128 MiB to 1 TiB; 512 MiB by default.</value>
    public long Memory { get; init => field = Check.Bytes(value, 128L << 20, 1L << 40); } = 512L << 20;

    /// <summary>Worker threads per stage, and DuckDB's.</summary>
    /// <value>1 to 256; the machine's processors by default.</value>
    public int Threads { get; init => field = Check.Within(value, 1, 256); } = Math.Min(Environment.ProcessorCount, 256);

    /// <summary>Rows of a batch at most; a batch ends earlier where its bytes demand it.</summary>
    /// <value>1 to 122,880; 8,192 by default: it divides the case's row group (24,576), so that a DuckDB thread ends on whole groups.</value>
    public int BatchRows { get; init => field = Check.Within(value, 1, 122_880); } = 8_192;

    /// <summary>Rows of a commit interval at most; an interval ends earlier where <see cref="Memory"/> demands it.</summary>
    /// <value>1 to 100,000,000; 98,304 by default: four row groups, and under 2 % of the time goes to commits (perf/).</value>
    public int CommitRows { get; init => field = Check.Within(value, 1, 100_000_000); } = 98_304;

    /// <summary>Bytes of a batch at which it is closed.</summary>
    internal long BatchBytes => Math.Max(1L << 20, Memory / 32);

    /// <inheritdoc cref="BatchBytes"/>
    /// <remarks>A batch also costs some 3 KB of objects a column, which its bytes do not count: 16,384 columns in batches of 70 rows took 2.4 GB of them.</remarks>
    internal long BatchBytesFor(int columns) => Math.Max(BatchBytes, columns * (4L << 10));

    /// <summary>Bytes of a commit interval at which it is closed.</summary>
    internal long CommitBytes => Memory * 3 / 16;

    /// <summary>Bytes of a commit interval of a source: where the columns are thousands, enough for 2,048 rows of short cells.</summary>
    internal long CommitBytesFor(int columns) => Math.Max(CommitBytes, columns * (32L << 10));

    /// <summary>Bytes of batches in flight at which the source waits. Above what the sink gathers, or both would wait for ever.</summary>
    internal long GateBytes => GateBytesFor(0);

    /// <inheritdoc cref="GateBytes"/>
    internal long GateBytesFor(int columns) => CommitBytesFor(columns) + 2 * BatchBytesFor(columns);

    /// <summary>
    /// DuckDB's own share: what its buffers may hold. Its threads take some more beside it (row groups under compression), and so does .NET:
    /// the shares leave a third of <see cref="Memory"/> for that. Below 96 MiB a load of wide rows does not fit (tried).
    /// </summary>
    internal long DuckDbBytes => Math.Max(96L << 20, Memory * 9 / 32);

    /// <summary>Is told of the run's progress, several times a second, from any thread.</summary>
    public Action<RunProgress>? Progress { get; init; }
}

/// <summary>Counters of a run while it goes on.</summary>
/// <param name="Rows">Rows read so far in this run.</param>
/// <param name="Bytes">Bytes of the source's text read so far, skipped ones included.</param>
public readonly record struct RunProgress(long Rows, long Bytes);
