using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Apache.Arrow;
using DuckDB.NET.Data;

namespace Weir.Engine.Store;

/// <summary>One DuckDB instance in memory with the case attached as <c>casefile</c>, every setting explicit.</summary>
/// <remarks>
/// DuckDB's defaults reach out (external files, extension downloads, secrets, a temporary directory where the user stands) and take 80 % of
/// the machine's memory. The case is attached, not opened, because only ATTACH takes the storage version and row group size.
/// </remarks>
internal sealed partial class CaseDatabase : IDisposable
{
    /// <summary>Alias of the case on every connection of weir.</summary>
    public const string Alias = "casefile";

    private readonly string path;
    private readonly Dictionary<string, string> settings = [];
    private long memory;

    private CaseDatabase(string path, DuckDBConnection connection)
    {
        this.path = path;
        Connection = connection;
    }

    /// <summary>The first connection; the writer's, or the reader's template.</summary>
    public DuckDBConnection Connection { get; }

    /// <summary>Attaches a case; <paramref name="readOnly"/> connections are locked against everything but queries.</summary>
    /// <param name="named">What messages call it, where it is made under another name.</param>
    public static CaseDatabase Attach(string path, bool readOnly, RunOptions run, string? named = null)
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        var database = new CaseDatabase(path, connection);
        try
        {
            connection.Open();
            database.Configure(run);
            database.Execute($"ATTACH {Sql.Text(path)} AS {Alias} ({(readOnly ? "READ_ONLY" : Storage(LandingShape.OrdinaryRowGroup))})");
            database.Execute($"USE {Alias}");
            database.LimitMemory(readOnly ? Math.Max(run.DuckDbBytes, 1L << 30) : run.DuckDbBytes); // a reader shares with no batches
            return database;
        }
        catch (DuckDBException e)
        {
            database.Dispose();
            throw Locked(named ?? path, e, readOnly) ?? Explain(named ?? path, e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Rows of the row groups that are written.</summary>
    public int RowGroup { get; private set; } = LandingShape.OrdinaryRowGroup;

    /// <summary>Options of ATTACH for a case that is written.</summary>
    public static string Storage(int rowGroup) => $"STORAGE_VERSION 'v1.2.0', ROW_GROUP_SIZE {rowGroup.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Rows of the row groups written from now on, between transactions.</summary>
    public void UseRowGroups(int rows)
    {
        if (rows != RowGroup)
            Reattach(rows);
    }

    /// <summary>Closes the case and opens it again: only ATTACH takes the size of row groups, and a file that was put in its place.</summary>
    public void Reattach(int rowGroup)
    {
        Execute("USE memory");
        Execute($"DETACH {Alias}");
        Execute($"ATTACH {Sql.Text(path)} AS {Alias} ({Storage(rowGroup)})");
        Execute($"USE {Alias}");
        RowGroup = rowGroup;
    }

    /// <summary>Small row groups stay: a checkpoint would read them all to make large ones.</summary>
    public void KeepRowGroups() => Set("max_vacuum_tasks", "0");

    /// <summary>A commit goes straight into the file, not first into the log, which holds its rows in memory once more.</summary>
    public void SkipLog(bool skip)
    {
        Set("checkpoint_threshold", skip ? "'0B'" : "'16MiB'");
        Set("auto_checkpoint_skip_wal_threshold", skip ? "0" : "100000");
    }

    /// <summary>Without order each thread appends a row group of its own.</summary>
    public void KeepOrder(bool keep) => Set("preserve_insertion_order", keep ? "true" : "false");

    public void LimitMemory(long bytes)
    {
        Set("memory_limit", string.Create(CultureInfo.InvariantCulture, $"'{bytes >> 20}MiB'"));
        memory = bytes;
    }

    /// <summary>Lets DuckDB have this much, until the next limit.</summary>
    public void RaiseMemory(long bytes)
    {
        if (bytes > memory)
            LimitMemory(bytes);
    }

    /// <summary>Goes back to a lower limit, which makes DuckDB let go of blocks that it keeps only because there is room.</summary>
    public void LowerMemory(long bytes)
    {
        try
        {
            LimitMemory(bytes);
        }
        catch (DuckDBException)
        {
            // More is in use: the next commit sets its own limit.
        }
    }

    // A statement takes a millisecond or two, and commits of small sources are many.
    private void Set(string setting, string value)
    {
        if (settings.TryGetValue(setting, out string? now) && now == value)
            return;
        Execute($"SET {setting}={value}");
        settings[setting] = value;
    }

    /// <summary>Refuses everything that reaches outside the attached case, for good: for SQL that a user or a model wrote.</summary>
    /// <param name="writable">Files that COPY may write.</param>
    public void Lock(IReadOnlyList<string> writable)
    {
        if (writable.Count > 0)
            Execute($"SET allowed_paths=[{string.Join(", ", writable.Select(Sql.Text))}]"); // before external access goes: it cannot be set afterwards
        Execute("SET enable_external_access=false");
        Execute("SET lock_configuration=true");
    }

    /// <summary>Refuses what is not one question: a second statement, and every statement that is no SELECT (or EXPLAIN of one).</summary>
    /// <remarks>
    /// The lock alone leaves what acts inside the connection, and DuckDB ends the process where file logging meets it: an exception leaves a destructor.
    /// A statement that cannot be prepared is let through: running it says why.
    /// </remarks>
    public void CheckQuestion(string sql)
    {
        const int select = 1, explain = 4, create = 7, drop = 15;
        if (sql.Contains("enable_logging", StringComparison.OrdinalIgnoreCase))
            throw new WeirException("the query", "it changes DuckDB's logging", "a SELECT", "Leave enable_logging out: the case is open for reading only.");
        nint connection = Connection.NativeConnection.DangerousGetHandle();
        ulong count = DuckDbNative.ExtractStatements(connection, sql, out nint statements);
        try
        {
            if (count == 0 && Empty().IsMatch(sql))
                throw new WeirException("the query", "it is empty", "a SELECT", "Give one, or - to read it from standard input.");
            bool pivots = sql.Contains("PIVOT", StringComparison.OrdinalIgnoreCase); // DuckDB rewrites one into several: the values first, as a type
            if (count > 1 && !pivots)
                throw new WeirException("the query", $"it holds {count} statements", "one", "Run them one after the other.");
            for (ulong i = 0; i < count; i++)
            {
                bool prepared = DuckDbNative.PrepareExtracted(connection, statements, i, out nint statement) == 0;
                int type = prepared ? DuckDbNative.StatementType(statement) : select;
                DuckDbNative.DestroyPrepared(ref statement);
                if (type is not (select or explain) && !(pivots && type is create or drop))
                    throw new WeirException("the query", "it is no SELECT", "a SELECT (or FROM, WITH, DESCRIBE, SUMMARIZE, EXPLAIN)", "The case is open for reading only; change copies of it with DuckDB itself.");
            }
        }
        finally
        {
            DuckDbNative.DestroyExtracted(ref statements);
        }
    }

    /// <summary>A further connection to the same instance.</summary>
    public DuckDBConnection Duplicate()
    {
        DuckDBConnection connection = Connection.Duplicate();
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"USE {Alias}";
        command.ExecuteNonQuery();
        return connection;
    }

    public int Execute(string sql, params object?[] values)
    {
        using DuckDBCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>First column of the first row; null where there is none.</summary>
    public object? Scalar(string sql, params object?[] values)
    {
        using DuckDBCommand command = Command(sql, values);
        object? value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public long Count(string sql, params object?[] values) => Convert.ToInt64(Scalar(sql, values) ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>All rows of a small result.</summary>
    public List<T> Rows<T>(string sql, Func<DbDataReader, T> read, params object?[] values)
    {
        using DuckDBCommand command = Command(sql, values);
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>A result as Arrow, made whole before its first batch: nothing else runs on the connection in between.</summary>
    public IReadOnlyList<RecordBatch> Arrow(string sql, params object?[] values)
    {
        using DuckDBCommand command = Command(sql, values);
        using Apache.Arrow.Ipc.IArrowArrayStream stream = command.ExecuteArrowStream();
        var batches = new List<RecordBatch>();
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            batches.Add(batch);
        return batches;
    }

    /// <summary>Runs a unit of work as one transaction. Any failure rolls all of it back: DuckDB would report a commit behind a failed statement as done.</summary>
    /// <param name="times">Where the time of its COMMIT is noted.</param>
    public void InTransaction(Action work, StepTimes? times = null)
    {
        Execute("BEGIN");
        try
        {
            work();
        }
        catch
        {
            Rollback();
            throw;
        }

        using (times?.Of("commit"))
            Execute("COMMIT");
    }

    /// <summary>Says a DuckDB failure in weir's words where the user can do something about it.</summary>
    public Exception Explain(DuckDBException cause) => Explain(path, cause);

    public void Dispose() => Connection.Dispose();

    private static Exception Explain(string path, DuckDBException cause)
    {
        string text = cause.Message;
        if (Locked(path, cause, readOnly: false) is { } locked)
            return locked;
        if (text.Contains("not a valid DuckDB database file", StringComparison.Ordinal))
            return new WeirException(path, "the file is not a DuckDB database", "a case written by weir", "Name another file with --case.", cause);
        if (text.Contains("No space left", StringComparison.OrdinalIgnoreCase))
            return new WeirException(path, "the disk is full", "room for the case", "What was committed stays: free some space and run the same command again.", cause);
        if (OutOfMemory().Match(text) is { Success: true } memory)
            return new WeirException(path, $"DuckDB ran out of the memory it was given ({memory.Value})", "more of it", "Give more with --memory, for example --memory 2GB; what was committed stays.", cause);
        if (text.Contains("Read-only file system", StringComparison.OrdinalIgnoreCase) || text.Contains("Permission denied", StringComparison.OrdinalIgnoreCase))
            return new WeirException(path, "the case cannot be written here (read-only file system or missing permission)", "", "Name a path with --case that you can write to.", cause);
        if (text.Contains("No such file or directory", StringComparison.Ordinal))
            return new WeirException(path, "there is no such case", "", "Name an existing case with --case, or create one with 'weir ingest'.", cause);
        return cause;
    }

    /// <summary>Who has the case open, and how: a reader meets a writer, a writer may meet either, which a look at the case as a reader tells.</summary>
    private static WeirException? Locked(string path, DuckDBException cause, bool readOnly)
    {
        if (!cause.Message.Contains("Could not set lock", StringComparison.Ordinal))
            return null;
        Match holder = LockHolder().Match(cause.Message);
        string who = holder.Success ? $"it is locked by {Path.GetFileName(holder.Groups[1].Value)} (process {holder.Groups[2].Value})" : "another process has locked it";
        return readOnly
            ? new WeirException(
                path, $"{who}, which has it open for writing", "a case that nobody writes while it is read",
                "Wait until that process has ended or has closed the case, and try again; what only reads should open it read-only.", cause)
            : new WeirException(
                path, $"{who}, which has it open for {(CanBeRead(path) ? "reading" : "writing")}", "a case that nobody else has open while it is written",
                "Wait until that process has ended or has closed the case, and try again.", cause);
    }

    private static bool CanBeRead(string path)
    {
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"ATTACH {Sql.Text(path)} AS {Alias} (READ_ONLY)";
            command.ExecuteNonQuery();
            return true;
        }
        catch (DuckDBException)
        {
            return false;
        }
    }

    private DuckDBCommand Command(string sql, object?[] values)
    {
        DuckDBCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (object? value in values)
            command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        return command;
    }

    private void Configure(RunOptions run)
    {
        Execute("SET TimeZone='UTC'");
        Execute("SET autoinstall_known_extensions=false");
        Execute("SET autoload_known_extensions=false");
        Execute("SET allow_community_extensions=false");
        Execute("SET allow_persistent_secrets=false");
        Execute($"SET threads={run.Threads}");
        LimitMemory(Math.Max(run.DuckDbBytes, 4L << 30)); // while the case is opened: the log of a killed run is replayed whole
        Execute($"SET temp_directory={Sql.Text(path + ".tmp")}");
        KeepOrder(false); // source_id and row_id order every row; keeping the order would serialise the load
        Execute("SET write_buffer_row_group_count=1");   // perf.md, section i: one row group a thread is what is held back
    }

    public void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (DuckDBException)
        {
            // The transaction is gone already (a fatal error invalidates the instance); the first failure is the one to tell.
        }
    }

    // In a commit it comes inside a TransactionContext Error.
    [GeneratedRegex(@"(could not allocate|failed to (allocate|pin|offload))[^\n]*")]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"^(?>\s|;|--[^\n]*(?:\n|$)|(?>/\*.*?\*/))*$", RegexOptions.Singleline)]
    private static partial Regex Empty();

    [GeneratedRegex(@"held in (.+?) \(PID (\d+)\)")]
    private static partial Regex LockHolder();
}
