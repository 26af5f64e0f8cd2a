using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Values out of the cells of a column that are kept beside them: one JSON object a row, <c>{"UserId":"adele@…","Id":"…"}</c>, of text by path.</summary>
/// <remarks>A column of its own for each would be NULL in most rows, as a row has the values of one kind of log: forty such columns cost more than all others of an export.</remarks>
internal sealed unsafe class KeptValues(int cells, int fields) : IDisposable
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly Utf8Builder text = new(cells, cells * 32);
    private readonly int[] behind = new int[fields]; // per field, the row behind the last one that has it
    private int at = -1;

    /// <summary>What stands before the value of a path.</summary>
    public static byte[] Key(string path) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(path, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":\"");

    /// <summary>Keeps a value of a row; rows come in order. Of a field that has one in the row already the first one stays.</summary>
    public void Set(int row, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (behind[field] == row + 1)
            return;
        behind[field] = row + 1;
        bool isFirst = row != at;
        if (isFirst)
        {
            EndRow();
            text.PadTo(row);
            at = row;
        }

        Write(isFirst ? "{"u8 : ","u8);
        Write(key);
        if (value.ContainsAny(Escaped))
            Escape(value);
        else
            Write(value);
        Write("\""u8);
    }

    /// <summary>NULL in rows without a value.</summary>
    public StringArray Build()
    {
        EndRow();
        text.PadTo(cells);
        return text.Build();
    }

    public void Dispose() => text.Dispose();

    private void EndRow()
    {
        if (at < 0)
            return;
        Write("}"u8);
        text.EndCell();
        at = -1;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(text.Reserve(bytes.Length), bytes.Length));
        text.Advance(bytes.Length);
    }

    private void Escape(ReadOnlySpan<byte> value)
    {
        const int part = 64 << 10, longest = 6; // \u0000
        while (!value.IsEmpty)
        {
            ReadOnlySpan<byte> next = value[..Math.Min(part, value.Length)];
            var target = new Span<byte>(text.Reserve(next.Length * longest), next.Length * longest);
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(next, target, out int read, out int written, isFinalBlock: next.Length == value.Length);
            text.Advance(written);
            value = value[read..];
        }
    }
}
