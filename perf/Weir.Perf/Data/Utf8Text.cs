using System.Text;

namespace Weir.Perf.Data;

/// <summary>Bytes of rows that are not written yet.</summary>
internal sealed class Utf8Text(int capacity)
{
    private readonly byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(byte value) => bytes[Length++] = value;

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(bytes.AsSpan(Length));
        Length += text.Length;
    }

    public void Number(long value)
    {
        if (!value.TryFormat(bytes.AsSpan(Length), out int written))
            throw new InvalidOperationException($"The text buffer is too small: {capacity} bytes.");
        Length += written;
    }

    /// <summary>Decimal digits with leading zeros.</summary>
    public void Digits(int value, int count)
    {
        for (int at = Length + count - 1; at >= Length; at--, value /= 10)
            bytes[at] = (byte)('0' + value % 10);
        Length += count;
    }

    /// <summary>The lowest <paramref name="count"/> hexadecimal digits, at most 16.</summary>
    public void Hex(ulong value, int count)
    {
        for (int at = Length + count - 1; at >= Length; at--, value >>= 4)
            bytes[at] = "0123456789abcdef"u8[(int)(value & 15)];
        Length += count;
    }

    /// <summary>Base64 of the text's UTF-16LE form, as PowerShell's -EncodedCommand takes it.</summary>
    /// <param name="ascii">ASCII only.</param>
    public void EncodedCommand(ReadOnlySpan<byte> ascii)
    {
        Span<byte> wide = stackalloc byte[ascii.Length * 2];
        wide.Clear();
        for (int i = 0; i < ascii.Length; i++)
            wide[2 * i] = ascii[i];
        System.Buffers.Text.Base64.EncodeToUtf8(wide, bytes.AsSpan(Length), out _, out int written);
        Length += written;
    }

    public static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);
}
