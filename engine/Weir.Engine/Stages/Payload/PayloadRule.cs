using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Weir.Engine.Stages;

/// <summary>What the text of a cell is made of.</summary>
internal enum PayloadFormat
{
    Json,
    Xml,

    /// <summary>One line, by a pattern with named groups.</summary>
    Pattern,
}

/// <summary>What a value inside a cell becomes.</summary>
internal enum PayloadType
{
    /// <summary>Text that SQL is to find in the cell, where it can (<see cref="PayloadField.Derivation"/>).</summary>
    Text,

    /// <summary>Text that is kept beside the cell: what a record is identified and mostly asked by.</summary>
    Stored,

    /// <summary>Text that is a column of the table: what the condition <c>rows</c> of a kind looks at, row by row.</summary>
    Column,

    /// <summary>An instant, which is a column of the table; zoneless is UTC.</summary>
    Time,

    /// <summary>Text that is an address: it gets its AS number as well.</summary>
    Address,

    /// <summary>A JSON array of objects with a name and a value each, as one line <c>Name=Value Name=Value</c>.</summary>
    Pairs,
}

/// <summary>One value inside a cell.</summary>
/// <param name="Path">JSON: names joined by dots, <c>[Name]</c> for the value of that name in an array of pairs, <c>*</c> for the whole. XML: local names of elements below the root, the <c>Name</c> of a <c>Data</c>
/// instead of its own, then an attribute. Pattern: the group.</param>
/// <param name="Type">What it becomes.</param>
internal sealed record PayloadField(string Path, PayloadType Type)
{
    /// <summary>How SQL finds the value; null: it is a column of the table.</summary>
    /// <remarks>In the cell only paths of plain names in JSON, and the text of a <c>Data</c> element in XML. The value must stand there as it is, which the readers tell of each.</remarks>
    public PayloadDerivation? Derivation(PayloadFormat format) => Type switch
    {
        PayloadType.Time or PayloadType.Column => null,
        PayloadType.Text when format == PayloadFormat.Json && !Path.AsSpan().ContainsAny('[', '*', '"') && !Path.Split('.').Contains("") => new PayloadDerivation(DerivedFrom.Json, Path),
        PayloadType.Text when format == PayloadFormat.Xml && Path.StartsWith(EventData, StringComparison.Ordinal) && !Path.AsSpan(EventData.Length).ContainsAnyExcept(DataNames) => new PayloadDerivation(DerivedFrom.Xml, Path[EventData.Length..]),
        _ => new PayloadDerivation(DerivedFrom.Values, Path),
    };

    /// <summary>Where Windows' events have their <c>Data</c> elements.</summary>
    public const string EventData = "EventData.";

    private static readonly SearchValues<char> DataNames = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>What the derived column is called beside the cell's: <c>AuditData.CreationTime</c>.</summary>
    public string Of(string column) => $"{column}.{(Path == "*" ? "pairs" : Path.TrimStart('[').Replace("]", "", StringComparison.Ordinal).Replace('[', '.'))}";
}

/// <summary>Which values inside the cells of a column become columns. A key that no rule names never does.</summary>
/// <param name="Format">What the cells are made of.</param>
/// <param name="Columns">Cleaned names of columns.</param>
/// <param name="Markers">Texts that a cell must contain, all of them, to be looked at.</param>
/// <param name="Fields">The values.</param>
/// <param name="Pattern">For <see cref="PayloadFormat.Pattern"/>: one group a field.</param>
internal sealed record PayloadRule(PayloadFormat Format, IReadOnlyList<string> Columns, IReadOnlyList<string> Markers, IReadOnlyList<PayloadField> Fields, Lazy<Regex>? Pattern = null)
{
    private readonly byte[][] markers = [.. Markers.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Groups of cleaned names of columns: a row that has text in one of every group is taken for one that has been taken apart already, and its cell is not looked at. None: every row is.</summary>
    public IReadOnlyList<string[]> Unless { get; init; } = [];

    /// <summary>A cell begins as text of a format does.</summary>
    /// <param name="text">The cell, without what may stand before JSON and XML: blanks and a byte-order mark.</param>
    public static bool Begins(PayloadFormat format, ReadOnlySpan<byte> cell, out ReadOnlySpan<byte> text)
    {
        text = format == PayloadFormat.Pattern ? cell : cell.TrimStart(" \t\r\n\uFEFF"u8);
        return format switch
        {
            PayloadFormat.Json => text.Length > 1 && text[0] is (byte)'{' or (byte)'[',
            PayloadFormat.Xml => text.Length > 1 && text[0] == '<',
            _ => cell is not ([(byte)'{', (byte)'"', .., (byte)'}'] or [(byte)'<', (byte)'E' or (byte)'?', .., (byte)'>']), // a JSON object or an XML document is no line of text
        };
    }

    /// <summary>A cell that begins as text of the rule's format has its markers.</summary>
    public bool Suits(ReadOnlySpan<byte> cell)
    {
        foreach (byte[] marker in markers)
        {
            if (cell.IndexOf(marker) < 0)
                return false;
        }

        return true;
    }
}
