using System.Buffers;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>URLs of the schemes in <see cref="Schemes"/>, whatever host they name.</summary>
/// <remarks>
/// A URL ends at a blank, a control, one of <c>" &lt; &gt; \ ^ ` |</c>, an entity of one of those, a byte that is no UTF-8, or punctuation beyond ASCII; behind a quote or a bracket, at its counterpart;
/// before a comma, semicolon, asterisk or at sign that another URL follows. Punctuation and closing brackets without their opening ones are taken off its end.
/// URLs inside a URL are reported as parts of it.
/// </remarks>
internal static class UrlKind
{
    /// <summary>Bytes of a value at most.</summary>
    public const int Longest = 65_536;

    /// <summary>URLs reported inside one URL at most.</summary>
    public const int MostNested = 8;

    private const int LongestScheme = 8;

    /// <summary>Longer ones before those they end with.</summary>
    private static readonly byte[][] Schemes =
    [
        .. new[]
        {
            "https", "http", "sftp", "tftp", "ftps", "ftp", "wss", "ws", "socks5h", "socks4a", "socks5", "socks4", "socks", "tcp", "udp", "ldaps", "ldap", "rmi", "smb", "ssh", "telnet", "git", "svn",
            "gopher", "ircs", "irc", "rtsp", "rtmp", "mqtts", "mqtt", "amqps", "amqp", "rediss", "redis", "dns", "nntp", "webdav", "vnc", "rdp",
        }.OrderByDescending(s => s.Length).Select(Encoding.ASCII.GetBytes),
    ];

    public static void At(ref ScanState state, int colon)
    {
        bool inside = colon >= state.UrlStart && colon < state.UrlEnd;
        if (inside && (colon < state.UrlHostEnd || IsTooMany(ref state)))
            return;
        ReadOnlySpan<byte> text = state.Text;
        int scheme = SchemeLength(text[..colon]);
        if (scheme == 0)
            return;
        int start = colon - scheme, hostStart = colon + 3;
        byte before = start > 0 ? text[start - 1] : (byte)0;
        int authorityEnd = End(inside ? text[..state.UrlEnd] : text, hostStart, before, ofAuthority: true);
        if (!ReadAuthority(text[..authorityEnd], hostStart, out Authority authority))
            return;
        int whole = authority.End;
        if (whole == authorityEnd && authorityEnd < text.Length && EndsAuthority(text[authorityEnd]))
            whole = inside ? state.UrlEnd : End(text, authorityEnd, before, ofAuthority: false);
        whole = Math.Max(whole, authority.HostEnd + (authority.Bracketed ? 1 : 0));
        int end = Math.Min(whole, start + Longest);
        if (end < whole)
            state.Hits.Flags |= IndicatorFlags.UrlCut;
        Span<byte> address = stackalloc byte[16];
        uint address4 = 0;
        ReadOnlySpan<byte> host = text[authority.HostStart..authority.HostEnd];
        bool is6 = authority.Bracketed && Ipv6Kind.TryParse(host, address), is4 = !is6 && Ipv4Kind.TryParse(host, out address4);
        Append(ref state, text, start, end, colon, authority);
        int hit = state.Hits.Add(
            IndicatorType.Url, start, end - start, is6 ? Ipv6Kind.ScopeOf(address) : is4 ? SpecialAddresses.ScopeOf(address4) : null, inside ? state.UrlHit : -1);
        if (inside)
            (state.UrlHostEnd, state.UrlsInside) = (authority.End, state.UrlsInside + 1);
        else
            (state.UrlStart, state.UrlHostEnd, state.UrlEnd, state.UrlHit, state.UrlsInside) = (start, authority.End, whole, hit, 0);
        if (is6)
        {
            Ipv6Kind.Report(ref state, authority.HostStart, host.Length, address, hit);
            return;
        }

        if (is4)
        {
            Ipv4Kind.Report(ref state, authority.HostStart, host.Length, address4, hit);
            return;
        }

        host = host.TrimEnd((byte)'.');
        if (!host.IsEmpty && state.Hits.Domains.TryFind(host, out int from, out ReadOnlySpan<byte> normal))
            DomainKind.Report(ref state, authority.HostStart + from, host.Length - from, normal, hit);
    }

    private static bool IsTooMany(ref ScanState state)
    {
        if (state.UrlsInside < MostNested)
            return false;
        state.Hits.Flags |= IndicatorFlags.NestedUrls;
        return true;
    }

    private static int SchemeLength(ReadOnlySpan<byte> before)
    {
        if (before.Length < 2 || !Bytes.Is(before[^1], ByteClass.Alphanumeric))
            return 0;
        if (Bytes.EndsWithIgnoreCase(before, "https"u8))
            return 5; // no other ends so
        foreach (byte[] scheme in Schemes)
        {
            if (Bytes.EndsWithIgnoreCase(before, scheme))
                return scheme.Length;
        }

        return 0;
    }

    private static bool SchemeFollows(ReadOnlySpan<byte> text)
    {
        int end = Bytes.End(text[..Math.Min(text.Length, LongestScheme)], 0, ByteClass.Alphanumeric);
        return end > 1 && text[end..].StartsWith("://"u8) && SchemeLength(text[..end]) == end;
    }

    private static bool EndsAuthority(byte b) => b is (byte)'/' or (byte)'?' or (byte)'#';

    /// <summary>Where a URL, or its authority, ends that goes on at <paramref name="from"/>, punctuation taken off.</summary>
    private static int End(ReadOnlySpan<byte> text, int from, byte before, bool ofAuthority)
    {
        int round = 0, square = 0, curly = 0, at = from;
        for (; at < text.Length && Bytes.Is(text[at], ByteClass.Url); at++)
        {
            byte b = text[at];
            if (ofAuthority && EndsAuthority(b))
                return at;
            if (b >= 0x80)
            {
                if (Rune.DecodeFromUtf8(text[at..], out Rune rune, out int length) != OperationStatus.Done || EndsUrl(rune))
                    break;
                at += length - 1;
            }
            else if (b == '&' && EntityEnds(text[at..]))
            {
                break;
            }
            else if (b is (byte)',' or (byte)';' or (byte)'*' or (byte)'@' && SchemeFollows(text[(at + 1)..]))
            {
                break;
            }
            else if (b == '\'' && before == '\'')
            {
                break;
            }
            else if (b is (byte)'(' or (byte)')')
            {
                round += b == '(' ? 1 : -1;
                if (round < 0 && before == '(')
                {
                    round = 0;
                    break;
                }
            }
            else if (b is (byte)'[' or (byte)']')
            {
                square += b == '[' ? 1 : -1;
                if (square < 0 && before == '[')
                {
                    square = 0;
                    break;
                }
            }
            else if (b is (byte)'{' or (byte)'}')
            {
                curly += b == '{' ? 1 : -1;
                if (curly < 0 && before == '{')
                {
                    curly = 0;
                    break;
                }
            }
        }

        for (; at > from; at--)
        {
            byte b = text[at - 1];
            bool off = b is (byte)'.' or (byte)',' or (byte)';' or (byte)':' or (byte)'!' or (byte)'?' or (byte)'\'' or (byte)'*' || (b == ')' && round < 0) || (b == ']' && square < 0) || (b == '}' && curly < 0);
            if (!off)
                break;
            round += b == ')' ? 1 : 0;
            square += b == ']' ? 1 : 0;
            curly += b == '}' ? 1 : 0;
        }

        return at;
    }

    private static bool EndsUrl(Rune rune) =>
        rune.Value is 0xFFFD or 0xA0 or 0xAB or 0xBB or (>= 0x2000 and <= 0x206F) or (>= 0x3000 and <= 0x3020) or (>= 0xFF00 and <= 0xFF0F) or (>= 0xFF1A and <= 0xFF20)
        || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);

    private static bool EntityEnds(ReadOnlySpan<byte> text) =>
        text.StartsWith("&quot;"u8) || text.StartsWith("&lt;"u8) || text.StartsWith("&gt;"u8) || text.StartsWith("&apos;"u8) || text.StartsWith("&#39;"u8)
        || text.StartsWith("&#34;"u8) || text.StartsWith("&#x27;"u8) || text.StartsWith("&#x22;"u8);

    private static bool ReadAuthority(ReadOnlySpan<byte> text, int start, out Authority authority)
    {
        authority = new Authority { HostStart = start };
        int end = text.Length;
        authority.HostStart += text[start..].LastIndexOf((byte)'@') + 1;
        int at;
        if (authority.HostStart < end && text[authority.HostStart] == '[')
        {
            int close = text[authority.HostStart..end].IndexOf((byte)']');
            if (close < 0)
                return false;
            authority.Bracketed = true;
            authority.HostEnd = authority.HostStart + close;
            authority.HostStart++;
            at = authority.HostEnd + 1;
        }
        else
        {
            at = HostText.End(text[..end], authority.HostStart);
            at = authority.HostEnd = authority.HostStart + HostText.CutDer(text[authority.HostStart..at]).Length;
            if (text[authority.HostStart..at].IndexOfAnyExcept("-._"u8) < 0)
                return false;
            if (at < end && text[at] == '%')
                at = end; // the path is escaped
        }

        while (at < end && text[at] == ':') // once; a port written twice is seen in stagers, and the rest of the URL is worth keeping
        {
            int port = Bytes.End(text[..end], at + 1, ByteClass.Digit);
            if (port == at + 1 && port < end)
                break;
            at = port;
        }

        authority.End = at;
        return true;
    }

    /// <summary>Scheme and host in lower case, the rest as it stands.</summary>
    private static void Append(ref ScanState state, ReadOnlySpan<byte> text, int start, int end, int colon, in Authority authority)
    {
        int hostEnd = Math.Min(authority.HostEnd, end);
        state.Hits.AppendLower(text[start..colon]);
        state.Hits.Append(text[colon..authority.HostStart]);
        Span<byte> normal = stackalloc byte[HostText.Room];
        if (HostText.TryNormalise(text[authority.HostStart..hostEnd], normal, out int length))
            state.Hits.Append(normal[..length]);
        else
            state.Hits.Append(text[authority.HostStart..hostEnd]);
        state.Hits.Append(text[hostEnd..end]);
    }

    private struct Authority
    {
        public int HostStart, HostEnd, End;
        public bool Bracketed;
    }
}
