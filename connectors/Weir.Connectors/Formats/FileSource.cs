using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Rows of a file whatever its container, encoding and format, all of which are told by its bytes, not by its name.</summary>
/// <remarks>gzip and Zstandard; UTF-8, UTF-16, Windows-1252 and Latin-1; JSON and NDJSON, delimited text, Splunk's bodies of results. Text of no known format gives one row a line (<c>_raw</c>); what is no text is refused.</remarks>
public sealed class FileSource : TextSource
{
    private readonly InputOptions options;

    /// <summary>A file; it is opened when it is read.</summary>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    public FileSource(string path, InputOptions? options = null)
        : this(options ?? new InputOptions(), null, path)
    {
    }

    /// <summary>A stream that is read once, from where it stands, such as standard input. It is not disposed.</summary>
    /// <param name="name">What it is called in reports: <c>-</c>.</param>
    public FileSource(Stream stream, string name = "-", InputOptions? options = null)
        : this(options ?? new InputOptions(), stream, name)
    {
    }

    private FileSource(InputOptions options, Stream? stream, string path)
        : base(path, stream, options.BlockBytes, options.RowLimit)
    {
        options.Csv.Verify();
        this.options = options;
        if (options.Format is { } asked && !Formats.Contains(asked))
            throw new ArgumentException($"{nameof(InputOptions.Format)} is '{asked}'; expected one of {string.Join(", ", Formats)}.");
    }

    /// <summary>Names of the formats that are read.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. TextFormat.All.SelectMany(f => f.Names)];

    internal override TextEncoding? Encoding => options.Encoding;

    internal override string OptionsJson => options.ToJson();

    internal override TextLayout? Detect(TextWindow window)
    {
        // A delimiter says what the file is; a header may be meant for the others of a folder.
        string? asked = options.Format ?? (options.Csv.Delimiter is null ? null : "csv");
        var input = new TextSample(Path, window);
        TextCheck.Verify(Path, input.Sample, window.Input.Missing, asked is not null);
        foreach (TextFormat format in TextFormat.All)
        {
            if (asked is not null && !format.Names.Contains(asked))
                continue;
            Recognition found = format.Recognise(input, options, asked);
            if (found.NeedsMore)
                return null;
            if (found.Layout is not null)
                return found.Layout;
        }

        throw new WeirException(Path, $"it cannot be read as {asked}", $"{asked}", "Leave --input-format out: then its format is detected.");
    }
}
