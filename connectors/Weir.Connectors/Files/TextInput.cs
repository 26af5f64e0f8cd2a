namespace Weir.Connectors;

/// <summary>An input's text: the stored bytes, decompressed where they are compressed.</summary>
internal abstract class TextInput(StoredBytes stored) : IDisposable
{
    public StoredBytes Stored { get; } = stored;

    /// <summary>What the input itself says is missing; null while nothing is.</summary>
    public string? Missing { get; protected set; }

    /// <summary>Reads up to the target's length; 0 only at the end, when all stored bytes have been hashed.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken);

    /// <summary>Continues at <paramref name="offset"/> of the text. Called once, before the first read.</summary>
    public abstract ValueTask SkipToAsync(long offset, CancellationToken cancellationToken);

    /// <summary>Looks at the first bytes, not at a name, and picks the reader for them.</summary>
    public static async ValueTask<TextInput> OpenAsync(StoredBytes stored, CancellationToken cancellationToken)
    {
        byte[] head = new byte[2];
        int read = 0;
        while (read < 2)
        {
            int more = await stored.ReadAsync(head.AsMemory(read), cancellationToken);
            if (more == 0)
                break;
            read += more;
        }

        return read == 2 && head[0] == 0x1F && head[1] == 0x8B
            ? new GzipInput(stored, head)
            : new PlainInput(stored, head.AsMemory(0, read));
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Stored.Dispose();
}

/// <summary>Text that is stored as it is.</summary>
internal sealed class PlainInput(StoredBytes stored, ReadOnlyMemory<byte> head) : TextInput(stored)
{
    private ReadOnlyMemory<byte> head = head;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (head.Length == 0)
            return await Stored.ReadAsync(target, cancellationToken);
        int n = Math.Min(head.Length, target.Length);
        head[..n].CopyTo(target);
        head = head[n..];
        return n;
    }

    public override ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        head = default;
        Stored.Seek(offset);
        return ValueTask.CompletedTask;
    }
}
