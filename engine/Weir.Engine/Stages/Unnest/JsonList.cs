using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>A JSON array of scalars (RFC 8259) as a list of text: strings unescaped, numbers and booleans as they are spelled, null as NULL.</summary>
/// <remarks>
/// By hand: logs are full of text that begins with a bracket, and a reader that throws for each of them is no good. A lone surrogate, which no
/// text can hold, makes it no array. <see cref="ListSql"/> reads and writes the same in SQL.
/// </remarks>
internal static class JsonList
{
    /// <summary>Whether the text is one.</summary>
    /// <param name="exact"><see cref="Write"/> gives the same bytes: no white space, only strings and nulls, only the escapes that must be.</param>
    public static bool Is(ReadOnlySpan<byte> text, out bool exact)
    {
        exact = true;
        int at = SkipSpace(text, 0, ref exact);
        if (at == text.Length || text[at++] != '[')
            return false;
        at = SkipSpace(text, at, ref exact);
        if (at < text.Length && text[at] == ']')
            return EndsAt(text, at + 1, ref exact);
        while (true)
        {
            at = at < text.Length && text[at] == '"' ? SkipString(text, at, ref exact) : SkipBare(text, at, ref exact);
            if (at < 0)
                return false;
            at = SkipSpace(text, at, ref exact);
            if (at == text.Length)
                return false;
            switch (text[at++])
            {
                case (byte)',':
                    at = SkipSpace(text, at, ref exact);
                    break;
                case (byte)']':
                    return EndsAt(text, at, ref exact);
                default:
                    return false;
            }

            if (at == text.Length)
                return false;
        }
    }

    /// <summary>Appends the elements of a text that <see cref="Is"/> one.</summary>
    public static void Append(ReadOnlySpan<byte> text, Utf8Builder values)
    {
        bool unused = true;
        int at = SkipSpace(text, 0, ref unused) + 1;
        while (true)
        {
            at = SkipSpace(text, at, ref unused);
            if (text[at] == ']')
                return;
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            int start = at;
            if (text[at] == '"')
            {
                at = SkipString(text, at, ref unused);
                AppendUnescaped(text[(start + 1)..(at - 1)], values);
                continue;
            }

            at = SkipBare(text, at, ref unused);
            if (text[start] == 'n')
                values.AppendNull();
            else
                values.Append(text[start..at]);
        }
    }

    /// <summary>The array as DuckDB's <c>to_json</c> writes it.</summary>
    public static void Write(IEnumerable<ReadOnlyMemory<byte>?> values, List<byte> text)
    {
        text.Add((byte)'[');
        bool first = true;
        foreach (ReadOnlyMemory<byte>? value in values)
        {
            if (!first)
                text.Add((byte)',');
            first = false;
            if (value is null)
                text.AddRange("null"u8);
            else
                WriteString(value.Value.Span, text);
        }

        text.Add((byte)']');
    }

    private static void WriteString(ReadOnlySpan<byte> value, List<byte> text)
    {
        text.Add((byte)'"');
        foreach (byte b in value)
        {
            byte escape = ShortEscape(b);
            if (escape != 0)
                text.AddRange([(byte)'\\', escape]);
            else if (b < 0x20)
                text.AddRange([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)('0' + (b >> 4)), Hex(b & 15)]);
            else
                text.Add(b);
        }

        text.Add((byte)'"');
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    private static byte ShortEscape(byte b) => b switch
    {
        (byte)'"' => (byte)'"',
        (byte)'\\' => (byte)'\\',
        8 => (byte)'b',
        9 => (byte)'t',
        10 => (byte)'n',
        12 => (byte)'f',
        13 => (byte)'r',
        _ => 0,
    };

    private static bool EndsAt(ReadOnlySpan<byte> text, int at, ref bool exact) => SkipSpace(text, at, ref exact) == text.Length;

    private static int SkipSpace(ReadOnlySpan<byte> text, int at, ref bool exact)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
            exact = false;
        }

        return at;
    }

    /// <returns>Behind the closing quote; negative where there is no string.</returns>
    private static int SkipString(ReadOnlySpan<byte> text, int at, ref bool exact)
    {
        at++;
        while (at < text.Length)
        {
            int plain = text[at..].IndexOfAny(Stops);
            if (plain < 0)
                return -1;
            at += plain;
            if (text[at] == '"')
                return at + 1;
            if (text[at] != '\\' || !SkipEscape(text, ref at, ref exact))
                return -1;
        }

        return -1;
    }

    // Quote, backslash, control characters.
    private static readonly System.Buffers.SearchValues<byte> Stops = System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private static bool SkipEscape(ReadOnlySpan<byte> text, ref int at, ref bool exact)
    {
        if (at + 1 >= text.Length)
            return false;
        switch (text[at + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                at += 2;
                return true;
            case (byte)'/':
                at += 2;
                exact = false;
                return true;
            case (byte)'u':
                break;
            default:
                return false;
        }

        int unit = JsonString.CodeUnit(text, at);
        if (unit < 0 || char.IsLowSurrogate((char)unit))
            return false;
        exact &= unit < 0x20 && ShortEscape((byte)unit) == 0 && text[at + 5] == Hex(unit & 15);
        at += 6;
        if (!char.IsHighSurrogate((char)unit))
            return true;
        int low = JsonString.CodeUnit(text, at);
        at += 6;
        return low >= 0 && char.IsLowSurrogate((char)low);
    }

    /// <returns>Behind a number, true, false or null; negative where there is none.</returns>
    private static int SkipBare(ReadOnlySpan<byte> text, int at, ref bool exact)
    {
        ReadOnlySpan<byte> rest = text[at..];
        if (rest.StartsWith("null"u8))
            return at + 4;
        exact = false;
        if (rest.StartsWith("true"u8))
            return at + 4;
        if (rest.StartsWith("false"u8))
            return at + 5;
        int end = at;
        if (end < text.Length && text[end] == '-')
            end++;
        int whole = SkipDigits(text, end);
        if (whole == end || (text[end] == '0' && whole > end + 1))
            return -1;
        end = whole;
        if (end < text.Length && text[end] == '.')
        {
            int fraction = SkipDigits(text, end + 1);
            if (fraction == end + 1)
                return -1;
            end = fraction;
        }

        if (end < text.Length && text[end] is (byte)'e' or (byte)'E')
        {
            int sign = end + 1 < text.Length && text[end + 1] is (byte)'+' or (byte)'-' ? end + 2 : end + 1;
            int exponent = SkipDigits(text, sign);
            if (exponent == sign)
                return -1;
            end = exponent;
        }

        return end;
    }

    private static int SkipDigits(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
            at++;
        return at;
    }

    private static void AppendUnescaped(ReadOnlySpan<byte> value, Utf8Builder values)
    {
        Span<byte> room;
        unsafe
        {
            room = new Span<byte>(values.Reserve(value.Length), value.Length);
        }

        values.Advance(JsonString.Unescape(value, room, out _));
        values.EndCell();
    }
}
