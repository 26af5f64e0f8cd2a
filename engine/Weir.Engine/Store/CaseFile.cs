using System.Runtime.CompilerServices;
using Apache.Arrow;
using DuckDB.NET.Data;
using Weir.Engine.Buffers;

namespace Weir.Engine.Store;

/// <summary>A case: one DuckDB file with the landed tables and the engine's own (schema <c>weir</c>).</summary>
/// <remarks>Any number of processes read a case, or one writes it; in one process, too, a case that is written is open once. Not safe from several threads, except for queries.</remarks>
public sealed partial class CaseFile : IAsyncDisposable
{
    private readonly CaseDatabase database;
    private readonly CaseWriter? writer;
    private readonly CaseOptions options;
    private readonly IDisposable use;

    private CaseFile(string path, CaseDatabase database, CaseOptions options, IDisposable use)
    {
        (Path, this.database, this.options, this.use) = (path, database, options, use);
        writer = options.ReadOnly ? null : new CaseWriter(database, options);
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens a case, and creates it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Reading or writing, memory, threads; the defaults write.</param>
    /// <exception cref="WeirException">It is no case, of another schema version, open elsewhere where one of the two writes, or cannot be written.</exception>
    public static async Task<CaseFile> OpenAsync(string path, CaseOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CaseOptions();
        string full = System.IO.Path.GetFullPath(path);
        CaseSchema.CheckName(full);
        return await Task.Run(() => Open(full, options), cancellationToken);
    }

    /// <summary>A sink that lands one source in a table, which is created with its first rows.</summary>
    /// <exception cref="WeirException">The name is empty, or reserved for a standard view.</exception>
    public ISink Table(string name, TableOptions? tableOptions = null)
    {
        CaseSchema.CheckTable(name);
        return new CaseSink(Writer, name, tableOptions ?? new TableOptions());
    }

    /// <summary>Makes sources durable that wait for a shared commit (<see cref="CaseOptions.ShareCommits"/>).</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.Run(() => Writer.Flush(cancellationToken), cancellationToken);

    /// <summary>Runs SQL and streams its result. Tables have the columns that are derived from their cells, too.</summary>
    /// <param name="sql">One statement; values are bound to its <c>?</c> or <c>$1</c> marks, never written into it.</param>
    /// <param name="values">Values in the order of the marks.</param>
    /// <returns>Arrow batches, at least one: a result without rows is one batch without rows, with its columns. The caller disposes each.</returns>
    public IAsyncEnumerable<RecordBatch> QueryAsync(string sql, params object?[] values) => QueryAsync(sql, values, CancellationToken.None);

    /// <inheritdoc cref="QueryAsync(string, object?[])"/>
    /// <exception cref="OperationCanceledException">The token was cancelled; the statement is interrupted.</exception>
    public async IAsyncEnumerable<RecordBatch> QueryAsync(string sql, IReadOnlyList<object?> values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using DuckDBConnection connection = database.Duplicate();
        DerivedColumns.Show(database, connection, sql);
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true; // else the whole result is made before its first batch
        foreach (object? value in values)
            command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        using (cancellationToken.Register(() => DuckDbNative.Interrupt(connection.NativeConnection.DangerousGetHandle())))
        {
            using Apache.Arrow.Ipc.IArrowArrayStream stream = command.ExecuteArrowStream();
            bool any = false;
            while (await stream.ReadNextRecordBatchAsync(cancellationToken) is { } batch)
            {
                any = true;
                yield return batch;
            }

            if (!any)
                yield return EmptyColumn.Batch(stream.Schema);
        }
    }

    /// <summary>Runs a statement that has no rows to give; interrupted with the token.</summary>
    internal Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) => Task.Run(
        () =>
        {
            using DuckDBConnection connection = database.Duplicate();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (object? value in values)
                command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
            using (cancellationToken.Register(() => DuckDbNative.Interrupt(connection.NativeConnection.DangerousGetHandle())))
            {
                try
                {
                    command.ExecuteNonQuery();
                }
                catch (DuckDBException e) when (cancellationToken.IsCancellationRequested)
                {
                    throw new OperationCanceledException(e.Message, e, cancellationToken);
                }
            }
        },
        cancellationToken);

    /// <summary>Closes the case, once a commit has ended that is still under way. Sources that wait for a shared commit and were not flushed are not in it.</summary>
    public ValueTask DisposeAsync() => new(Task.Run(() =>
    {
        try
        {
            writer?.Dispose();
            database.Dispose();
        }
        finally
        {
            use.Dispose();
        }
    }));

    internal CaseDatabase Database => database;

    /// <summary>What landing took its time for, so far.</summary>
    internal IReadOnlyList<(string Step, TimeSpan Time)> Steps => writer?.Steps.All ?? [];

    /// <summary>Kinds of logs that are known to it.</summary>
    internal Kinds.LogKinds Kinds => field ??= KindLedger.Known(database, options.Kinds);

    private CaseWriter Writer => writer ?? throw new InvalidOperationException("The case was opened read-only.");

    private static CaseFile Open(string path, CaseOptions options)
    {
        if (Directory.Exists(path))
            throw new WeirException(path, "it is a directory", "a case file", "Name a file with --case.");
        if (!File.Exists(path))
        {
            if (options.ReadOnly || !options.Create)
                throw new WeirException(path, "there is no such case", "", "Name an existing case with --case, or create one with 'weir ingest'.");
            CaseSchema.Create(path, options.Run);
        }

        IDisposable use = OpenCases.Enter(path, options.ReadOnly);
        CaseDatabase? database = null;
        try
        {
            database = CaseDatabase.Attach(path, options.ReadOnly, options.Run);
            CaseSchema.Check(database, path);
            return new CaseFile(path, database, options, use);
        }
        catch
        {
            database?.Dispose();
            use.Dispose();
            throw;
        }
    }
}
