namespace Weir.Connectors;

/// <summary>A format that inputs may have.</summary>
/// <param name="Names">What <c>--input-format</c> calls it.</param>
/// <param name="Recognise">Looks at the window. <c>asked</c>: the name by which the user insists on it; null: it is to be recognised.</param>
internal sealed record TextFormat(string[] Names, Recogniser Recognise)
{
    /// <summary>All formats, in the order in which they are asked; the last one takes any text.</summary>
    public static readonly TextFormat[] All =
    [
        new(["json", "ndjson"], (input, options, asked) => Recognition.Of(JsonDetector.Recognise(input.Sample, input.IsWhole, options, asked is not null, asked == "ndjson" ? true : null))),
        new(["csv"], CsvDetector.Recognise),
        new(["text"], (_, options, asked) => Recognition.Of(CsvLines.Make(options, asked is not null))),
    ];
}

/// <inheritdoc cref="TextFormat"/>
internal delegate Recognition Recogniser(TextSample input, InputOptions options, string? asked);

/// <summary>An input of which the first bytes are in memory.</summary>
internal readonly ref struct TextSample(string path, TextWindow window)
{
    public string Path { get; } = path;

    public TextWindow Window { get; } = window;

    /// <summary>The first MiB: what detection may look at.</summary>
    public ReadOnlySpan<byte> Sample => Window.Span[..Math.Min(Window.Length, TextSource.SampleBytes)];

    /// <summary>That is all of the text.</summary>
    public bool IsWhole => Window.Final && Window.Length <= TextSource.SampleBytes;
}

/// <summary>What a format says of an input.</summary>
/// <param name="Layout">How it is read; null: it is not of this format.</param>
/// <param name="NeedsMore">More text is needed to say so.</param>
internal readonly record struct Recognition(TextLayout? Layout, bool NeedsMore)
{
    public static Recognition Of(TextLayout? layout) => new(layout, false);
}
