using System.Diagnostics;
using System.Text;
using Weir.Engine.Stages;

namespace Weir.Perf.Text;

/// <summary>Texts made to exhaust the indicator scanner and the decoder: eight times the text must take about eight times as long, a square would take 64 times.</summary>
internal static class HostileText
{
    /// <summary>How much longer eight times the text may take: three times what is linear, for a busy machine.</summary>
    private const double MostGrowth = 24;

    /// <summary>Below so many seconds the whole text counts as fast, whatever the ratio of such short times.</summary>
    private const double Fast = 1;

    private const double ListMilliseconds = 200; // twenty are meant

    private static readonly string[] Scanned =
    [
        ".", "a.", "http://", "http://a.com,", "http://a&", "http://[", "ldap://@", "0123456789abcdef", "a@", "a@b.", "a.b@c.com", ":", "1:", "::1.", "1.2.3.", "“a.“", "ü.", "a.com+", "me.a+b", "cve-2021-", "%2F%2Fa.",
        "\\a.com\\",
    ];

    private static readonly string[] Decoded =
    [
        "aHR0cDov/", "aHR0cDovL2V4YW1wbGUuY29t/", "QUJDREVGR0hJSktMTU5PUA==", "FromBase64String('", "-enc ", "64 ", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\u0001\r\n",
        "q80wRmVkZmRmZXdmZXdmd2VmZXdmZXdmd2VmZXdmZXdmZXdmd2VmZXdm\r\n", "a\0", "aGk ", "-enc Z-enc-",
    ];

    /// <summary>Prints each text's rate and growth, and how long the public suffix list takes.</summary>
    /// <returns>0; 1 where one of them is over its bound.</returns>
    public static int Run(TextWriter output)
    {
        bool within = true;
        output.WriteLine("| text, repeated | by | MB/s | 8 x the text takes |");
        output.WriteLine("|---|---|---:|---:|");
        foreach (string piece in Scanned)
            within &= Tell(output, piece, "scanner", 4 << 20, text => IndicatorScanner.Scan(text, new IndicatorHits()));
        foreach (string piece in Decoded)
            within &= Tell(output, piece, "decoder", 2 << 20, text => new IndicatorExtractor().Extract(text, 0, text.Length, 0));
        byte[] rules = PublicSuffixes.ReadEmbedded();
        _ = new PublicSuffixes(rules); // the first run compiles
        double list = Seconds(() => _ = new PublicSuffixes(rules)) * 1000;
        output.WriteLine(FormattableString.Invariant($"\npublic suffix list: {list:F1} ms"));
        within &= list < ListMilliseconds;
        if (!within)
            output.WriteLine("OVER ITS BOUND: see the figures");
        return within ? 0 : 1;
    }

    private static bool Tell(TextWriter output, string piece, string by, int bytes, Action<byte[]> look)
    {
        byte[] one = Encoding.UTF8.GetBytes(piece), text = new byte[bytes / one.Length * one.Length];
        for (int at = 0; at < text.Length; at += one.Length)
            one.CopyTo(text, at);
        byte[] eighth = text[..(text.Length / 8)];
        look(text[..1000]);
        double small = Seconds(() => look(eighth)), large = Seconds(() => look(text));
        output.WriteLine(FormattableString.Invariant($"| `{piece.ReplaceLineEndings("\\n").Replace("\0", "\\0", StringComparison.Ordinal).Replace("\u0001", "\\1", StringComparison.Ordinal)}` | {by} | {text.Length / large / 1e6:F0} | {large / small:F1} x |"));
        return large < Math.Max(small * MostGrowth, Fast);
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }
}
