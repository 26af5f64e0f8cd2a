using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>Fast access to the cells of a text column, slices included.</summary>
internal readonly ref struct TextCells
{
    private readonly ReadOnlySpan<byte> text;
    private readonly ReadOnlySpan<int> offsets;
    private readonly ReadOnlySpan<byte> validity;
    private readonly int first;

    public TextCells(StringArray column)
    {
        Count = column.Length;
        text = column.Values;
        offsets = Count == 0 ? default : column.ValueOffsets;
        validity = column.NullCount == 0 ? default : column.NullBitmapBuffer.Span;
        first = column.Offset;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> this[int cell] => text[offsets[cell]..offsets[cell + 1]];

    public bool IsNull(int cell) => !validity.IsEmpty && (validity[(first + cell) >> 3] & (1 << ((first + cell) & 7))) == 0;
}
