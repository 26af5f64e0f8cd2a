using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>One batch as it lands: an array for each column of the statement, null where the batch has none.</summary>
/// <param name="SourceId">Number of its source.</param>
/// <param name="RowIds">The batch's row numbers.</param>
/// <param name="Columns">One a column of <see cref="BatchFeed"/>.</param>
internal sealed record LandedRows(int SourceId, Int64Array RowIds, IArrowArray?[] Columns)
{
    /// <summary>Bytes of the longest text cell, where a column is large enough to hold a long one; else 0.</summary>
    public long LongestCell()
    {
        const int large = 2 << 20;
        long longest = 0;
        foreach (IArrowArray? column in Columns)
        {
            if ((column as StringArray ?? (column as ListArray)?.Values) is not StringArray text || text.Values.Length < large)
                continue;
            ReadOnlySpan<int> offsets = text.ValueOffsets;
            for (int i = 1; i < offsets.Length; i++)
                longest = Math.Max(longest, offsets[i] - offsets[i - 1]);
        }

        return longest;
    }
}

/// <summary>A column of the statement that lands batches.</summary>
/// <param name="IsNarrow">A number of 32 bits, of the engine's own tables.</param>
internal readonly record struct LandedColumn(string Name, ColumnType Type, bool IsNarrow = false);
