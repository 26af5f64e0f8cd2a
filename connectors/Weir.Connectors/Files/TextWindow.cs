using System.Buffers;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>The part of an input's text that is in memory: bytes are taken from its front and read on at its end.</summary>
internal sealed class TextWindow(TextInput input, int blockBytes, long offset) : IDisposable, IAsyncDisposable
{
    private NativeBuffer buffer = new(blockBytes);
    private ReadAhead? ahead;
    private int start;
    private int end;

    public TextInput Input { get; } = input;

    /// <summary>0-based offset in the text of the first byte held.</summary>
    public long Offset { get; private set; } = offset;

    public int Length => end - start;

    /// <summary>No byte follows those held.</summary>
    public bool Final { get; private set; }

    /// <summary>The first byte held; 64 bytes behind the last may be read. Stale once more is read.</summary>
    public unsafe byte* Pointer => buffer.Pointer + start;

    public unsafe ReadOnlySpan<byte> Span => new(Pointer, Length);

    public void Take(int bytes)
    {
        start += bytes;
        Offset += bytes;
    }

    /// <summary>From now on the input is read on another thread, ahead of what is asked for; the window is disposed asynchronously then.</summary>
    public void Hasten(CancellationToken cancellationToken)
    {
        if (!Final)
            ahead = new ReadAhead(Input, blockBytes, cancellationToken);
    }

    /// <summary>Reads on until twice as many bytes are held, and a block where it is there: who looks at all of them again after each
    /// call still looks at each a bounded number of times.</summary>
    /// <param name="useful">Bytes beyond which holding more decides nothing: not doubled past them.</param>
    public ValueTask FillAsync(int useful, CancellationToken cancellationToken)
    {
        int more = Math.Max(1, Math.Min(Length, useful - Length));
        return FillAsync(Length + Math.Max(blockBytes, more), Length + more, cancellationToken);
    }

    /// <summary>Reads until <paramref name="wanted"/> bytes are held or the text ends.</summary>
    public ValueTask FillToAsync(int wanted, CancellationToken cancellationToken) => FillAsync(wanted, wanted, cancellationToken);

    public void Dispose()
    {
        ((IDisposable)buffer).Dispose();
        Input.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (ahead is not null)
            await ahead.DisposeAsync();
        Dispose();
    }

    private async ValueTask FillAsync(int room, int wanted, CancellationToken cancellationToken)
    {
        while (Length < wanted && !Final)
        {
            if (ahead is not null)
            {
                if (await ahead.NextAsync(cancellationToken) is { } block)
                    Add(block, ahead.Headroom, room);
                else
                    Final = true;
                continue;
            }

            Compact(room);
            int read = await Input.ReadAsync(Room(room), cancellationToken);
            Final = read == 0;
            end += read;
        }
    }

    // Mostly the rest of a row is moved before the block, which takes the buffer's place; where much is held, the block is copied behind it.
    private unsafe void Add(NativeBuffer block, int headroom, int room)
    {
        int held = Length, fresh = block.Length - headroom;
        if (held <= headroom)
        {
            Span.CopyTo(new Span<byte>(block.Pointer + headroom - held, held));
            ((IDisposable)buffer).Dispose();
            (buffer, start, end) = (block, headroom - held, block.Length);
            return;
        }

        Compact(Math.Max(room, held + fresh));
        new ReadOnlySpan<byte>(block.Pointer + headroom, fresh).CopyTo(new Span<byte>(buffer.Pointer + end, fresh));
        end += fresh;
        ((IDisposable)block).Dispose();
    }

    private Memory<byte> Room(int room)
    {
        buffer.Length = start + room;
        return ((MemoryManager<byte>)buffer).Memory[end..];
    }

    private unsafe void Compact(int room)
    {
        if (start + (long)room <= buffer.Capacity)
            return;
        Buffer.MemoryCopy(buffer.Pointer + start, buffer.Pointer, buffer.Capacity, end - start);
        end -= start;
        start = 0;
        buffer.Length = end;
        buffer.Ensure(room);
    }
}
