using System.Buffers;
using System.Runtime.CompilerServices;

namespace Weir.Connectors;

/// <summary>Finds where a JSON value ends by its brackets and quotes alone, whatever stands between them.</summary>
internal static class JsonFrame
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> StringMarks = SearchValues.Create("\"\\\n"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",]}\n\r\t :[{\""u8);

    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> Follow = SearchValues.Create(",:]}/"u8);

    /// <summary>Where records go on behind one that is broken: at the end of the line, or behind a bracket that closes an object which another one follows.</summary>
    /// <param name="more">The text ends before that can be told.</param>
    /// <returns>Bytes before that place; -1 where it is not in the text.</returns>
    public static int NextRecord(ReadOnlySpan<byte> text, bool final, out bool more)
    {
        more = false;
        for (int at = 0; at < text.Length; at++)
        {
            int next = text[at..].IndexOfAny((byte)'\n', (byte)'}');
            if (next < 0)
                break;
            at += next;
            if (text[at] == '\n')
                return at;
            int comma = Behind(text, at + 1);
            int bracket = comma < text.Length && text[comma] == ',' ? Behind(text, comma + 1) : comma;
            if (bracket == text.Length && !final)
            {
                more = true;
                return -1;
            }

            if (bracket > comma && bracket < text.Length && text[bracket] == '{')
                return at + 1;
        }

        more = !final;
        return -1;
    }

    private static int Behind(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t')
            at++;
        return at;
    }

    /// <summary>Length of the value at the start of <paramref name="text"/>.</summary>
    /// <param name="text">Begins with the value, no white space before it.</param>
    /// <param name="broken">Where it cannot go on: a line end inside a string, text behind one. Else -1.</param>
    /// <returns>-1 where the value does not end in the text.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int End(ReadOnlySpan<byte> text, bool final, out int broken)
    {
        broken = -1;
        if (text[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            int scalar = text.IndexOfAny(ScalarEnds);
            if (scalar == 0)
                broken = 0;
            return scalar > 0 ? scalar : scalar < 0 && final ? text.Length : -1;
        }

        int at = 0, depth = 0;
        while (at < text.Length)
        {
            int next = text[at..].IndexOfAny(Marks);
            if (next < 0)
                return -1;
            at += next;
            switch (text[at++])
            {
                case (byte)'"':
                    int opening = at - 1;
                    at = EndString(text, at, out broken);
                    if (at < 0)
                        return -1;
                    // A stray quote turns text and structure about: what follows the next string shows it at once.
                    int after = depth == 0 ? -1 : text[at..].IndexOfAnyExcept(Space);
                    if (after >= 0 && !Follow.Contains(text[at + after]))
                    {
                        broken = opening; // what looks like a string may be what stands between two
                        return -1;
                    }

                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            if (depth == 0)
                return at;
        }

        return -1;
    }

    /// <returns>Behind the closing quote; negative where there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EndString(ReadOnlySpan<byte> text, int at, out int broken)
    {
        broken = -1;
        while (true)
        {
            int next = text[at..].IndexOfAny(StringMarks);
            if (next < 0)
                return -1;
            at += next;
            if (text[at] == '"')
                return at + 1;
            if (text[at] == '\n')
            {
                broken = at;
                return -1;
            }

            at += 2;
            if (at >= text.Length)
                return -1;
        }
    }
}
