using System.Buffers.Text;
using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>One number as read: what it is worth, and which formats give its text back.</summary>
/// <remarks>
/// A decimal of up to 15 significant digits is the shortest text of its double, whoever writes it. With 16 or 17 it is compared with what .NET
/// writes; DuckDB 1.5.6 wrote the same for 2 million random doubles of 1e-4 to 1e15 (outside that range it writes exponents).
/// </remarks>
internal struct NumberText
{
    public const int MostDecimals = 15;
    private const int Longest = 40;
    private const int SafeDigits = 15;
    private const long FirstUnwritten = 1_000_000_000_000_000; // DoubleFormat.Beyond: the text of a DOUBLE ends there

    /// <summary>A sign and digits that fit 64 bits.</summary>
    public bool IsInteger;

    /// <summary>Written as BIGINT is: no plus, no leading zero, no minus zero.</summary>
    public bool IsCanonicalInteger;

    public long Integer;

    /// <summary>DOUBLE as <c>shortest</c> gives it back: <c>1</c>, <c>1.5</c>.</summary>
    public bool Shortest;

    /// <summary>DOUBLE as <c>point</c> gives it back: <c>1.0</c>, <c>1.5</c>.</summary>
    public bool Point;

    /// <summary>N where <c>fixed:N</c> gives it back; else 0.</summary>
    public int Decimals;

    public readonly bool BeyondDouble => IsCanonicalInteger && Integer is >= FirstUnwritten or <= -FirstUnwritten;

    /// <summary>Reads the spelling of a number; false where the text is none. Its double is parsed only where the spelling needs it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out NumberText number)
    {
        number = default;
        if (text.Length is 0 or > Longest)
            return false;
        int at = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        bool plain = text[0] != '+';
        bool negative = at == 1 && plain;
        int wholeStart = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
            at++;
        int whole = at - wholeStart;
        plain &= whole == 1 || whole > 1 && text[wholeStart] != '0';
        if (at == text.Length)
            return whole > 0 && ReadWhole(ref number, text, plain, negative, whole);

        int decimals = 0;
        if (text[at] == '.')
        {
            int point = at++;
            while (at < text.Length && (uint)(text[at] - '0') <= 9)
                at++;
            decimals = at - point - 1;
        }

        if (whole + decimals == 0)
            return false;
        if (at < text.Length)
            return SkipExponent(text, at);
        if (plain && decimals > 0)
            number.Judge(text, negative, whole, decimals, wholeStart);
        return true;
    }

    /// <summary>Its double; false beyond the range of doubles. Only for texts that <see cref="TryRead"/> has taken.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value)
    {
        // Up to 15 digits and powers of ten to 10^15 are exact doubles, so one division rounds as a parser must (Clinger's fast path).
        long digits = 0;
        int count = 0, point = -1;
        int start = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        for (int i = start; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                digits = digits * 10 + digit;
                if (++count > SafeDigits)
                    return TryParse(text, out value);
            }
            else if (text[i] == '.' && point < 0)
            {
                point = count;
            }
            else
            {
                return TryParse(text, out value);
            }
        }

        value = point < 0 ? digits : digits / PowersOfTen[count - point];
        if (text[0] == '-')
            value = -value;
        return true;
    }

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    private static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static bool ReadWhole(ref NumberText number, ReadOnlySpan<byte> text, bool plain, bool negative, int digits)
    {
        ReadOnlySpan<byte> unsigned = text[0] == '+' ? text[1..] : text;
        number.IsInteger = Utf8Parser.TryParse(unsigned, out number.Integer, out int used) && used == unsigned.Length;
        bool canonical = plain && !(negative && number.IsInteger && number.Integer == 0);
        number.IsCanonicalInteger = canonical && number.IsInteger;
        number.Shortest = canonical && digits <= SafeDigits;
        return true;
    }

    // Digits after the point, no exponent, no plus, no leading zero.
    private void Judge(ReadOnlySpan<byte> text, bool negative, int whole, int decimals, int wholeStart)
    {
        ReadOnlySpan<byte> fraction = text[^decimals..];
        int leading = fraction.IndexOfAnyExcept((byte)'0');
        bool zeroWhole = text[wholeStart] == '0';
        if (zeroWhole && leading < 0)
        {
            // 0.0 and 0.00; minus zero is its own double and no format keeps it apart.
            Decimals = !negative && decimals <= MostDecimals ? decimals : 0;
            Point = !negative && decimals == 1;
            return;
        }

        if (decimals <= MostDecimals && (zeroWhole || whole + decimals <= SafeDigits))
            Decimals = decimals;
        bool trimmed = fraction[^1] != '0';
        int significant = zeroWhole ? decimals - leading : trimmed ? whole + decimals : whole;
        bool inRange = zeroWhole ? leading <= 3 : whole <= SafeDigits;
        Point = inRange && (trimmed || decimals == 1) && (significant <= SafeDigits || trimmed && significant <= 17 && IsShortest(text));
        Shortest = Point && trimmed;
    }

    private static bool IsShortest(ReadOnlySpan<byte> text)
    {
        Span<byte> written = stackalloc byte[32];
        return TryDouble(text, out double value) && value.TryFormat(written, out int length, "R", CultureInfo.InvariantCulture)
            && text.SequenceEqual(written[..length]);
    }

    private static bool SkipExponent(ReadOnlySpan<byte> text, int at)
    {
        if ((text[at] | 0x20) != 'e')
            return false;
        at++;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;
        int digits = text.Length - at;
        return digits is >= 1 and <= 3 && text[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
