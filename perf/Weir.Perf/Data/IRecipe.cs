namespace Weir.Perf.Data;

/// <summary>Writes the rows of one kind of data set, one after another.</summary>
internal interface IRecipe
{
    /// <summary>The columns: their name in the file and the name that a case gives them.</summary>
    IReadOnlyList<Column> Columns { get; }

    /// <summary>Longest row in bytes.</summary>
    int RowBytes => 1 << 16;

    void WriteHeader(Utf8Text text);

    /// <summary>Writes the next row.</summary>
    void WriteRow(Utf8Text text);
}

/// <summary>A column of the file.</summary>
/// <param name="Name">As in the header.</param>
/// <param name="Landed">As weir cleans it; written down rather than computed, so that the comparison also tests the promise.</param>
internal sealed record Column(string Name, string Landed);
