using System.Buffers;
using System.Threading.Channels;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>Reads an input on a thread of its own, a few blocks ahead of who takes them: reading, hashing, unpacking and transcoding then cost the reader of rows nothing.</summary>
/// <remarks>What is there is handed on as it comes: no block waits to be full. The hash of the stored bytes runs ahead too; it never covers less than what was handed out.</remarks>
internal sealed class ReadAhead : IAsyncDisposable
{
    // One that is taken next and one behind it, so that neither side waits for the other's hiccups (guess; wall time of an ingest would settle it).
    private const int Blocks = 2;

    private readonly TextInput input;
    private readonly int blockBytes;
    private readonly CancellationTokenSource stop;
    private readonly Channel<NativeBuffer> blocks = Channel.CreateBounded<NativeBuffer>(new BoundedChannelOptions(Blocks) { SingleReader = true, SingleWriter = true });
    private readonly Task reading;

    public ReadAhead(TextInput input, int blockBytes, CancellationToken cancellationToken)
    {
        (this.input, this.blockBytes) = (input, blockBytes);
        Headroom = Math.Min(64 << 10, blockBytes);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        reading = Task.Run(ReadAsync, CancellationToken.None);
    }

    /// <summary>Bytes before a block's text: a row that began in the block before is moved there, and no block is copied.</summary>
    public int Headroom { get; }

    /// <summary>The next block, with its text from <see cref="Headroom"/> on; null at the end. Whoever takes it disposes it.</summary>
    public async ValueTask<NativeBuffer?> NextAsync(CancellationToken cancellationToken)
    {
        if (blocks.Reader.TryRead(out NativeBuffer? block))
            return block;
        return await blocks.Reader.WaitToReadAsync(cancellationToken) && blocks.Reader.TryRead(out block) ? block : null;
    }

    /// <summary>Waits until nothing reads the input any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        while (blocks.Reader.TryRead(out NativeBuffer? block))
            ((IDisposable)block).Dispose();
        stop.Dispose();
    }

    private async Task ReadAsync()
    {
        NativeBuffer? block = null;
        Exception? failure = null;
        try
        {
            while (true)
            {
                block = new NativeBuffer(Headroom + blockBytes) { Length = Headroom + blockBytes };
                int read = await input.ReadAsync(((MemoryManager<byte>)block).Memory[Headroom..], stop.Token);
                if (read == 0)
                    break;
                block.Length = Headroom + read;
                await blocks.Writer.WriteAsync(block, stop.Token);
                block = null;
            }
        }
        catch (Exception e)
        {
            failure = e; // for whoever asks for the next block, behind those that are there
        }

        ((IDisposable?)block)?.Dispose();
        blocks.Writer.Complete(failure);
    }
}
