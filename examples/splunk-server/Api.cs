using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Weir.SplunkServer;

/// <summary>A request, whichever front took it.</summary>
internal sealed record ApiRequest(string Method, string Path, ILookup<string, string> Parameters, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string name] => Parameters[name].FirstOrDefault();
}

/// <summary>How the end of a body is marked.</summary>
internal enum Framing
{
    Chunked,
    Length,
    Close,
    Gzip,
}

/// <summary>An answer, before a front sends it.</summary>
internal sealed class ApiAnswer
{
    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "application/json; charset=UTF-8";

    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Writes the body, piece by piece.</summary>
    public Func<Func<ReadOnlyMemory<byte>, Task>, Task> Body { get; init; } = _ => Task.CompletedTask;

    public bool IsEmpty { get; init; }

    public Framing Framing { get; set; } = Framing.Chunked;

    /// <summary>The connection breaks behind so many bytes of the body; null: it does not.</summary>
    public long? CutAfter { get; set; }

    /// <summary>The connection breaks before anything is sent.</summary>
    public bool Reset { get; init; }

    /// <summary>All connections break, and none is taken for this long; null: they do not.</summary>
    public TimeSpan? Away { get; init; }

    public static ApiAnswer Json(int status, JsonNode body) => Text(status, "application/json; charset=UTF-8", body.ToJsonString());

    public static ApiAnswer Text(int status, string type, string body) => new() { Status = status, ContentType = type, Framing = Framing.Length, Body = write => write(Encoding.UTF8.GetBytes(body)) };

    public static ApiAnswer Message(int status, string level, string text) =>
        Json(status, new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["type"] = level, ["text"] = text }) });

    public static ApiAnswer None(int status) => new() { Status = status, IsEmpty = true };
}

/// <summary>The REST interface: who may ask, jobs, results, export. Faults are woven in where they happen on real servers.</summary>
internal sealed class Api(ServerOptions options)
{
    private readonly Jobs jobs = new(options);
    private readonly HashSet<string> sessions = [];
    private int logins;

    public Jobs Jobs => jobs;

    /// <summary>Requests in the order in which they came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(string Endpoint, ApiRequest Request)> Requests { get; } = [];

    /// <summary>Logins that were refused.</summary>
    public int RefusedLogins { get; private set; }

    public ApiAnswer Answer(ApiRequest request)
    {
        string[] path = request.Path.Trim('/').Split('/');
        string[] call = path is ["servicesNS", _, _, .. var rest] ? rest : path is ["services", .. var plain] ? plain : [];
        if (call is ["search", "v2", .. var second])
            call = ["search", .. second];
        string endpoint = EndpointOf(request.Method, call);
        if (Requests.Count < 10_000)
            Requests.Enqueue((endpoint, request));
        Faults faults = options.Faults;
        if (faults.Take(FaultKind.Reset, endpoint) is not null)
            return new ApiAnswer { Reset = true };
        if (faults.Take(FaultKind.Away, endpoint) is { } away)
        {
            if (away.Value % 2 == 1)
                Forget();
            return new ApiAnswer { Reset = true, Away = away.Value == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(away.Value) };
        }

        if (faults.Take(FaultKind.LoginPage, endpoint) is not null)
            return ApiAnswer.Text(200, "text/html; charset=UTF-8", "<html><body><form action=\"/account/login\">Log in</form></body></html>");
        if (endpoint == "login")
            return Login(request);
        if (Refusal(request) is { } refused)
            return refused;
        if (faults.Take(FaultKind.Unauthorized, endpoint) is not null)
        {
            lock (sessions)
                sessions.Clear();
            return ApiAnswer.Message(401, "WARN", "call not properly authenticated");
        }

        if (faults.Take(FaultKind.NoContent, endpoint) is not null && endpoint is "status" or "results")
            return ApiAnswer.None(204);
        return endpoint switch
        {
            "info" => ApiAnswer.Json(200, Entry("server-info", new JsonObject { ["version"] = "10.2.3", ["build"] = "5e0a2a4f5e2b", ["serverName"] = "splunk.froth.ly", ["product_type"] = "enterprise", ["numberOfCores"] = 2, ["os_name"] = "Linux" })),
            "context" => ApiAnswer.Json(200, Entry(options.User, Context())),
            "limits" => ApiAnswer.Json(200, Entry(call[^1], new JsonObject { ["maxresultrows"] = options.PageCap.ToString(CultureInfo.InvariantCulture), ["max_count"] = "500000", ["ttl"] = "600" })),
            "saved" => Saved(call[^1]),
            "create" => Create(request),
            "export" => request.Method == "POST" ? jobs.Export(request) : ApiAnswer.Message(405, "ERROR", "Method Not Allowed"),
            "list" => ApiAnswer.Json(200, new JsonObject { ["entry"] = new JsonArray([.. jobs.Ids.Select(id => (JsonNode)new JsonObject { ["name"] = id })]) }),
            "status" => jobs.Status(call[2]),
            "delete" => jobs.Delete(call[2]),
            "control" => jobs.Control(call[2], request["action"] ?? ""),
            "results" => jobs.Results(call[2], request),
            _ => ApiAnswer.Message(404, "ERROR", "Not Found"),
        };
    }

    private void Forget()
    {
        jobs.Clear();
        lock (sessions)
            sessions.Clear();
    }

    private static string EndpointOf(string method, string[] call) => call switch
    {
        ["auth", "login"] => "login",
        ["server", "info"] => "info",
        ["authentication", "current-context"] => "context",
        ["configs", "conf-limits", _] => "limits",
        ["saved", "searches", _] => "saved",
        ["search", "jobs"] => method == "POST" ? "create" : "list",
        ["search", "jobs", "export"] => "export",
        ["search", "jobs", _] => method == "DELETE" ? "delete" : "status",
        ["search", "jobs", _, "control"] => "control",
        ["search", "jobs", _, "results" or "events" or "results_preview"] => "results",
        _ => "unknown",
    };

    private static JsonObject Entry(string name, JsonObject content) => new() { ["entry"] = new JsonArray(new JsonObject { ["name"] = name, ["content"] = content }) };

    private JsonObject Context() => new()
    {
        ["username"] = options.User,
        ["roles"] = new JsonArray("admin", "power"),
        ["capabilities"] = new JsonArray("search", "rtsearch", "list_settings"),
        ["srchJobsQuota"] = options.MostJobs,
        ["srchDiskQuota"] = 500,
        ["tz"] = "UTC",
    };

    private static ApiAnswer Saved(string name) => Uri.UnescapeDataString(name) == "SOX rules"
        ? ApiAnswer.Json(200, Entry("SOX rules", new JsonObject { ["search"] = "index=botsv3 command=New-TransportRule", ["dispatch.earliest_time"] = "-24h@h", ["dispatch.latest_time"] = "now" }))
        : ApiAnswer.Message(404, "ERROR", $"Could not find object id={Uri.UnescapeDataString(name)}");

    private ApiAnswer Login(ApiRequest request)
    {
        if (request["username"] != options.User || request["password"] != options.Password)
        {
            RefusedLogins++;
            return ApiAnswer.Message(401, "WARN", "Login failed");
        }

        string key = string.Create(CultureInfo.InvariantCulture, $"k{Interlocked.Increment(ref logins)}-{options.Seed:x}");
        lock (sessions)
            sessions.Add(key);
        return ApiAnswer.Json(200, new JsonObject { ["sessionKey"] = key, ["message"] = "", ["code"] = "" });
    }

    private ApiAnswer? Refusal(ApiRequest request)
    {
        string given = request.Headers.GetValueOrDefault("Authorization") ?? "";
        bool known;
        lock (sessions)
            known = given.StartsWith("Splunk ", StringComparison.Ordinal) && sessions.Contains(given["Splunk ".Length..]);
        if (known || (options.Token is not null && given == "Bearer " + options.Token))
            return null;
        if (given.StartsWith("Basic ", StringComparison.Ordinal))
            return given == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}")) ? null : ApiAnswer.Message(401, "ERROR", "Unauthorized");
        return ApiAnswer.Message(401, "WARN", "call not properly authenticated");
    }

    private ApiAnswer Create(ApiRequest request)
    {
        if (options.Faults.Take(FaultKind.Quota, "create") is { } fault || jobs.Active >= options.MostJobs && (fault = new Fault(FaultKind.Quota, "create", 0, 1, 0)) is not null)
        {
            const string text = "Search not executed: The maximum number of concurrent historical searches on this instance has been reached.";
            if (fault.Value % 4 == 3)
            {
                var later = ApiAnswer.Text(429, "text/plain", "Too Many Requests");
                later.Headers["Retry-After"] = fault.Value % 8 == 3 ? "99999" : "3";
                return later;
            }

            return (fault.Value % 4) switch
            {
                0 => ApiAnswer.Message(503, "FATAL", text),
                1 => ApiAnswer.Message(200, "WARN", text),
                _ => ApiAnswer.Message(503, "ERROR", "Service Unavailable"),
            };
        }

        return jobs.Create(request);
    }
}
