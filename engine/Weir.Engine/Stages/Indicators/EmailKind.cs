namespace Weir.Engine.Stages;

/// <summary>E-mail addresses at a domain under a public suffix, or at an IPv4 address.</summary>
internal static class EmailKind
{
    private const int LongestLocal = 64;

    /// <returns>Whether there is one (it is reported once).</returns>
    public static bool At(ref ScanState state, int at)
    {
        if (at >= state.OuterStart && at < state.OuterEnd)
            return true;
        if (at >= state.UrlStart && at < state.UrlHostEnd)
            return false; // a user name in a URL
        ReadOnlySpan<byte> text = state.Text;
        int low = Math.Max(state.OuterEnd, at - LongestLocal - 1);
        int start = SkipEscape(text, HostText.Start(text, at, low, ByteClass.Mailbox), at);
        while (start < at && text[start] is (byte)'.' or (byte)'-' or (byte)'+' or (byte)'#' or (byte)'%')
            start++;
        int hostEnd = HostText.End(text, at + 1), end = hostEnd;
        while (end > at && text[end - 1] is (byte)'.' or (byte)'-' or (byte)'_')
            end--;
        if (start == at || at - start > LongestLocal || end - at < 4)
            return false;
        ReadOnlySpan<byte> host = text[(at + 1)..end];
        bool isAddress = Ipv4Kind.TryParse(host, out uint address);
        ReadOnlySpan<byte> normal = default;
        if (!isAddress && !(state.Hits.Domains.TryFind(host, out int from, out normal) && from == 0))
            return false;
        int around = state.Around(start, end);
        state.Hits.Append(text[start..(at + 1)]);
        state.Hits.Append(isAddress ? host : normal);
        int hit = state.Hits.Add(IndicatorType.Email, start, end - start, isAddress ? SpecialAddresses.ScopeOf(address) : null, around);
        if (isAddress)
            Ipv4Kind.Report(ref state, at + 1, host.Length, address, hit);
        else
            DomainKind.Report(ref state, at + 1, host.Length, normal, hit);
        (state.OuterStart, state.OuterEnd, state.OuterHit) = (start, end, hit);
        state.HostEnd = Math.Max(state.HostEnd, hostEnd);
        return true;
    }

    /// <summary>Skips an escaped character that the address touches: <c>%3Cuser@…</c>, <c>\u003cuser@…</c>.</summary>
    private static int SkipEscape(ReadOnlySpan<byte> text, int start, int at)
    {
        ReadOnlySpan<byte> local = text[start..at];
        if (local.Length > 3 && local[0] == '%' && Bytes.Is(local[1], ByteClass.Hex) && Bytes.Is(local[2], ByteClass.Hex))
            return start + 3;
        return local.Length > 5 && start > 0 && text[start - 1] == '\\' && local.StartsWith("u00"u8) ? start + 5 : start;
    }
}
