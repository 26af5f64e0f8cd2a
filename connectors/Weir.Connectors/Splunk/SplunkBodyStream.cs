namespace Weir.Connectors;

/// <summary>A body on its way: bounded silence, and whether its end is marked.</summary>
internal sealed class SplunkBodyStream(HttpResponseMessage answer, Stream stream, SplunkOptions options) : IAsyncDisposable
{
    private CancellationTokenSource? idle;

    /// <summary>Chunks or a length say where it ends. One that just ends with the connection may be cut anywhere, and nothing tells.</summary>
    public bool IsFramed { get; } = answer.Headers.TransferEncodingChunked == true || answer.Content.Headers.ContentLength is not null;

    /// <summary>It came packed although we asked for it plain.</summary>
    public string? Packing { get; } = answer.Content.Headers.ContentEncoding.FirstOrDefault(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="TimeoutException">It kept silent for too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (idle is null || !idle.TryReset())
        {
            idle?.Dispose();
            idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Clock);
        }

        idle.CancelAfter(options.IdleTimeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            return await stream.ReadAsync(target, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the server kept silent for {options.IdleTimeout.TotalSeconds:0} s", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        idle?.Dispose();
        await stream.DisposeAsync();
        answer.Dispose();
    }
}
