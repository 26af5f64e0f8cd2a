using System.Numerics;

namespace Weir.Perf.Data;

/// <summary>SplitMix64. Integers only and written down here, so that one seed gives the same bytes on every runtime and
/// processor; <see cref="Random"/> promises neither.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong state = seed;

    public ulong Next() => Mix(state += 0x9E37_79B9_7F4A_7C15);

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public bool Percent(int percent) => Below(100) < percent;

    public T One<T>(T[] list) => list[Below(list.Length)];

    /// <summary>A rank below <paramref name="bound"/> whose frequency falls like 1/rank (Zipf, s = 1), as people, hosts and addresses do in logs.</summary>
    /// <remarks>An octave is drawn, then a rank in it: no power function, whose last bit differs between platforms.
    /// Ranks from the largest power of two below the bound onwards are not drawn.</remarks>
    public int Skewed(int bound)
    {
        int octave = Below(BitOperations.Log2((uint)bound));
        return (1 << octave) - 1 + Below(1 << octave);
    }

    /// <summary>A hash of an index: what a value looks like is a function of its index, so no pool of values is held.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
