using ZstdSharp;

namespace Weir.Connectors;

/// <summary>Text in Zstandard frames, one behind the other (RFC 8878).</summary>
/// <remarks>What could be decompressed counts; what is wrong stands in <see cref="TextInput.Missing"/>.</remarks>
internal sealed class ZstdInput : TextInput
{
    // Frames may ask for more; 128 MiB is what the format's own tool allows without being told.
    private const int LargestWindowLog = 27;
    private readonly DecompressionStream unpacked;
    private readonly byte[] block = new byte[1 << 17];
    private int start;
    private int end;
    private long position;
    private bool ended;

    public ZstdInput(StoredBytes stored, byte[] head)
        : base(stored)
    {
        unpacked = new DecompressionStream(new Feed(stored, head));
        unpacked.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
    }

    public override string? Reason => "container: zstd";

    /// <summary>A frame, or one that is to be skipped.</summary>
    public static bool Is(ReadOnlySpan<byte> head) => head is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..];

    public override ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (start == end && !NextBlock())
            return ValueTask.FromResult(0);
        int n = Math.Min(end - start, target.Length);
        block.AsSpan(start, n).CopyTo(target.Span);
        Take(n);
        return ValueTask.FromResult(n);
    }

    public override ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        while (position < offset)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (start == end && !NextBlock())
                break;
            Take((int)Math.Min(offset - position, end - start));
        }

        return ValueTask.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        unpacked.Dispose();
        base.Dispose(disposing);
    }

    private void Take(int bytes)
    {
        start += bytes;
        position += bytes;
    }

    private bool NextBlock()
    {
        (start, end) = (0, 0);
        if (ended)
            return false;
        try
        {
            end = unpacked.Read(block);
            if (end == 0)
                End(null);
        }
        catch (EndOfStreamException)
        {
            End("the zstd data ends early: the file was cut, and the rows behind the cut are missing");
        }
        catch (ZstdException e)
        {
            End($"the zstd data is damaged ({e.Message}); what stood behind the damage is missing");
        }

        return end > 0;
    }

    private void End(string? missing)
    {
        ended = true;
        Missing ??= missing;
        Stored.Drain();
    }

    /// <summary>The stored bytes, of which the first were looked at.</summary>
    private sealed class Feed(StoredBytes stored, ReadOnlyMemory<byte> head) : Stream
    {
        private ReadOnlyMemory<byte> head = head;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (head.IsEmpty)
                return stored.Read(buffer);
            int n = Math.Min(head.Length, buffer.Length);
            head.Span[..n].CopyTo(buffer);
            head = head[n..];
            return n;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
