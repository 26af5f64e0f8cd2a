namespace Weir.Engine.Stages;

/// <summary>Digests by their length: MD5, SHA-1, SHA-256, SHA-512 in hexadecimal.</summary>
/// <remarks>
/// The run of hexadecimal digits has exactly that length and at least one letter. Behind the words imphash, import hash or authentihash it digests something else than
/// the file and is left out.
/// </remarks>
internal static class HashKind
{
    private const int MostBetween = 12;

    public static void At(ref ScanState state, int start)
    {
        ReadOnlySpan<byte> text = state.Text;
        int end = Bytes.End(text, start, ByteClass.Hex);
        IndicatorType? type = (end - start) switch
        {
            32 => IndicatorType.Md5,
            40 => IndicatorType.Sha1,
            64 => IndicatorType.Sha256,
            128 => IndicatorType.Sha512,
            _ => null,
        };
        if (type is not { } digest || text[start..end].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 || IsOfSomethingElse(text[..start]))
            return;
        state.Hits.AppendLower(text[start..end]);
        state.Hits.Add(digest, start, end - start, partOf: state.Around(start, end));
    }

    private static bool IsOfSomethingElse(ReadOnlySpan<byte> before)
    {
        int word = before.Length;
        while (word > 0 && before.Length - word < MostBetween && !Bytes.Is(before[word - 1], ByteClass.Alphanumeric))
            word--;
        before = before[..word];
        return Bytes.EndsWithIgnoreCase(before, "imphash"u8) || Bytes.EndsWithIgnoreCase(before, "import hash"u8) || Bytes.EndsWithIgnoreCase(before, "authentihash"u8);
    }
}
