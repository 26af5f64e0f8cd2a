namespace Weir.Engine.Stages;

/// <summary>A bound that was met, so that what was found may not be all there is.</summary>
[Flags]
internal enum IndicatorFlags : byte
{
    None = 0,

    /// <summary>A URL is longer than <see cref="UrlKind.Longest"/>: its hit covers the first bytes of it.</summary>
    UrlCut = 1,

    /// <summary>More URLs stand inside one URL than <see cref="UrlKind.MostNested"/>.</summary>
    NestedUrls = 2,

    /// <summary>Text is encoded more often than <see cref="DecodeOptions.MaxDepth"/>.</summary>
    DecodeDepth = 4,

    /// <summary>A cell decodes to more bytes than <see cref="DecodeOptions.MaxBytes"/>.</summary>
    DecodeBytes = 8,

    /// <summary>A cell holds more encoded texts than <see cref="DecodeOptions.MaxTexts"/>.</summary>
    DecodeTexts = 16,
}
