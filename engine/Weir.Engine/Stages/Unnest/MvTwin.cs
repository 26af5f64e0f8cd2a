using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Splunk's encoding of many values in a <c>__mv_</c> field: <c>$a$;$b$</c>, a dollar within a value doubled.</summary>
/// <remarks>Source: the searchbnf of Splunk's own CSV (<c>splunklib.searchcommands.internals</c>), and exports in the wild.</remarks>
internal static class MvTwin
{
    /// <summary>Counts the values; 0 where the text is no such encoding.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        int count = 0, at = 0;
        while (Next(text, ref at, out _))
        {
            count++;
            if (at == text.Length)
                return count;
        }

        return 0;
    }

    /// <summary>Appends the values of an encoding that <see cref="Count"/> knows.</summary>
    public static void Append(ReadOnlySpan<byte> text, Utf8Builder values)
    {
        int at = 0;
        while (at < text.Length && Next(text, ref at, out ReadOnlySpan<byte> value))
            AppendUnescaped(value, values);
    }

    /// <summary>The encoding of some values.</summary>
    public static void Write(IEnumerable<ReadOnlyMemory<byte>> values, List<byte> text)
    {
        foreach (ReadOnlyMemory<byte> value in values)
        {
            text.AddRange(text.Count == 0 ? "$"u8 : ";$"u8);
            foreach (byte b in value.Span)
            {
                text.Add(b);
                if (b == '$')
                    text.Add(b);
            }

            text.Add((byte)'$');
        }
    }

    // Takes one $value$ and the semicolon behind it, which must be followed by another value.
    private static bool Next(ReadOnlySpan<byte> text, ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (at >= text.Length || text[at] != '$')
            return false;
        int start = ++at;
        while (true)
        {
            int dollar = text[at..].IndexOf((byte)'$');
            if (dollar < 0)
                return false;
            at += dollar + 1;
            if (at < text.Length && text[at] == '$')
            {
                at++;
                continue;
            }

            value = text[start..(at - 1)];
            if (at == text.Length)
                return true;
            return text[at++] == ';' && at < text.Length;
        }
    }

    private static void AppendUnescaped(ReadOnlySpan<byte> value, Utf8Builder values)
    {
        Span<byte> room;
        unsafe
        {
            room = new Span<byte>(values.Reserve(value.Length), value.Length);
        }

        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            room[length++] = value[i];
            if (value[i] == '$')
                i++;
        }

        values.Advance(length);
        values.EndCell();
    }
}
