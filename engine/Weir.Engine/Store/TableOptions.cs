using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>How sources land in a table.</summary>
public sealed record TableOptions
{
    /// <summary>How text was typed: the same as the parse stage's.</summary>
    public TypingOptions Typing { get; init; } = new();

    /// <summary>Which columns hold many values: the same as the unnest stage's.</summary>
    public UnnestOptions Unnest { get; init; } = new();

    /// <summary>What was set of further stages and decides what lands, by name: sources that landed otherwise are other sources. Empty by default.</summary>
    public IReadOnlyDictionary<string, string> StageOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Land a source once more although the case holds it already; false by default.</summary>
    public bool Again { get; init; }

    /// <summary>What a first reading of the source counted, for a slice that takes more than one commit interval.</summary>
    internal SourceSurvey? Survey { get; init; }
}
