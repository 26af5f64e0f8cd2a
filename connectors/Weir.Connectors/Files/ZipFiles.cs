using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Entries of .zip archives as inputs of their own: <c>logs.zip!/sign-ins.csv</c>. They are read where they are; no path of an archive is ever written.</summary>
public static class ZipFiles
{
    private const string Separator = "!/";
    private const int MostEntries = 10_000; // each look reads the archive's directory anew

    /// <summary>Whether a file is a .zip archive, by its first bytes.</summary>
    /// <exception cref="WeirException">It cannot be opened.</exception>
    public static bool IsZip(string path)
    {
        if (path == "-" || IsEntry(path))
            return false;
        using Stream file = StoredBytes.OpenStream(path);
        Span<byte> head = stackalloc byte[4];
        return file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6];
    }

    /// <summary>The entries of an archive that are files, in its own order, as paths that sources open.</summary>
    /// <exception cref="WeirException">It is damaged, encrypted, an Office document, or has too many entries.</exception>
    public static IReadOnlyList<string> Entries(string archive)
    {
        using ZipArchive zip = Open(archive);
        if (zip.GetEntry("[Content_Types].xml") is not null)
            throw new WeirException(archive, "it is an Office document", "text", "Export it as CSV.");
        if (zip.Entries.Count > MostEntries)
            throw new WeirException(archive, $"the archive has {zip.Entries.Count} entries", $"at most {MostEntries}", "Unpack it, and ingest the folder.");
        ZipArchiveEntry[] files = [.. zip.Entries.Where(e => e.Name.Length > 0 && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))];
        if (files.Length == 0)
            throw new EmptyInputException(archive, "the archive holds no file");
        if (Array.Find(files, e => e.IsEncrypted) is { } locked)
            throw new WeirException(archive, $"its entry {locked.FullName} is encrypted", "an archive without a password", "Unpack it with its password, and ingest the files.");
        return [.. files.Select(e => archive + Separator + e.FullName)];
    }

    /// <summary>Whether a path names an entry of an archive.</summary>
    internal static bool IsEntry(string path) => Split(path) is not null;

    /// <summary>Absolute path of the archive, and the entry's name.</summary>
    internal static string FullPath(string path) => Split(path) is var (archive, entry) ? Path.GetFullPath(archive) + Separator + entry : Path.GetFullPath(path);

    /// <summary>Opens an entry to be read.</summary>
    internal static Stream OpenEntry(string path) => new EntryStream(Split(path)!.Value);

    private static (string Archive, string Entry)? Split(string path)
    {
        // A file may be called so itself; and an entry's name may hold the separator.
        for (int at = path.IndexOf(Separator, StringComparison.Ordinal); at > 0; at = path.IndexOf(Separator, at + 1, StringComparison.Ordinal))
        {
            if (File.Exists(path[..at]))
                return File.Exists(path) ? null : (path[..at], path[(at + Separator.Length)..]);
        }

        return null;
    }

    private static ZipArchive Open(string archive)
    {
        Stream file = StoredBytes.OpenStream(archive);
        try
        {
            return new ZipArchive(file, ZipArchiveMode.Read);
        }
        catch (InvalidDataException e)
        {
            file.Dispose();
            throw new WeirException(archive, "the zip archive is cut or damaged: its directory cannot be read", "a whole archive", "Fetch it again, or unpack what can be unpacked and ingest that.", e);
        }
    }

    /// <summary>An entry's bytes, unpacked. Going back reads them anew from the start.</summary>
    internal sealed class EntryStream : Stream
    {
        private readonly (string Archive, string Entry) name;
        private readonly Crc32 crc = new();
        private ZipArchive zip;
        private ZipArchiveEntry entry;
        private Stream unpacked;
        private long position;

        public EntryStream((string Archive, string Entry) name)
        {
            this.name = name;
            (zip, entry, unpacked) = Begin();
        }

        /// <summary>What the archive says of the entry, and the entry does not hold; null while nothing is wrong.</summary>
        public string? Damage { get; private set; }

        /// <summary>Size and checksum, as the archive has them.</summary>
        public string Mark => string.Create(CultureInfo.InvariantCulture, $"{entry.Length}:zip:{entry.Crc32:x8}");

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => entry.Length;

        public override long Position
        {
            get => position;
            set
            {
                if (value < position)
                    Restart();
                byte[] buffer = new byte[1 << 16];
                while (position < value && Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, value - position))) > 0)
                {
                    // read up to there
                }
            }
        }

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty || Damage is not null)
                return 0;
            int read;
            try
            {
                read = unpacked.Read(buffer);
            }
            catch (InvalidDataException)
            {
                Damage = "the entry of the zip archive is damaged; what stood behind the damage is missing";
                return 0;
            }

            crc.Append(buffer[..read]);
            position += read;
            if (read == 0 && (position != entry.Length || crc.GetCurrentHashAsUInt32() != entry.Crc32))
                Damage = position < entry.Length ? "the entry of the zip archive ends early, and the rows behind the cut are missing" : "the checksum of the zip archive's entry does not match; its content may be damaged";
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            unpacked.Dispose();
            zip.Dispose();
            base.Dispose(disposing);
        }

        private void Restart()
        {
            unpacked.Dispose();
            zip.Dispose();
            (zip, entry, unpacked) = Begin();
            crc.Reset();
            (position, Damage) = (0, null);
        }

        private (ZipArchive Zip, ZipArchiveEntry Entry, Stream Unpacked) Begin()
        {
            ZipArchive opened = ZipFiles.Open(name.Archive);
            try
            {
                ZipArchiveEntry found = opened.GetEntry(name.Entry) ?? throw new WeirException(name.Archive + Separator + name.Entry, "there is no such entry", "", "Check the spelling.");
                return (opened, found, found.Open());
            }
            catch (InvalidDataException e)
            {
                opened.Dispose();
                throw new WeirException(name.Archive + Separator + name.Entry, "the entry cannot be unpacked: " + e.Message.TrimEnd('.'), "deflated or stored content", "Unpack it with the program that packed it, and ingest the file.", e);
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
    }
}
