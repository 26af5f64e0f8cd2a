using System.Runtime.CompilerServices;

namespace Weir.Connectors;

/// <summary>The lines of a file, decompressed where it is compressed, in constant memory.</summary>
internal static class TextLines
{
    /// <summary>Longest piece handed out: a longer line comes in several.</summary>
    public const int Longest = 16 << 20;

    /// <summary>Reads a file, or standard input for <c>-</c>.</summary>
    /// <returns>Per line its number (1-based), the offset of its first byte in the text, and its bytes without the line end, good until the next one is asked for.</returns>
    /// <exception cref="Weir.Engine.WeirException">There is no such file, or it may not be read.</exception>
    public static async IAsyncEnumerable<(long Line, long Offset, ReadOnlyMemory<byte> Bytes)> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using TextInput input = await TextInput.OpenAsync(path == "-" ? new StoredBytes(Console.OpenStandardInput(), true) : StoredBytes.OpenFile(path), null, marksOnly: false, cancellationToken);
        byte[] buffer = new byte[1 << 20];
        int start = 0, end = 0;
        long line = 1, offset = 0;
        while (true)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0 || end - start >= Longest)
            {
                int piece = length >= 0 ? length : end - start, used = length >= 0 ? length + 1 : piece;
                yield return (line, offset, Trimmed(buffer.AsMemory(start, piece)));
                (start, offset, line) = (start + used, offset + used, line + (length >= 0 ? 1 : 0));
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            int read = await input.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
                break;
            end += read;
        }

        if (end > start)
            yield return (line, offset, Trimmed(buffer.AsMemory(start, end - start)));
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> line) => line.Span.EndsWith("\r"u8) ? line[..^1] : line;
}
