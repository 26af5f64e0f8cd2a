namespace Weir.Engine.Store;

/// <summary>The cases that this process has open: any number of readers, or one writer.</summary>
/// <remarks>
/// DuckDB's lock keeps other processes out, but a file's POSIX locks belong to the process. A second instance in the same one opens the case as well, and of two
/// writers the one that is closed last leaves only its own rows (measured); and the first reader that is closed takes the lock of the others with it, so it is taken
/// anew here. A case under two names (a link to its folder) is not seen.
/// </remarks>
internal static class OpenCases
{
    private static readonly Dictionary<string, Users> Open = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <returns>To be disposed once the case is closed.</returns>
    /// <exception cref="WeirException">This process has the case open already, and one of the two writes.</exception>
    public static IDisposable Enter(string path, bool readOnly)
    {
        string file = FileSystem.Target(path);
        lock (Open)
        {
            if (Open.TryGetValue(file, out Users? users) && users.Writes)
                throw new WeirException(path, "this process has it open for writing already", "one CaseFile while one writes", "Use that one, also for queries, or dispose it first.");
            if (users is not null && !readOnly)
                throw new WeirException(path, "this process has it open for reading", "one CaseFile while one writes", "Dispose the readers first, or open it once for writing and query that.");
            users ??= Open[file] = new Users(file, !readOnly);
            users.Count++;
            return new Use(users);
        }
    }

    private sealed class Users(string file, bool writes)
    {
        private FileStream? again;

        public bool Writes => writes;

        public int Count { get; set; }

        public void Leave()
        {
            if (--Count == 0)
            {
                Open.Remove(file);
                again?.Dispose();
            }
            else
            {
                LockAgain();
            }
        }

        private void LockAgain()
        {
            if (!OperatingSystem.IsLinux())
                return;
            try
            {
                again ??= new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                again.Lock(0, long.MaxValue);
            }
            catch (IOException)
            {
                // The file is gone, or somebody was faster than these lines: the readers that are left would not be helped by an exception in another's disposal.
            }
        }
    }

    private sealed class Use(Users users) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            lock (Open)
            {
                if (!left)
                    users.Leave();
                left = true;
            }
        }
    }
}
