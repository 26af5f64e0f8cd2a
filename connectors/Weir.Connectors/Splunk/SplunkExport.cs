using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>What an export is about to do: shown by a dry run, recorded before the first slice is fetched.</summary>
/// <param name="Earliest">The range, resolved.</param>
/// <param name="IndexLatest">What is indexed from here on is not part of it.</param>
/// <param name="Open">Slices of earlier runs that have not landed: they come first.</param>
/// <param name="Fresh">Slices that this run adds.</param>
/// <param name="Counts">Events to expect in each fresh slice; empty where any was not counted.</param>
/// <param name="Events">Events that were counted in the fresh ones; null: nobody counted.</param>
/// <param name="Notes">What the user should know of it.</param>
internal sealed record ExportPlan(
    DateTime Earliest, DateTime Latest, DateTime IndexLatest, IReadOnlyList<SliceRecord> Open, IReadOnlyList<SliceRange> Fresh, IReadOnlyList<long> Counts, long? Events, IReadOnlyList<string> Notes);

/// <summary>What became of a slice.</summary>
/// <param name="Report">How it landed; null: it did not.</param>
/// <param name="Missing">Why it is a hole.</param>
internal sealed record SliceOutcome(SliceRecord Slice, SliceFacts Facts, RunReport? Report, string? Missing);

/// <summary>Exports a search over a long range into a table of a case, slice by slice: each slice lands whole, verified, once, or is a hole that the case tells of.</summary>
internal sealed class SplunkExport(SplunkClient client, ExportOptions options)
{
    /// <summary>What makes two exports the same search: what its slices may be counted together by.</summary>
    public string Search { get; } = new JsonObject
    {
        ["app"] = client.Options.App,
        ["owner"] = client.Options.App is null ? null : client.Options.Owner,
        ["spl"] = options.Spl.Text,
        ["url"] = client.Options.Name,
    }.ToJsonString();

    /// <summary>Is told of each slice that landed or was given up, one at a time.</summary>
    public Action<SliceOutcome>? Done { get; init; }

    /// <summary>Is told of rows and bytes that came since it was told last, from any thread.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Is told of a slice that was cut: the case has its halves.</summary>
    public Action<SliceRecord, string>? Cut { get; init; }

    /// <summary>Resolves the range, looks at what the case has of it, and counts what is to come.</summary>
    /// <param name="caseFile">The case; null: a new one.</param>
    /// <param name="counted">Count events although the slices do not depend on it.</param>
    public async Task<ExportPlan> PlanAsync(CaseFile? caseFile, bool counted, CancellationToken cancellationToken)
    {
        await client.ConnectAsync(cancellationToken);
        DateTimeOffset now = client.ServerTime == default ? client.Options.Clock.GetUtcNow() : client.ServerTime;
        DateTime earliest = SplunkTime.Resolve("--earliest", options.Earliest, now, options.Zone), latest = SplunkTime.Resolve("--latest", options.Latest, now, options.Zone);
        if (earliest >= latest)
            throw new WeirException("--earliest, --latest", string.Create(CultureInfo.InvariantCulture, $"the range is empty: {earliest:yyyy-MM-ddTHH:mm:ss}Z to {latest:yyyy-MM-ddTHH:mm:ss}Z"), "a start before its end", "Give other times.");
        DateTime pin = Seconds((now - options.IndexLag).UtcDateTime);
        var notes = new List<string>();
        if (latest > pin)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"the server's clock shows {now.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z: what comes into the range later {(options.Spl.IsOneSlice ? "is not in its slice" : "is fetched by the same command then")}"));

        IReadOnlyList<ExportRecord> all = caseFile?.Exports(options.Table) ?? [], exports = [.. all.Where(e => e.Search == Search)];
        IReadOnlyList<SliceRecord> known = exports.Count == 0 ? [] : caseFile!.Slices([.. exports.Select(e => e.ExportId)]);
        bool Overlaps(SliceRecord s) => s.Earliest < latest && s.Latest > earliest;
        ExportRecord[] others = [.. all.Except(exports)];
        if (others.Length > 0 && caseFile!.Slices([.. others.Select(e => e.ExportId)]).FirstOrDefault(s => s.RowsLanded > 0 && Overlaps(s)) is { } other)
            notes.Add($"table {options.Table} holds events of this range from another search ({other.Spl}, {others.First(e => e.ExportId == other.ExportId).Url}): an event that both give stands twice");

        // A range that means another time at each run: the one that was begun is finished as it was meant then.
        HashSet<int> same = [.. exports.Where(e => e.EarliestText == options.Earliest && e.LatestText == options.Latest).Select(e => e.ExportId)];
        if (options.Spl.IsOneSlice)
        {
            notes.Add($"one slice: {options.Spl.OneSliceBecause}");
            if (options.Refresh)
                throw new WeirException("--refresh", $"the search cannot be refreshed: {options.Spl.OneSliceBecause}", "a search that gives events", "Export it into another table with --table.");
            SliceRecord[] begun = [.. known.Where(s => !s.IsComplete && (same.Contains(s.ExportId) || (s.Earliest == earliest && s.Latest == latest)))];
            notes.AddRange(begun.Where(s => s.State == SliceRecord.Hole).Select(s => string.Create(CultureInfo.InvariantCulture, $"source {s.SourceId} is a hole of this search ({s.Missing}) and is tried again; 'weir remove {s.SourceId}' goes on without it")));
            if (begun.Length > 0)
                return new ExportPlan(begun.Min(s => s.Earliest), begun.Max(s => s.Latest), begun.Min(s => s.IndexLatest), begun, [], [], null, notes);
            bool landed = known.Any(s => s.Earliest == earliest && s.Latest == latest);
            if (!landed && known.FirstOrDefault(Overlaps) is { } part)
            {
                throw new WeirException(
                    $"table {options.Table}", string.Create(CultureInfo.InvariantCulture, $"source {part.SourceId} is the same search from {part.Earliest:yyyy-MM-ddTHH:mm:ss}Z to {part.Latest:yyyy-MM-ddTHH:mm:ss}Z: rows of both would stand twice, as the search cannot be cut ({options.Spl.OneSliceBecause})"),
                    "a range that does not overlap it, or the same one", string.Create(CultureInfo.InvariantCulture, $"Give another --table, or remove what is there first: weir remove {part.SourceId}."));
            }

            return new ExportPlan(earliest, latest, pin, [], landed ? [] : [new SliceRange(earliest, latest)], [], null, notes);
        }

        SliceRecord[] open = [.. known.Where(s => !s.IsComplete && (same.Contains(s.ExportId) || Overlaps(s)))];
        var fresh = new List<SliceRange>();
        var counts = new List<long>();
        long? events = 0;
        foreach (SliceRange range in SlicePlan.Unplanned(earliest, latest, pin, known))
        {
            if (range.IsLate && !options.Refresh && !SlicePlan.StillArrives(range))
                continue;
            if (!range.IsNew)
            {
                fresh.Add(range);
                events = null;
                continue;
            }

            IReadOnlyList<TimeBin>? bins = options.Slice is null || counted ? await CountAsync(range.Earliest, range.Latest, pin, notes, cancellationToken) : null;
            IReadOnlyList<SliceRange> cut = options.Slice is { } length ? SlicePlan.Cut(range.Earliest, range.Latest, length) : SlicePlan.Cut(range.Earliest, range.Latest, bins, options.SliceRows);
            fresh.AddRange(cut);
            events = bins is null ? null : events + bins.Sum(b => b.Events);
            if (bins is not null)
                counts.AddRange(cut.Select(s => SlicePlan.EventsIn(s, bins)));
        }

        return new ExportPlan(earliest, latest, pin, open, fresh, events is null ? [] : counts, events, notes);
    }

    /// <summary>Fetches and lands what was planned.</summary>
    /// <param name="caseFile">The case.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="behind">Puts the stages behind a source.</param>
    /// <param name="surveyed">The stages that decide what columns are, for a first reading of large slices.</param>
    /// <param name="landing">How rows land.</param>
    /// <param name="run">Memory and threads.</param>
    public async Task RunAsync(CaseFile caseFile, ExportPlan plan, Func<ISource, Pipeline> behind, Func<ISource, Pipeline> surveyed, TableOptions landing, RunOptions run, CancellationToken cancellationToken)
    {
        SliceSpool.RemoveAbandoned(caseFile.Path);
        var pending = new Queue<(ExportRecord Export, SliceRecord Slice)>();
        Dictionary<int, ExportRecord> exports = caseFile.Exports(options.Table, Search).ToDictionary(e => e.ExportId);
        foreach (SliceRecord open in plan.Open)
            pending.Enqueue((exports[open.ExportId], open));
        int? begun = null;
        if (plan.Fresh.Count > 0)
        {
            var export = new ExportRecord(
                0, options.Table, client.Options.Name, Search, options.Spl.Text, options.Earliest, options.Latest, plan.Earliest, plan.Latest, plan.IndexLatest, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)));
            IReadOnlyList<SliceRecord> planned = caseFile.Plan(export, plan.Fresh);
            export = export with { ExportId = planned[0].ExportId, Table = planned[0].Table };
            begun = export.ExportId;
            foreach (SliceRecord slice in planned)
                pending.Enqueue((export, slice));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<(ExportRecord Export, FetchedSlice Fetched)>>();
        var deletions = new List<Task>();
        int landed = 0, all = pending.Count;
        try
        {
            while (true)
            {
                // What is fetched while a slice lands keeps both the server and this machine at work.
                Start();
                if (running.Count == 0)
                    break;
                Task<(ExportRecord Export, FetchedSlice Fetched)> finished = await Task.WhenAny(running);
                running.Remove(finished);
                var (export, fetched) = await finished;
                Start();
                if (fetched.Spool is not null)
                {
                    try
                    {
                        await LandAsync(caseFile, fetched, behind, surveyed, landing, run, stop.Token);
                        landed++;
                    }
                    finally
                    {
                        deletions.Add(fetched.Job?.DeleteAsync(TimeSpan.FromSeconds(30)) ?? Task.CompletedTask);
                    }

                    deletions.RemoveAll(d => d.IsCompletedSuccessfully);
                }
                else
                {
                    IReadOnlyList<SliceRecord> halves = Resolve(caseFile, export, fetched);
                    all += halves.Count > 0 ? halves.Count - 1 : 0;
                    foreach (SliceRecord half in halves)
                        pending.Enqueue((export, half));
                }
            }

            await Task.WhenAll(deletions);
        }
        catch (Exception e)
        {
            // Each takes its job off the server on its way out.
            await stop.CancelAsync();
            await Task.WhenAll(running.Select(DropAsync));
            await Task.WhenAny(Task.WhenAll(deletions), Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None));
            if (begun is { } export && e is WeirException { InnerException: SplunkStatusException })
                caseFile.Withdraw(export); // a mistyped search is no hole
            if (e is ServerAwayException away)
                throw away.Told(string.Create(CultureInfo.InvariantCulture, $"{landed} of {all} slices landed and stay"));
            throw;
        }

        void Start()
        {
            while (running.Count < options.Concurrency && pending.TryDequeue(out var next))
                running.Add(Task.Run(() => FetchAsync(next.Export, next.Slice, caseFile.Path, stop.Token), CancellationToken.None));
        }
    }

    private static async Task DropAsync(Task<(ExportRecord Export, FetchedSlice Fetched)> running)
    {
        try
        {
            await (await running).Fetched.DropAsync();
        }
        catch (Exception)
        {
            // The first failure is the one to tell.
        }
    }

    /// <summary>Rows and bytes of the first rows of what is planned, to tell what all of it will take.</summary>
    public async Task<(long Rows, long Bytes)> SampleAsync(ExportPlan plan, int rows, CancellationToken cancellationToken)
    {
        var fetcher = new SliceFetcher(client, options, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)), "");
        var request = new SearchRequest(string.Create(CultureInfo.InvariantCulture, $"{options.Spl.Text} | head {rows}"), plan.Fresh[0].Earliest, plan.Fresh[^1].Latest, null, plan.IndexLatest);
        SearchAnswer answer = await fetcher.SearchAsync("sample", request, cancellationToken, rows);
        return (answer.Rows.Count, answer.Rows.Sum(r => r.Length + 1L));
    }

    private static DateTime Seconds(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private async Task<(ExportRecord, FetchedSlice)> FetchAsync(ExportRecord export, SliceRecord slice, string casePath, CancellationToken cancellationToken) =>
        (export, await new SliceFetcher(client, options, export.Token, casePath) { Progress = Progress }.FetchAsync(slice, cancellationToken));

    /// <summary>Lands a verified slice: at once where it fits into a commit, else counted first and then in one transaction.</summary>
    private async Task LandAsync(CaseFile caseFile, FetchedSlice fetched, Func<ISource, Pipeline> behind, Func<ISource, Pipeline> surveyed, TableOptions landing, RunOptions run, CancellationToken cancellationToken)
    {
        SliceSpool spool = fetched.Spool!;
        using (spool)
        {
            SliceSource Source() => new(spool, fetched.Slice, fetched.Facts);
            RunReport? report = null;
            bool small = spool.Rows <= run.CommitRows && spool.Bytes <= run.CommitBytes / 2; // guess: rows take up to twice their text in memory
            if (small)
            {
                try
                {
                    report = await behind(Source()).To(caseFile.Table(fetched.Slice.Table, landing)).RunAsync(run, cancellationToken);
                }
                catch (SurveyNeededException)
                {
                    // Its rows take more room than their text: it is counted first after all.
                }
            }

            if (report is null)
            {
                var survey = new SurveySink();
                await surveyed(Source()).To(survey).RunAsync(run, cancellationToken);
                report = await behind(Source()).To(caseFile.Table(fetched.Slice.Table, landing with { Survey = survey.Survey })).RunAsync(run, cancellationToken);
            }

            Done?.Invoke(new SliceOutcome(fetched.Slice, fetched.Facts, report, null));
        }
    }

    /// <summary>A slice that could not be had: cut in two once where that may help, else given up.</summary>
    private IReadOnlyList<SliceRecord> Resolve(CaseFile caseFile, ExportRecord export, FetchedSlice fetched)
    {
        SliceRecord slice = fetched.Slice;
        bool fresh = slice.Attempts == 0; // one that was tried before was cut before, or does not get better by it
        if (!options.Spl.IsOneSlice && (fetched.IsTooLarge || fresh) && SlicePlan.Middle(slice) is { } middle)
        {
            Cut?.Invoke(slice, fetched.Fault!);
            return caseFile.Split(export, slice with { Attempts = fetched.IsTooLarge ? slice.Attempts : fetched.Facts.Attempts }, middle);
        }

        caseFile.GiveUp(slice, fetched.Facts, fetched.Fault!);
        Done?.Invoke(new SliceOutcome(slice, fetched.Facts, null, fetched.Fault));
        return [];
    }

    private async Task<IReadOnlyList<TimeBin>?> CountAsync(DateTime from, DateTime to, DateTime pin, List<string> notes, CancellationToken cancellationToken)
    {
        int span = SlicePlan.SpanFor(to - from);
        var fetcher = new SliceFetcher(client, options, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)), "");
        try
        {
            SearchAnswer answer = await fetcher.SearchAsync("plan", new SearchRequest(SlicePlan.CountSearch(options.Spl, span), from, to, null, pin) { Identities = false }, cancellationToken);
            var bins = new List<TimeBin>();
            foreach (byte[] row in answer.Rows)
            {
                if (!ResultRow.TryTime(ResultRow.Text(row, "\"_time\":"u8), out DateTime start) || ResultRow.Number(row, "count") is not { } count)
                    throw new SplunkAttemptException("the count over time gave a row without time or count");
                DateTime end = start.AddSeconds(span);
                bins.Add(new TimeBin(start < from ? from : start, end > to ? to : end, count));
            }

            return [.. bins.OrderBy(b => b.Start)];
        }
        catch (SplunkAttemptException e)
        {
            notes.Add($"events could not be counted ({e.Message.TrimEnd('.')}): slices are of equal length and are cut where they turn out too large");
            return null;
        }
    }
}
