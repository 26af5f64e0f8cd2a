using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Weir.SplunkServer;

/// <summary>The interface behind Kestrel: what a user starts.</summary>
internal sealed class KestrelFront : IAsyncDisposable
{
    private readonly WebApplication app;

    private KestrelFront(WebApplication app, int port, Api api) => (this.app, Port, Api) = (app, port, api);

    public int Port { get; }

    public Api Api { get; }

    public static async Task<KestrelFront> StartAsync(ServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (options.Certificate is { } certificate)
                    listen.UseHttps(certificate);
            });
        });
        WebApplication app = builder.Build();
        var api = new Api(options);
        app.Run(context => HandleAsync(context, api));
        await app.StartAsync();
        return new KestrelFront(app, new Uri(app.Urls.First()).Port, api);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
        await app.DisposeAsync();
    }

    private static async Task HandleAsync(HttpContext context, Api api)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in context.Request.Query)
            parameters.AddRange(values.Select(v => KeyValuePair.Create(name, v ?? "")));
        if (context.Request.HasFormContentType)
        {
            foreach (var (name, values) in await context.Request.ReadFormAsync())
                parameters.AddRange(values.Select(v => KeyValuePair.Create(name, v ?? "")));
        }

        var request = new ApiRequest(
            context.Request.Method, context.Request.Path.Value ?? "", parameters.ToLookup(p => p.Key, p => p.Value), context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        ApiAnswer answer = api.Answer(request);
        if (answer.Reset)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (answer.IsEmpty)
            return;
        context.Response.ContentType = answer.ContentType;
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        long sent = 0;
        await answer.Body(async piece =>
        {
            if (answer.CutAfter is { } cut && sent + piece.Length > cut)
            {
                await context.Response.Body.WriteAsync(piece[..(int)Math.Max(0, cut - sent)]);
                await context.Response.Body.FlushAsync();
                context.Abort();
            }

            sent += piece.Length;
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        });
    }
}

/// <summary>The interface on a bare socket: every way to end a body, and to cut it.</summary>
internal sealed class SocketFront : IAsyncDisposable
{
    private readonly ServerOptions options;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> clients = new();
    private readonly Lock gate = new();
    private TcpListener? listener; // null: away
    private Task accepting;

    public SocketFront(ServerOptions options)
    {
        this.options = options;
        Api = new Api(options);
        listener = new TcpListener(IPAddress.Loopback, options.Port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync(listener);
    }

    public int Port { get; }

    public Api Api { get; }

    /// <summary>Breaks all connections and takes no new ones.</summary>
    public void Leave(TimeSpan time)
    {
        lock (gate)
        {
            if (listener is null || stop.IsCancellationRequested)
                return;
            listener.Stop();
            listener = null;
            accepting = ReturnAsync(time);
        }

        foreach (TcpClient client in clients.Keys)
            client.Client?.Close(0); // a reset
    }

    public async ValueTask DisposeAsync()
    {
        Task last;
        await stop.CancelAsync();
        lock (gate)
        {
            listener?.Stop();
            last = accepting;
        }

        await last;
        stop.Dispose();
    }

    private async Task ReturnAsync(TimeSpan time)
    {
        await Task.Delay(time, options.Clock, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        TcpListener back;
        lock (gate)
        {
            if (stop.IsCancellationRequested)
                return;
            listener = back = new TcpListener(IPAddress.Loopback, Port);
            back.Start();
        }

        await AcceptAsync(back);
    }

    private async Task AcceptAsync(TcpListener from)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await from.AcceptTcpClientAsync(stop.Token);
                client.NoDelay = true;
                clients[client] = true;
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                Stream stream = client.GetStream();
                if (options.Certificate is { } certificate)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(certificate);
                    stream = tls;
                }

                await using (stream)
                {
                    while (!stop.IsCancellationRequested && await ReadAsync(stream) is { } request && await SendAsync(stream, Api.Answer(request), request))
                    {
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or does not trust us.
        }
        finally
        {
            clients.TryRemove(client, out _);
        }
    }

    private async Task<ApiRequest?> ReadAsync(Stream stream)
    {
        var head = new List<byte>(1_024);
        byte[] one = new byte[1];
        var buffered = stream as BufferedStream ?? stream;
        while (head.Count < 65_536)
        {
            if (await buffered.ReadAsync(one, stop.Token) == 0)
                return null;
            head.Add(one[0]);
            if (one[0] == '\n' && head.Count > 3 && head[^2] == '\r' && head[^3] == '\n')
                break;
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        Dictionary<string, string> headers = lines.Skip(1).Select(l => l.Split(':', 2)).ToDictionary(h => h[0].Trim(), h => h.Length > 1 ? h[1].Trim() : "", StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[int.TryParse(headers.GetValueOrDefault("Content-Length"), CultureInfo.InvariantCulture, out int length) ? length : 0];
        await stream.ReadExactlyAsync(body, stop.Token);
        string[] target = first[1].Split('?', 2);
        IEnumerable<KeyValuePair<string, string>> parameters = new[] { target.Length > 1 ? target[1] : "", Encoding.UTF8.GetString(body) }
            .SelectMany(t => QueryHelpers.ParseQuery(t)).SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")));
        return new ApiRequest(first[0], Uri.UnescapeDataString(target[0]), parameters.ToLookup(p => p.Key, p => p.Value), headers);
    }

    /// <returns>The connection can be used again.</returns>
    private async Task<bool> SendAsync(Stream stream, ApiAnswer answer, ApiRequest request)
    {
        if (answer.Away is { } time)
            Leave(time);
        if (answer.Reset)
            return false;
        // A client that does not say what it is gets HTTP 1.0 (forceHttp10=auto).
        Framing framing = request.Headers.ContainsKey("User-Agent") ? answer.Framing : Framing.Close;
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.{(framing == Framing.Close ? 0 : 1)} {answer.Status} X\r\nDate: {options.Clock.GetUtcNow():R}\r\n");
        foreach (var (name, value) in answer.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (answer.IsEmpty)
        {
            head.Append(answer.Status == 204 ? "\r\n" : "Content-Length: 0\r\n\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), stop.Token);
            return true;
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {answer.ContentType}\r\n");
        using var whole = new MemoryStream();
        if (framing is Framing.Length or Framing.Gzip)
        {
            await answer.Body(piece =>
            {
                whole.Write(piece.Span);
                return Task.CompletedTask;
            });
            byte[] body = whole.ToArray();
            if (framing == Framing.Gzip)
            {
                using var packed = new MemoryStream();
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
                    gzip.Write(body);
                body = packed.ToArray();
                head.Append("Content-Encoding: gzip\r\n\r\n");
            }
            else
            {
                head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), stop.Token);
            await stream.WriteAsync(body.AsMemory(0, (int)Math.Min(body.Length, answer.CutAfter ?? long.MaxValue)), stop.Token);
            return framing == Framing.Length && !(answer.CutAfter < body.Length);
        }

        head.Append(framing == Framing.Chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Connection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), stop.Token);
        long sent = 0;
        bool cut = false;
        await answer.Body(async piece =>
        {
            if (cut)
                return;
            int part = (int)Math.Min(piece.Length, (answer.CutAfter ?? long.MaxValue) - sent);
            cut = part < piece.Length;
            if (framing == Framing.Chunked && part > 0)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part:x}\r\n")), stop.Token);
            await stream.WriteAsync(piece[..part], stop.Token);
            if (framing == Framing.Chunked && part > 0)
                await stream.WriteAsync("\r\n"u8.ToArray(), stop.Token);
            sent += part;
        });
        if (cut || framing == Framing.Close)
            return false;
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), stop.Token);
        return true;
    }
}
