using Weir.Engine.Stages;

namespace Weir.Engine.Kinds;

/// <summary>A kind of log: how it is recognised, what of it counts, and how it maps to the standard views. One SQL file each; <see cref="KindFile"/> describes it.</summary>
internal sealed record LogKind(string Name, string Text)
{
    /// <summary>Splunk's sourcetypes of it, lower case, <c>*</c> for any text.</summary>
    public IReadOnlyList<string> Sourcetypes { get; init; } = [];

    /// <summary>Alternatives; each needs all of its groups, a group any of its columns with a value.</summary>
    public IReadOnlyList<IReadOnlyList<string[]>> Columns { get; init; } = [];

    /// <summary>Columns that show a log not to be of the kind.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>SQL condition: which rows are of it; null: all.</summary>
    public string? Rows { get; init; }

    /// <summary>SQL condition that at least half of a source's first rows meet; null: none.</summary>
    public string? Shape { get; init; }

    /// <summary>Under which envelope its columns may stand: <c>properties_</c>.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Columns that say when the event was, the most trusted first.</summary>
    public IReadOnlyList<string> Time { get; init; } = [];

    /// <summary>SQL of text that identifies a record; null: nothing does.</summary>
    public string? Identity { get; init; }

    /// <summary>Columns that hold the record whole; the first with a value is its content. None: all columns but artefacts.</summary>
    public IReadOnlyList<string> Content { get; init; } = [];

    /// <summary>Columns that a query or collector adds.</summary>
    public IReadOnlyList<string> Artefacts { get; init; } = [];

    /// <summary>Columns of the address that an event came from, the most trusted first.</summary>
    public IReadOnlyList<string> Address { get; init; } = [];

    /// <summary>Columns that name one and the same user in different spellings, the readable one first.</summary>
    public IReadOnlyList<string> SameUser { get; init; } = [];

    /// <summary>Values inside cells that become columns.</summary>
    public IReadOnlyList<PayloadRule> Payloads { get; init; } = [];

    /// <summary>What it gives to which view.</summary>
    public IReadOnlyList<KindMapping> Mappings { get; init; } = [];

    /// <summary>The same rows are of both.</summary>
    public bool RecognisesLike(LogKind other) => Signature() == other.Signature();

    /// <summary>Whether it is told by a sourcetype.</summary>
    public bool IsNamed(string sourcetype) => Sourcetypes.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, sourcetype, ignoreCase: true));

    private string Signature() => string.Join('\n', (IEnumerable<string?>)[string.Join(',', Sourcetypes), .. Columns.Select(c => string.Join('&', c.Select(g => string.Join('|', g)))), string.Join(',', Without), Rows, Shape, string.Join(',', Prefixes)]);
}

/// <summary>What a kind gives to one view.</summary>
/// <param name="View">The view; <see cref="StandardView.Timeline"/> for events that are of no other.</param>
/// <param name="Columns">SQL by the view's columns.</param>
/// <param name="Where">Which of the kind's rows; null: all.</param>
internal sealed record KindMapping(StandardView View, IReadOnlyDictionary<string, string> Columns, string? Where);
