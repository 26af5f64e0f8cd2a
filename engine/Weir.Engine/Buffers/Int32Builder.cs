using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Weir.Engine.Buffers;

/// <summary>One column of numbers without NULLs, of a length that is known: written in any order, straight into Arrow's buffer.</summary>
internal sealed class Int32Builder(int cells) : IDisposable
{
    private readonly NativeBuffer values = new(cells * (long)sizeof(int)) { Length = cells * sizeof(int) };
    private bool built;

    /// <summary>The cells, not zeroed. Not to be used once the column is built.</summary>
    public Span<int> Cells => MemoryMarshal.Cast<byte, int>(values.GetSpan());

    /// <summary>The finished column. The builder must not be used again.</summary>
    public Int32Array Build()
    {
        built = true;
        return new Int32Array(values.ToArrow(), ArrowBuffer.Empty, cells, 0, 0);
    }

    public void Dispose()
    {
        if (!built)
            ((IDisposable)values).Dispose();
    }
}
