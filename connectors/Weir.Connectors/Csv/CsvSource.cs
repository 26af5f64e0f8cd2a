using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Rows of a CSV or TSV file, gzip-compressed or not.</summary>
/// <remarks>
/// One text column for each name of the header; a list column <c>_extra</c> in batches with rows of more fields. Detection of delimiter,
/// quote, header and preamble looks at the first MiB. The rule for broken quotes depends on bytes only.
/// </remarks>
public sealed class CsvSource : ISource
{
    private const int PreamblePiece = 64 << 10;
    private const int FingerprintBytes = 64 << 10;
    private readonly string path;
    private readonly CsvOptions options;
    private readonly Stream? stream;
    private TextWindow? kept;
    private SourceInfo? info;
    private CsvLayout? layout;

    /// <summary>A file; it is opened when it is read.</summary>
    public CsvSource(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
        this.options = options ?? new CsvOptions();
        this.options.Verify();
    }

    /// <summary>A stream that is read once, from where it stands, such as standard input. It is not disposed.</summary>
    /// <param name="name">What it is called in reports: <c>-</c>.</param>
    public CsvSource(Stream stream, string name = "-", CsvOptions? options = null)
        : this(name, options) => this.stream = stream;

    /// <summary>Why the input is read as it is, one sentence each; empty before <see cref="OpenAsync"/>.</summary>
    public IReadOnlyList<string> Reasons => layout?.Reasons ?? [];

    internal CsvLayout? Layout => layout;

    // A row's length, and the few bytes behind it that may belong to a delimiter.
    private int Useful => options.RowLimit + 16;

    /// <inheritdoc/>
    public async ValueTask<SourceInfo> OpenAsync(CancellationToken cancellationToken)
    {
        if (info is not null)
            return info;
        Stream source = stream ?? StoredBytes.OpenStream(path);
        bool again = stream is null && source.CanSeek;
        var stored = new StoredBytes(source, stream is null);
        TextWindow? window = null;
        try
        {
            long? bytes = again ? source.Length : null;
            TextInput input = await TextInput.OpenAsync(stored, cancellationToken);
            window = new TextWindow(input, options.BlockBytes, 0);
            await window.FillToAsync(CsvDetector.SampleBytes, cancellationToken);
            TextCheck.Verify(path, window.Span[..Math.Min(window.Length, CsvDetector.SampleBytes)], input.Missing, options.Delimiter is not null);
            while ((layout = Detect(window)) is null)
                await window.FillAsync(Useful, cancellationToken);
            if (layout.Columns.Length > CsvDetector.MaxColumns)
                throw new WeirException(path, $"its first row has {layout.Columns.Length} fields", $"at most {CsvDetector.MaxColumns} columns", "Check the delimiter: --delimiter says which it is.");
            info = new SourceInfo
            {
                Uri = stream is null ? Path.GetFullPath(path) : path,
                Connector = "csv",
                Bytes = bytes,
                Fingerprint = again ? await FingerprintAsync(source, cancellationToken) : null,
                Options = options.ToJson(),
                Columns = layout.Columns,
                CanResume = again,
                HashAsync = again ? HashAsync : null,
            };
            if (!again)
                (kept, window) = (window, null);
            return info;
        }
        finally
        {
            if (window is not null)
                window.Dispose();
            else if (kept is null)
                stored.Dispose();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Batch> ReadAsync(ResumePoint? from, RunOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        CsvPlace place = from is null ? new CsvPlace(0, layout!.BodyLine, 0, -1) : PlaceOf(from);
        using TextWindow window = from is null ? await StartAsync(cancellationToken) : await ResumeAsync(from, cancellationToken);
        using var reader = new CsvReader(window, layout!, place, this.options, options);
        if (from is null)
            NotePreamble(reader);
        while (true)
        {
            switch (reader.Advance(cancellationToken))
            {
                case CsvProgress.NeedMore:
                    await window.FillAsync(Useful, cancellationToken);
                    break;
                case CsvProgress.BatchFull:
                    yield return reader.Build(null);
                    break;
                default:
                    yield return reader.Build(reader.End());
                    yield break;
            }
        }
    }

    /// <summary>The original bytes of data row <paramref name="row"/>, without its line end, looked for from <paramref name="from"/> on.</summary>
    /// <param name="from">Start of a commit interval that begins at or before the row; null: from the first row. Its proof is not checked.</param>
    /// <returns>null where the row is not there, or was rejected: then the rejects hold its bytes.</returns>
    internal async ValueTask<byte[]?> FindRowAsync(ResumePoint? from, long row, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        using TextWindow window = from is null ? await StartAsync(cancellationToken) : await SeekAsync(StoredBytes.OpenFile(path), from.ByteOffset, cancellationToken);
        var finder = new CsvRowFinder(layout!, from is null ? new CsvPlace(0, 1, 0, -1) : PlaceOf(from));
        while (!finder.Find(window, row))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await window.FillAsync(Useful, cancellationToken);
        }

        return finder.Found;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        kept?.Dispose();
        kept = null;
        return ValueTask.CompletedTask;
    }

    private unsafe CsvLayout? Detect(TextWindow window) => CsvDetector.Detect(window.Pointer, window.Length, window.Final, options);

    private void NotePreamble(CsvReader reader)
    {
        for (int at = 0; at < layout!.Preamble.Length; at += PreamblePiece)
        {
            ReadOnlyMemory<byte> raw = layout.Preamble.AsMemory(at, Math.Min(PreamblePiece, layout.Preamble.Length - at));
            reader.Note(new Remark(null, -1, "preamble", "lines before the header that are no rows", raw));
        }
    }

    // From the first data row on; what stands before it is read too, for it counts in the hash.
    private async ValueTask<TextWindow> StartAsync(CancellationToken cancellationToken)
    {
        TextWindow window;
        if (info!.CanResume)
        {
            window = await SeekAsync(StoredBytes.OpenFile(path), 0, cancellationToken);
        }
        else
        {
            window = kept ?? throw new InvalidOperationException($"{path}: it can be read once only.");
            kept = null;
        }

        while (window.Offset < layout!.BodyOffset)
        {
            if (window.Length == 0)
            {
                await window.FillAsync(Useful, cancellationToken);
                if (window.Length == 0)
                    break;
            }

            window.Take((int)Math.Min(window.Length, layout.BodyOffset - window.Offset));
        }

        return window;
    }

    private async ValueTask<TextWindow> ResumeAsync(ResumePoint from, CancellationToken cancellationToken)
    {
        if (!info!.CanResume)
            throw new WeirException(path, "it cannot be read again from the middle", "a file", "Ingest it from a file.");
        string[] proof = from.Proof.Split(':');
        long bytes = long.Parse(proof[0], CultureInfo.InvariantCulture);
        StoredBytes stored = StoredBytes.OpenFile(path);
        try
        {
            bool there = await stored.HashFirstAsync(bytes, cancellationToken);
            if (!there || stored.Sha256() != proof[1])
            {
                throw new WeirException(
                    path,
                    $"it changed since {from.RowsRead} rows of it were read",
                    $"the same first {bytes} bytes",
                    $"Remove what landed with 'weir remove {from.SourceId?.ToString(CultureInfo.InvariantCulture) ?? "SOURCE"}' and ingest the file anew, or bring the old file back.");
            }
        }
        catch
        {
            stored.Dispose();
            throw;
        }

        return await SeekAsync(stored, from.ByteOffset, cancellationToken);
    }

    private async ValueTask<TextWindow> SeekAsync(StoredBytes stored, long offset, CancellationToken cancellationToken)
    {
        try
        {
            stored.Seek(0);
            TextInput input = await TextInput.OpenAsync(stored, cancellationToken);
            if (offset > 0)
                await input.SkipToAsync(offset, cancellationToken);
            return new TextWindow(input, options.BlockBytes, offset);
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    private static CsvPlace PlaceOf(ResumePoint from)
    {
        string[] proof = from.Proof.Split(':');
        return new CsvPlace(
            from.RowsRead,
            from.Line,
            proof.Length > 2 ? long.Parse(proof[2], CultureInfo.InvariantCulture) : 0,
            proof.Length > 3 ? int.Parse(proof[3], CultureInfo.InvariantCulture) : -1);
    }

    private static async ValueTask<string> FingerprintAsync(Stream file, CancellationToken cancellationToken)
    {
        long size = file.Length;
        byte[] end = new byte[FingerprintBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (long at in (long[])[0, Math.Max(0, size - FingerprintBytes)])
        {
            file.Position = at;
            int read = await file.ReadAtLeastAsync(end, end.Length, false, cancellationToken);
            hash.AppendData(end, 0, read);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size}:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    private async ValueTask<string> HashAsync(CancellationToken cancellationToken)
    {
        using StoredBytes stored = StoredBytes.OpenFile(path);
        await stored.HashFirstAsync(long.MaxValue, cancellationToken);
        return stored.Sha256();
    }
}
