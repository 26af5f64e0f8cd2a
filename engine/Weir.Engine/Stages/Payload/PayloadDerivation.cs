namespace Weir.Engine.Stages;

/// <summary>Where SQL finds the values of a column that has no storage of its own.</summary>
internal enum DerivedFrom
{
    /// <summary>The values that are kept beside the cells (<see cref="KeptValues"/>), by path.</summary>
    Values,

    /// <summary>The cell, a JSON object: names joined by dots.</summary>
    Json,

    /// <summary>The cell, a Windows event: text of the <c>Data</c> element of a <c>Name</c>.</summary>
    Xml,
}

/// <summary>How SQL finds a value that is no column of the table: in the cell itself, or among the values that are kept beside it.</summary>
/// <remarks>Plain DuckDB from 1.2 on, without settings. Where SQL does not give the value of a cell as it is (escapes, repeated keys, text that is cut), the row's value is kept beside it, and goes before.</remarks>
internal sealed record PayloadDerivation(DerivedFrom From, string Path)
{
    private static readonly string[] Spellings = ["values", "json", "xml"];

    /// <summary>Name among the values that are kept: the path as the kind names it.</summary>
    public string Key => From == DerivedFrom.Xml ? PayloadField.EventData + Path : Path;

    /// <summary>As <c>weir.columns.format</c> has it: <c>values:UserId</c>, <c>json:status.errorCode</c>, <c>xml:CommandLine</c>.</summary>
    public override string ToString() => $"{Spellings[(int)From]}:{Path}";

    public static PayloadDerivation Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return new PayloadDerivation((DerivedFrom)Array.IndexOf(Spellings, text[..colon]), text[(colon + 1)..]);
    }
}
