namespace Weir.Engine.Stages;

/// <summary>What stands around a dot: IPv4 addresses, else a domain.</summary>
internal static class HostKind
{
    private const int LongestMailbox = 64;

    public static void At(ref ScanState state, int dot)
    {
        if (dot < state.HostEnd)
            return;
        bool inUrl = dot >= state.UrlStart && dot < state.UrlEnd;
        if (inUrl && dot < state.UrlHostEnd)
            return;
        ReadOnlySpan<byte> text = state.Text;
        int start = HostText.Start(text, dot, Math.Max(state.HostEnd, inUrl ? state.UrlHostEnd : state.UrlEnd)), end = HostText.End(text, dot);
        state.HostEnd = end;
        if (Ipv4Kind.ReportAll(ref state, start, end) || (inUrl && !IsEscapedHost(text[..end], start)) || (end < text.Length && IsMailbox(ref state, end)))
            return;
        DomainKind.ReportAlone(ref state, start, end);
    }

    /// <summary>A host in a URL that is given to another URL: behind <c>%2F%2F</c> or <c>%40</c>.</summary>
    private static bool IsEscapedHost(ReadOnlySpan<byte> text, int start) =>
        start > 0 && text[start - 1] == '%'
        && (text[start..].StartsWith("40"u8) || (start > 3 && Bytes.StartsWithIgnoreCase(text[start..], "2f"u8) && Bytes.EndsWithIgnoreCase(text[..start], "%2f%"u8)));

    /// <summary>Whether the stretch is the part before the <c>@</c> of an e-mail address; if so, that is reported.</summary>
    private static bool IsMailbox(ref ScanState state, int end)
    {
        ReadOnlySpan<byte> text = state.Text;
        int at = end;
        while (at < text.Length && at - end < LongestMailbox && text[at] != '@' && Bytes.Is(text[at], ByteClass.Mailbox))
            at++;
        return at < text.Length && text[at] == '@' && EmailKind.At(ref state, at);
    }
}
