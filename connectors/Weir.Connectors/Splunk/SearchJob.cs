using System.Globalization;
using System.Net;
using System.Text.Json;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>What is asked of the server: a search over a range.</summary>
/// <param name="Spl">It begins with <c>search</c> or a pipe.</param>
/// <param name="Earliest">Inclusive; null: all time.</param>
/// <param name="Latest">Exclusive.</param>
/// <param name="IndexEarliest">Bound on the index time, whole seconds, inclusive.</param>
/// <param name="IndexLatest">Exclusive.</param>
internal sealed record SearchRequest(string Spl, DateTime? Earliest = null, DateTime? Latest = null, DateTime? IndexEarliest = null, DateTime? IndexLatest = null)
{
    /// <summary>Most rows that a job keeps: limits.conf's own <c>max_count</c>. The documented default of 10,000 would cut results without a word.</summary>
    public const int MaxCount = 500_000;

    /// <summary>Ask for the fields that identify an event too; true by default.</summary>
    public bool Identities { get; init; } = true;

    /// <summary>Fields that identify an event; results have them on request only.</summary>
    private static readonly string[] Required = ["*", "_bkt", "_cd", "_indextime", "_si", "_serial"];

    public IEnumerable<KeyValuePair<string, string>> Parameters()
    {
        yield return KeyValuePair.Create("search", Spl);
        if (Earliest is { } earliest)
            yield return KeyValuePair.Create("earliest_time", Iso(earliest));
        if (Latest is { } latest)
            yield return KeyValuePair.Create("latest_time", Iso(latest));
        if (IndexEarliest is { } from)
            yield return KeyValuePair.Create("index_earliest", Epoch(from));
        if (IndexLatest is { } to)
            yield return KeyValuePair.Create("index_latest", Epoch(to));
        foreach (string field in Identities ? Required : [])
            yield return KeyValuePair.Create("rf", field);
        yield return KeyValuePair.Create("adhoc_search_level", "smart");
        yield return KeyValuePair.Create("allow_partial_results", "0");
        yield return KeyValuePair.Create("status_buckets", "0"); // else the final results are a sample from the timeline
        yield return KeyValuePair.Create("preview", "0");
    }

    // time_format's default: %FT%T.%Q%:z
    private static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture);

    private static string Epoch(DateTime utc) => ((utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where a job stands.</summary>
internal sealed record JobStatus(string State, bool IsDone, string? Fault, long ScanCount, long EventCount, long? ResultCount, double Progress, IReadOnlyList<SplunkMessage> Messages)
{
    public static JobStatus Read(JsonElement content)
    {
        string state = Text(content, "dispatchState");
        SplunkMessage[] messages = content.TryGetProperty("messages", out JsonElement list) ? [.. SplunkMessage.Read("job", list)] : [];
        // JSON has true and 1 and "1", by version.
        string? fault = Flag(content, "isFailed") || state is "FAILED" ? "the search failed"
            : Flag(content, "isZombie") ? "its process died"
            : state is "INTERNAL_CANCEL" or "USER_CANCEL" or "BAD_INPUT_CANCEL" or "QUIT" ? $"it was cancelled ({state})"
            : Flag(content, "isFinalized") ? "it was finalized before its end (a limit, or somebody)"
            : null;
        return new JobStatus(state, Flag(content, "isDone"), fault, Number(content, "scanCount") ?? 0, Number(content, "eventCount") ?? 0, Number(content, "resultCount"), Real(content, "doneProgress"), messages);
    }

    private static bool Flag(JsonElement content, string key) => content.TryGetProperty(key, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.TryGetDouble(out double number) && number != 0,
        JsonValueKind.String => value.GetString() is "1" or "true" or "True",
        _ => false,
    };

    private static string Text(JsonElement content, string key) => content.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long? Number(JsonElement content, string key) => content.TryGetProperty(key, out JsonElement value) && long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static double Real(JsonElement content, string key) => content.TryGetProperty(key, out JsonElement value) && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;
}

/// <summary>A search job on the server under a name that we chose, so that a run that comes back finds its own.</summary>
internal sealed class SearchJob(SplunkClient client, string sid, SearchRequest request)
{
    // Splunk keeps a finished job for 600 s; it is told to go on keeping it at less than half of that.
    private static readonly TimeSpan TouchEvery = TimeSpan.FromSeconds(200);
    private long touched = client.Options.Clock.GetTimestamp();

    public string Sid { get; } = sid;

    private string Path => client.PathOf("search/jobs/" + Uri.EscapeDataString(Sid));

    /// <summary>Starts it, or finds it running or done.</summary>
    /// <exception cref="WeirException">The server does not take the search.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            if (await StatusAsync(cancellationToken) is not null)
                return;
            try
            {
                await CreateAsync(cancellationToken);
                return;
            }
            catch (SplunkQuotaException e)
            {
                if (tries >= client.Options.QuotaTries)
                    throw new SplunkAttemptException($"the server refused a further search {tries} times: {e.Message}", e);
                TimeSpan wait = TimeSpan.FromSeconds(Math.Min(30, 2 + tries) * (0.5 + Random.Shared.NextDouble() / 2));
                await Task.Delay(wait < client.Options.LongestWait ? wait : client.Options.LongestWait, client.Options.Clock, cancellationToken);
            }
        }
    }

    /// <summary>Waits until it is done.</summary>
    /// <exception cref="SplunkAttemptException">It failed, stands still, or its results are not all there.</exception>
    public async Task<JobStatus> WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(100);
        (string, long, double) before = default;
        long since = client.Options.Clock.GetTimestamp();
        int missing = 0;
        while (true)
        {
            JobStatus? status = await StatusAsync(cancellationToken);
            if (status is { IsDone: true } or { Fault: not null })
                return status;
            if (status is null && ++missing > 50)
                throw new SplunkAttemptException($"job {Sid} is gone");
            (string, long, double) now = status is null ? default : (status.State, status.ScanCount, status.Progress);
            if (now != before)
                (before, since) = (now, client.Options.Clock.GetTimestamp());
            else if (client.Options.Clock.GetElapsedTime(since) > client.Options.StallTimeout)
                throw new SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"job {Sid} stood still ({(now.Item1 is { Length: > 0 } state ? state : "not ready")}) for {client.Options.StallTimeout.TotalMinutes:0} min"));
            await Task.Delay(pause, client.Options.Clock, cancellationToken);
            pause = TimeSpan.FromMilliseconds(Math.Min(2_000, pause.TotalMilliseconds * 1.5));
        }
    }

    /// <summary>Opens a page of results; null: the server says that they are not ready (204).</summary>
    public async Task<SplunkBodyStream?> OpenPageAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (client.Options.Clock.GetElapsedTime(touched) > TouchEvery)
        {
            touched = client.Options.Clock.GetTimestamp();
            await ControlAsync("touch", cancellationToken);
        }

        return await client.OpenAsync(
            HttpMethod.Get, client.PathOf($"search/jobs/{Uri.EscapeDataString(Sid)}/results", versioned: true),
            [KeyValuePair.Create("offset", offset.ToString(CultureInfo.InvariantCulture)), KeyValuePair.Create("count", count.ToString(CultureInfo.InvariantCulture))], cancellationToken);
    }

    /// <summary>Takes it off the server: jobs hold quota and disk. Where that fails it ends by itself (<c>auto_cancel</c>, <c>timeout</c>); what it gave is not in doubt.</summary>
    /// <param name="atMost">Longest time it may take.</param>
    public async Task DeleteAsync(TimeSpan atMost)
    {
        using var brief = new CancellationTokenSource(atMost);
        try
        {
            await client.AskAsync(HttpMethod.Delete, Path, [], brief.Token);
        }
        catch (Exception e) when (e is SplunkAttemptException or WeirException or OperationCanceledException)
        {
            // As the summary says.
        }
    }

    private Task ControlAsync(string action, CancellationToken cancellationToken) =>
        client.AskAsync(HttpMethod.Post, Path + "/control", [KeyValuePair.Create("action", action)], cancellationToken);

    /// <summary>null: there is no such job, or it is not ready to tell.</summary>
    private async Task<JobStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        JsonElement? answer = await client.AskAsync(HttpMethod.Get, Path, [], cancellationToken);
        JsonElement content = answer is { } entry ? SplunkClient.Content(entry) : default;
        return content.ValueKind == JsonValueKind.Object ? JobStatus.Read(content) : null;
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<string, string>[] parameters =
        [
            .. request.Parameters(),
            KeyValuePair.Create("id", Sid),
            KeyValuePair.Create("exec_mode", "normal"),
            KeyValuePair.Create("max_count", SearchRequest.MaxCount.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("auto_cancel", "900"), // what a killed run leaves behind ends by itself
            KeyValuePair.Create("timeout", "3600"),
        ];
        try
        {
            JsonElement answer = await client.AskAsync(HttpMethod.Post, client.PathOf("search/jobs"), parameters, cancellationToken) ?? default;
            if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("sid", out JsonElement sid) && sid.GetString() == Sid)
                return;
            SplunkMessage[] messages = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("messages", out JsonElement list) ? [.. SplunkMessage.Read("answer", list)] : [];
            throw Array.Exists(messages, m => m.SaysQuota) ? new SplunkQuotaException(string.Join(" ", messages.AsEnumerable())) : new SplunkAttemptException($"the search did not start: {string.Join(" ", messages.AsEnumerable())}");
        }
        catch (SplunkStatusException e) when (e.Status == HttpStatusCode.Conflict || e.Messages.Any(m => m.Text.Contains("already exists", StringComparison.OrdinalIgnoreCase)))
        {
            // Our own request of before, whose answer did not reach us.
        }
        catch (SplunkStatusException e) when (e.IsOurs)
        {
            throw e.ToWeir(client.Options.Name);
        }
    }
}
