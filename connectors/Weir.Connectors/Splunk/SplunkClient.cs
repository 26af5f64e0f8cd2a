using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Polly;
using Polly.Retry;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>Speaks to a Splunk server: who we are, tries again what the network or its load made fail, and never takes an error for an answer.</summary>
internal sealed class SplunkClient : IDisposable
{
    private const int ConnectSeconds = 30;
    private const int MostBytes = 64 << 20; // of an answer that is read whole
    private const int MostOutages = 5; // of one request: one that takes the server down each time is not sent for ever; guess
    private readonly SplunkOptions options;
    private readonly SplunkCredential credential;
    private readonly SplunkTrust trust;
    private readonly HttpClient http;
    private readonly ResiliencePipeline retry;
    private readonly SemaphoreSlim login = new(1, 1);
    private readonly ServerWatch watch;
    private string? session;
    private WeirException? refused;

    /// <exception cref="WeirException">The address or what is to be trusted is of no use.</exception>
    public SplunkClient(SplunkOptions options, SplunkCredential credential)
    {
        (this.options, this.credential) = (options, credential);
        if (options.Url.Scheme != Uri.UriSchemeHttps && !(options.Insecure && options.Url.Scheme == Uri.UriSchemeHttp))
            throw new WeirException("--url", $"'{options.Url.Scheme}:' is not encrypted", "https://HOST:8089", "Give the management address of the server; plain HTTP only with --insecure.");
        if (options.Url.UserInfo.Length > 0)
            throw new WeirException("--url", "it holds a user name or password", "https://HOST:8089", "Give the name with --user and the password in $SPLUNK_PASSWORD: what stands in an address is seen by every process.");
        watch = new ServerWatch(options, AnswersAsync);
        trust = new SplunkTrust(options);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // credentials go to the named host only
            AutomaticDecompression = DecompressionMethods.None,
            CookieContainer = new CookieContainer(), // a load balancer's cookie keeps us at the search head that has our jobs
            ConnectTimeout = TimeSpan.FromSeconds(ConnectSeconds),
            MaxConnectionsPerServer = 64,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20), // splunkd closes idle ones
        };
        handler.SslOptions.CertificateChainPolicy = SplunkTrust.Policy(X509ChainTrustMode.System);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain?.ChainPolicy.ExtraStore ?? [], errors);
        if (options.Proxy is not null)
            handler.Proxy = new WebProxy(options.Proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)) { Credentials = ProxyCredentials(options.Proxy) };
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version11 };
        // Without a User-Agent splunkd goes back to HTTP 1.0, whose bodies have no marked end (server.conf).
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("weir", CaseSchema.ToolVersion));
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        retry = new ResiliencePipelineBuilder { TimeProvider = options.Clock }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is { } e && IsPassing(e)),
            MaxRetryAttempts = options.Tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = options.LongestWait,
            // Polly does not clamp what a generator gives: a server could let us sleep for ever.
            DelayGenerator = args => new ValueTask<TimeSpan?>(args.Outcome.Exception is PassingStatusException { After: { } after } ? Min(after, options.LongestWait) : null),
        }).Build();
    }

    public SplunkOptions Options => options;

    public SplunkCredential Credential => credential;

    /// <summary>The server's clock as of its last answer, so that relative times and the bound on index times are its own.</summary>
    public DateTimeOffset ServerTime { get; private set; }

    /// <summary>Is told at once that the server went away, and that it is back; from any thread.</summary>
    public Action<string>? Say { set => watch.Say = value; }

    /// <summary>How often the server went away.</summary>
    public int Outages => watch.Outages;

    /// <summary>Version of the server; null before <see cref="ConnectAsync"/>.</summary>
    public Version? ServerVersion { get; private set; }

    /// <summary>Root of the jobs: version 2 of the endpoints is there from 9.0.2 on, and version 1 is disabled in 10.</summary>
    private bool HasVersion2 => ServerVersion is null || ServerVersion >= new Version(9, 0, 2);

    /// <summary>Logs in and asks who the server is.</summary>
    /// <exception cref="WeirException">It cannot be reached, is not trusted, refuses us, or is no Splunk.</exception>
    public async Task<JsonElement> ConnectAsync(CancellationToken cancellationToken)
    {
        credential.Check(options.Clock.GetUtcNow());
        JsonElement info = await GetAsync("server/info", [], cancellationToken) ?? throw NoSplunk();
        JsonElement content = Content(info);
        string? version = content.ValueKind == JsonValueKind.Object && content.TryGetProperty("version", out JsonElement text) ? text.GetString() : null;
        ServerVersion = Version.TryParse(version, out Version? parsed) ? parsed : throw NoSplunk();
        return content;

        WeirException NoSplunk() => new(options.Name, "it does not answer as a Splunk server does", "the management port of Splunk (8089)", "Check the address and the port.");
    }

    /// <summary>Path of a call under the name space.</summary>
    public string PathOf(string call, bool versioned = false)
    {
        string space = options.App is null ? "services" : $"servicesNS/{Uri.EscapeDataString(options.Owner)}/{Uri.EscapeDataString(options.App)}";
        return $"{space}/{(versioned && HasVersion2 ? call.Replace("search/", "search/v2/", StringComparison.Ordinal) : call)}";
    }

    /// <summary>Reads a small answer; null: there is no content (204) or no such thing (404).</summary>
    /// <exception cref="SplunkAttemptException">It failed as often as it may.</exception>
    public Task<JsonElement?> GetAsync(string call, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, PathOf(call), parameters, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<JsonElement?> AskAsync(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken) =>
        await TryAsync(async token =>
        {
            using HttpResponseMessage answer = await SendAsync(method, path, parameters, token);
            if (answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotFound)
                return (JsonElement?)null;
            byte[] body = await ReadWholeAsync(answer, token);
            return Parse(body, path);
        }, cancellationToken);

    /// <summary>Begins to read a large answer. It is neither tried again here nor checked for its end.</summary>
    public async Task<SplunkBodyStream?> OpenAsync(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await TryAsync(token => SendAsync(method, path, parameters, token), cancellationToken);
        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotFound))
            return new SplunkBodyStream(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), options);
        answer.Dispose();
        return answer.StatusCode == HttpStatusCode.NotFound ? throw new SplunkAttemptException($"{path} is gone (404)") : null;
    }

    /// <summary>Runs a request again where its failure may pass.</summary>
    public async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await retry.ExecuteAsync(async token => await WhileThereAsync(work, token), cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new SplunkAttemptException($"{options.Name} could not be reached or broke off: {ServerWatch.Reason(e)}", e);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            throw new SplunkAttemptException(e.Message, e);
        }
    }

    /// <summary>Looks whether an attempt failed because the server went away, and waits for it if so.</summary>
    /// <returns>It was gone and is back; false: it is there.</returns>
    /// <exception cref="ServerAwayException">It did not come back.</exception>
    public async Task<bool> WasAwayAsync(SplunkAttemptException failure, CancellationToken cancellationToken) =>
        failure.InnerException is { } cause && ServerWatch.IsBroken(cause) && watch.IsKnown && await watch.WasAwayAsync(cause, cancellationToken);

    public void Dispose()
    {
        watch.Dispose();
        http.Dispose();
        login.Dispose();
    }

    /// <summary>The <c>content</c> of the only entry of an answer.</summary>
    public static JsonElement Content(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("entry", out JsonElement entries) && entries.ValueKind == JsonValueKind.Array && entries.GetArrayLength() > 0
        && entries[0].TryGetProperty("content", out JsonElement content) ? content : default;

    private static bool IsPassing(Exception e) => e switch
    {
        PassingStatusException or TimeoutException or IOException => true,
        HttpRequestException http => http.HttpRequestError is not HttpRequestError.SecureConnectionError,
        _ => false,
    };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static NetworkCredential? ProxyCredentials(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        string[] parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    /// <summary>A request whose connection breaks because the server goes away is sent again when it is back, and does not count as tried.</summary>
    private async Task<T> WhileThereAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (int outages = 0; ; outages++)
        {
            await watch.ThereAsync(cancellationToken);
            try
            {
                return await work(cancellationToken);
            }
            catch (Exception e) when (ServerWatch.IsBroken(e))
            {
                if (!watch.IsKnown && e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError } first)
                    throw Unreachable(first);
                if (!watch.IsKnown || outages == MostOutages || !await watch.WasAwayAsync(e, cancellationToken))
                    throw;
            }
        }
    }

    /// <summary>Nothing answered yet: the address is wrong, or nothing listens there.</summary>
    private WeirException Unreachable(HttpRequestException e) => e.HttpRequestError == HttpRequestError.NameResolutionError
        ? new WeirException(options.Name, "there is no host of that name", "", "Check the spelling of --url.", e)
        : new WeirException(options.Name, $"it could not be reached: {ServerWatch.Reason(e)}", "", "Check host and port of --url (the management port is 8089 by default), that the server runs, and a proxy or firewall on the way.", e);

    /// <summary>Asks what any server answers, one that refuses us too; a gateway that answers in its place is none.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await OnceAsync(HttpMethod.Get, "services/server/info", [], Volatile.Read(ref session), cancellationToken);
        return answer.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);
    }

    /// <summary>One request, with one new login where the session has ended. Errors of the server are thrown; 204 and 404 are answers.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        for (bool again = false; ; again = true)
        {
            string? used = await SessionAsync(cancellationToken);
            HttpResponseMessage answer = await OnceAsync(method, path, parameters, used, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Unauthorized && !again && credential.Kind == CredentialKind.Session)
            {
                answer.Dispose();
                Interlocked.CompareExchange(ref session, null, used);
                continue;
            }

            return await CheckAsync(answer, $"{method} {path}", cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> OnceAsync(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> parameters, string? key, CancellationToken cancellationToken)
    {
        string address = options.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/" + path;
        KeyValuePair<string, string>[] all = [.. parameters, KeyValuePair.Create("output_mode", "json")];
        if (method != HttpMethod.Post)
            address += "?" + string.Join('&', all.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent(all);
        request.Headers.Authorization = credential.Kind switch
        {
            CredentialKind.Basic => new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Secret}"))),
            CredentialKind.Bearer => new AuthenticationHeaderValue("Bearer", credential.Secret),
            _ => key is null ? null : new AuthenticationHeaderValue("Splunk", key),
        };
        using var idle = new CancellationTokenSource(options.IdleTimeout, options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            watch.IsKnown = true;
            if (answer.Headers.Date is { } now)
                ServerTime = now;
            return answer;
        }
        catch (OperationCanceledException e) when (!both.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, string.Create(CultureInfo.InvariantCulture, $"no connection within {ConnectSeconds} s"), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {path} was not answered within {options.IdleTimeout.TotalSeconds:0} s", e);
        }
        catch (SocketException e)
        {
            // HttpClient asks a new connection for its other end, and lets out what a reset in between makes of that.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "it broke off as soon as it was made", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError && watch.IsKnown && trust.Refusal is null && e.InnerException is IOException)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "it broke off while an encrypted connection was made", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw trust.Refusal ?? new WeirException(options.Name, "no encrypted connection could be made: " + (e.InnerException?.Message ?? e.Message).TrimEnd('.'), "TLS", "Check the port: Splunk's management port is 8089.", e);
        }
    }

    /// <summary>Logs in where no session stands. A wrong password is tried once: more would lock the account.</summary>
    private async ValueTask<string?> SessionAsync(CancellationToken cancellationToken)
    {
        if (credential.Kind == CredentialKind.Bearer)
            credential.Check(options.Clock.GetUtcNow());
        if (credential.Kind != CredentialKind.Session)
            return null;
        if (Volatile.Read(ref session) is { } known)
            return known;
        await login.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref session) is { } meanwhile)
                return meanwhile;
            if (refused is not null)
                throw refused; // all that wait would try the same password
            using HttpResponseMessage answer = await OnceAsync(
                HttpMethod.Post, "services/auth/login", [KeyValuePair.Create("username", credential.User!), KeyValuePair.Create("password", credential.Secret)], null, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                throw refused = Refused();
            using HttpResponseMessage good = await CheckAsync(answer, "login", cancellationToken);
            JsonElement body = Parse(await ReadWholeAsync(good, cancellationToken), "login");
            string? key = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("sessionKey", out JsonElement value) ? value.GetString() : null;
            Volatile.Write(ref session, key ?? throw new SplunkAttemptException("the login gave no session key"));
            return key;
        }
        finally
        {
            login.Release();
        }
    }

    private WeirException Refused() => credential.Kind == CredentialKind.Bearer
        ? new WeirException(options.Name, "it refuses the token", "a valid one", "Have a new token made, or check that it was copied whole.")
        : new WeirException(options.Name, $"the login of {credential.User} failed", "the right password", "It was tried once. Check --user and the password: more tries could lock the account.");

    private async Task<HttpResponseMessage> CheckAsync(HttpResponseMessage answer, string request, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotFound || (answer.IsSuccessStatusCode && !IsPage(answer)))
            return answer;
        using (answer)
        {
            if (answer.IsSuccessStatusCode)
                throw new PassingStatusException(answer.StatusCode, [], $"{request} (an HTML page came in place of JSON: a proxy, or a page to log in at)", null);
            IReadOnlyList<SplunkMessage> messages = await MessagesAsync(answer, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                throw Refused();
            if ((int)answer.StatusCode is >= 300 and < 400)
                throw new WeirException(options.Name, $"it sends us elsewhere ({answer.Headers.Location?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) ?? "no address"})", "an answer", "Give the address of the management port itself: credentials are sent nowhere else.");
            if (messages.Any(m => m.SaysQuota))
                throw new SplunkQuotaException(string.Join(" ", messages));
            if ((int)answer.StatusCode is 429 or >= 500)
            {
                TimeSpan? after = answer.Headers.RetryAfter is { } told ? told.Delta ?? (told.Date - options.Clock.GetUtcNow()) : null;
                throw new PassingStatusException(answer.StatusCode, messages, request, after < TimeSpan.Zero ? TimeSpan.Zero : after);
            }

            throw new SplunkStatusException(answer.StatusCode, messages, request);
        }
    }

    private async Task<IReadOnlyList<SplunkMessage>> MessagesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            JsonElement body = Parse(await ReadWholeAsync(answer, cancellationToken), "");
            return body.ValueKind == JsonValueKind.Object && body.TryGetProperty("messages", out JsonElement messages) ? [.. SplunkMessage.Read("answer", messages)] : [];
        }
        catch (Exception e) when (e is SplunkAttemptException or IOException or HttpRequestException or TimeoutException)
        {
            return []; // an error whose text cannot be had is an error all the same
        }
    }

    private async Task<byte[]> ReadWholeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = new SplunkBodyStream(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), options);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 14];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > MostBytes)
                throw new SplunkAttemptException($"an answer of more than {MostBytes >> 20} MB");
        }

        return whole.ToArray();
    }

    private static JsonElement Parse(byte[] body, string path)
    {
        if (body.Length == 0)
            return default;
        try
        {
            using JsonDocument json = SplunkMessage.Parse(body);
            return json.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new PassingStatusException(HttpStatusCode.OK, [], $"{path} (the answer is no JSON, or was cut)", null, e);
        }
    }

    private static bool IsPage(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>An answer that another try may mend: the server's load, a proxy.</summary>
    private sealed class PassingStatusException(HttpStatusCode status, IReadOnlyList<SplunkMessage> messages, string request, TimeSpan? after, Exception? inner = null)
        : SplunkAttemptException(new SplunkStatusException(status, messages, request).Message, inner)
    {
        public TimeSpan? After { get; } = after;
    }
}
