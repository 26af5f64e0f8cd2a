using System.Buffers;
using System.Globalization;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>What counts as text among decoded bytes.</summary>
/// <remarks>
/// Valid UTF-8 whose characters are all assigned and none a control except tab, CR and LF. Where no word said that the run is encoded, most of it must also be letters, digits and blanks
/// (three in five; of a run below 24 characters, which must be padded, four in five, all of ASCII): eighteen random bytes are printable once in 10^7 times, and half of that is punctuation.
/// </remarks>
internal static class ReadableText
{
    private const int ShortRun = 24;

    private static readonly SearchValues<byte> Printable = SearchValues.Create([(byte)'\t', (byte)'\r', (byte)'\n', .. Enumerable.Range(0x20, 0x5F).Select(b => (byte)b)]);

    public static bool IsReadable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate) && rune.Value != 0xFFFD;

    /// <param name="bytes">What was decoded.</param>
    /// <param name="marked">A word said that it is encoded.</param>
    /// <param name="run">The encoded run.</param>
    public static bool IsText(ReadOnlySpan<byte> bytes, bool marked, ReadOnlySpan<byte> run)
    {
        if (bytes.IsEmpty || !IsPrintable(bytes))
            return false;
        if (marked)
            return true;
        bool brief = run.Length < ShortRun;
        if (brief && (run[^1] != '=' || run.Length % 4 != 0 || !Ascii.IsValid(bytes)))
            return false;
        int plain = 0;
        foreach (byte b in bytes)
            plain += Bytes.Is(b, ByteClass.Alphanumeric | ByteClass.Blank) || b >= 0x80 ? 1 : 0;
        return brief ? plain * 5 >= bytes.Length * 4 : plain * 5 >= bytes.Length * 3;
    }

    private static bool IsPrintable(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            int odd = bytes.IndexOfAnyExcept(Printable);
            if (odd < 0)
                return true;
            if (Rune.DecodeFromUtf8(bytes[odd..], out Rune rune, out int length) != OperationStatus.Done || !IsReadable(rune))
                return false;
            bytes = bytes[(odd + length)..];
        }
    }
}
