using System.Buffers;
using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace Weir.Engine.Buffers;

/// <summary>A growing block of pooled native memory that ends its life as an Arrow buffer.</summary>
/// <remarks>Not zeroed. 64 bytes behind <see cref="Length"/> may always be read and overwritten (vector loads and stores). Without a finaliser, as
/// spans may outlive the object: who rents disposes. Once Arrow shares it, Arrow's handle has one (<c>SharedMemoryHandle</c>, 23.0.0): whoever keeps a
/// pointer into a shared column keeps the column too.</remarks>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const int Slack = 64;
    private nint memory;
    private long capacity;

    public NativeBuffer(long bytes) => memory = NativePool.Rent(bytes + Slack, out capacity);

    public byte* Pointer => (byte*)memory;

    /// <summary>Bytes in use; set by whoever writes.</summary>
    public int Length { get; set; }

    /// <summary>Bytes that may be written without growing.</summary>
    public long Capacity => capacity - Slack;

    /// <summary>Makes room for <paramref name="bytes"/> in all. Pointers taken before are stale afterwards.</summary>
    public void Ensure(long bytes)
    {
        if (bytes <= Capacity)
            return;
        if (bytes > int.MaxValue - Slack)
            throw new InvalidOperationException($"A column of one batch would need {bytes} bytes; Arrow's offsets end at 2 GiB.");
        nint grown = NativePool.Rent(Math.Max(bytes, capacity + (capacity / 2)) + Slack, out long size);
        Buffer.MemoryCopy((void*)memory, (void*)grown, size, Length);
        NativePool.Return(memory, capacity);
        (memory, capacity) = (grown, size);
    }

    /// <summary>Hands the bytes to Arrow, which frees them when the last reference is disposed.</summary>
    public ArrowBuffer ToArrow() => Length == 0 ? Empty() : Owned(this);

    // A column that was borrowed instead of shared fails here, and does not read what is no longer there.
    public override Span<byte> GetSpan() => memory != 0 ? new((void*)memory, Length) : throw new ObjectDisposedException(nameof(NativeBuffer));

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)memory + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        nint released = Interlocked.Exchange(ref memory, 0);
        if (released != 0)
            NativePool.Return(released, capacity);
    }

    private ArrowBuffer Empty()
    {
        Dispose(true);
        return ArrowBuffer.Empty;
    }

    // Arrow's only constructor that takes ownership without a copy is internal (23.0.0); NativeBufferTests guards it.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern ArrowBuffer Owned(IMemoryOwner<byte> owner);
}
