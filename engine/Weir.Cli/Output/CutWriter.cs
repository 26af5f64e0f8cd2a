using System.Globalization;
using System.Text;

namespace Weir.Cli.Output;

/// <summary>Hands on the first lines of a long answer, each as far as the width goes, and counts the others.</summary>
/// <param name="inner">Where they go.</param>
/// <param name="lines">Lines at most.</param>
/// <param name="width">Characters of a line at most; one that is coloured is left as it is, for its colours end behind it.</param>
internal sealed class CutWriter(TextWriter inner, int lines, int width) : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly StringBuilder line = new();
    private int blank;

    /// <summary>What decides whether there are colours.</summary>
    public TextWriter Inner => inner;

    /// <summary>Lines that were left out.</summary>
    public int LeftOut { get; private set; }

    private int printed;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value != '\n')
            line.Append(value);
        else
            End();
    }

    public override void Flush() => inner.Flush();

    /// <summary>Writes what has no line end yet; blank lines at the end are left out.</summary>
    public void Finish()
    {
        if (line.Length > 0)
            End();
        inner.Flush();
    }

    private void End()
    {
        string text = line.ToString().TrimEnd('\r');
        line.Clear();
        if (string.IsNullOrWhiteSpace(text))
        {
            blank++; // written before the next line that says something
            return;
        }

        if (printed >= lines)
        {
            LeftOut++;
            return;
        }

        for (; blank > 0; blank--)
            inner.WriteLine();
        int end = char.IsHighSurrogate(text[Math.Min(width, text.Length) - 1]) ? width - 2 : width - 1;
        inner.WriteLine(text.Length > width && !text.Contains('\e', StringComparison.Ordinal) ? text[..end] + "…" : text);
        printed++;
    }
}
