using Weir.Engine;

namespace Weir.Connectors;

/// <summary>How a JSON input is read. What is not set is detected from its first MiB.</summary>
public sealed record JsonOptions
{
    /// <summary>Where the records stand in each document: keys joined by dots, such as <c>hits.hits</c>.</summary>
    /// <value>null (the default): detected; empty: each document, or each element of an array, is a record.</value>
    public string? Records { get; init; }

    /// <summary>Columns that a source may have; keys beyond them are kept in <c>_extra_json</c>.</summary>
    /// <value>1 to 16,384; 1,024 by default.</value>
    public int MaxColumns { get; init => field = Check.Within(value, 1, 16_384); } = 1_024;

    /// <summary>Keys deep that objects become columns; deeper ones stay JSON text.</summary>
    internal const int Depth = 8;
}
