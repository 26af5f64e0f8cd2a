namespace Weir.Engine.Stages;

/// <summary>One text while it is scanned: what the kinds share, so that no byte is looked at again for every anchor in it.</summary>
/// <remarks>Each kind expands from its anchor to the whole stretch of its bytes and notes the end; anchors before that end are done. So a scan is linear in whatever text.</remarks>
internal ref struct ScanState(ReadOnlySpan<byte> text, IndicatorHits hits)
{
    public readonly ReadOnlySpan<byte> Text = text;
    public readonly IndicatorHits Hits = hits;

    /// <summary>Ends of the stretches that were looked at.</summary>
    public int HostEnd, Ipv6End;

    /// <summary>The last URL: its span, where its host ends or that of the last URL in it, its hit, and how many URLs were found in it.</summary>
    public int UrlStart, UrlHostEnd, UrlEnd, UrlHit = -1, UrlsInside;

    /// <summary>The last e-mail or IPv6 address.</summary>
    public int OuterStart, OuterEnd, OuterHit = -1;

    /// <summary>The hit around a span: the innermost of those that can hold others.</summary>
    public readonly int Around(int start, int end) =>
        start >= OuterStart && end <= OuterEnd ? OuterHit : start >= UrlStart && end <= UrlEnd ? UrlHit : -1;
}
