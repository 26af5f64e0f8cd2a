namespace Weir.Engine.Stages;

/// <summary>CVE numbers of the years 1900 to 2099, with dashes or a blank (<c>CVE 2021-44228</c>).</summary>
internal static class CveKind
{
    private const int MostDigits = 7;

    /// <param name="state">The text.</param>
    /// <param name="e">Position of the E.</param>
    public static void At(ref ScanState state, int e)
    {
        ReadOnlySpan<byte> text = state.Text;
        int start = e - 2, number = e + 7;
        if (start < 0 || number > text.Length || !Bytes.StartsWithIgnoreCase(text[start..], "cve"u8) || text[number - 1] != '-')
            return;
        if (start > 0 && Bytes.Is(text[start - 1], ByteClass.Alphanumeric))
            return;
        ReadOnlySpan<byte> year = text.Slice(e + 2, 4);
        int end = Bytes.End(text, number, ByteClass.Digit);
        if (year.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || !(year.StartsWith("19"u8) || year.StartsWith("20"u8)) || end - number is < 4 or > MostDigits)
            return;
        state.Hits.Append("CVE-"u8);
        state.Hits.Append(text[(e + 2)..end]);
        state.Hits.Add(IndicatorType.Cve, start, end - start, partOf: state.Around(start, end));
    }
}
