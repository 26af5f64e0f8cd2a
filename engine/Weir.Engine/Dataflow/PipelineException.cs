namespace Weir.Engine;

/// <summary>The first failure of a run, with the node and the place in the source.</summary>
public sealed class PipelineException : Exception
{
    public PipelineException(string node, string source, Origin? at, Exception cause)
        : base(Compose(node, source, at, cause), cause)
    {
        Node = node;
        At = at;
    }

    /// <summary>Name of the node that failed: <c>source</c>, a stage's or the sink's name.</summary>
    public string Node { get; }

    /// <summary>The batch it failed on; null where it failed between batches.</summary>
    public Origin? At { get; }

    private static string Compose(string node, string source, Origin? at, Exception cause) =>
        at is null
            ? $"{node}: {source}: {cause.Message}"
            : $"{node}: {source}: at row {at.FirstRow} (line {at.Line}, byte {at.ByteOffset}): {cause.Message}";
}
