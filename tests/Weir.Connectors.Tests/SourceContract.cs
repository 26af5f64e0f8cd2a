using System.Text;
using Weir.Engine;

namespace Weir.Connectors.Tests;

/// <summary>What every reader of files owes, whatever its format.</summary>
internal static class SourceContract
{
    /// <summary>Rows, remarks, rejects and names do not depend on how the input is cut into blocks and batches.</summary>
    public static SourceRun AnyCutGivesTheSame(byte[] text, InputOptions options, int block, int chunk, int rows)
    {
        SourceRun whole = Read(text, options);
        Conserves(whole);
        SourceRun cut = Read(text, options with { Csv = options.Csv with { BlockBytes = block } }, rows, chunk);
        Assert.Equal(whole.Dump(), cut.Dump());
        Conserves(cut);
        return whole;
    }

    /// <summary>A file that is packed or in another encoding gives the same rows.</summary>
    public static void AnyContainerAndEncodingGivesTheSame(byte[] text, InputOptions options)
    {
        string whole = Read(text, options).Content();
        Assert.Equal(whole, Read(CsvPropertyTests.Gzip(text), options).Content());
        Assert.Equal(whole, Read(Zstd(text), options).Content());
        string characters = Encoding.UTF8.GetString(text);
        foreach (Encoding encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            byte[] wide = [.. encoding.GetPreamble(), .. encoding.GetBytes(characters)];
            Assert.Equal(whole, Read(wide, options).Content());
            Assert.Equal(whole, Read(wide, options with { Csv = options.Csv with { BlockBytes = 7 } }, 3, 5).Content());
        }
    }

    /// <summary>A reader that was stopped behind any of its batches goes on from there as if it had not been.</summary>
    public static void AnyResumeGivesTheSame(byte[] text, InputOptions options, int rows)
    {
        using var file = new TempFile(text, "input");
        SourceRun whole = Read(file, options, rows);
        for (int i = 0; i < whole.Origins.Count - 1; i++)
        {
            SourceRun rest = Run(new FileSource(file.Path, options), whole.Origins[i].Next, rows + 1);
            Assert.Equal(whole.Dump(), SourceRun.Joined(whole, i + 1, rest).Dump());
            Assert.Equal(whole.Origins[^1].Next.Line, rest.Origins[^1].Next.Line);
        }
    }

    /// <summary>The original of every row is found, from its start and from any batch before it, and read alone it is that row.</summary>
    public static void EveryRowIsFound(byte[] text, InputOptions options, int rows)
    {
        using var file = new TempFile(text, "input");
        var source = new FileSource(file.Path, options);
        SourceRun run = Run(source, null, rows);
        HashSet<long> rejected = [.. run.Rejects.Select(r => r.RowId)];
        for (long row = 1; row <= run.RowsRead; row++)
        {
            byte[]? original = Wait(source.FindRowAsync(null, row, default));
            Assert.Equal(rejected.Contains(row), original is null);
            int before = run.Origins.FindLastIndex(o => o.Next.RowsRead < row);
            if (before >= 0 && source.Found!.StartsAnywhere)
                Assert.Equal(original, Wait(source.FindRowAsync(run.Origins[before].Next, row, default)));
            if (original is null)
                continue;
            Assert.True(text.AsSpan().IndexOf(original) >= 0, $"row {row} does not stand in the input");
        }

        Assert.Null(Wait(source.FindRowAsync(null, run.RowsRead + 1, default)));
    }

    /// <summary>A reader that is cancelled stops; what it gave before is a part of the whole.</summary>
    public static async Task CancelStopsAsync(byte[] text, InputOptions options, int batches)
    {
        using var stop = new CancellationTokenSource();
        await using var source = new FileSource(new ChoppedStream(text, 16), "-", options);
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Batch batch in source.ReadAsync(null, RunOptions.Default with { BatchRows = 1 }, stop.Token))
            {
                batch.Dispose();
                if (++seen == batches)
                    await stop.CancelAsync();
            }
        });
        Assert.Equal(batches, seen);
    }

    /// <summary>Whatever is done to the bytes: it is read, conserving all, or refused in one line.</summary>
    public static void AnyBytesAreReadOrRefused(byte[] bytes, InputOptions options)
    {
        try
        {
            Conserves(Read(bytes, options));
        }
        catch (WeirException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    public static SourceRun Read(byte[] bytes, InputOptions? options = null, int rows = 8192, int chunk = int.MaxValue) =>
        Run(new FileSource(new ChoppedStream(bytes, chunk), "-", options), null, rows);

    public static SourceRun Read(string text, InputOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    public static byte[] Zstd(byte[] text)
    {
        using var compressor = new ZstdSharp.Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1); // as the zstd command does
        return compressor.Wrap(text).ToArray();
    }

    private static SourceRun Read(TempFile file, InputOptions options, int rows) => Run(new FileSource(file.Path, options), null, rows);

    private static SourceRun Run(FileSource source, ResumePoint? from, int rows) => SourceRun.OfAsync(source, from, rows).GetAwaiter().GetResult();

    private static byte[]? Wait(ValueTask<byte[]?> found) => found.AsTask().GetAwaiter().GetResult();

    private static void Conserves(SourceRun run)
    {
        Assert.Equal(run.RowsRead, run.Ids.Count + run.Rejects.Select(r => r.RowId).Distinct().Count());
        for (int i = 1; i < run.Origins.Count; i++)
        {
            Assert.Equal(run.Origins[i - 1].Next.ByteOffset, run.Origins[i].ByteOffset);
            Assert.Equal(run.Origins[i - 1].Next.RowsRead + 1, run.Origins[i].FirstRow);
        }
    }
}
