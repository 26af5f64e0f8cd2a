namespace Weir.Connectors;

/// <summary>How a text's characters are stored.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8, with or without a byte-order mark.</summary>
    Utf8,

    /// <summary>UTF-16, little end first.</summary>
    Utf16Le,

    /// <summary>UTF-16, big end first.</summary>
    Utf16Be,

    /// <summary>Windows-1252 (Western European).</summary>
    Windows1252,

    /// <summary>ISO 8859-1.</summary>
    Latin1,
}
