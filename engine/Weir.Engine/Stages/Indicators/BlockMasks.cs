using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weir.Engine.Stages;

/// <summary>Sixty-four bytes of text as one bit a byte for each class the scanner steers by.</summary>
internal struct BlockMasks
{
    public const int Size = 64;

    public ulong Alphanumeric, Hex, Digit, Upper, High, Dot, Colon, At, Slash, Dash, E, Six, Four, Space, Zero;

    /// <summary>Letters, digits and every byte of a character beyond ASCII.</summary>
    public ulong Name;

    /// <summary>Both alphabets of Base64, without padding.</summary>
    public ulong Base64;

    /// <summary>Fills in the block at <paramref name="at"/>; bytes from <paramref name="end"/> on may be read and count as none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read<TBlock>(ReadOnlySpan<byte> buffer, int at, int end)
        where TBlock : struct, IBlock<TBlock>
    {
        if (at + Size <= end)
            Take(TBlock.Load(in Unsafe.Add(ref MemoryMarshal.GetReference(buffer), at)), ulong.MaxValue);
        else if (at < end)
            ReadLast<TBlock>(buffer, at, end);
        else
            this = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void ReadLast<TBlock>(ReadOnlySpan<byte> buffer, int at, int end)
        where TBlock : struct, IBlock<TBlock>
    {
        ulong live = (1UL << (end - at)) - 1;
        if (at + Size <= buffer.Length)
        {
            Take(TBlock.Load(in Unsafe.Add(ref MemoryMarshal.GetReference(buffer), at)), live);
            return;
        }

        Span<byte> padded = stackalloc byte[Size];
        padded.Clear();
        buffer[at..end].CopyTo(padded);
        Take(TBlock.Load(in MemoryMarshal.GetReference(padded)), live);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take<TBlock>(TBlock bytes, ulong live)
        where TBlock : struct, IBlock<TBlock>
    {
        ulong digit = bytes.IsIn((byte)'0', 9) & live, alphanumeric = (bytes.IsLowerIn((byte)'a', 25) & live) | digit, high = bytes.IsHigh() & live;
        ulong slash = bytes.Is((byte)'/') & live, dash = bytes.Is((byte)'-') & live;
        Digit = digit;
        Alphanumeric = alphanumeric;
        Hex = (bytes.IsLowerIn((byte)'a', 5) & live) | digit;
        Upper = bytes.IsIn((byte)'A', 25) & live;
        High = high;
        Name = alphanumeric | high;
        Slash = slash;
        Dash = dash;
        Base64 = ((bytes.Is((byte)'+') | bytes.Is((byte)'_')) & live) | alphanumeric | slash | dash;
        Dot = bytes.Is((byte)'.') & live;
        Colon = bytes.Is((byte)':') & live;
        At = bytes.Is((byte)'@') & live;
        E = bytes.IsLowerIn((byte)'e', 0) & live;
        Six = bytes.Is((byte)'6') & live;
        Four = bytes.Is((byte)'4') & live;
        Space = bytes.Is((byte)' ') & live;
        Zero = bytes.Is(0) & live;
    }
}
