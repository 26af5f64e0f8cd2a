using System.Buffers;
using System.Globalization;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Host names as bytes: where one ends, and its normal form.</summary>
internal static class HostText
{
    /// <summary>Longest name in DNS, in characters.</summary>
    public const int Longest = 253;

    /// <summary>Bytes that a normal form needs at most.</summary>
    public const int Room = 1024;

    private const int LongestRaw = Longest * 4;
    private static readonly IdnMapping Idn = new();

    /// <summary>End of the stretch of host characters from <paramref name="from"/> on. Letters, marks and digits of every script count; a typographic quote does not.</summary>
    public static int End(ReadOnlySpan<byte> text, int from)
    {
        while (from < text.Length && Bytes.Is(text[from], ByteClass.Host))
        {
            if (text[from] < 0x80)
                from++;
            else if (Rune.DecodeFromUtf8(text[from..], out Rune rune, out int length) == OperationStatus.Done && IsPart(rune))
                from += length;
            else
                break;
        }

        return from;
    }

    public static int Start(ReadOnlySpan<byte> text, int before, int low, ByteClass ascii = ByteClass.Host)
    {
        while (before > low && Bytes.Is(text[before - 1], ascii))
        {
            if (text[before - 1] < 0x80)
                before--;
            else if (Rune.DecodeLastFromUtf8(text[low..before], out Rune rune, out int length) == OperationStatus.Done && IsPart(rune))
                before -= length;
            else
                break;
        }

        return before;
    }

    /// <summary>Cuts what follows <c>.com</c>, <c>.net</c>, <c>.org</c> in a certificate that is read as text: the byte 0 (0x30) that begins the next DER sequence.</summary>
    public static ReadOnlySpan<byte> CutDer(ReadOnlySpan<byte> host)
    {
        int label = host.LastIndexOf((byte)'.') + 1;
        return label > 0 && host.Length > label + 3 && host[label + 3] == '0' && host.Slice(label, 3) is var suffix
            && (suffix.SequenceEqual("com"u8) || suffix.SequenceEqual("net"u8) || suffix.SequenceEqual("org"u8))
            ? host[..(label + 3)]
            : host;
    }

    /// <summary>Lower case, labels of other scripts as <c>xn--</c>.</summary>
    /// <returns>False where the text cannot be a host name.</returns>
    public static bool TryNormalise(ReadOnlySpan<byte> host, Span<byte> normal, out int length)
    {
        length = host.Length;
        if (host.Length > LongestRaw)
            return false;
        if (Ascii.IsValid(host))
            return Ascii.ToLower(host, normal, out _) == OperationStatus.Done;
        try
        {
            string ascii = Idn.GetAscii(Encoding.UTF8.GetString(host).ToLowerInvariant());
            length = ascii.Length;
            return length <= Longest && Encoding.ASCII.TryGetBytes(ascii, normal, out _);
        }
        catch (ArgumentException)
        {
            return false; // no label may look like this
        }
    }

    private static bool IsPart(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
