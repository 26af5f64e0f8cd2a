using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Weir.Engine.Store;

/// <summary>Runs a statement so that the thread that asks sleeps while DuckDB's other threads still work.</summary>
/// <remarks>
/// DuckDB lets the thread that asks take part in the work; where no piece is left for it, it asks the scheduler again and again until the last piece is done (7 % of the samples of an ingest on two processors stood there).
/// A statement whose pieces are row groups ends so each time.
/// </remarks>
internal static class WaitingStatement
{
    private const int Ready = 0, NotReady = 1, Failed = 2;

    /// <returns>Rows that it changed.</returns>
    /// <exception cref="DuckDBException">It failed.</exception>
    public static long Execute(DuckDBConnection connection, string sql)
    {
        nint prepared = 0, pending = 0;
        DuckDbNative.Result result = default;
        try
        {
            if (DuckDbNative.Prepare(connection.NativeConnection.DangerousGetHandle(), sql, out prepared) != 0)
                throw Failure(DuckDbNative.PrepareError(prepared));
            if (DuckDbNative.Pending(prepared, out pending) != 0)
                throw Failure(DuckDbNative.PendingError(pending));
            var wait = new SpinWait();
            for (int state = DuckDbNative.ExecuteTask(pending); state != Ready; state = DuckDbNative.ExecuteTask(pending))
            {
                if (state == Failed)
                    throw Failure(DuckDbNative.PendingError(pending));
                if (state == NotReady)
                    wait.Reset();
                else
                    wait.SpinOnce();
            }

            if (DuckDbNative.ExecutePending(pending, out result) != 0)
                throw Failure(DuckDbNative.ResultError(ref result));
            return (long)DuckDbNative.RowsChanged(ref result);
        }
        finally
        {
            DuckDbNative.DestroyResult(ref result);
            DuckDbNative.DestroyPending(ref pending);
            DuckDbNative.DestroyPrepared(ref prepared);
        }
    }

    private static DuckDBException Failure(nint text) => New(Marshal.PtrToStringUTF8(text) ?? "DuckDB does not say why.", DuckDBErrorType.Invalid);

    // One type of failure for whoever catches; DuckDB.NET makes it of its own results only. Nobody asks for the type of error.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern DuckDBException New(string message, DuckDBErrorType type);
}
