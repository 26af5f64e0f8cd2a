using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Buffers;

/// <summary>Distinct texts, numbered from 0 in the order they came. A look-up allocates nothing.</summary>
/// <remarks>An open-addressed table over the bytes of all texts, which lie behind one another. Texts with different tags are different. Its hash is seeded at random, as logs are written by others.</remarks>
internal sealed class Utf8Index
{
    private const int Expected = 256;
    private const ulong Odd = 0x9E3779B97F4A7C15;

    private readonly ulong seed = (ulong)Random.Shared.NextInt64() | 1;
    private byte[] bytes = new byte[Expected * 16];
    private Entry[] entries = new Entry[Expected];
    private int[] slots = new int[Expected * 2]; // index + 1; 0 where nothing stands

    public int Count { get; private set; }

    /// <summary>Bytes of all texts.</summary>
    public int Length => Count == 0 ? 0 : entries[Count - 1].End;

    public ReadOnlySpan<byte> this[int index] => bytes.AsSpan(StartOf(index), entries[index].End - StartOf(index));

    public int Tag(int index) => entries[index].Tag;

    /// <summary>The number of a text, which is <see cref="Count"/> where it is new.</summary>
    public int Add(ReadOnlySpan<byte> text, int tag)
    {
        uint hash = Hash(text, tag);
        int mask = slots.Length - 1, slot = (int)hash & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            int index = slots[slot] - 1;
            ref Entry entry = ref entries[index];
            if (entry.Hash == hash && entry.Tag == tag && this[index].SequenceEqual(text))
                return index;
        }

        int start = Length;
        if (start + text.Length > bytes.Length)
            System.Array.Resize(ref bytes, (int)Math.Min(System.Array.MaxLength, Math.Max(start + (long)text.Length, bytes.Length * 2L)));
        text.CopyTo(bytes.AsSpan(start));
        if (Count == entries.Length)
        {
            Grow();
            slot = Free(hash);
        }

        slots[slot] = Count + 1;
        entries[Count] = new Entry { End = start + text.Length, Tag = tag, Hash = hash };
        return Count++;
    }

    public void Clear()
    {
        Count = 0;
        System.Array.Clear(slots);
    }

    /// <summary>The texts as a column.</summary>
    public StringArray ToColumn()
    {
        var values = new NativeBuffer(Length) { Length = Length };
        bytes.AsSpan(0, Length).CopyTo(values.GetSpan());
        var offsets = new NativeBuffer((Count + 1L) * sizeof(int)) { Length = (Count + 1) * sizeof(int) };
        Span<int> ends = MemoryMarshal.Cast<byte, int>(offsets.GetSpan());
        ends[0] = 0;
        for (int i = 0; i < Count; i++)
            ends[i + 1] = entries[i].End;
        return new StringArray(new ArrayData(StringType.Default, Count, 0, 0, [ArrowBuffer.Empty, offsets.ToArrow(), values.ToArrow()]));
    }

    private int StartOf(int index) => index == 0 ? 0 : entries[index - 1].End;

    private void Grow()
    {
        System.Array.Resize(ref entries, entries.Length * 2);
        slots = new int[entries.Length * 2];
        for (int i = 0; i < Count; i++)
            slots[Free(entries[i].Hash)] = i + 1;
    }

    private int Free(uint hash)
    {
        int mask = slots.Length - 1, slot = (int)hash & mask;
        while (slots[slot] != 0)
            slot = (slot + 1) & mask;
        return slot;
    }

    /// <summary>Eight bytes a step, multiplied and folded.</summary>
    private uint Hash(ReadOnlySpan<byte> text, int tag)
    {
        ref byte at = ref MemoryMarshal.GetReference(text);
        int length = text.Length;
        ulong hash = seed ^ ((ulong)(uint)tag << 32) ^ (uint)length;
        if (length >= 8)
        {
            for (int i = 0; i < length - 8; i += 8)
                hash = Fold(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, i)));
            return (uint)Fold(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, length - 8)));
        }

        ulong few = 0;
        for (int i = 0; i < length; i++)
            few = (few << 8) | Unsafe.Add(ref at, i);
        return (uint)Fold(hash ^ few);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Fold(ulong value)
    {
        ulong high = Math.BigMul(value, Odd ^ (seed << 1), out ulong low);
        return high ^ low;
    }

    private struct Entry
    {
        public int End;
        public int Tag;
        public uint Hash;
    }
}
