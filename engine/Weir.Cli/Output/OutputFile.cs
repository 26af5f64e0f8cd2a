using Weir.Engine;

namespace Weir.Cli.Output;

/// <summary>A file that a command makes: it gets its name once it is whole, so that a failure leaves neither half a file nor the old one harmed.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string path;
    private readonly bool overwrite, direct;

    private OutputFile(string path, bool overwrite)
    {
        (this.path, this.overwrite) = (path, overwrite);
        direct = path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
        Part = direct ? path : $"{path}.part-{Environment.ProcessId}";
    }

    /// <summary>What is written in the meantime.</summary>
    public string Part { get; }

    /// <exception cref="WeirException">There is such a file, or no such directory.</exception>
    public static OutputFile Named(string path, bool overwrite)
    {
        if (File.Exists(path) && !overwrite)
            throw new WeirException(path, "the file exists", "", "Name another file with -o, or overwrite it with --force.");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new WeirException(path, "its directory does not exist", "", "Create it first, or name another file with -o.");
        return new OutputFile(path, overwrite);
    }

    /// <summary>Gives the part its name.</summary>
    public void Commit()
    {
        if (!direct)
            File.Move(Part, path, overwrite);
    }

    /// <summary>Deletes what was not committed.</summary>
    public void Dispose()
    {
        if (!direct)
            File.Delete(Part);
    }
}
