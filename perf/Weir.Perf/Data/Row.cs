namespace Weir.Perf.Data;

/// <summary>What several cells of one row share, so that <c>_raw</c> tells the same story as the columns beside it.</summary>
internal sealed class Row(Rng rng, bool growing)
{
    private int number = -1;

    public Rng Rng => rng;

    public DateTime Time { get; private set; } = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    public int User { get; private set; }

    public int Host { get; private set; }

    public int Address { get; private set; }

    /// <summary>Room for a text that is encoded before it is written.</summary>
    public Utf8Text Scratch { get; } = new(4096);

    public void Next()
    {
        number++;
        Time = Time.AddMilliseconds(1 + rng.Below(89));
        User = AnyUser();
        Host = AnyHost();
        Address = AnyAddress();
    }

    public int AnyUser() => Pick(1 << 13, 20);

    public int AnyHost() => Pick(1 << 12, 60);

    public int AnyAddress() => Pick(1 << 17, 0);

    public int AnyDomain() => Pick(1 << 15, 40);

    public int AnyDigest() => Pick(1 << 14, 40);

    /// <summary>An index of a population, by rank or, for some per cent of the draws, evenly.</summary>
    /// <remarks>A growing population gains one value with every row and half of its draws are even: whatever keeps a
    /// dictionary of the values it has met grows with the file.</remarks>
    private int Pick(int population, int evenPercent)
    {
        int size = growing ? population + number : population;
        return rng.Percent(growing ? 50 : evenPercent) ? rng.Below(size) : rng.Skewed(size);
    }
}
