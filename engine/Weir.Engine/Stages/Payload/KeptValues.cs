using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Values out of the cells of a column that are kept beside them: one JSON object a row, <c>{"UserId":"adele@…","Id":"…"}</c>, of text by path.</summary>
/// <remarks>A column of its own for each would be NULL in most rows, as a row has the values of one kind of log: forty such columns cost more than all others of an export.</remarks>
internal sealed class KeptValues(int cells) : IDisposable
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly Utf8Builder text = new(cells, cells * 32);
    private readonly ArrayBufferWriter<byte> row = new(1024);
    private readonly HashSet<int> fields = [];
    private int at = -1;

    /// <summary>What stands before the value of a path.</summary>
    public static byte[] Key(string path) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(path, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":\"");

    /// <summary>Keeps a value of a row; rows come in order. Of a field that has one in the row already the first one stays.</summary>
    public void Set(int row, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (row != at)
            EndRow();
        at = row;
        if (!fields.Add(field))
            return;
        this.row.Write(this.row.WrittenCount == 0 ? "{"u8 : ","u8);
        this.row.Write(key);
        if (value.ContainsAny(Escaped))
            Escape(value);
        else
            this.row.Write(value);
        this.row.Write("\""u8);
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
        if (row.WrittenCount == 0)
            return;
        row.Write("}"u8);
        text.PadTo(at);
        text.Append(row.WrittenSpan);
        row.ResetWrittenCount();
        fields.Clear();
    }

    private void Escape(ReadOnlySpan<byte> value)
    {
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(value, row.GetSpan(value.Length * 6), out _, out int written);
        row.Advance(written);
    }
}
