using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;

namespace Weir.Connectors;

/// <summary>Text in gzip members, one behind the other (RFC 1952).</summary>
/// <remarks>
/// Reads members itself: GZipStream takes a cut file for a whole one (.NET 10: 8 bytes less, no error). What could be
/// decompressed counts; what is wrong stands in <see cref="TextInput.Missing"/>. Always inflates into blocks of one size, so that a
/// damaged member gives the same bytes each time.
/// </remarks>
internal sealed class GzipInput : UnpackedInput
{
    private readonly Feed feed;
    private readonly Crc32 crc = new();
    private DeflateStream? member;
    private uint size;
    private int members;
    private bool ended;

    public GzipInput(StoredBytes stored, byte[] head)
        : base(stored) => feed = new Feed(stored, head);

    public override string? Reason => "container: gzip";

    protected override void Dispose(bool disposing)
    {
        member?.Dispose();
        base.Dispose(disposing);
    }

    protected override int Unpack()
    {
        while (!ended && (member is not null || OpenMember()))
        {
            int read;
            try
            {
                read = member!.Read(Block);
            }
            catch (InvalidDataException)
            {
                // Some versions of the runtime report a cut stream like a damaged one.
                End(feed.AtEnd ? Cut() : $"gzip member {members} is damaged; what stood behind the damage is missing");
                break;
            }

            if (read > 0)
            {
                crc.Append(Block.AsSpan(0, read));
                size += (uint)read;
                return read;
            }

            CloseMember();
        }

        return 0;
    }

    private bool OpenMember()
    {
        ReadOnlySpan<byte> head = feed.Peek(10);
        if (head.Length == 0)
        {
            End(null);
            return false;
        }

        if (head.Length < 10 && head[0] == 0x1F)
        {
            End(Cut());
            return false;
        }

        if (head.Length < 10 || head[0] != 0x1F || head[1] != 0x8B || head[2] != 8)
        {
            // Zeros pad archives to their block size; anything else is not ours to read.
            bool zeros = feed.RestIsZero();
            string where = feed.Position.ToString(CultureInfo.InvariantCulture);
            End(zeros && members > 0 ? null : $"bytes that are not gzip follow the compressed data (from stored byte {where}); they were not read");
            return false;
        }

        byte flags = head[3];
        feed.Skip(10);
        bool whole = true;
        if ((flags & 4) != 0)
            whole = feed.Peek(2) is { Length: 2 } extra && feed.Skip(2 + BinaryPrimitives.ReadUInt16LittleEndian(extra));
        if (whole && (flags & 8) != 0)
            whole = feed.SkipText();
        if (whole && (flags & 16) != 0)
            whole = feed.SkipText();
        if (whole && (flags & 2) != 0)
            whole = feed.Skip(2);
        if (!whole)
        {
            End(Cut());
            return false;
        }

        members++;
        crc.Reset();
        size = 0;
        member = new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    // The inflater takes whole chunks and does not tell how much of the last one it used. Its member's trailer, CRC-32 and
    // length, is known by now: the first place in that chunk where it stands is the member's end.
    private void CloseMember()
    {
        member!.Dispose();
        member = null;
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], size);
        if (feed.RewindBehind(trailer))
            return;
        // A member whose length is right but whose checksum is not was read to its end; else the end is not there.
        End(feed.AtEnd && !feed.EndsWith(trailer[4..])
            ? Cut()
            : $"the checksum of gzip member {members} does not match; its content may be damaged, and what stood behind it is missing");
    }

    private static string Cut() => "the gzip data ends early: the file was cut, and the rows behind the cut are missing";

    private void End(string? missing)
    {
        ended = true;
        Missing ??= missing;
    }

    /// <summary>The stored bytes, in a buffer that the end of a member can be looked for in.</summary>
    private sealed class Feed(StoredBytes stored, byte[] head) : Stream
    {
        private readonly byte[] buffer = Started(head);
        private int at;
        private int end = head.Length;
        private int lastChunk;
        private long before;
        private bool exhausted;

        /// <summary>All stored bytes have been handed out.</summary>
        public bool AtEnd => Ensure(1) == 0;

        /// <summary>0-based stored byte that comes next.</summary>
        public override long Position { get => before + at; set => throw new NotSupportedException(); }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public ReadOnlySpan<byte> Peek(int bytes) => buffer.AsSpan(at, Math.Min(bytes, Ensure(bytes)));

        public bool Skip(int bytes)
        {
            while (bytes > 0)
            {
                int n = Math.Min(bytes, Ensure(1));
                if (n == 0)
                    return false;
                at += n;
                bytes -= n;
            }

            return true;
        }

        public bool SkipText()
        {
            while (Ensure(1) > 0)
            {
                if (buffer[at++] == 0)
                    return true;
            }

            return false;
        }

        public bool RestIsZero()
        {
            for (int i = at; i < end; i++)
            {
                if (buffer[i] != 0)
                    return false;
            }

            byte[] rest = new byte[1 << 16];
            bool zeros = true;
            for (int n; (n = stored.Read(rest)) > 0;)
                zeros &= !rest.AsSpan(0, n).ContainsAnyExcept((byte)0);
            return zeros;
        }

        public override int Read(Span<byte> target)
        {
            if (Ensure(1) == 0)
                return 0;
            int n = Math.Min(target.Length, end - at);
            lastChunk = at;
            buffer.AsSpan(at, n).CopyTo(target);
            at += n;
            return n;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        /// <summary>Goes back to just behind <paramref name="trailer"/> in the last chunk handed out, if it stands there.</summary>
        public bool RewindBehind(ReadOnlySpan<byte> trailer)
        {
            Ensure(trailer.Length);
            int found = buffer.AsSpan(lastChunk, Math.Min(end, at + trailer.Length) - lastChunk).IndexOf(trailer);
            if (found < 0)
                return false;
            at = lastChunk + found + trailer.Length;
            return true;
        }

        public bool EndsWith(ReadOnlySpan<byte> tail) => buffer.AsSpan(lastChunk, end - lastChunk).EndsWith(tail);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static byte[] Started(byte[] head)
        {
            byte[] buffer = new byte[1 << 18];
            head.CopyTo(buffer, 0);
            return buffer;
        }

        // Keeps the last chunk: a member may turn out to end in it.
        private int Ensure(int bytes)
        {
            while (end - at < bytes && !exhausted)
            {
                if (end > buffer.Length - (1 << 16))
                {
                    int keep = Math.Min(lastChunk, at);
                    buffer.AsSpan(keep, end - keep).CopyTo(buffer);
                    before += keep;
                    at -= keep;
                    end -= keep;
                    lastChunk -= keep;
                }

                int read = stored.Read(buffer.AsSpan(end));
                exhausted = read == 0;
                end += read;
            }

            return end - at;
        }
    }
}
