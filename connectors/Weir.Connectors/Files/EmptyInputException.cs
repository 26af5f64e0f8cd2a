using Weir.Engine;

namespace Weir.Connectors;

/// <summary>An input without a byte of text: there is nothing to land, and not even columns are known.</summary>
public sealed class EmptyInputException : WeirException
{
    /// <inheritdoc/>
    public EmptyInputException(string where, string found)
        : base(where, found, "at least a header", "Check the export that wrote it, or leave the file out.")
    {
    }
}
