namespace Weir.Engine.Store;

/// <summary>Rewrites a case into a fresh file: DuckDB keeps the bytes of removed rows and never shrinks a file.</summary>
internal static class CaseCompactor
{
    public static void Compact(CaseDatabase database, string path, RunOptions run)
    {
        string fresh = $"{path}.new-{Environment.ProcessId}";
        try
        {
            using (CaseDatabase empty = CaseDatabase.Attach(fresh, readOnly: false, run))
                empty.Execute("SELECT 1");
            database.Execute($"ATTACH {Sql.Text(fresh)} AS compacted (STORAGE_VERSION 'v1.2.0', ROW_GROUP_SIZE {BatchFeed.RowGroup})");
            database.Execute($"COPY FROM DATABASE {CaseDatabase.Alias} TO compacted");
            database.Execute("CHECKPOINT compacted");
            database.Execute("USE memory");
            database.Execute("DETACH compacted");
            database.Execute($"DETACH {CaseDatabase.Alias}");
            FileSystem.Sync(fresh);
            File.Move(fresh, path, overwrite: true);
            File.Delete(path + ".wal");
            database.Execute($"ATTACH {Sql.Text(path)} AS {CaseDatabase.Alias} (STORAGE_VERSION 'v1.2.0', ROW_GROUP_SIZE {BatchFeed.RowGroup})");
            database.Execute($"USE {CaseDatabase.Alias}");
        }
        finally
        {
            File.Delete(fresh);
            File.Delete(fresh + ".wal");
        }
    }
}
