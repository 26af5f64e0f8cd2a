using System.Globalization;
using DuckDB.NET.Data;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The one writer of a case: lands commit intervals, each in one transaction, and closes sources.</summary>
/// <remarks>
/// A transaction is always: DDL first (DuckDB invalidated a database once where an ALTER followed an INSERT), then rows, remarks, rejects, batch index,
/// columns, and the checkpoint. A source that fits into one interval lands and closes in one transaction, several of them share one where that is asked for;
/// a longer one ends with a transaction of its own that converts types. A commit that fails or is cancelled leaves the case as it was; the plans of its
/// tables are read anew and sources that waited with it go on waiting. Methods lock: a run that was given up may still be in one while the case is closed.
/// </remarks>
internal sealed partial class CaseWriter : IDisposable
{
    private readonly CaseDatabase database;
    private readonly CaseOptions options;
    private readonly BatchFeed feed;
    private readonly Ledger ledger;
    private readonly IndicatorLanding indicators;
    private readonly ChildTables children;
    private readonly SliceLedger slices;
    private readonly KindLedger kinds;
    private readonly Dictionary<string, TableModel> tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SourceLanding> finished = [];
    private readonly List<(TableModel Model, int Source, ColumnBinding Binding)> recount = [];
    private readonly Lock gate = new();
    private readonly StepTimes steps = new();
    private int nextSourceId;
    private int planned; // of finished; the plans of the others must be made anew
    private bool unsure;
    private bool disposed;

    public CaseWriter(CaseDatabase database, CaseOptions options)
    {
        (this.database, this.options) = (database, options);
        feed = new BatchFeed(database.Connection.NativeConnection.DangerousGetHandle());
        ledger = new Ledger(database);
        indicators = new IndicatorLanding(database, feed);
        children = new ChildTables(database);
        slices = new SliceLedger(database);
        kinds = new KindLedger(database, options.Kinds);
        nextSourceId = ledger.NextSourceId();
    }

    /// <summary>How long what took.</summary>
    public StepTimes Steps => steps;

    /// <summary>Registers a source: new, to be resumed, or landed already.</summary>
    public async ValueTask<(SourceLanding? Landing, CommitResult? Landed)> BeginAsync(SourceInfo info, string table, TableOptions tableOptions, CancellationToken cancellationToken)
    {
        table = tables.TryGetValue(table, out TableModel? model) ? model.Name : ledger.Spelling(table);
        if (info.Slice is { } slice)
            return (new SourceLanding(slice.SourceId, info, table, tableOptions), null); // its own ledger says whether it has landed
        List<Ledger.Source> known = ledger.Sources(table, info);
        string reading = Ledger.ReadingOptions(info, tableOptions);
        if (known.Find(s => s.State == "interrupted") is { } open)
        {
            SourceLanding landing = Resumption.Reopen(open, info, tableOptions);
            if (landing.End is null)
                return (landing, null);
            await Resumption.VerifyWholeAsync(open, landing, cancellationToken);
            return (null, Guard(() =>
            {
                LandFinished(cancellationToken);
                return Close(landing, cancellationToken);
            }));
        }

        if (!tableOptions.Again && info.HashAsync is not null && info.Fingerprint is not null)
        {
            Ledger.Source[] candidates = [.. known.Where(s => s.State is "complete" or "incomplete" && (s.Fingerprint is null || s.Fingerprint == info.Fingerprint) && s.Options == reading)];
            if (candidates.Length > 0)
            {
                string hash = await info.HashAsync(cancellationToken);
                if (Array.Find(candidates, s => s.Sha256 == hash) is { } landed)
                {
                    using var past = new SourceLanding(landed.SourceId, info, table, tableOptions);
                    past.Restore(landed.Checkpoint, landed.RowsLanded, landed.RowsRejected);
                    return (null, WithDates(Result(landed) with { Children = children.Of(landed.SourceId) }, past, past.Decide()));
                }
            }

            if (finished.Find(f => Same(f, info, table, reading)) is { } pending && pending.End!.Sha256 == await info.HashAsync(cancellationToken))
                return (null, Guard(() =>
                {
                    PlanFinished();
                    return Result(pending, pending.Decide());
                }));
        }

        lock (gate)
            return (new SourceLanding(NumberFor(info.Uri), info, table, tableOptions), null);
    }

    /// <summary>The interval is as large as memory allows.</summary>
    public bool IsTooLarge(SourceLanding landing) => landing.GatheredBytes >= options.Run.CommitBytesFor(landing.Tallies.Count);

    /// <summary>The interval is as large as it may be, or as large as it is best.</summary>
    public bool IsFull(SourceLanding landing)
    {
        RunOptions run = options.Run;
        long most = run.CommitBytesFor(landing.Tallies.Count), rows = landing.GatheredRows, bytes = landing.GatheredBytes;
        if (rows >= run.CommitRows || bytes >= most)
            return true;
        if (rows == 0)
            return false;

        // Rather a little early and on whole row groups than later with a part of one.
        long fit = most / Math.Max(1, bytes / rows);
        if (rows % LandingShape.OrdinaryRowGroup == 0 && rows + LandingShape.OrdinaryRowGroup > fit)
            return true;
        if (fit >= LandingShape.OrdinaryRowGroup)
            return false;

        // Less than the smallest row group is copied several times (LandingShape): few of the longest rows at once, and of others not a few at the end.
        if (fit < LandingShape.VectorRows)
            return bytes >= run.CommitBytes / 4;
        long all = rows + landing.RowsToCome, intervals = 1 + all * 20 / (fit * 19);
        return all > rows && rows >= LandingShape.VectorRows && rows >= all / intervals;
    }

    /// <summary>Lands what a source has gathered; it stays open.</summary>
    public void LandInterval(SourceLanding landing, CancellationToken cancellationToken) => Guard(() =>
    {
        LandFinished(cancellationToken); // sources before it come first, also in the table's column order
        Interval(landing, cancellationToken);
    });

    /// <summary>Lands what is left of a source that was read to its end, and closes it.</summary>
    /// <remarks>The writer owns the landing from here on.</remarks>
    public CommitResult Finish(SourceLanding landing, CancellationToken cancellationToken) => Guard(() =>
    {
        if (landing.End is null)
            throw new InvalidDataException($"{landing.Info.Uri} was not read to its end.");
        if (whole?.Landing == landing)
        {
            using (landing)
                return FinishWhole(landing, cancellationToken);
        }

        if (landing.IsStored)
        {
            using (landing)
            {
                LandFinished(cancellationToken);
                Interval(landing, cancellationToken);
                return Close(landing, cancellationToken);
            }
        }

        finished.Add(landing);
        try
        {
            ChildTables.Forecast(landing);
            PlanFinished();
            SourceVerdict verdict = landing.Decide();
            CommitResult result = Result(landing, verdict);
            if (!options.ShareCommits || IsShareFull())
                LandFinished(cancellationToken);
            return landing.IsStored ? result with { Children = children.Of(landing) } : result;
        }
        catch
        {
            finished.Remove(landing); // its run fails; those before it were told that they wait
            landing.Dispose();
            throw;
        }
    });

    /// <summary>The small sources that wait are as many as one commit takes: by rows, by bytes, or by the tables that they go to.</summary>
    private bool IsShareFull() =>
        finished.Sum(f => f.GatheredRows) >= options.Run.CommitRows || finished.Sum(f => f.GatheredBytes) >= finished.Max(f => options.Run.CommitBytesFor(f.Tallies.Count))
        || finished.Select(f => f.Table).Distinct(StringComparer.OrdinalIgnoreCase).Sum(t => LandingShape.MemoryOf(Model(t))) >= options.Run.DuckDbBytes / 2;

    /// <summary>Lands and closes the small sources that wait for a shared commit.</summary>
    public void Flush(CancellationToken cancellationToken) => Guard(() => LandFinished(cancellationToken));

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (SourceLanding landing in finished)
                landing.Dispose();
            feed.Dispose();
        }
    }

    /// <summary>One piece of work at a time. Whatever stops it, the plans in memory are ahead of the case and are forgotten.</summary>
    private T Guard<T>(Func<T> work)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (unsure)
                throw new InvalidOperationException("A commit of this run failed and may have been stored or not; open the case anew.");
            try
            {
                return work();
            }
            catch
            {
                tables.Clear();
                kinds.Forget();
                indicators.Forget();
                recount.Clear();
                planned = 0;
                throw;
            }
        }
    }

    private void Guard(Action work) => Guard(() =>
    {
        work();
        return true;
    });

    private void PlanFinished()
    {
        for (; planned < finished.Count; planned++)
        {
            SourceLanding landing = finished[planned];
            TableModel model = Model(landing.Table);
            SourceVerdict verdict = landing.Decide();
            Bind(model, landing, verdict);
            foreach (var (source, binding) in model.Close(landing.SourceId, hasRows: false, verdict, landing.Tallies, Counter(model)))
                recount.Add((model, source, binding));
        }
    }

    private Func<int, string, long> Counter(TableModel model) => (source, condition) =>
        finished.Exists(f => f.SourceId == source) ? 0 : database.Count($"SELECT count(*) FROM {model.QualifiedName} WHERE source_id = ? AND {condition}", source);

    private void LandFinished(CancellationToken cancellationToken)
    {
        if (finished.Count == 0)
            return;
        PlanFinished();
        Store([.. finished], null, recount, cancellationToken);
        finished.Clear();
        recount.Clear();
        planned = 0;
    }

    private void Interval(SourceLanding landing, CancellationToken cancellationToken)
    {
        if (!landing.IsStored)
            ChildTables.Forecast(landing);
        TableModel model = Model(landing.Table);
        SourceVerdict verdict = landing.Decide();
        Bind(model, landing, verdict);
        foreach (ColumnBinding binding in model.Bindings(landing.SourceId))
        {
            if (binding.Position < 0)
                continue;
            ColumnTally tally = landing.Tallies[binding.Position];
            if (binding.Filled == 0 && tally.Values > 0 && tally.Empty == 0 && landing.IsStored)
                model.TypeEmptyColumn(landing.SourceId, binding, verdict.Columns[binding.Position]);
            if (binding.Filled != tally.Values || binding.Wide != tally.BeyondDouble)
                model.Touch(landing.SourceId);
            binding.Filled = tally.Values;
            binding.Wide |= tally.BeyondDouble;
        }

        Store([landing], "interrupted", [], cancellationToken);
    }

    /// <summary>An input that failed before keeps its number.</summary>
    private int NumberFor(string uri) =>
        ledger.FailedSource(uri) is { } failed && finished.TrueForAll(f => f.SourceId != failed) ? failed : nextSourceId++;

    private TableModel Model(string table)
    {
        if (!tables.TryGetValue(table, out TableModel? model))
            tables[table] = model = TableModel.Load(database, table);
        return model;
    }

    private static void Bind(TableModel model, SourceLanding landing, SourceVerdict verdict)
    {
        model.Bind(
            landing.SourceId, landing.Columns, verdict.Columns, landing.Tallies,
            landing.IsStored ? [.. landing.Tallies.Select(_ => false)] : landing.LongText(), landing.Options.Typing.KeepNames);
        if (landing.HasExtra)
            model.BindExtra(landing.SourceId);
        PayloadPlaces.Bind(model, landing.SourceId, landing.Payload);
    }

    /// <summary>One transaction: DDL, rows, remarks, rejects, batch index, columns, checkpoint.</summary>
    /// <param name="state">State of every source; null: closed, as its end says.</param>
    private void Store(IReadOnlyList<SourceLanding> landings, string? state, IReadOnlyList<(TableModel Model, int Source, ColumnBinding Binding)> counts, CancellationToken cancellationToken)
    {
        using var rows = new RowsToLand(open: state is not null);
        var statements = new List<(TableModel Model, IReadOnlyList<LandedRows> Rows)>();
        using (steps.Of("types"))
        {
            foreach (IGrouping<TableModel, SourceLanding> group in landings.GroupBy(l => Model(l.Table)))
                statements.Add((group.Key, rows.Prepare(group.Key, [.. group], options.Run.Threads)));
        }

        LandingShape shape = Shape(landings, statements);
        string StateOf(SourceLanding landing) => state ?? ClosedState(landing);
        Transact(() =>
        {
            string[] changes = [.. statements.SelectMany(s => s.Model.TakeChanges())];
            using (steps.Of("columns"))
            {
                foreach (string change in changes)
                    database.Execute(change);
            }

            FailPoint.Pass("altered");
            using (steps.Of("rows"))
            {
                foreach (var (model, landed) in statements)
                    Insert(model, landed, shape, cancellationToken);
            }

            FailPoint.Pass("inserted");
            StepTimes.Measurement ledgered = steps.Of("ledger");
            foreach (var (model, source, binding) in counts)
                ledger.CountMisfits(model, source, binding);
            foreach (SourceLanding landing in state is null ? landings : [])
                children.Fill(landing, Model(landing.Table));
            foreach (var (model, _) in statements)
            {
                WriteColumns(model, landings, open: state is not null);
                indicators.NoteLists(model, model.TakeListed());
            }

            ledgered.Dispose();
            using (steps.Of("indicators"))
                indicators.Write([.. landings.Select(l => (l, Model(l.Table)))], shape, cancellationToken);
            ledgered = steps.Of("ledger");
            foreach (SourceLanding landing in landings)
            {
                ledger.WriteRemarks(landing, Model(landing.Table));
                ledger.WriteRejects(landing);
            }

            ledger.WriteIntervals(landings);
            WriteStates(landings, StateOf);
            ledgered.Dispose();
            using (steps.Of("kinds"))
            {
                if (state is null)
                    Recognise(landings, changes.Length > 0);
                else if (changes.Length > 0)
                    kinds.MakeViews(Model, altered: true); // DuckDB 1.2 reads no view over a table that has changed
            }

            FailPoint.Pass("checkpointed");
        }, cancellationToken);
        FailPoint.Pass("committed");
        if (shape.Piecewise && state is not null)
            database.LowerMemory(options.Run.DuckDbBytes);
        Confirm(landings, StateOf);
        foreach (SourceLanding landing in landings)
        {
            landing.IsStored = true;
            landing.Clear();
        }
    }

    /// <summary>The closing transaction of a source whose rows are all stored: conversions, then columns, state, checkpoint.</summary>
    private CommitResult Close(SourceLanding landing, CancellationToken cancellationToken)
    {
        FailPoint.Pass("closing");
        TableModel model = Model(landing.Table);
        SourceVerdict verdict = landing.Decide();
        IReadOnlyList<(int Source, ColumnBinding Binding)> counts = model.Close(landing.SourceId, hasRows: true, verdict, landing.Tallies, Counter(model));
        Transact(() =>
        {
            using (steps.Of("columns"))
            {
                foreach (string change in model.TakeChanges())
                    database.Execute(change);
            }

            FailPoint.Pass("converted");
            foreach (var (source, binding) in counts)
                ledger.CountMisfits(model, source, binding);
            children.Fill(landing, model);
            WriteColumns(model, [landing], open: false);
            indicators.NoteLists(model, model.TakeListed());
            foreach (ColumnBinding binding in model.TakeRelooked().Where(b => landing.Tallies[b.Position].Look != IocLook.None))
                indicators.Rescan(model, landing, binding, LandingShape.Of(options.Run, 12, 1, 1, 0), cancellationToken);
            ledger.Write([landing], ClosedState);
            using (steps.Of("kinds"))
                Recognise([landing], altered: true);
        }, cancellationToken);
        FailPoint.Pass("closed");
        Confirm([landing], ClosedState);
        return Result(landing, verdict) with { Children = children.Of(landing) };
    }

    /// <summary>Says what kinds of logs sources are, which reads their cells: DuckDB holds those of a vector at once.</summary>
    /// <remarks>The limit stays so until the next commit, as whoever tells of the source reads them too.</remarks>
    private void Recognise(IReadOnlyList<SourceLanding> landings, bool altered)
    {
        database.RaiseMemory(landings.Max(l => LandingShape.MemoryToRead(options.Run.Threads, l.RowsLanded, Math.Max(l.GatheredBytes, l.End?.Bytes ?? 0))));
        kinds.Close(landings, Model, altered);
    }

    /// <summary>Makes DuckDB ready for a commit: row groups, memory limit.</summary>
    private LandingShape Shape(IReadOnlyList<SourceLanding> landings, List<(TableModel Model, IReadOnlyList<LandedRows> Rows)> statements)
    {
        long cell = statements.Max(s => s.Rows.Count == 0 ? 0 : s.Rows.Max(r => r.LongestCell()));
        var shape = LandingShape.Of(options.Run, statements.Max(s => s.Model.Stored.Count()) + 2, landings.Sum(l => l.GatheredRows), landings.Sum(l => l.GatheredBytes), cell);
        shape = shape with { Limit = Math.Max(shape.Limit, options.Run.DuckDbBytes / 2 + statements.Sum(s => LandingShape.MemoryOf(s.Model))) };
        if (shape.Piecewise)
            database.KeepRowGroups();
        if (shape.RowGroup > 0)
            database.UseRowGroups(shape.RowGroup);
        database.SkipLog(shape.Piecewise && shape.RowGroup == 0);
        database.LimitMemory(shape.Limit);
        return shape;
    }

    private void WriteStates(IReadOnlyList<SourceLanding> landings, Func<SourceLanding, string> state)
    {
        ledger.Write(landings, state);
        foreach (SourceLanding landing in landings)
        {
            if (landing.Info.Slice is not { } slice)
                continue;
            if (landing.RowsRead != slice.RowsStreamed)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{slice.RowsStreamed} rows of {landing.Info.Uri} came and {landing.RowsRead} were read."));
            slices.Land(slice, landing, state(landing));
        }
    }

    private void Confirm(IReadOnlyList<SourceLanding> landings, Func<SourceLanding, string> state)
    {
        unsure = true; // unless the case confirms it
        ledger.Confirm(landings, state);
        unsure = false;
    }

    private void WriteColumns(TableModel model, IReadOnlyList<SourceLanding> landings, bool open)
    {
        HashSet<int> openSources = [.. database.Rows("SELECT source_id FROM weir.sources WHERE state = 'interrupted'", row => row.GetInt32(0))];
        foreach (SourceLanding landing in landings)
        {
            if (open)
                openSources.Add(landing.SourceId);
            else
                openSources.Remove(landing.SourceId);
        }

        ledger.WriteColumns(model, [.. model.TakeTouched()], landings.Where(l => !l.IsStored && !l.HasColumns).Select(l => l.SourceId).ToHashSet(), openSources.Contains);
        foreach (SourceLanding landing in landings)
            landing.HasColumns = true;
    }

    private void Insert(TableModel model, IReadOnlyList<LandedRows> landed, LandingShape shape, CancellationToken cancellationToken)
    {
        try
        {
            long rows = feed.Load([.. model.Stored.Select(c => new LandedColumn(c.Name, c.Type))], landed, shape, database.RowGroup, cancellationToken);
            if (rows == 0)
                return;
            string columns = string.Join(", ", model.Stored.Select(c => c.Name).Prepend("row_id").Prepend("source_id").Select(Sql.Name));
            long inserted = 0;
            while (feed.Next())
            {
                database.KeepOrder(shape.Piecewise && feed.IsPart);
                inserted += WaitingStatement.Execute(database.Connection, $"INSERT INTO {model.QualifiedName} ({columns}) SELECT * FROM weir_batches()");
            }

            if (inserted != rows)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Table {model.Name} took {inserted} of {rows} rows."));
        }
        finally
        {
            feed.Unload();
        }
    }

    /// <summary>Runs a transaction. It is interrupted with the token up to its COMMIT: a commit that fails may have been stored or not.</summary>
    private void Transact(Action work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool committing = false;
        try
        {
            database.InTransaction(() =>
            {
                using (cancellationToken.Register(() => DuckDbNative.Interrupt(database.Connection.NativeConnection.DangerousGetHandle())))
                    work();
                cancellationToken.ThrowIfCancellationRequested();
                committing = true;
            }, steps);
        }
        catch (DuckDBException e)
        {
            unsure = committing;
            if (!committing)
                cancellationToken.ThrowIfCancellationRequested();
            throw database.Explain(e);
        }
    }

    private static bool Same(SourceLanding pending, SourceInfo info, string table, string reading) =>
        pending.Table.Equals(table, StringComparison.OrdinalIgnoreCase) && pending.Info.Connector == info.Connector && pending.ReadingOptions == reading
        && pending.Info.Fingerprint == info.Fingerprint;

    private static string ClosedState(SourceLanding landing) => landing.End?.Missing is null ? "complete" : "incomplete";

    private CommitResult Result(SourceLanding landing, SourceVerdict verdict)
    {
        IReadOnlyList<ColumnBinding> bindings = tables.TryGetValue(landing.Table, out TableModel? model) ? model.Bindings(landing.SourceId) : [];
        var result = new CommitResult
        {
            SourceId = landing.SourceId,
            RowsRead = landing.RowsRead,
            RowsLanded = landing.RowsLanded,
            RowsRejected = landing.RowsRejected,
            Missing = landing.End?.Missing,
            Companions = [.. bindings.Where(b => b.Column.Companion is not null && b.Verdict.Misfits > 0).Select(b => KeyValuePair.Create(b.Column.Companion!.Name, b.Verdict.Misfits))],
        };
        return WithDates(result, landing, verdict);
    }

    private static CommitResult WithDates(CommitResult result, SourceLanding landing, SourceVerdict verdict) => result with
    {
        UndecidedDates = [.. verdict.UndecidedDates.Select(i => landing.Columns[i])],
        MisfitDates = [.. verdict.MisfitDates.Select(i => landing.Columns[i])],
    };

    private CommitResult Result(Ledger.Source landed) => new()
    {
        SourceId = landed.SourceId,
        RowsRead = landed.RowsRead,
        RowsLanded = landed.RowsLanded,
        RowsRejected = landed.RowsRejected,
        Missing = landed.Missing,
        Companions = database.Rows(
            "SELECT column_name, misfits FROM weir.columns WHERE source_id = ? AND role = 'companion' AND misfits > 0 ORDER BY ALL", row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), landed.SourceId),
    };
}
