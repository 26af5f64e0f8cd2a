using System.Globalization;
using DuckDB.NET.Data;

namespace Weir.Engine.Store;

/// <summary>Slices: planned, landed whole in one transaction, or given up.</summary>
internal sealed partial class CaseWriter
{
    private WholeCommit? whole;

    /// <summary>Records an export and its slices, which get the next numbers in order of time.</summary>
    public IReadOnlyList<SliceRecord> Plan(ExportRecord export, IReadOnlyList<SliceRange> ranges) => Guard(() =>
    {
        SliceRange[] unbounded = [.. ranges.Where(r => r.IsNew).OrderBy(r => r.Earliest)];
        if (unbounded.Zip(unbounded.Skip(1)).Any(pair => pair.First.Latest > pair.Second.Earliest))
            throw new InvalidDataException($"Slices of table {export.Table} overlap: rows would stand twice.");
        export = export with { ExportId = slices.NextExportId(), Table = tables.TryGetValue(export.Table, out TableModel? model) ? model.Name : ledger.Spelling(export.Table) };
        Transact(() =>
        {
            slices.Add(export);
            slices.Add(export, ranges.Select(range => (nextSourceId++, range)));
            FailPoint.Pass("planning");
        }, CancellationToken.None);
        FailPoint.Pass("planned");
        return slices.Slices([export.ExportId]);
    });

    /// <summary>Takes an export back of which nothing has landed: the server does not take its search.</summary>
    public void Withdraw(int export) => Guard(() =>
    {
        IReadOnlyList<SliceRecord> planned = slices.Slices([export]);
        if (planned.Any(s => s.State != SliceRecord.Planned))
            return;
        Transact(() => slices.Withdraw(export), CancellationToken.None);
    });

    /// <summary>Cuts a slice that was too large, or that failed, into two; the first half keeps its number.</summary>
    public IReadOnlyList<SliceRecord> Split(ExportRecord export, SliceRecord slice, DateTime at) => Guard(() =>
    {
        int second = nextSourceId++;
        Transact(() =>
        {
            slices.Delete(slice.SourceId);
            DateTime? before = slice.IndexLatest == export.IndexLatest ? null : slice.IndexLatest;
            SliceRange early = new(slice.Earliest, at, slice.IndexEarliest, before), late = new(at, slice.Latest, slice.IndexEarliest, before);
            slices.Add(export, [(slice.SourceId, early), (second, late)], slice.Attempts);
        }, CancellationToken.None);
        FailPoint.Pass("split");
        return slices.BySource(slice.SourceId, second);
    });

    /// <summary>Forgets slices of a table that have not landed.</summary>
    public int ForgetMissing(string table) => Guard(() =>
    {
        SliceRecord[] missing = [.. slices.Slices().Where(s => !s.IsComplete && s.Table.Equals(table, StringComparison.OrdinalIgnoreCase))];
        Transact(() =>
        {
            foreach (SliceRecord slice in missing)
                ledger.Remove(slice.SourceId);
        }, CancellationToken.None);
        return missing.Length;
    });

    /// <summary>Records that nothing of a slice could be had.</summary>
    public void GiveUp(SliceRecord slice, SliceFacts facts, string reason) => Guard(() =>
        Transact(() => slices.GiveUp(slice, facts, reason), CancellationToken.None));

    /// <summary>Lands a part of a source whose transaction stays open until all of it has landed.</summary>
    /// <remarks>Its survey made the plan final, so all changes of the table are the first statements of the transaction, as DuckDB wants them.</remarks>
    public void LandPart(SourceLanding landing, CancellationToken cancellationToken) => Guard(() =>
    {
        if (whole is null)
            BeginWhole(landing, cancellationToken);
        StorePart(landing, whole!, cancellationToken);
    });

    /// <summary>Rolls back what has landed of a source that will not be finished.</summary>
    public void Abandon(SourceLanding landing)
    {
        lock (gate)
        {
            if (whole?.Landing != landing)
                return;
            whole = null;
            tables.Clear();
            kinds.Forget();
            if (!disposed)
                database.Rollback();
        }
    }

    private void BeginWhole(SourceLanding landing, CancellationToken cancellationToken)
    {
        LandFinished(cancellationToken);
        ChildTables.Forecast(landing);
        TableModel model = Model(landing.Table);
        Stages.SourceVerdict verdict = landing.Decide();
        Bind(model, landing, verdict);
        IReadOnlyList<(int, ColumnBinding)> counts = model.Close(landing.SourceId, hasRows: false, verdict, landing.Tallies, Counter(model));
        foreach (ColumnBinding binding in model.Bindings(landing.SourceId).Where(b => b.Position >= 0 && !b.IsText && verdict.Columns[b.Position].Misfits > 0))
            model.CompanionOf(binding.Column); // also where the table's type is another than the source's own
        using var rows = new RowsToLand(open: false);
        LandingShape shape = Shape([landing], [(model, rows.Prepare(model, [landing], options.Run.Threads))]);
        cancellationToken.ThrowIfCancellationRequested();
        database.Execute("BEGIN");
        whole = new WholeCommit(landing, model, verdict, counts, shape);
        Within(whole, () =>
        {
            foreach (string change in model.TakeChanges())
                database.Execute(change);
            FailPoint.Pass("altered");
            WriteColumns(model, [landing], open: false); // indicators of its parts are named by them
        }, cancellationToken);
    }

    private void StorePart(SourceLanding landing, WholeCommit commit, CancellationToken cancellationToken)
    {
        Within(commit, () =>
        {
            using var rows = new RowsToLand(open: false);
            IReadOnlyList<LandedRows> landed = rows.Prepare(commit.Model, [landing], options.Run.Threads);
            if (commit.Model.TakeChanges() is { Count: > 0 } late)
                throw new InvalidDataException($"Table {commit.Model.Name} would change behind its first rows: {late[0]}");
            long cell = landed.Count == 0 ? 0 : landed.Max(r => r.LongestCell());
            LandingShape shape = commit.Shape with { Limit = Math.Max(commit.Shape.Limit, options.Run.DuckDbBytes + cell * 4) };
            database.LimitMemory(shape.Limit);
            Insert(commit.Model, landed, shape, cancellationToken);
            FailPoint.Pass("inserted");
            indicators.Write([(landing, commit.Model)], shape, cancellationToken);
            ledger.WriteRemarks(landing, commit.Model);
            ledger.WriteRejects(landing);
            ledger.WriteIntervals([landing]);
        }, cancellationToken);
        landing.Clear();
    }

    /// <summary>The last part, then what a source has at its end; one COMMIT.</summary>
    private CommitResult FinishWhole(SourceLanding landing, CancellationToken cancellationToken)
    {
        WholeCommit commit = whole!;
        StorePart(landing, commit, cancellationToken);
        if (landing.RowsRead != landing.Survey!.RowsRead)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{landing.RowsRead} rows were read and {landing.Survey.RowsRead} counted before."));
        Within(commit, () =>
        {
            foreach (var (source, binding) in commit.Counts)
                ledger.CountMisfits(commit.Model, source, binding);
            children.Fill(landing, commit.Model);
            WriteColumns(commit.Model, [landing], open: false);
            indicators.NoteLists(commit.Model, commit.Model.TakeListed());
            WriteStates([landing], ClosedState);
            kinds.Close([landing], Model, altered: true);
            FailPoint.Pass("checkpointed");
        }, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        whole = null;
        unsure = true; // unless the case confirms it
        try
        {
            database.Execute("COMMIT");
        }
        catch (DuckDBException e)
        {
            throw database.Explain(e);
        }

        FailPoint.Pass("committed");
        if (commit.Shape.Piecewise)
            database.LowerMemory(options.Run.DuckDbBytes);
        Confirm([landing], ClosedState);
        landing.IsStored = true;
        return Result(landing, commit.Verdict) with { Children = children.Of(landing) };
    }

    /// <summary>Work of an open transaction. Whatever stops it, all of the transaction is undone.</summary>
    private void Within(WholeCommit commit, Action work, CancellationToken cancellationToken)
    {
        try
        {
            using (cancellationToken.Register(() => DuckDbNative.Interrupt(database.Connection.NativeConnection.DangerousGetHandle())))
                work();
        }
        catch (Exception e)
        {
            Abandon(commit.Landing);
            cancellationToken.ThrowIfCancellationRequested();
            if (e is DuckDBException cause)
                throw database.Explain(cause);
            throw;
        }
    }

    /// <summary>The transaction of a source that takes several parts.</summary>
    private sealed record WholeCommit(SourceLanding Landing, TableModel Model, Stages.SourceVerdict Verdict, IReadOnlyList<(int Source, ColumnBinding Binding)> Counts, LandingShape Shape);
}
