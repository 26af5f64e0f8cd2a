using System.Globalization;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>The rows of a slice on their way: a file beside the case, one row a line, that only its owner may read, and that goes when it is disposed.</summary>
internal sealed class SliceSpool : IDisposable
{
    private const string Mark = ".spool-";
    private static int last;
    private readonly long limit;
    private readonly FileStream file;

    /// <param name="casePath">The case it is written beside.</param>
    /// <param name="limit">Bytes that it may have.</param>
    public SliceSpool(string casePath, long limit)
    {
        this.limit = limit;
        Path = string.Create(CultureInfo.InvariantCulture, $"{casePath}{Mark}{Environment.ProcessId}-{Interlocked.Increment(ref last)}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 1 << 18 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            file = new FileStream(Path, options);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new WeirException(Path, "it cannot be written", "room for rows beside the case", "Name a case with --case in a folder that you can write to.", e);
        }
    }

    public string Path { get; }

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Adds a row. Line ends between its parts become blanks; within its strings there are none.</summary>
    /// <exception cref="SliceTooLargeException">It would be larger than it may.</exception>
    public void Add(ReadOnlySpan<byte> row)
    {
        if (Bytes + row.Length + 1 > limit)
            throw new SliceTooLargeException(string.Create(CultureInfo.InvariantCulture, $"more than {limit >> 20} MB of rows (--spool-limit)"));
        try
        {
            if (row.ContainsAny((byte)'\n', (byte)'\r'))
            {
                byte[] flat = row.ToArray();
                flat.AsSpan().Replace((byte)'\n', (byte)' ');
                flat.AsSpan().Replace((byte)'\r', (byte)' ');
                file.Write(flat);
            }
            else
            {
                file.Write(row);
            }

            file.WriteByte((byte)'\n');
        }
        catch (IOException e)
        {
            throw Full(e);
        }

        Bytes += row.Length + 1;
        Rows++;
    }

    /// <summary>Takes back what was added behind a place.</summary>
    public void CutTo(long rows, long bytes)
    {
        try
        {
            file.Flush();
            file.SetLength(bytes);
            file.Position = bytes;
        }
        catch (IOException e)
        {
            throw Full(e);
        }

        (Rows, Bytes) = (rows, bytes);
    }

    /// <summary>Nothing more comes: it can be read.</summary>
    public void Finish()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException e)
        {
            throw Full(e);
        }
    }

    public void Dispose()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // Its last bytes found no room; it goes anyway.
        }

        File.Delete(Path);
    }

    /// <summary>Removes what killed processes left beside a case.</summary>
    public static void RemoveAbandoned(string casePath)
    {
        string prefix = System.IO.Path.GetFileName(casePath) + Mark;
        foreach (string left in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(casePath))!, prefix + "*"))
        {
            string number = System.IO.Path.GetFileName(left)[prefix.Length..].Split('-')[0];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && !FileSystem.IsRunning(process))
                File.Delete(left);
        }
    }

    private WeirException Full(IOException cause) => new(Path, "the rows of a slice cannot be written: " + cause.Message.TrimEnd('.'), "room beside the case", "Free some space, or lower --spool-limit, and run the same command again: what has landed stays.", cause);
}
