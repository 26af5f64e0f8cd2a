using Weir.Engine.Kinds;

namespace Weir.Engine.Store;

/// <summary>How a case file is opened.</summary>
public sealed record CaseOptions
{
    /// <summary>Opened for queries only: nothing is written, the file may lie on a read-only mount. False by default.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Create the file where it does not exist; true by default. Never with <see cref="ReadOnly"/>.</summary>
    public bool Create { get; init; } = true;

    /// <summary>Memory, threads and commit interval.</summary>
    public RunOptions Run { get; init; } = RunOptions.Default;

    /// <summary>
    /// Small sources share a commit: they are durable after <see cref="CaseFile.FlushAsync"/>, and together they cost one
    /// transaction instead of one each (13 ms). False by default: each source is durable when its run returns.
    /// </summary>
    public bool ShareCommits { get; init; }

    /// <summary>Kinds of logs that are told apart.</summary>
    internal LogKinds Kinds { get => field ??= LogKinds.Shipped; init; }
}
