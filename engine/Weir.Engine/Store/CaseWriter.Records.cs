namespace Weir.Engine.Store;

/// <summary>What is written into a case beside the rows of sources: removals, inputs that failed, facts, aliases.</summary>
internal sealed partial class CaseWriter
{
    /// <summary>Removes a source, its rows and what hangs on it: columns that no other source has, companions that no other needs.</summary>
    /// <returns>Rows removed; null where the case has no such source.</returns>
    public long? Remove(int source) => Guard<long?>(() =>
    {
        LandFinished(CancellationToken.None);
        if (ledger.TableOf(source) is not { } table)
            return null;
        TableModel model = Model(table);
        long removed = 0;
        Transact(() =>
        {
            if (model.Exists)
                removed = RemoveRows(model, source);
            children.Remove(source);
            indicators.Remove(source);
            ledger.Remove(source);
            WriteColumns(model, [], open: false);
            kinds.Remove(source, Model);
            FailPoint.Pass("removing");
        }, CancellationToken.None);
        FailPoint.Pass("removed");
        tables.Remove(table);
        return removed;
    });

    /// <summary>Records an input of which nothing landed; one that failed before keeps its number.</summary>
    public int RecordFailed(string uri, string table, string connector, string reason) => Guard(() =>
    {
        LandFinished(CancellationToken.None); // numbers are given in input order
        return ledger.FailedSource(uri) ?? ledger.WriteFailed(nextSourceId++, uri, table, connector, reason);
    });

    /// <summary>Writes facts about the case that are not as they stand in it.</summary>
    public void RecordFacts(IReadOnlyList<(string Key, string Value)> facts) => Guard(() =>
    {
        foreach ((string key, string value) in facts)
        {
            if (database.Scalar("SELECT value FROM weir.meta WHERE key = ?", key) as string == value)
                continue;
            Transact(() =>
            {
                database.Execute("DELETE FROM weir.meta WHERE key = ?", key);
                database.Execute("INSERT INTO weir.meta VALUES (?, ?)", key, value);
            }, CancellationToken.None);
        }
    });

    /// <summary>Takes over which spellings mean one user.</summary>
    public void RecordAliases(IReadOnlyList<(string Spelling, string User)> aliases) => Guard(() => Transact(() =>
    {
        kinds.NoteAliases(aliases, Model);
    }, CancellationToken.None));

    private long RemoveRows(TableModel model, int source)
    {
        long rows = database.Count($"SELECT count(*) FROM {model.QualifiedName} WHERE source_id = ?", source);
        if (!model.Remove(source))
        {
            database.Execute($"DROP TABLE {model.QualifiedName}");
            return rows;
        }

        foreach (string change in model.TakeChanges())
            database.Execute(change); // before the DELETE: DuckDB commits no ALTER behind one
        database.Execute($"DELETE FROM {model.QualifiedName} WHERE source_id = ?", source);
        return rows;
    }
}
