using System.Globalization;

namespace Weir.Connectors;

/// <summary>Whether the server is there: while it is not, all requests of a client wait together, one of them asks for it, and the wait is bounded.</summary>
/// <param name="options">Name, clock and bound.</param>
/// <param name="ask">One request that any server answers; true: it did. It throws what the network did.</param>
internal sealed class ServerWatch(SplunkOptions options, Func<CancellationToken, Task<bool>> ask) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(10); // guess: a restart of Splunk takes a minute or more

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new(); // the wait belongs to all requests, not to the one that began it
    private Task<bool>? check;
    private volatile bool away;
    private volatile ServerAwayException? given;
    private int outages;

    /// <summary>Is told at once that the server went away, and that it is back; from any thread.</summary>
    public Action<string>? Say { get; set; }

    /// <summary>It has answered once: that it does not now is an outage, not a wrong address.</summary>
    public bool IsKnown { get; set; }

    /// <summary>How often it went away.</summary>
    public int Outages => Volatile.Read(ref outages);

    /// <summary>The connection failed, not what was sent over it.</summary>
    public static bool IsBroken(Exception e) => e is HttpRequestException or IOException or TimeoutException;

    /// <summary>What the network said, in short.</summary>
    public static string Reason(Exception e) => (e is HttpRequestException { InnerException: System.Net.Sockets.SocketException or IOException } ? e.InnerException!.Message : e.Message).TrimEnd('.');

    /// <summary>Waits while it is away.</summary>
    /// <exception cref="ServerAwayException">It did not come back.</exception>
    public async ValueTask ThereAsync(CancellationToken cancellationToken)
    {
        if (given is { } over)
            throw over;
        Task<bool>? current;
        lock (gate)
            current = away ? check : null;
        if (current is not null)
            await current.WaitAsync(cancellationToken);
    }

    /// <summary>Looks whether a broken connection means that the server is gone, and waits for it if so.</summary>
    /// <returns>It was gone and is back; false: it is there, and the failure is the request's own.</returns>
    /// <exception cref="ServerAwayException">It did not come back.</exception>
    public Task<bool> WasAwayAsync(Exception failure, CancellationToken cancellationToken)
    {
        if (given is { } over)
            throw over;
        Task<bool> current;
        lock (gate)
            current = check ??= Task.Run(() => CheckAsync(failure), CancellationToken.None);
        return current.WaitAsync(cancellationToken);
    }

    public void Dispose() => stop.Cancel(); // not disposed: a wait that nobody waits for any more may still look at it

    private async Task<bool> CheckAsync(Exception failure)
    {
        long since = options.Clock.GetTimestamp();
        try
        {
            if (await AskAsync(options.IdleTimeout) is not false)
                return false; // it answers, or keeps silent, which is no proof
            Interlocked.Increment(ref outages);
            away = true;
            Say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{options.Name} cannot be reached ({Reason(failure)}): waiting for it, at most {options.OutageLimit.TotalSeconds:0} s"));
            for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                TimeSpan left = options.OutageLimit - options.Clock.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                    throw given = new ServerAwayException(options.Name, options.Clock.GetElapsedTime(since), failure);
                await Task.Delay(pause < left ? pause : left, options.Clock, stop.Token);
                left = options.OutageLimit - options.Clock.GetElapsedTime(since);
                if (await AskAsync(left > FirstPause ? left : FirstPause) is true)
                    break;
            }

            Say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{options.Name} is back after {options.Clock.GetElapsedTime(since).TotalSeconds:0} s: going on"));
            return true;
        }
        finally
        {
            lock (gate)
                (away, check) = (false, null);
        }
    }

    /// <returns>It is there, or not; null: it kept silent.</returns>
    private async Task<bool?> AskAsync(TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost, options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop.Token);
        try
        {
            return await ask(both.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
        catch (Exception e) when ((e is OperationCanceledException && patience.IsCancellationRequested) || e is TimeoutException)
        {
            return null;
        }
    }
}
