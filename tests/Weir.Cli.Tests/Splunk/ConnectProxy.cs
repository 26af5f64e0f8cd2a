using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Cli.Tests.Splunk;

/// <summary>A proxy that tunnels for one user.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly string expected;
    private readonly Task accepting;
    private int tunnels;

    public ConnectProxy(string user, string password)
    {
        expected = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{user}:{password}"));
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Tunnels => tunnels;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
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
            await using (NetworkStream near = client.GetStream())
            {
                while (true)
                {
                    var head = new StringBuilder();
                    byte[] one = new byte[1];
                    while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                    {
                        if (await near.ReadAsync(one, stop.Token) == 0)
                            return;
                        head.Append((char)one[0]);
                    }

                    if (!head.ToString().Contains("Proxy-Authorization: " + expected, StringComparison.Ordinal))
                    {
                        await near.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop.Token);
                        continue;
                    }

                    string[] target = head.ToString().Split(' ')[1].Split(':');
                    using var far = new TcpClient();
                    await far.ConnectAsync(target[0], int.Parse(target[1], System.Globalization.CultureInfo.InvariantCulture), stop.Token);
                    Interlocked.Increment(ref tunnels);
                    await near.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop.Token);
                    await Task.WhenAny(near.CopyToAsync(far.GetStream(), stop.Token), far.GetStream().CopyToAsync(near, stop.Token));
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // One side went away.
        }
    }
}
