namespace Weir.Engine.Stages;

/// <summary>How SQL finds a value inside a cell, so that it need not be stored a second time.</summary>
/// <remarks>Plain DuckDB from 1.2 on, without settings. Where it does not give the value as it is (escapes, repeated keys, text that is cut), the row's value is stored beside it.</remarks>
/// <param name="Format">JSON: of an object. XML: text of the <c>Data</c> element of a Windows event.</param>
/// <param name="Path">JSON: names joined by dots. XML: the element's <c>Name</c>.</param>
internal sealed record PayloadDerivation(PayloadFormat Format, string Path)
{
    /// <summary>As <c>weir.columns.format</c> has it: <c>json:status.errorCode</c>, <c>xml:CommandLine</c>.</summary>
    public override string ToString() => $"{(Format == PayloadFormat.Json ? "json" : "xml")}:{Path}";

    public static PayloadDerivation Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return new PayloadDerivation(text[..colon] == "json" ? PayloadFormat.Json : PayloadFormat.Xml, text[(colon + 1)..]);
    }
}
