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
            database.Execute($"ATTACH {Sql.Text(fresh)} AS compacted ({CaseDatabase.Storage})");
            FileSystem.CopyMode(path, fresh);
            database.Execute($"COPY FROM DATABASE {CaseDatabase.Alias} TO compacted");
            database.Execute("CHECKPOINT compacted");
            database.Execute($"CHECKPOINT {CaseDatabase.Alias}"); // its log is gone then, and closing it touches no file
            database.Execute("USE memory");
            database.Execute("DETACH compacted");
            FileSystem.Sync(fresh);
            FailPoint.Pass("compacted");
            File.Move(fresh, path, overwrite: true); // the old file is locked until it is closed: nobody lands in it meanwhile
            database.Execute($"DETACH {CaseDatabase.Alias}");
            database.Execute($"ATTACH {Sql.Text(path)} AS {CaseDatabase.Alias} ({CaseDatabase.Storage})");
            database.Execute($"USE {CaseDatabase.Alias}");
        }
        finally
        {
            File.Delete(fresh);
            File.Delete(fresh + ".wal");
        }
    }
}
