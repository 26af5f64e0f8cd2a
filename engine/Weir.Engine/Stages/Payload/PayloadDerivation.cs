namespace Weir.Engine.Stages;

/// <summary>How SQL finds a value inside a cell, so that it need not be stored a second time; <c>weir.columns.format</c> in small letters.</summary>
/// <remarks>Plain DuckDB from 1.2 on, without settings. A value that it does not give as it is (escapes, repeated keys, text that is cut) is stored in the column's companion.</remarks>
internal enum PayloadDerivation
{
    /// <summary>A path of names in a JSON object.</summary>
    Json,

    /// <summary>Text of the <c>Data</c> element of a name in a Windows event.</summary>
    Xml,
}
