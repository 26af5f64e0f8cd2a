namespace Weir.Perf.Data;

/// <summary>Shape of a data set.</summary>
internal enum DataKind
{
    /// <summary><see cref="WideRecipe"/>, values drawn from fixed populations.</summary>
    Wide,

    /// <summary><see cref="NarrowRecipe"/>.</summary>
    Narrow,

    /// <summary>The rows of <see cref="Wide"/> as NDJSON, every value a string or null, as Splunk writes them.</summary>
    Ndjson,

    /// <summary><see cref="Wide"/>, packed by gzip.</summary>
    Gzip,

    /// <summary><see cref="ColumnsRecipe"/>: a thousand columns.</summary>
    Columns,

    /// <summary><see cref="CellsRecipe"/>: cells of 10 MB.</summary>
    Cells,

    /// <summary>10,000 rows of <see cref="Wide"/> as one file and as a hundred, and the first ten of them: see <see cref="SmallFiles"/>.</summary>
    Small,

    /// <summary><see cref="WideRecipe"/> with ever new values: shows memory that grows with the file.</summary>
    Growing,
}
