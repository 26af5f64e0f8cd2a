using System.Text.Json.Nodes;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>How many values of one column of a source fit which type and format. Sums are free of order.</summary>
internal sealed class ColumnTally(ColumnHint hint)
{
    public ColumnHint Hint { get; } = hint;

    /// <summary>Cells that are neither NULL nor empty.</summary>
    public long Values { get; private set; }

    /// <summary>Cells that are the quoted empty string.</summary>
    public long Empty { get; private set; }

    public bool BeyondDouble { get; private set; }

    public void Add(StringArray cells) => throw new NotImplementedException();

    public void Merge(ColumnTally other) => throw new NotImplementedException();

    public JsonNode ToJson() => throw new NotImplementedException();

    public static ColumnTally FromJson(ColumnHint hint, JsonNode json) => throw new NotImplementedException();
}
