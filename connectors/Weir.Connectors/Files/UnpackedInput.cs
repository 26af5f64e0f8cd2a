namespace Weir.Connectors;

/// <summary>Text that is unpacked block by block. Going to a place in its middle unpacks all that stands before it.</summary>
internal abstract class UnpackedInput(StoredBytes stored) : TextInput(stored)
{
    private int start;
    private int end;
    private long position;
    private bool ended;

    /// <summary>What an unpacker writes into.</summary>
    protected byte[] Block { get; } = new byte[1 << 17];

    public override ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (start == end && !Next())
            return ValueTask.FromResult(0);
        int n = Math.Min(end - start, target.Length);
        Block.AsSpan(start, n).CopyTo(target.Span);
        Take(n);
        return ValueTask.FromResult(n);
    }

    public override ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        while (position < offset)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (start == end && !Next())
                break;
            Take((int)Math.Min(offset - position, end - start));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Fills <see cref="Block"/> from its start; what the packed data lack goes to <see cref="TextInput.Missing"/>.</summary>
    /// <returns>Bytes written; 0 at the end.</returns>
    protected abstract int Unpack();

    private bool Next()
    {
        (start, end) = (0, ended ? 0 : Unpack());
        if (end > 0)
            return true;
        if (!ended)
            Stored.Drain();
        ended = true;
        return false;
    }

    private void Take(int bytes)
    {
        start += bytes;
        position += bytes;
    }
}
