using System.Text;
using Weir.Engine;

namespace Weir.Connectors.Tests;

/// <summary>What reading ahead must not change: rows come as the input gives them, a fault comes behind the rows before it, and nothing is read once nobody asks.</summary>
public sealed class ReadAheadTests
{
    private static readonly RunOptions RowByRow = RunOptions.Default with { BatchRows = 1 };

    [Fact]
    public async Task Read_PipeThatFallsSilent_HasGivenTheRowsBefore()
    {
        var pipe = new Pipe("a,b\n1,2\n"u8.ToArray());
        await using var source = new CsvSource(pipe, "-", new CsvOptions { Delimiter = ",", Header = true, BlockBytes = 8 });
        pipe.Give("3,4\n5"u8.ToArray());
        for (int i = 0; i < CsvSourceSample / 4; i++)
            pipe.Give("9,9\n"u8.ToArray());
        await using IAsyncEnumerator<Batch> batches = source.ReadAsync(null, RowByRow, default).GetAsyncEnumerator();
        for (int row = 1; row <= 1000; row++)
        {
            Assert.True(await batches.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(row, batches.Current.Origin.FirstRow);
            batches.Current.Dispose();
        }
    }

    [Fact]
    public async Task Read_PipeThatKeepsSilent_StopsWhenCancelled()
    {
        var pipe = new Pipe(Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", CsvSourceSample / 4 + 10))));
        await using var source = new CsvSource(pipe);
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<Batch> batches = source.ReadAsync(null, RowByRow, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await batches.MoveNextAsync());
        batches.Current.Dispose();
        stop.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await batches.MoveNextAsync())
                batches.Current.Dispose();
        }).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Read_InputThatFails_GivesTheRowsBeforeAndTheFault(int block)
    {
        byte[] text = Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, CsvSourceSample / 8 + 500).Select(i => $"{1000 + (i % 1000)},22\n")));
        await using var source = new CsvSource(new Failing(text), "-", new CsvOptions { BlockBytes = block });
        long rows = 0;
        IOException fault = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (Batch batch in source.ReadAsync(null, RunOptions.Default with { BatchRows = 50 }, default))
            {
                rows += batch.Rows;
                batch.Dispose();
            }
        });
        Assert.Equal("the disk is gone", fault.Message);
        Assert.InRange(rows, text.Count(b => b == '\n') - 51, text.Count(b => b == '\n'));
    }

    [Fact]
    public async Task Read_LeftInTheMiddle_ReadsNoMore()
    {
        var endless = new EndlessRows();
        var source = new CsvSource(endless);
        await foreach (Batch batch in source.ReadAsync(null, RunOptions.Default, default))
        {
            batch.Dispose();
            break;
        }

        await source.DisposeAsync();
        long read = endless.Given;
        await Task.Delay(100);
        Assert.Equal(read, endless.Given);
    }

    [Fact]
    public async Task Read_ResumePoints_ProveWhatWasReadBeforeThem()
    {
        byte[] text = Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},{i * 7}\n")));
        using var file = new TempFile(text);
        SourceRun run = await SourceRun.OfAsync(new CsvSource(file.Path, new CsvOptions { BlockBytes = 4096 }), null, 5000);
        Assert.All(run.Origins, o =>
        {
            string[] proof = o.Next.Proof.Split(':');
            int bytes = int.Parse(proof[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(bytes >= o.Next.ByteOffset);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(text.AsSpan(0, bytes))), proof[1]);
        });
    }

    private static int CsvSourceSample => TextSource.SampleBytes;

    /// <summary>Gives what it was given, and then keeps silent, heeding no token.</summary>
    private sealed class Pipe(byte[] first) : MemoryStream
    {
        private readonly Queue<byte[]> pieces = new([first]);

        public override bool CanSeek => false;

        public void Give(byte[] piece) => pieces.Enqueue(piece);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!pieces.TryDequeue(out byte[]? piece))
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            int n = Math.Min(buffer.Length, piece!.Length);
            piece.AsSpan(0, n).CopyTo(buffer.Span);
            if (n < piece.Length)
            {
                byte[][] rest = [piece[n..], .. pieces];
                pieces.Clear();
                foreach (byte[] p in rest)
                    pieces.Enqueue(p);
            }

            return n;
        }
    }

    private sealed class Failing(byte[] text) : MemoryStream
    {
        private int at;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (at == text.Length)
                throw new IOException("the disk is gone");
            int n = Math.Min(buffer.Length, text.Length - at);
            text.AsSpan(at, n).CopyTo(buffer.Span);
            at += n;
            return ValueTask.FromResult(n);
        }
    }

    private sealed class EndlessRows : MemoryStream
    {
        private long given;

        public long Given => Interlocked.Read(ref given);

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < buffer.Length; i++)
                buffer.Span[i] = (byte)"1,2\n"[(int)((given + i) % 4)];
            Interlocked.Add(ref given, buffer.Length);
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
