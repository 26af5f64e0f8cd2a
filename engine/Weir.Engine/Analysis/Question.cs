namespace Weir.Engine.Analysis;

/// <summary>A question over a case: one SELECT and the values of its marks.</summary>
internal sealed record Question(string Sql, params object?[] Values);
