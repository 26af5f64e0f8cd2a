using System.Text;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Indicators;

/// <summary>Scans written out, for comparing.</summary>
internal static class Scan
{
    public static IndicatorHits Hits(string text) => Hits(Encoding.UTF8.GetBytes(text));

    public static IndicatorHits Hits(byte[] text)
    {
        var hits = new IndicatorHits();
        IndicatorScanner.Scan(text, hits);
        return hits;
    }

    /// <summary>Type and value, one a hit.</summary>
    public static string[] Values(string text)
    {
        IndicatorHits hits = Hits(text);
        return [.. Enumerable.Range(0, hits.Count).Select(i => $"{hits[i].Type.Name()} {hits.ValueText(i)}")];
    }

    /// <summary>Everything there is to say of each hit.</summary>
    public static string[] Full(IndicatorHits hits) =>
        [.. Enumerable.Range(0, hits.Count).Select(i => $"{hits[i].Cell} {hits[i].Type.Name()} {hits.ValueText(i)} @{hits[i].Offset}+{hits[i].Length} {hits[i].Scope?.Name()} in {hits.PartOf(i)}")];
}
