namespace Weir.Engine.Stages;

/// <summary>Questions asked of single bytes.</summary>
internal static class Bytes
{
    private static readonly ByteClass[] Classes = [.. Enumerable.Range(0, 256).Select(b => Classify((byte)b))];

    public static bool Is(byte value, ByteClass any) => (Classes[value] & any) != 0;

    public static bool IsLetter(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a';

    public static bool IsUpper(byte value) => (uint)(value - 'A') <= 'Z' - 'A';

    public static int HexValue(byte value) => value switch
    {
        <= (byte)'9' => value - '0',
        _ => (value | 0x20) - 'a' + 10,
    };

    /// <summary>First byte from <paramref name="from"/> on that is of none of the classes.</summary>
    public static int End(ReadOnlySpan<byte> text, int from, ByteClass any)
    {
        while (from < text.Length && Is(text[from], any))
            from++;
        return from;
    }

    /// <summary>Start of the stretch of these classes that ends before <paramref name="before"/>, not before <paramref name="low"/>.</summary>
    public static int Start(ReadOnlySpan<byte> text, int before, ByteClass any, int low)
    {
        while (before > low && Is(text[before - 1], any))
            before--;
        return before;
    }

    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length < lower.Length)
            return false;
        for (int i = 0; i < lower.Length; i++)
        {
            byte b = text[i];
            if ((IsUpper(b) ? b | 0x20 : b) != lower[i])
                return false;
        }

        return true;
    }

    public static bool EndsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && StartsWithIgnoreCase(text[^lower.Length..], lower);

    private static ByteClass Classify(byte b)
    {
        bool letter = IsLetter(b), digit = b is >= (byte)'0' and <= (byte)'9';
        ByteClass found = ByteClass.None;
        if (digit)
            found |= ByteClass.Digit;
        if (digit || b is >= (byte)'a' and <= (byte)'f' or >= (byte)'A' and <= (byte)'F')
            found |= ByteClass.Hex;
        if (letter || digit)
            found |= ByteClass.Alphanumeric | ByteClass.Base64;
        if (letter || digit || b is (byte)'.' or (byte)'-' or (byte)'_' || b >= 0x80)
            found |= ByteClass.Host | ByteClass.Mailbox;
        if (b is (byte)'+' or (byte)'%' or (byte)'#')
            found |= ByteClass.Mailbox;
        if (b is (byte)'+' or (byte)'/' or (byte)'-' or (byte)'_')
            found |= ByteClass.Base64;
        if (b > ' ' && b != 0x7F && !"\"<>\\^`|"u8.Contains(b))
            found |= ByteClass.Url;
        if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            found |= ByteClass.Blank;
        return found;
    }
}
