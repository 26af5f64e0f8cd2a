using Spectre.Console;

namespace Weir.Cli.Output;

/// <summary>Lines for people. Text in them stands as it is but for marks like <c>[bold]…[/]</c>, which Spectre.Console makes colours of; without colours they are left out.</summary>
/// <remarks>Plain lines do without Spectre.Console: it takes longer to begin than most answers do, and most are read by a program or in a file.</remarks>
internal abstract class Screen
{
    /// <summary>Columns of a line.</summary>
    public int Width { get; protected init; }

    /// <param name="width">Columns; longer lines are broken between words.</param>
    public static Screen Plain(TextWriter writer, int width) => new PlainScreen(writer, width);

    /// <param name="width">Columns; null: those of the terminal.</param>
    public static Screen Coloured(TextWriter writer, int? width) => new ColouredScreen(writer, width);

    /// <summary>Text in which brackets are no marks.</summary>
    public static string Escape(string text) => text.Replace("[", "[[", StringComparison.Ordinal).Replace("]", "]]", StringComparison.Ordinal);

    /// <summary>Columns that text takes: wide letters take two.</summary>
    public static int Size(string text) => System.Text.Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>Text in pieces that fit a width.</summary>
    /// <param name="words">Broken between words where there are some.</param>
    public static IEnumerable<string> Fold(string text, int width, bool words)
    {
        int from = 0;
        for (int length; from + (length = Fitting(text, from, width)) < text.Length;)
        {
            string piece = text.Substring(from, length);
            if (words && text[from + length] != ' ' && piece.LastIndexOf(' ') is > 0 and int blank)
                piece = piece[..blank];
            yield return piece;
            from += piece.Length;
            while (words && from < text.Length && text[from] == ' ')
                from++;
        }

        yield return text[from..];
    }

    /// <summary>How many characters of a text, from one on, fit a width; one at least where there is one.</summary>
    public static int Fitting(string text, int from, int width)
    {
        int at = from, next;
        for (int used = 0; at < text.Length; at = next)
        {
            next = at + (char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
            used += char.IsAscii(text[at]) ? 1 : Size(text[at..next]);
            if (used > width && at > from)
                break;
        }

        return at - from;
    }

    /// <summary>Writes a line with marks.</summary>
    public abstract void MarkupLine(string markup);

    /// <summary>Writes a line as it is.</summary>
    public void WriteLine(string text = "") => MarkupLine(Escape(text));

    private sealed class PlainScreen : Screen
    {
        private readonly TextWriter writer;

        public PlainScreen(TextWriter writer, int width) => (this.writer, Width) = (writer, width);

        public override void MarkupLine(string markup)
        {
            foreach (string line in Fold(WithoutMarks(markup), Width, words: true))
                writer.WriteLine(line);
        }

        private static string WithoutMarks(string markup)
        {
            if (!markup.AsSpan().ContainsAny('[', ']'))
                return markup;
            var text = new System.Text.StringBuilder(markup.Length);
            for (int i = 0; i < markup.Length; i++)
            {
                char c = markup[i];
                if (c is '[' or ']' && i + 1 < markup.Length && markup[i + 1] == c)
                    text.Append(markup[i++]);
                else if (c == '[')
                    i = markup.IndexOf(']', i) is >= 0 and var end ? end : throw new FormatException($"A mark is not closed: {markup}");
                else
                    text.Append(c);
            }

            return text.ToString();
        }
    }

    private sealed class ColouredScreen : Screen
    {
        private readonly IAnsiConsole console;

        public ColouredScreen(TextWriter writer, int? width)
        {
            console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.Standard,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            });
            console.Profile.Width = Width = width ?? console.Profile.Width;
        }

        public override void MarkupLine(string markup) => console.MarkupLine(markup);
    }
}
