namespace Weir.Engine.Stages;

/// <summary>Finds indicators in cells and in the text that is encoded in them.</summary>
/// <remarks>
/// What was found gathers until <see cref="Clear"/>. Not for several threads at once. Nothing is allocated for a cell without a hit.
/// <para>A run of Base64 counts as encoded text if what it decodes to is readable (<see cref="ReadableText"/>), is UTF-16 as a whole, holds a stretch of UTF-16, or holds a URL. It has at least 16 characters, of both cases and not all
/// hexadecimal, or at least 8 behind a word of <see cref="EncodingMarks"/>. A text that consists of Base64 and blanks alone counts as one run if it holds a URL.</para>
/// </remarks>
internal sealed class IndicatorExtractor(DecodeOptions options)
{
    private readonly List<DecodedText> texts = [];
    private readonly List<FlaggedCell> flagged = [];
    private readonly TextDecoder decoder = new(options);
    private readonly EncodedRuns runs = new();

    public IndicatorExtractor()
        : this(new DecodeOptions())
    {
    }

    public IndicatorHits Hits { get; } = new();

    /// <summary>The decoded texts, an outer one before those in it.</summary>
    public IReadOnlyList<DecodedText> Texts => texts;

    public IReadOnlyList<FlaggedCell> Flagged => flagged;

    /// <summary>The decoded text that holds a hit; null where it stands in the cell itself.</summary>
    public DecodedText? TextOf(int hit) => Hits[hit].Text < 0 ? null : texts[Hits[hit].Text];

    /// <summary>Looks through one cell.</summary>
    /// <param name="buffer">Where it lies.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="cell">Its number.</param>
    public void Extract(ReadOnlySpan<byte> buffer, int start, int end, int cell)
    {
        (Hits.Cell, Hits.Text) = (cell, -1);
        runs.Clear();
        IndicatorScanner.Scan(buffer, start, end, Hits, runs);
        decoder.Decode(buffer[start..end], runs, Hits, texts);
        if (Hits.Flags == IndicatorFlags.None)
            return;
        flagged.Add(new FlaggedCell(cell, Hits.Flags));
        Hits.Flags = IndicatorFlags.None;
    }

    /// <summary>Looks through the cells of one column.</summary>
    /// <inheritdoc cref="IndicatorScanner.ScanColumn"/>
    public void ExtractColumn(ReadOnlySpan<byte> values, ReadOnlySpan<int> offsets, int firstCell = 0)
    {
        for (int cell = 0; cell + 1 < offsets.Length; cell++)
            Extract(values, offsets[cell], offsets[cell + 1], firstCell + cell);
    }

    public void Clear()
    {
        Hits.Clear();
        texts.Clear();
        flagged.Clear();
    }
}
