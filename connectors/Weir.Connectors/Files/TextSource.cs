using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Rows of a text file, compressed or not, or of a stream.</summary>
/// <remarks>
/// How it is read is found out from its first MiB, which a stream keeps. A file is opened anew for reading, so that it can be looked at, read, resumed and read
/// again for one of its rows. Formats differ in what they find out (<see cref="TextLayout"/>) and in their rows (<see cref="RowReader"/>) only.
/// </remarks>
public abstract class TextSource : ISource
{
    /// <summary>Bytes that detection looks at.</summary>
    internal const int SampleBytes = 1 << 20;

    private const int PreamblePiece = 64 << 10;
    private const int FingerprintBytes = 64 << 10;
    private readonly Stream? stream;
    private readonly int blockBytes;
    private readonly int rowLimit;
    private TextWindow? kept;
    private SourceInfo? info;

    /// <param name="path">A file, or what the stream is called.</param>
    /// <param name="stream">null: the file. It is not disposed.</param>
    internal TextSource(string path, Stream? stream, int blockBytes, int rowLimit)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        (this.stream, this.blockBytes, this.rowLimit) = (stream, blockBytes, rowLimit);
    }

    /// <summary>Why the input is read as it is, one sentence each; empty before <see cref="OpenAsync"/>.</summary>
    public IReadOnlyList<string> Reasons => Found?.Reasons ?? [];

    /// <summary>The file, or what the stream is called.</summary>
    internal string Path { get; }

    /// <summary>How it is read; null before <see cref="OpenAsync"/>.</summary>
    internal TextLayout? Found { get; private set; }

    /// <summary>Encoding that was asked for; null: detected.</summary>
    internal virtual TextEncoding? Encoding => null;

    /// <summary>The user knows what the bytes are: nothing but a byte-order mark speaks against UTF-8.</summary>
    internal virtual bool MarksOnly => false;

    /// <summary>What was set of its reading, as JSON with its keys in order.</summary>
    internal abstract string OptionsJson { get; }

    // A row's length, and the few bytes behind it that may belong to a delimiter.
    private int Useful => rowLimit + 16;

    /// <inheritdoc/>
    public async ValueTask<SourceInfo> OpenAsync(CancellationToken cancellationToken)
    {
        if (info is not null)
            return info;
        Stream source = stream ?? StoredBytes.OpenStream(Path);
        bool again = stream is null && source.CanSeek;
        var stored = new StoredBytes(source, stream is null);
        TextWindow? window = null;
        try
        {
            long? bytes = again ? source.Length : null;
            TextInput input = await TextInput.OpenAsync(stored, Encoding, MarksOnly, cancellationToken);
            window = new TextWindow(input, blockBytes, 0);
            await window.FillToAsync(SampleBytes, cancellationToken);
            while ((Found = Detect(window)) is null)
                await window.FillAsync(Useful, cancellationToken);
            if (input.Reason is { } reason)
                Found = Found with { Reasons = [reason, .. Found.Reasons] };
            info = new SourceInfo
            {
                Uri = stream is null ? StoredBytes.FullPath(Path) : Path,
                Connector = Found.Connector,
                Bytes = bytes,
                Fingerprint = again ? await FingerprintAsync(source, cancellationToken) : null,
                Options = OptionsJson,
                Columns = Found.Columns,
                OpenColumns = Found.OpenColumns,
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
        await using TextWindow window = from is null ? await StartAsync(cancellationToken) : await ResumeAsync(from, cancellationToken);
        window.Hasten(cancellationToken);
        using RowReader reader = Found!.Read(window, from, options);
        if (from is null)
            NotePreamble(reader);
        while (true)
        {
            switch (reader.Advance(cancellationToken))
            {
                case ReadProgress.NeedMore:
                    await window.FillAsync(Useful, cancellationToken);
                    break;
                case ReadProgress.BatchFull:
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
        if (from is not null && !Found!.StartsAnywhere && from.Proof.Length == 0)
            from = null;
        using TextWindow window = from is null ? await StartAsync(cancellationToken) : await SeekAsync(StoredBytes.OpenFile(Path), from.ByteOffset, cancellationToken);
        using RowReader reader = Found!.Read(window, from, RunOptions.Default);
        reader.Find(row);
        while (!reader.IsPast)
        {
            ReadProgress stop = reader.Advance(cancellationToken);
            if (stop == ReadProgress.Ended)
                break;
            if (stop == ReadProgress.NeedMore)
                await window.FillAsync(Useful, cancellationToken);
            else
                reader.Build(null).Dispose();
        }

        return reader.Found;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        kept?.Dispose();
        kept = null;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Finds out how the text is read.</summary>
    /// <returns>null: more text is needed.</returns>
    /// <exception cref="WeirException">It is not to be read.</exception>
    internal abstract TextLayout? Detect(TextWindow window);

    private void NotePreamble(RowReader reader)
    {
        for (int at = 0; at < Found!.Preamble.Length; at += PreamblePiece)
        {
            ReadOnlyMemory<byte> raw = Found.Preamble.AsMemory(at, Math.Min(PreamblePiece, Found.Preamble.Length - at));
            reader.Note(new Remark(null, -1, "preamble", "lines before the header that are no rows", raw));
        }
    }

    // From the first data row on; what stands before it is read too, for it counts in the hash.
    private async ValueTask<TextWindow> StartAsync(CancellationToken cancellationToken)
    {
        TextWindow window;
        if (info!.CanResume)
        {
            window = await SeekAsync(StoredBytes.OpenFile(Path), 0, cancellationToken);
        }
        else
        {
            window = kept ?? throw new InvalidOperationException($"{Path}: it can be read once only.");
            kept = null;
        }

        while (window.Offset < Found!.BodyOffset)
        {
            if (window.Length == 0)
            {
                await window.FillAsync(Useful, cancellationToken);
                if (window.Length == 0)
                    break;
            }

            window.Take((int)Math.Min(window.Length, Found.BodyOffset - window.Offset));
        }

        return window;
    }

    private async ValueTask<TextWindow> ResumeAsync(ResumePoint from, CancellationToken cancellationToken)
    {
        if (!info!.CanResume)
            throw new WeirException(Path, "it cannot be read again from the middle", "a file", "Ingest it from a file.");
        string[] proof = from.Proof.Split(':');
        long bytes = long.Parse(proof[0], CultureInfo.InvariantCulture);
        StoredBytes stored = StoredBytes.OpenFile(Path);
        try
        {
            bool there = await stored.HashFirstAsync(bytes, cancellationToken);
            if (!there || stored.Sha256() != proof[1])
            {
                throw new WeirException(
                    Path,
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
            TextInput input = await TextInput.OpenAsync(stored, Encoding, MarksOnly, cancellationToken);
            if (offset > 0)
                await input.SkipToAsync(offset, cancellationToken);
            return new TextWindow(input, blockBytes, offset);
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    private static async ValueTask<string> FingerprintAsync(Stream file, CancellationToken cancellationToken)
    {
        if (file is ZipFiles.EntryStream entry)
            return entry.Mark;
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
        using StoredBytes stored = StoredBytes.OpenFile(Path);
        await stored.HashFirstAsync(long.MaxValue, cancellationToken);
        return stored.Sha256();
    }
}
