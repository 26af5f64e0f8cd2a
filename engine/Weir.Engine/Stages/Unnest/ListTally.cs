using System.Text.Json.Nodes;

namespace Weir.Engine.Stages;

/// <summary>What of one column of a source are lists. Sums are free of order.</summary>
internal sealed class ListTally
{
    /// <summary>Its name, or the user, says that it holds one value a line.</summary>
    public bool Lines { get; init; }

    /// <summary>0-based position of its <c>__mv_</c> twin; -1: it has none.</summary>
    public int Twin { get; init; } = -1;

    /// <summary>Position of the column whose twin it is; -1: it is none.</summary>
    public int TwinOf { get; init; } = -1;

    /// <summary>Cells whose twin holds values.</summary>
    public long Twinned { get; set; }

    /// <summary>Of those, fields that are not their values joined by newlines.</summary>
    public long Differing { get; set; }

    /// <summary>Values that an unnest of the column would make rows of; counted where it is asked for.</summary>
    public long Children { get; set; }

    /// <summary>Values that are JSON arrays of scalars.</summary>
    public long Arrays { get; set; }

    /// <summary>Of those, arrays that are written back byte for byte.</summary>
    public long ExactArrays { get; set; }

    public void Merge(ListTally other)
    {
        Twinned += other.Twinned;
        Children += other.Children;
        Differing += other.Differing;
        Arrays += other.Arrays;
        ExactArrays += other.ExactArrays;
    }

    /// <summary>The list that the column is; null where it is none.</summary>
    /// <param name="values">Values of the column that are neither NULL nor empty.</param>
    public Verdict? Judge(long values)
    {
        if (TwinOf >= 0)
            return null;
        if (Twin >= 0)
            return Twinned > 0 ? new Verdict(ColumnType.VarcharList, ListFormat.MvTwin, Differing) : null;
        if (Lines)
            return values > 0 ? new Verdict(ColumnType.VarcharList, ListFormat.Newline, 0) : null;
        return Arrays > 0 && (values - Arrays) * 100 <= values ? new Verdict(ColumnType.VarcharList, ListFormat.Json, values - ExactArrays) : null;
    }

    public JsonNode ToJson() => new JsonObject
    {
        ["lines"] = Lines,
        ["twin"] = Twin,
        ["twin_of"] = TwinOf,
        ["twinned"] = Twinned,
        ["differing"] = Differing,
        ["children"] = Children,
        ["arrays"] = Arrays,
        ["exact"] = ExactArrays,
    };

    public static ListTally FromJson(JsonNode json) => new()
    {
        Lines = (bool)json["lines"]!,
        Twin = (int)json["twin"]!,
        TwinOf = (int)json["twin_of"]!,
        Twinned = (long)json["twinned"]!,
        Differing = (long)json["differing"]!,
        Children = (long)json["children"]!,
        Arrays = (long)json["arrays"]!,
        ExactArrays = (long)json["exact"]!,
    };
}
