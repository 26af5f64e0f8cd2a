using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>One batch as it lands: an array for each column of the statement, null where the batch has none.</summary>
/// <param name="SourceId">Number of its source.</param>
/// <param name="RowIds">The batch's row numbers.</param>
/// <param name="Columns">One a column of <see cref="BatchFeed"/>.</param>
internal sealed record LandedRows(int SourceId, Int64Array RowIds, IArrowArray?[] Columns);

/// <summary>A column of the statement that lands batches.</summary>
internal readonly record struct LandedColumn(string Name, ColumnType Type);
