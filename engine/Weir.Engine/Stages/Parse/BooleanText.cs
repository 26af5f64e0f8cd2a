namespace Weir.Engine.Stages;

/// <summary>The spellings of truth.</summary>
internal static class BooleanText
{
    /// <summary>Formats, by spelling.</summary>
    public static readonly string[] Formats = ["true|false", "True|False", "TRUE|FALSE"];

    /// <summary>Position in <see cref="Formats"/>, or -1.</summary>
    public static int Read(ReadOnlySpan<byte> text, out bool value)
    {
        value = text.Length == 4;
        if (value)
            return text.SequenceEqual("true"u8) ? 0 : text.SequenceEqual("True"u8) ? 1 : text.SequenceEqual("TRUE"u8) ? 2 : -1;
        return text.Length != 5 ? -1 : text.SequenceEqual("false"u8) ? 0 : text.SequenceEqual("False"u8) ? 1 : text.SequenceEqual("FALSE"u8) ? 2 : -1;
    }
}
