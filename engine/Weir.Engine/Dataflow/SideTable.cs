using Apache.Arrow;

namespace Weir.Engine;

/// <summary>Rows derived from a batch's events that land in a table of their own: indicator hits, decoded texts, the children of an unnest.</summary>
/// <param name="Table">Schema and name, unquoted: <c>weir.decoded</c>.</param>
/// <param name="Rows">The rows, with <c>row_id</c>; the sink adds <c>source_id</c>.</param>
public sealed record SideTable(string Table, RecordBatch Rows);
