namespace Weir.Connectors;

/// <summary>A wrong byte of an encoding other than UTF-8.</summary>
/// <param name="Offset">0-based offset in the UTF-8 text at which its last replacement stands.</param>
internal readonly record struct TextFault(long Offset, string Code, string Detail, byte[] Raw);

/// <summary>An input's text: the stored bytes, decompressed where they are compressed, in UTF-8.</summary>
internal abstract class TextInput(StoredBytes stored) : IDisposable
{
    public StoredBytes Stored { get; } = stored;

    /// <summary>What the input itself says is missing; null while nothing is.</summary>
    public virtual string? Missing { get; protected set; }

    /// <summary>Why it is unpacked and transcoded as it is; null where it is plain UTF-8.</summary>
    public virtual string? Reason => null;

    /// <summary>Reads up to the target's length; 0 only at the end, when all stored bytes have been hashed.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken);

    /// <summary>Continues at <paramref name="offset"/> of the text, which has not been passed.</summary>
    public abstract ValueTask SkipToAsync(long offset, CancellationToken cancellationToken);

    /// <summary>Wrong bytes before an offset of the text that have not been taken yet. Another thread may be reading on.</summary>
    public virtual IEnumerable<TextFault> TakeFaults(long before) => [];

    /// <summary>Looks at the first bytes, not at a name, and picks the readers for them.</summary>
    /// <param name="encoding">As asked for; null: detected.</param>
    /// <param name="marksOnly">Nothing but a byte-order mark speaks against UTF-8.</param>
    public static async ValueTask<TextInput> OpenAsync(StoredBytes stored, TextEncoding? encoding, bool marksOnly, CancellationToken cancellationToken)
    {
        byte[] magic = await FirstAsync(stored.ReadAsync, 4, cancellationToken);
        TextInput unpacked = magic is [0x1F, 0x8B, ..] ? new GzipInput(stored, magic)
            : ZstdInput.Is(magic) ? new ZstdInput(stored, magic)
            : new StartedInput(new PlainInput(stored), magic);
        byte[] first = await FirstAsync(unpacked.ReadAsync, TextSource.SampleBytes, cancellationToken);
        var (found, mark, why) = EncodingGuess.Of(first, encoding, marksOnly);
        var started = new StartedInput(unpacked, first);
        return found == TextEncoding.Utf8 ? started : new TranscodedInput(started, found, mark, why);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Stored.Dispose();

    private static async ValueTask<byte[]> FirstAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> readAsync, int bytes, CancellationToken cancellationToken)
    {
        byte[] first = new byte[bytes];
        int read = 0;
        while (read < bytes)
        {
            int more = await readAsync(first.AsMemory(read), cancellationToken);
            if (more == 0)
                break;
            read += more;
        }

        return read == bytes ? first : first[..read];
    }
}

/// <summary>Text that is stored as it is.</summary>
internal sealed class PlainInput(StoredBytes stored) : TextInput(stored)
{
    public override string? Missing => Stored.Missing;

    public override ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken) => Stored.ReadAsync(target, cancellationToken);

    public override ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        Stored.Seek(offset);
        return ValueTask.CompletedTask;
    }
}

/// <summary>An input of which the first bytes were looked at.</summary>
internal sealed class StartedInput(TextInput inner, ReadOnlyMemory<byte> first) : TextInput(inner.Stored)
{
    private readonly int looked = first.Length;
    private ReadOnlyMemory<byte> first = first;

    public override string? Missing => inner.Missing;

    public override string? Reason => inner.Reason;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (first.Length == 0)
            return await inner.ReadAsync(target, cancellationToken);
        int n = Math.Min(first.Length, target.Length);
        first[..n].CopyTo(target);
        first = first[n..];
        return n;
    }

    public override ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        int at = looked - first.Length;
        if (offset - at <= first.Length)
        {
            first = first[(int)(offset - at)..];
            return ValueTask.CompletedTask;
        }

        first = default;
        return inner.SkipToAsync(offset, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
