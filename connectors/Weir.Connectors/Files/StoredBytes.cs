using System.Globalization;
using System.Security.Cryptography;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>An input's bytes as stored, hashed on their way.</summary>
/// <remarks>One thread may read them while another asks for the hash.</remarks>
internal sealed class StoredBytes : IDisposable
{
    private readonly Stream stream;
    private readonly bool ownsStream;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Lock hashing = new();
    private byte[]? own;
    private long position;

    public StoredBytes(Stream stream, bool ownsStream)
    {
        this.stream = stream;
        this.ownsStream = ownsStream;
    }

    /// <summary>Bytes hashed so far, from the first on.</summary>
    public long Hashed { get; private set; }

    /// <summary>What the container says is missing; null while nothing is.</summary>
    public string? Missing => (stream as ZipFiles.EntryStream)?.Damage;

    public static StoredBytes OpenFile(string path) => new(OpenStream(path), true);

    /// <summary>Absolute path of an input.</summary>
    public static string FullPath(string path) => ZipFiles.FullPath(path);

    /// <summary>Opens a file for reading, or says in one line why not.</summary>
    public static Stream OpenStream(string path)
    {
        if (ZipFiles.IsEntry(path))
            return ZipFiles.OpenEntry(path);
        if (Directory.Exists(path))
            throw new WeirException(path, "it is a folder", "a file", "Name its files, or give the folder as an input of its own.");
        try
        {
            // Others may go on writing or even delete it: what is there is read.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.SequentialScan,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WeirException(path, "there is no such file", "", "Check the spelling.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new WeirException(path, "it may not be read", "a readable file", "Give yourself the right to read it.", e);
        }
        catch (IOException e)
        {
            throw new WeirException(path, "it cannot be opened: " + e.Message.TrimEnd('.'), "a readable file", "Check the disk and the path.", e);
        }
    }

    /// <summary>Reads up to the target's length; 0 only at the end.</summary>
    public int Read(Span<byte> target)
    {
        int read = stream.Read(target);
        Take(target[..read]);
        return read;
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        int read;
        if (ownsStream)
        {
            read = await stream.ReadAsync(target, cancellationToken);
        }
        else
        {
            // A pipe may keep silent for ever and not heed the token. Its read then outlives us, in memory of its own.
            own ??= new byte[1 << 16];
            int wanted = Math.Min(own.Length, target.Length);
            read = await stream.ReadAsync(own.AsMemory(0, wanted), cancellationToken).AsTask().WaitAsync(cancellationToken);
            own.AsSpan(0, read).CopyTo(target.Span);
        }

        Take(target.Span[..read]);
        return read;
    }

    /// <summary>Reads and hashes what is left.</summary>
    public void Drain()
    {
        byte[] buffer = new byte[1 << 16];
        while (Read(buffer) > 0)
        {
        }
    }

    /// <summary>Continues behind <paramref name="offset"/>; bytes hashed already are not hashed again.</summary>
    public void Seek(long offset)
    {
        stream.Position = offset;
        position = offset;
    }

    /// <summary>Bytes hashed so far and their SHA-256: <c>4096:9f86d0…</c>.</summary>
    public string Proof()
    {
        lock (hashing)
            return Hashed.ToString(CultureInfo.InvariantCulture) + ":" + Sha256();
    }

    /// <summary>SHA-256 of the bytes hashed so far, lower-case hex.</summary>
    public string Sha256()
    {
        lock (hashing)
            return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Hashes the first <paramref name="bytes"/>; false where there are fewer.</summary>
    public async ValueTask<bool> HashFirstAsync(long bytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 18];
        while (Hashed < bytes)
        {
            int wanted = (int)Math.Min(buffer.Length, bytes - Hashed);
            if (await ReadAsync(buffer.AsMemory(0, wanted), cancellationToken) == 0)
                return false;
        }

        return true;
    }

    public void Dispose()
    {
        hash.Dispose();
        if (ownsStream)
            stream.Dispose();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        position += bytes.Length;
        long fresh = position - Hashed;
        if (fresh <= 0)
            return;
        lock (hashing)
        {
            hash.AppendData(bytes[^(int)Math.Min(fresh, bytes.Length)..]);
            Hashed = position;
        }
    }
}
