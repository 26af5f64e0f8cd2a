using System.Buffers;
using System.Runtime.CompilerServices;

namespace Weir.Connectors;

/// <summary>Finds where a JSON value ends by its brackets and quotes alone, whatever stands between them.</summary>
internal static class JsonFrame
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> StringMarks = SearchValues.Create("\"\\\n"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",]}\n\r\t :[{\""u8);

    /// <summary>Length of the value at the start of <paramref name="text"/>.</summary>
    /// <param name="text">Begins with the value, no white space before it.</param>
    /// <param name="broken">Where it cannot go on: a line end inside a string, a closing bracket that closes nothing. Else -1.</param>
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
                    at = EndString(text, at, out broken);
                    if (at < 0)
                        return -1;
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
