using System.Globalization;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>A slice that was fetched and verified, or why it was not.</summary>
/// <param name="Spool">Its rows; null: it was not fetched.</param>
/// <param name="Fault">Why not.</param>
internal sealed record FetchedSlice(SliceRecord Slice, SliceFacts Facts, SliceSpool? Spool, string? Fault, bool IsTooLarge, SearchJob? Job)
{
    /// <summary>Throws it away: its rows will not land. Takes no longer than two seconds.</summary>
    public async Task DropAsync()
    {
        Spool?.Dispose();
        if (Job is not null)
            await Job.DeleteAsync(TimeSpan.FromSeconds(2));
    }
}

/// <summary>The result of a small search.</summary>
/// <param name="Rows">Rows as objects of JSON.</param>
/// <param name="Count">Rows that it has on the server.</param>
internal sealed record SearchAnswer(IReadOnlyList<byte[]> Rows, long Count, IReadOnlyList<SplunkMessage> Messages);

/// <summary>Fetches one slice, as often as it takes, and takes it for complete only where the server's own counts prove it.</summary>
internal sealed class SliceFetcher(SplunkClient client, ExportOptions options, string token, string casePath)
{
    private const int PageRows = 50_000; // [restapi] maxresultrows; a server that gives fewer is paged by what it gives
    private const int PageTries = 4;
    private const int MaxRow = 64 << 20;
    private const int MostOutages = 5; // that a slice is forgiven: a search that takes the server down is a hole in the end; guess

    // Results of so many rows may have been cut at a limit that nobody told of (limits.conf: max_count, maxresultrows, the documented default).
    private static readonly long[] KnownCaps = [10_000, 50_000, 100_000];

    private long rowsBefore = -1; // that the job of the attempt before kept: a limit is met again, chance is not

    /// <summary>Is told of rows and bytes of slices that came since it was told last, from any thread.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Never throws for what the server did to this slice; what concerns the whole export is thrown.</summary>
    public async Task<FetchedSlice> FetchAsync(SliceRecord slice, CancellationToken cancellationToken)
    {
        var messages = new List<SplunkMessage>();
        var request = new SearchRequest(slice.Spl, slice.Earliest, slice.Latest, slice.IndexEarliest, slice.IndexLatest);
        int outages = 0;
        for (int tries = 1; ; tries++)
        {
            int before = client.Outages;
            var run = new Attempt(slice, slice.Attempts + tries, request, messages);
            try
            {
                SliceSpool spool = await (options.Method == FetchMethod.Export ? ExportAsync(run, cancellationToken) : PageAsync(run, cancellationToken));
                return new FetchedSlice(slice, run.Facts(), spool, null, false, run.Job);
            }
            catch (SplunkAttemptException e)
            {
                run.Messages.Add(new SplunkMessage("weir", "ATTEMPT", string.Create(CultureInfo.InvariantCulture, $"attempt {run.Number}: {e.Message}")));
                bool away;
                try
                {
                    away = await WasAwayAsync(e, before, cancellationToken);
                }
                finally
                {
                    await DropAsync(run, cancellationToken);
                }

                if (away && e is not SliceTooLargeException && ++outages <= MostOutages)
                {
                    messages.Add(new SplunkMessage("weir", "OUTAGE", string.Create(CultureInfo.InvariantCulture, $"attempt {run.Number} does not count: the server went away")));
                    tries--;
                    continue;
                }

                if (e is SliceTooLargeException || tries == options.Attempts)
                    return new FetchedSlice(slice, run.Facts(), null, e.Message, e is SliceTooLargeException, null);
            }
            catch
            {
                await DropAsync(run, cancellationToken);
                throw;
            }

            await Task.Delay(TimeSpan.FromSeconds(2 * tries * (0.5 + Random.Shared.NextDouble())), client.Options.Clock, cancellationToken);
        }
    }

    /// <summary>A small search whose result is read at once, with the same checks as a slice's.</summary>
    /// <param name="name">Part of its job's name.</param>
    /// <param name="most">Rows that are read at most; the count tells of the others.</param>
    public async Task<SearchAnswer> SearchAsync(string name, SearchRequest request, CancellationToken cancellationToken, long most = long.MaxValue)
    {
        string fault = "";
        for (int attempt = 1; attempt <= options.Attempts; attempt++)
        {
            var rows = new List<byte[]>();
            var messages = new List<SplunkMessage>();
            var job = new SearchJob(client, $"weir_{token}_{name}_{attempt}", request);
            try
            {
                await job.StartAsync(cancellationToken);
                JobStatus status = await DoneAsync(job, messages, cancellationToken);
                await PagesAsync(job, Math.Min(most, status.ResultCount ?? 0), messages, row => rows.Add(row.ToArray()), () => rows.Count, count => rows.RemoveRange(count, rows.Count - count), cancellationToken);
                Judge(messages, owned: true);
                return new SearchAnswer(rows, status.ResultCount ?? 0, messages);
            }
            catch (SplunkAttemptException e)
            {
                fault = e.Message;
            }
            finally
            {
                await job.DeleteAsync(TimeSpan.FromSeconds(cancellationToken.IsCancellationRequested ? 2 : 30));
            }
        }

        throw new SplunkAttemptException(fault);
    }

    /// <summary>A name that says what is asked for, so that no other slice takes the job up.</summary>
    private string SidOf(SliceRecord slice, int attempt) => $"weir_{token}_{NameOf(slice)}_{attempt.ToString(CultureInfo.InvariantCulture)}";

    private static string NameOf(SliceRecord slice) => string.Create(
        CultureInfo.InvariantCulture, $"{Milliseconds(slice.Earliest)}_{Milliseconds(slice.Latest)}{(slice.IndexEarliest is { } since ? $"_{Milliseconds(since)}" : "")}_{Milliseconds(slice.IndexLatest)}");

    private static long Milliseconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    private async Task<SliceSpool> PageAsync(Attempt run, CancellationToken cancellationToken)
    {
        var job = run.Begin(new SearchJob(client, SidOf(run.Slice, run.Number), run.Request));
        await job.StartAsync(cancellationToken);
        JobStatus status = await DoneAsync(job, run.Messages, cancellationToken);
        run.Status = status;
        long count = status.ResultCount ?? throw new SplunkAttemptException($"job {job.Sid} does not tell how many results it has");
        bool proven = options.Spl.OwnsRange || (options.Spl.IsRowPerEvent && count == status.EventCount); // a search like | rest gives another result each time
        if (!proven || IsCap(count))
            await CompareAsync(run, count, cancellationToken); // it may keep fewer than there are
        var spool = run.Spool(casePath, SpoolBytes);
        var check = new RowCheck(run.Slice, options.Spl, identities: true);
        await PagesAsync(
            job, count, run.Messages,
            row =>
            {
                check.Row(row);
                spool.Add(row);
            },
            () => (spool.Rows, spool.Bytes), at => spool.CutTo(at.Rows, at.Bytes), cancellationToken, check.Keep, check.Undo);
        Judge(run.Messages, owned: options.Spl.OwnsRange);
        if (spool.Rows != count)
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"{spool.Rows} rows came of {count}"));
        spool.Finish();
        return run.Take();
    }

    private async Task<SliceSpool> ExportAsync(Attempt run, CancellationToken cancellationToken)
    {
        var spool = run.Spool(casePath, SpoolBytes);
        var check = new RowCheck(run.Slice, options.Spl, identities: false);
        var results = new SplunkResults(
            "export",
            row =>
            {
                check.Row(row);
                RowCheck.Time(row);
                spool.Add(row);
            },
            MaxRow)
        {
            Progress = Progress,
        };
        try
        {
            await using SplunkBodyStream body = await client.OpenAsync(
                HttpMethod.Post, client.PathOf("search/jobs/export", versioned: true),
                [.. run.Request.Parameters(), KeyValuePair.Create("output_time_format", "%Y-%m-%dT%H:%M:%S.%Q%:z"), KeyValuePair.Create("max_time", "0")], cancellationToken) ?? throw new SplunkAttemptException("the export gave nothing (204)");
            Framed(body);
            await ReadAsync(results, body, cancellationToken);
        }
        catch (SplunkStatusException e) when (e.IsOurs)
        {
            throw e.ToWeir(client.Options.Name);
        }
        finally
        {
            run.Messages.AddRange(results.Messages);
        }

        if (!results.EndsASet)
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"the export broke off behind {results.Rows} rows: its last set is not closed"));
        Judge(run.Messages, owned: options.Spl.OwnsRange);
        await CompareAsync(run, spool.Rows, cancellationToken);
        spool.Finish();
        return run.Take();
    }

    private static bool IsCap(long rows) => rows >= SearchRequest.MaxCount || KnownCaps.Contains(rows);

    private long SpoolBytes => options.SpoolLimit / (options.Concurrency + 1);

    /// <summary>Counts the same bounds by a search of its own.</summary>
    private async Task CompareAsync(Attempt run, long rows, CancellationToken cancellationToken)
    {
        if (options.Spl.Acts)
        {
            // To count it is to run it once more.
            if (options.Method == FetchMethod.Job && IsCap(rows))
                throw new SliceTooLargeException(string.Create(CultureInfo.InvariantCulture, $"the job has {rows} results, a known limit, and the search acts: it is not run again to be counted; --method export has no such limit"));
            return;
        }

        SearchAnswer counted = await SearchAsync(
            string.Create(CultureInfo.InvariantCulture, $"{NameOf(run.Slice)}_{run.Number}_count"), run.Request with { Spl = run.Slice.Spl + " | stats count" }, cancellationToken);
        run.Messages.AddRange(counted.Messages);
        long count = counted.Rows.Count == 1 && ResultRow.Number(counted.Rows[0], "count") is { } number ? number : throw new SplunkAttemptException("the count over the same range gave no number");
        run.Counted = count;
        if (count > rows && options.Method == FetchMethod.Job)
        {
            string kept = string.Create(CultureInfo.InvariantCulture, $"the job keeps {rows} of {count} results");
            if (options.Spl.IsOneSlice)
                throw new SplunkAttemptException(kept + "; --method export has no such limit");
            bool again = rowsBefore == rows;
            rowsBefore = rows;
            throw again || options.Spl.IsRowPerEvent || IsCap(rows) ? new SliceTooLargeException(kept) : new SplunkAttemptException(kept + ", or the search gives another result each time");
        }

        if (count != rows)
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"{rows} rows came and {count} are counted: some are missing, or the search gives another result each time"));
    }

    private static async Task<JobStatus> DoneAsync(SearchJob job, List<SplunkMessage> messages, CancellationToken cancellationToken)
    {
        JobStatus status = await job.WaitAsync(cancellationToken);
        messages.AddRange(status.Messages);
        return status.Fault is { } fault
            ? throw new SplunkAttemptException($"job {job.Sid}: {fault}{(status.Messages.Count == 0 ? "" : ": " + string.Join(" ", status.Messages.Take(3)))}")
            : status;
    }

    /// <summary>All pages of a job: by the rows that came, up to the number that it has.</summary>
    private async Task PagesAsync<T>(
        SearchJob job, long count, List<SplunkMessage> messages, RowTaker row, Func<T> place, Action<T> cut, CancellationToken cancellationToken, Action? keep = null, Action? undo = null)
    {
        long offset = 0;
        for (int tries = 1; offset < count;)
        {
            T before = place();
            var results = new SplunkResults("results", row.Invoke, MaxRow) { Progress = keep is null ? null : Progress };
            try
            {
                await using (SplunkBodyStream body = await job.OpenPageAsync(offset, (int)Math.Min(PageRows, count - offset), cancellationToken) ?? throw new SplunkAttemptException("the results are not ready (204)"))
                {
                    Framed(body);
                    await ReadAsync(results, body, cancellationToken);
                }

                if (results.FirstOffset is { } first && first != offset)
                    throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"rows from {offset} on were asked for and those from {first} on came"));
                if (results.Previews > 0)
                    throw new SplunkAttemptException("previews came in place of results");
                if (results.Documents != 1)
                    throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"{results.Documents} documents came in place of one"));
                if (results.Rows == 0)
                    throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"an empty page came at row {offset} of {count}"));
                if (offset + results.Rows > count)
                    throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"more than {count} rows came"));
                offset += results.Rows;
                messages.AddRange(results.Messages);
                keep?.Invoke();
                tries = 1;
            }
            catch (SplunkAttemptException) when (tries < PageTries)
            {
                tries++;
                cut(before);
                undo?.Invoke();
                messages.AddRange(results.Messages);
                Judge(results.Messages, owned: options.Spl.OwnsRange);
                await Task.Delay(TimeSpan.FromSeconds(tries * (0.5 + Random.Shared.NextDouble())), client.Options.Clock, cancellationToken);
            }
        }

        if (count > 0)
            return;

        // No row is a result too, and its messages count.
        var none = new SplunkResults("results", row.Invoke, MaxRow);
        if (await job.OpenPageAsync(0, PageRows, cancellationToken) is { } empty)
        {
            await using (empty)
                await ReadAsync(none, empty, cancellationToken);
        }

        messages.AddRange(none.Messages);
        if (none.Rows > 0)
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"{none.Rows} rows came of none"));
    }

    private static void Framed(SplunkBodyStream body)
    {
        if (body.Packing is { } packing)
            throw new SplunkAttemptException($"the body came packed ({packing}) although it was asked for plain: a cut would not show");
        if (!body.IsFramed)
            throw new SplunkAttemptException("nothing marks the end of the body (neither chunks nor a length): a cut would not show; a proxy may speak HTTP 1.0");
    }

    private static async Task ReadAsync(SplunkResults results, SplunkBodyStream body, CancellationToken cancellationToken)
    {
        try
        {
            await results.ReadAsync(body, cancellationToken);
        }
        catch (Exception e) when (e is IOException or TimeoutException or HttpRequestException)
        {
            throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"the connection broke behind {results.Rows} rows: {e.Message.TrimEnd('.')}"), e);
        }
    }

    /// <summary>Refuses results of which the server itself says that they are not all there.</summary>
    /// <param name="owned">The search may name another range than the one of its request.</param>
    private static void Judge(IEnumerable<SplunkMessage> messages, bool owned)
    {
        foreach (SplunkMessage message in messages)
        {
            if (message.SaysIncomplete)
                throw new SplunkAttemptException($"the server says that results are missing: {message}");
            if (!owned && message.SaysOtherRange)
                throw new SplunkAttemptException($"the server searched another range than the slice's: {message}; a time modifier in the search, or in a macro of it, overrides the range");
        }
    }

    /// <summary>The server went away during an attempt, which says nothing of the slice. Waits until it is back.</summary>
    private async Task<bool> WasAwayAsync(SplunkAttemptException fault, int before, CancellationToken cancellationToken)
    {
        if (client.Outages != before)
            return true;
        if (fault.InnerException is null)
            return false;
        // One that is being stopped breaks what is open before it refuses what is new.
        await Task.Delay(TimeSpan.FromSeconds(1 + Random.Shared.NextDouble()), client.Options.Clock, cancellationToken);
        return await client.WasAwayAsync(fault, cancellationToken) || client.Outages != before;
    }

    /// <summary>Also while the run is being stopped, but then not for long.</summary>
    private static async Task DropAsync(Attempt run, CancellationToken cancellationToken)
    {
        run.Dispose();
        if (run.Job is { } job)
            await job.DeleteAsync(TimeSpan.FromSeconds(cancellationToken.IsCancellationRequested ? 2 : 30));
    }

    private delegate void RowTaker(ReadOnlySpan<byte> row);

    /// <summary>One attempt: its job, its spool, what it was told.</summary>
    /// <param name="all">Messages of all attempts; those of this one are added when it is over: what another one was told says nothing of it.</param>
    private sealed class Attempt(SliceRecord slice, int number, SearchRequest request, List<SplunkMessage> all) : IDisposable
    {
        private SliceSpool? spool;
        private long streamed;

        public SliceRecord Slice { get; } = slice;

        public int Number { get; } = number;

        public SearchRequest Request { get; } = request;

        public List<SplunkMessage> Messages { get; } = [];

        public SearchJob? Job { get; private set; }

        public JobStatus? Status { get; set; }

        public long? Counted { get; set; }

        public SearchJob Begin(SearchJob job) => Job = job;

        public SliceSpool Spool(string casePath, long limit) => spool = new SliceSpool(casePath, limit);

        /// <summary>Hands the rows on, which have proven to be all.</summary>
        public SliceSpool Take()
        {
            SliceSpool taken = spool!;
            spool = null;
            streamed = taken.Rows;
            all.AddRange(Messages);
            return taken;
        }

        public SliceFacts Facts() => new(Slice.SourceId, Job?.Sid, Status?.ScanCount, Status?.EventCount, Status?.ResultCount ?? Counted, streamed, SplunkMessage.ToJson(all), Number);

        public void Dispose()
        {
            all.AddRange(Messages);
            streamed = spool?.Rows ?? 0;
            spool?.Dispose();
            spool = null;
        }
    }
}
