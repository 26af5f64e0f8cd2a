namespace Weir.Connectors;

/// <summary>What a Splunk server writes around its results.</summary>
internal enum SplunkBody
{
    /// <summary>Nothing: it is none.</summary>
    None,

    /// <summary><c>{"preview":…,"offset":…,"result":{…}}</c> a line: the export endpoint.</summary>
    Export,

    /// <summary><c>{"preview":…,"messages":[…],"results":[…]}</c>: the results endpoint.</summary>
    Results,
}

/// <summary>How a JSON input is read.</summary>
internal sealed record JsonLayout : TextLayout
{
    /// <summary>One record a line; else documents that may run over lines.</summary>
    public required bool Lines { get; init; }

    /// <summary>Keys under which the records stand; empty: the documents themselves, or the elements of an array.</summary>
    public required string[] Records { get; init; }

    public required SplunkBody Splunk { get; init; }

    public required int MaxRow { get; init; }

    public required int PieceBytes { get; init; }

    public required int MaxColumns { get; init; }

    /// <summary>Width of the registers it is read with. No result depends on it.</summary>
    public int RegisterBits { get; init; } = Block.Bits;

    public override bool OpenColumns => true;

    public override bool StartsAnywhere => Lines;

    public override RowReader Read(TextWindow window, Engine.ResumePoint? from, Engine.RunOptions options) =>
        new JsonReader(window, this, from is null ? new RowPlace(0, BodyLine, 0, -1) : RowPlace.Of(from), from?.Columns ?? [], options);
}
