namespace Weir.Connectors;

/// <summary>Rows of a CSV or TSV file, compressed or not.</summary>
/// <remarks>
/// One text column for each name of the header; a list column <c>_extra</c> in batches with rows of more fields. Detection of delimiter,
/// quote, header and preamble looks at the first MiB. The rule for broken quotes depends on bytes only.
/// </remarks>
public sealed class CsvSource : TextSource
{
    private readonly CsvOptions options;

    /// <summary>A file; it is opened when it is read.</summary>
    public CsvSource(string path, CsvOptions? options = null)
        : this(options ?? new CsvOptions(), null, path)
    {
    }

    /// <summary>A stream that is read once, from where it stands, such as standard input. It is not disposed.</summary>
    /// <param name="name">What it is called in reports: <c>-</c>.</param>
    public CsvSource(Stream stream, string name = "-", CsvOptions? options = null)
        : this(options ?? new CsvOptions(), stream, name)
    {
    }

    private CsvSource(CsvOptions options, Stream? stream, string path)
        : base(path, stream, options.BlockBytes, options.RowLimit)
    {
        options.Verify();
        this.options = options;
    }

    internal CsvLayout? Layout => (CsvLayout?)Found;

    internal override bool MarksOnly => options.Delimiter is not null;

    internal override string OptionsJson => options.ToJson();

    internal override TextLayout? Detect(TextWindow window)
    {
        TextCheck.Verify(Path, window.Span[..Math.Min(window.Length, SampleBytes)], window.Input.Missing, options.Delimiter is not null);
        return CsvDetector.Detect(Path, window, options);
    }
}
