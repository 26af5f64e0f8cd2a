using ZstdSharp;

namespace Weir.Connectors;

/// <summary>Text in Zstandard frames, one behind the other (RFC 8878).</summary>
/// <remarks>What could be decompressed counts; what is wrong stands in <see cref="TextInput.Missing"/>.</remarks>
internal sealed class ZstdInput : UnpackedInput
{
    // Frames may ask for more; 128 MiB is what the format's own tool allows without being told.
    private const int LargestWindowLog = 27;
    private readonly DecompressionStream unpacked;

    public ZstdInput(StoredBytes stored, byte[] head)
        : base(stored)
    {
        unpacked = new DecompressionStream(new Feed(stored, head));
        unpacked.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
    }

    public override string? Reason => "container: zstd";

    /// <summary>A frame, or one that is to be skipped.</summary>
    public static bool Is(ReadOnlySpan<byte> head) => head is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..];

    protected override void Dispose(bool disposing)
    {
        unpacked.Dispose();
        base.Dispose(disposing);
    }

    protected override int Unpack()
    {
        try
        {
            return unpacked.Read(Block);
        }
        catch (EndOfStreamException)
        {
            Missing = "the zstd data ends early: the file was cut, and the rows behind the cut are missing";
        }
        catch (ZstdException e)
        {
            Missing = $"the zstd data is damaged ({e.Message}); what stood behind the damage is missing";
        }

        return 0;
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
