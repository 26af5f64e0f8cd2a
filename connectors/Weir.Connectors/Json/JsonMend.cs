namespace Weir.Connectors;

/// <summary>Makes JSON of what careless exporters write: raw control characters within strings, bare words such as <c>NaN</c>.</summary>
internal static class JsonMend
{
    /// <summary>The record with control characters escaped and bare words in quotes; null where there is nothing of the kind.</summary>
    public static byte[]? TryMend(ReadOnlySpan<byte> record)
    {
        var mended = new List<byte>(record.Length + 16);
        bool changed = false;
        for (int at = 0; at < record.Length;)
        {
            byte b = record[at];
            if (b == '"')
            {
                mended.Add(b);
                for (at++; at < record.Length && record[at] != '"'; at++)
                {
                    b = record[at];
                    if (b < 0x20)
                    {
                        changed = true;
                        mended.AddRange("\\u00"u8);
                        mended.Add((byte)('0' + (b >> 4)));
                        mended.Add((byte)"0123456789abcdef"[b & 15]);
                        continue;
                    }

                    mended.Add(b);
                    if (b == '\\' && at + 1 < record.Length)
                        mended.Add(record[++at]);
                }

                if (at < record.Length)
                    mended.Add(record[at++]);
                continue;
            }

            int end = at;
            while (end < record.Length && (char.IsAsciiLetterOrDigit((char)record[end]) || record[end] is (byte)'+' or (byte)'-' or (byte)'.' or (byte)'_'))
                end++;
            if (end == at)
            {
                mended.Add(b);
                at++;
                continue;
            }

            ReadOnlySpan<byte> word = record[at..end];
            bool quoted = char.IsAsciiLetter((char)word[^1]) && !word.SequenceEqual("true"u8) && !word.SequenceEqual("false"u8) && !word.SequenceEqual("null"u8);
            changed |= quoted;
            if (quoted)
                mended.Add((byte)'"');
            mended.AddRange(word);
            if (quoted)
                mended.Add((byte)'"');
            at = end;
        }

        return changed ? [.. mended] : null;
    }
}
