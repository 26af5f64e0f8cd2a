namespace Weir.Engine;

/// <summary>Holds the source back while the batches in flight hold more bytes than allowed, and knows every batch alive.</summary>
/// <remarks>
/// The source waits only while the bound is already passed, so one batch may overshoot it: a batch larger than the bound still
/// gets through, and a sink that gathers fewer bytes than the bound can never make the source wait for ever.
/// </remarks>
internal sealed class ByteGate(long bound, long gathered)
{
    private readonly Lock gate = new();
    private readonly HashSet<Batch> alive = [];
    private TaskCompletionSource? waiter;
    private long bytes;
    private long last;

    /// <summary>Most bytes that were in flight at once.</summary>
    public long Peak { get; private set; }

    /// <summary>Sets the bound once the source's columns are known.</summary>
    public void Set(long bytesInFlight, long bytesGathered)
    {
        lock (gate)
            (bound, gathered) = (bytesInFlight, bytesGathered);
    }

    /// <summary>Waits until the bytes in flight are below the bound.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (IsOpen)
                    return;
                wait = (waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Counts a batch until it is disposed.</summary>
    public void Enter(Batch batch)
    {
        long held = batch.Bytes;
        lock (gate)
        {
            alive.Add(batch);
            bytes += held;
            last = held;
            Peak = Math.Max(Peak, bytes);
        }

        batch.Released = () => Leave(batch, held);
    }

    /// <summary>Disposes what is still alive after a failure: native memory has no finaliser.</summary>
    public void DisposeAll()
    {
        Batch[] left;
        lock (gate)
            left = [.. alive];
        foreach (Batch batch in left)
            batch.Dispose();
    }

    // Below what the sink gathers it must open; above it, only for a batch like the last one.
    private bool IsOpen => bytes < gathered || bytes + last <= bound;

    private void Leave(Batch batch, long held)
    {
        TaskCompletionSource? wake = null;
        lock (gate)
        {
            alive.Remove(batch);
            bytes -= held;
            if (IsOpen)
                (wake, waiter) = (waiter, null);
        }

        wake?.TrySetResult();
    }
}
