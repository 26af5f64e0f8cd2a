namespace Weir.Engine.Store;

/// <summary>Rewrites a case into a fresh file: DuckDB keeps the bytes of removed rows and never shrinks a file.</summary>
internal static class CaseCompactor
{
    public static void Compact(CaseDatabase database, string path)
    {
        path = FileSystem.Target(path);
        CaseSchema.RemoveAbandoned(path);
        string fresh = $"{path}.new-{Environment.ProcessId}";
        try
        {
            database.Execute($"ATTACH {Sql.Text(fresh)} AS compacted ({CaseDatabase.Storage(LandingShape.OrdinaryRowGroup)})");
            FileSystem.CopyMode(path, fresh);
            GiveMemory(database);
            database.Execute($"COPY FROM DATABASE {CaseDatabase.Alias} TO compacted");
            database.Execute("CHECKPOINT compacted");
            database.Execute($"CHECKPOINT {CaseDatabase.Alias}"); // its log is gone then, and closing it touches no file
            database.Execute("USE memory");
            database.Execute("DETACH compacted");
            FileSystem.Sync(fresh);
            FailPoint.Pass("compacted");
            File.Move(fresh, path, overwrite: true); // the old file is locked until it is closed: nobody lands in it meanwhile
            database.Reattach(LandingShape.OrdinaryRowGroup);
        }
        finally
        {
            File.Delete(fresh);
            File.Delete(fresh + ".wal");
        }
    }

    // COPY fills ordinary row groups in every thread: for thousands of columns, several times what one needs.
    private static void GiveMemory(CaseDatabase database)
    {
        long needed = LandingShape.MemoryFor(database.Count("SELECT coalesce(max(column_count), 0) FROM duckdb_tables() WHERE database_name = ?", CaseDatabase.Alias));
        database.LimitMemory(Math.Max(1L << 30, 2 * needed));
        if (needed > 256L << 20)
            database.Execute("SET threads=1");
    }
}
