namespace Weir.Perf.Compare;

/// <summary>How one column was compared.</summary>
/// <param name="Column">Its name in the file.</param>
/// <param name="Type">Its type in the case.</param>
internal sealed record ColumnComparison(string Column, string Type, string How);
