using Apache.Arrow;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Writes the companion of one column of a batch, as soon as a cell needs one.</summary>
/// <param name="cells">Cells of the column.</param>
internal sealed class CompanionBuilder(int cells) : IDisposable
{
    private Utf8Builder? text;

    /// <summary>Values in it, empty ones apart.</summary>
    public long Misfits { get; private set; }

    /// <summary>The quoted empty string is kept; it is no misfit.</summary>
    public void SetEmpty(int cell) => Keep(cell, default);

    public void SetMisfit(int cell, ReadOnlySpan<byte> value)
    {
        Keep(cell, value);
        Misfits++;
    }

    /// <summary>The finished column, NULL where nothing was kept; null where no cell needed it. The builder must not be used again.</summary>
    public StringArray? Build()
    {
        text?.PadTo(cells);
        StringArray? built = text?.Build();
        text = null;
        return built;
    }

    public void Dispose() => text?.Dispose();

    private void Keep(int cell, ReadOnlySpan<byte> value)
    {
        text ??= new Utf8Builder(cells, Math.Max(64, cells * 4));
        text.PadTo(cell);
        text.Append(value);
    }
}
