using System.Text;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Indicators;

/// <summary>Extraction written out, for comparing.</summary>
internal static class Extract
{
    public static IndicatorExtractor From(string text, DecodeOptions? options = null) => From(Encoding.UTF8.GetBytes(text), options);

    public static IndicatorExtractor From(byte[] text, DecodeOptions? options = null)
    {
        var extractor = new IndicatorExtractor(options ?? new DecodeOptions());
        extractor.Extract(text, 0, text.Length, 0);
        return extractor;
    }

    /// <summary>Path and text, one a decoded text.</summary>
    public static string[] Texts(IndicatorExtractor extractor) => [.. extractor.Texts.Select(t => $"{t.Layers} = {Encoding.UTF8.GetString(t.Bytes)}")];

    /// <summary>Hits in decoded texts: type, value, path.</summary>
    public static string[] Decoded(IndicatorExtractor extractor) =>
        [.. Enumerable.Range(0, extractor.Hits.Count).Where(i => extractor.TextOf(i) is not null).Select(i => $"{extractor.Hits[i].Type.Name()} {extractor.Hits.ValueText(i)} {extractor.TextOf(i)!.Layers}")];

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static string Base64Wide(string text) => Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
}
