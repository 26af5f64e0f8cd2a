using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Weir.SplunkServer;

/// <summary>Search jobs and the export endpoint.</summary>
internal sealed class Jobs(ServerOptions options)
{
    private const int PieceBytes = 1 << 16;
    private readonly ConcurrentDictionary<string, Job> jobs = new();

    public IEnumerable<string> Ids => jobs.Keys;

    public int Active => jobs.Values.Count(j => !j.IsDone);

    public void Clear() => jobs.Clear();

    public ApiAnswer Create(ApiRequest request)
    {
        string spl = request["search"] ?? "";
        string sid = request["id"] ?? string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.{jobs.Count}");
        if (jobs.ContainsKey(sid))
            return ApiAnswer.Message(400, "FATAL", $"A search job with id '{sid}' already exists.");
        try
        {
            var messages = new List<(string, string)>();
            SearchResult result = Search.Run(options.Corpus, spl, Bounds(request, "create", messages));
            if (request["exec_mode"] == "oneshot")
                return Page(result.Rows, request, 0, "oneshot", messages);
            Fault? cap = options.Faults.Take(FaultKind.ResultCap, "create");
            int most = Math.Min(cap is null ? options.ResultCap : (int)(1 + cap.Value % 50), int.TryParse(request["max_count"], CultureInfo.InvariantCulture, out int asked) ? asked : 10_000);
            jobs[sid] = new Job(sid, spl, result, most, options.Polls, [.. request.Parameters["rf"]], messages);
            return ApiAnswer.Json(201, new JsonObject { ["sid"] = sid });
        }
        catch (SplException e)
        {
            return ApiAnswer.Message(400, "FATAL", e.Message);
        }
    }

    public ApiAnswer Status(string sid)
    {
        if (options.Faults.Take(FaultKind.Expired, "status") is not null)
            jobs.TryRemove(sid, out _);
        if (!jobs.TryGetValue(sid, out Job? job))
            return ApiAnswer.Message(404, "FATAL", "Unknown sid.");
        if (options.Faults.Take(FaultKind.BadJob, "status") is { } bad)
            job.Bad = (int)(bad.Value % 5);
        return ApiAnswer.Json(200, new JsonObject { ["entry"] = new JsonArray(new JsonObject { ["name"] = job.Spl, ["content"] = job.Describe() }) });
    }

    public ApiAnswer Delete(string sid) => jobs.TryRemove(sid, out _) ? ApiAnswer.Message(200, "INFO", "Search job cancelled.") : ApiAnswer.Message(404, "FATAL", "Unknown sid.");

    public ApiAnswer Control(string sid, string action)
    {
        if (!jobs.TryGetValue(sid, out Job? job))
            return ApiAnswer.Message(404, "FATAL", "Unknown sid.");
        switch (action)
        {
            case "cancel":
                jobs.TryRemove(sid, out _);
                return ApiAnswer.Message(200, "INFO", "Search job cancelled.");
            case "finalize":
                job.Bad = 4;
                return ApiAnswer.Message(200, "INFO", "Search job finalized.");
            case "touch" or "pause" or "unpause" or "setttl" or "save" or "unsave":
                return ApiAnswer.Message(200, "INFO", "Search job touched.");
            default:
                return ApiAnswer.Message(400, "FATAL", "Unknown action.");
        }
    }

    public ApiAnswer Results(string sid, ApiRequest request)
    {
        if (options.Faults.Take(FaultKind.Expired, "results") is not null)
            jobs.TryRemove(sid, out _);
        if (!jobs.TryGetValue(sid, out Job? job))
            return ApiAnswer.Message(404, "FATAL", "Unknown sid.");
        if (!job.IsDone)
            return ApiAnswer.None(204);
        if (job.Bad is 1 or 2)
            return ApiAnswer.Message(400, "FATAL", "The search failed.");
        long offset = long.TryParse(request["offset"], CultureInfo.InvariantCulture, out long at) ? at : 0;
        if (offset > 0 && options.Faults.Take(FaultKind.Overlap, "results") is not null)
            return Page(job.Rows, request, offset, "results", job.Messages, job.Required, shift: (int)Math.Min(offset, 3));
        return Page(job.Rows, request, offset, "results", job.Messages, job.Required);
    }

    /// <summary>The stream of a search that nobody keeps: previews, sets of final rows, messages.</summary>
    public ApiAnswer Export(ApiRequest request)
    {
        var messages = new List<(string Level, string Text)>();
        SearchResult result;
        try
        {
            result = Search.Run(options.Corpus, request["search"] ?? "", Bounds(request, "export", messages));
        }
        catch (SplException e)
        {
            return ApiAnswer.Message(400, "FATAL", e.Message);
        }

        Faults faults = options.Faults;
        Fault? previews = request["preview"] == "0" && faults.Take(FaultKind.Previews, "export") is { } forced ? forced : null;
        int sets = previews is not null ? (int)(previews.Value % 31) : request["preview"] == "0" || !result.IsTransforming ? 0 : 3;
        long marking = faults.Take(FaultKind.LastRow, "export")?.Value ?? 0;
        Func<DateTime, string> time = TimeFormat(faults.Take(FaultKind.TimeFormat, "export")?.Value, request["output_time_format"]);
        Func<string, bool> shown = Shown([.. request.Parameters["rf"]]);
        Fault? silence = faults.Take(FaultKind.Silence, "export"), clean = faults.Take(FaultKind.CutClean, "export");
        if (faults.Take(FaultKind.IncompleteMessage, "export") is { } incomplete)
            messages.Add(Incomplete(incomplete.Value));
        int setRows = result.IsTransforming ? int.MaxValue : 1_000; // an event search ends a set now and then; offsets begin anew in each
        long cutRows = clean is null ? long.MaxValue : clean.Value % (result.Rows.Count + 1);
        if (clean is { Value: var v } && v % 2 == 0)
            cutRows = cutRows / setRows * setRows; // on the end of a set, where it looks whole
        var answer = new ApiAnswer
        {
            Body = async write =>
            {
                using var text = new MemoryStream();
                async Task Flush(bool always = false)
                {
                    if (text.Length < PieceBytes && !always)
                        return;
                    await write(text.ToArray());
                    text.SetLength(0);
                }

                for (int set = 0; set < sets; set++)
                {
                    int part = Math.Min(20, result.Rows.Count) * (set + 1) / sets;
                    for (int i = 0; i < part; i++)
                        Line(text, true, i, i == part - 1, result.Rows[i], shown, time);
                    await Flush();
                }

                long offset = 0;
                for (int i = 0; i < result.Rows.Count && i < cutRows; i++)
                {
                    bool ends = i == result.Rows.Count - 1 || offset == setRows - 1;
                    Line(text, false, offset, ends && marking % 3 != 1, result.Rows[i], shown, time);
                    if (ends && marking % 3 > 0)
                        text.Write("{\"preview\":false,\"lastrow\":true}\n"u8);
                    offset = ends ? 0 : offset + 1;
                    if (silence is not null && i == result.Rows.Count / 2)
                    {
                        text.Write("\n\n"u8);
                        await Flush(always: true);
                        await Task.Delay(options.Silence, options.Clock);
                    }

                    await Flush();
                }

                if (cutRows >= result.Rows.Count)
                {
                    foreach (var (level, message) in messages)
                        text.Write(Encoding.UTF8.GetBytes($"{{\"preview\":false,\"messages\":[{{\"type\":\"{level}\",\"text\":{System.Text.Json.JsonSerializer.Serialize(message)}}}]}}\n"));
                    if (result.Rows.Count == 0 || messages.Count > 0)
                        text.Write("{\"preview\":false,\"lastrow\":true}\n"u8);
                }

                await Flush(always: true);
            },
        };
        Frame(answer, "export");
        return answer;
    }

    private ApiAnswer Page(IReadOnlyList<Event> rows, ApiRequest request, long offset, string endpoint, IReadOnlyList<(string Level, string Text)> messages, IReadOnlyCollection<string>? required = null, int shift = 0)
    {
        Faults faults = options.Faults;
        int cap = faults.Take(FaultKind.PageCap, endpoint) is { } lower ? (int)(lower.Value % 2 == 0 ? 7 : 1_000) : options.PageCap;
        int asked = int.TryParse(request["count"], CultureInfo.InvariantCulture, out int count) ? count : 100;
        int most = asked == 0 ? cap : Math.Min(asked, cap);
        List<(string Level, string Text)> told = [.. messages];
        if (faults.Take(FaultKind.IncompleteMessage, endpoint) is { } incomplete)
            told.Add(Incomplete(incomplete.Value));
        Fault? clean = faults.Take(FaultKind.CutClean, endpoint), silence = faults.Take(FaultKind.Silence, endpoint);
        Func<string, bool> shown = Shown(required ?? [.. request.Parameters["rf"]]);
        int end = (int)Math.Min(rows.Count, offset + most);
        if (clean is not null)
            end = (int)Math.Min(end, offset + clean.Value % Math.Max(1, end - offset + 1));
        var answer = new ApiAnswer
        {
            Body = async write =>
            {
                using var text = new MemoryStream();
                text.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"preview\":false,\"init_offset\":{offset},\"post_process_count\":0,\"messages\":[")));
                text.Write(Encoding.UTF8.GetBytes(string.Join(',', told.Select(m => $"{{\"type\":\"{m.Level}\",\"text\":{System.Text.Json.JsonSerializer.Serialize(m.Text)}}}"))));
                text.Write("],"u8);
                if (rows.Count > 0)
                {
                    text.Write("\"fields\":["u8);
                    text.Write(Encoding.UTF8.GetBytes(string.Join(',', rows[0].Fields.Select(f => f.Key).Where(shown).Select(f => $"{{\"name\":{System.Text.Json.JsonSerializer.Serialize(f)}}}"))));
                    text.Write("],"u8);
                }

                text.Write("\"results\":["u8);
                for (int i = (int)offset; i < end; i++)
                {
                    if (i > offset)
                        text.WriteByte((byte)',');
                    rows[i - shift].Write(text, shown, Event.Iso);
                    if (text.Length >= PieceBytes || (silence is not null && i == (offset + end) / 2))
                    {
                        await write(text.ToArray());
                        text.SetLength(0);
                        if (silence is not null && i == (offset + end) / 2)
                            await Task.Delay(options.Silence, options.Clock);
                    }
                }

                text.Write("],\"highlighted\":{}}"u8);
                await write(text.ToArray());
            },
        };
        Frame(answer, endpoint);
        return answer;
    }

    private void Frame(ApiAnswer answer, string endpoint)
    {
        if (options.Faults.Take(FaultKind.Cut, endpoint) is not { } cut)
            return;
        answer.Framing = (Framing)(cut.Value % 4);
        answer.CutAfter = cut.Value / 4 % 16_384;
    }

    private SearchBounds Bounds(ApiRequest request, string endpoint, List<(string, string)> messages)
    {
        SearchBounds bounds = new(
            Time(request["earliest_time"], DateTime.MinValue), Time(request["latest_time"], DateTime.MaxValue), Time(request["index_earliest"], DateTime.MinValue), Time(request["index_latest"], DateTime.MaxValue));
        if (options.Faults.Take(FaultKind.OtherRange, endpoint) is not { } other)
            return bounds;
        if (other.Value % 2 == 0)
            messages.Add(("INFO", "Your timerange was substituted based on your search string"));
        return SearchBounds.All with { IndexEarliest = bounds.IndexEarliest, IndexLatest = bounds.IndexLatest };
    }

    private static DateTime Time(string? text, DateTime none) =>
        string.IsNullOrEmpty(text) ? none
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) ? DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
        : text == "now" ? DateTime.UtcNow
        : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;

    private static Func<string, bool> Shown(IReadOnlyCollection<string> required) => name => !Event.OnRequest.Contains(name) || required.Contains(name);

    private static (string, string) Incomplete(long value) => (value % 6) switch
    {
        0 => ("FATAL", "JournalSliceDirectory: Cannot seek to 0"),
        1 => ("WARN", "[idx2] Search results might be incomplete: the search process on peer idx2 ended prematurely."),
        2 => ("INFO", "The search auto-finalized after 60 seconds time limit reached."),
        3 => ("INFO", "[subsearch]: Subsearch produced 20000 results, truncating to maxout 10000."),
        4 => ("WARN", "Timed out waiting for peer idx2. Search results might be incomplete!"),
        _ => ("WARN", "Limit of '100' for values reached. Some values may have been truncated or ignored."),
    };

    private static Func<DateTime, string> TimeFormat(long? fault, string? asked) => fault is null
        ? asked is null ? t => t.ToString("yyyy-MM-dd HH:mm:ss.fff 'GMT'", CultureInfo.InvariantCulture) : Event.Iso
        : (fault.Value % 4) switch
        {
            0 => t => t.ToString("yyyy-MM-dd HH:mm:ss.fff 'GMT'", CultureInfo.InvariantCulture),
            1 => t => t.AddHours(-8).ToString("yyyy-MM-dd HH:mm:ss.fff 'PST'", CultureInfo.InvariantCulture),
            2 => t => t.AddHours(-7).ToString("yyyy-MM-dd HH:mm:ss.fff 'Pacific Daylight Time'", CultureInfo.InvariantCulture),
            _ => t => ((t - DateTime.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.000", CultureInfo.InvariantCulture),
        };

    private static void Line(MemoryStream text, bool preview, long offset, bool last, Event row, Func<string, bool> shown, Func<DateTime, string> time)
    {
        text.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"preview\":{(preview ? "true" : "false")},\"offset\":{offset},{(last ? "\"lastrow\":true," : "")}\"result\":")));
        row.Write(text, shown, time);
        text.Write("}\n"u8);
    }

    /// <summary>A job and where it stands.</summary>
    private sealed class Job(string sid, string spl, SearchResult result, int most, int polls, IReadOnlyCollection<string> required, IReadOnlyList<(string Level, string Text)> messages)
    {
        private int asked;

        public string Spl { get; } = spl;

        public IReadOnlyCollection<string> Required { get; } = required;

        public IReadOnlyList<(string Level, string Text)> Messages { get; } = messages;

        public IReadOnlyList<Event> Rows { get; } = result.Rows.Count <= most ? result.Rows : [.. result.Rows.Take(most)];

        /// <summary>0: it stays queued; 1: it fails; 2: it dies; 3: cancelled; 4: finalized; null: all is well.</summary>
        public int? Bad { get; set; }

        public bool IsDone => Bad is not 0 && asked > polls;

        public JsonObject Describe()
        {
            asked++;
            string state = Bad switch { 0 => "QUEUED", 1 => "FAILED", 3 => "INTERNAL_CANCEL", _ => asked > polls ? "DONE" : asked == 1 ? "PARSING" : "RUNNING" };
            var content = new JsonObject { ["sid"] = sid, ["dispatchState"] = state, ["isDone"] = state is "DONE" or "FAILED", ["isFailed"] = Bad == 1, ["isZombie"] = Bad == 2, ["isFinalized"] = Bad == 4, ["defaultTTL"] = "600", ["ttl"] = 600 };
            var told = new JsonArray([.. Messages.Select(m => (JsonNode)new JsonObject { ["type"] = m.Level, ["text"] = m.Text })]);
            if (Bad == 1)
                told.Add(new JsonObject { ["type"] = "FATAL", ["text"] = "Error in 'SearchParser': the search failed." });
            content["messages"] = told;
            if (state is "PARSING" or "QUEUED")
                return content;
            bool done = IsDone;
            content["doneProgress"] = done ? 1 : 0.5;
            content["scanCount"] = result.Scanned;
            content["eventCount"] = result.Events;
            content["eventAvailableCount"] = 0;
            content["eventIsTruncated"] = true;
            content["resultCount"] = done ? Bad == 4 ? Rows.Count / 2 : Rows.Count : 0;
            content["resultIsStreaming"] = !result.IsTransforming;
            content["searchProviders"] = new JsonArray("idx1");
            return content;
        }
    }
}
