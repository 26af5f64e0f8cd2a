namespace Weir.Engine.Stages;

/// <summary>Bounds of decoding, for one cell. What meets one is told in <see cref="IndicatorFlags"/>.</summary>
internal sealed record DecodeOptions
{
    /// <summary>Takes every run of four characters and more for Base64, readable or not: for a text of which somebody says so.</summary>
    /// <value>False by default.</value>
    public bool Everything { get; init; }

    /// <summary>Layers inside one another.</summary>
    /// <value>1 to 64; 16 by default (guess: five were seen in the sample data; what nests deeper is made to exhaust).</value>
    public int MaxDepth
    {
        get;
        init => field = Check.Within(value, 1, 64);
    } = 16;

    /// <summary>Bytes of all layers together.</summary>
    /// <value>1 KiB to 1 GiB; 64 MiB by default, the longest row.</value>
    public int MaxBytes
    {
        get;
        init => field = Check.Within(value, 1024, 1 << 30);
    } = 64 << 20;

    /// <summary>Decoded texts.</summary>
    /// <value>1 to 1,000,000; 10,000 by default (guess: a mail of a hundred encoded parts is ordinary).</value>
    public int MaxTexts
    {
        get;
        init => field = Check.Within(value, 1, 1_000_000);
    } = 10_000;
}
