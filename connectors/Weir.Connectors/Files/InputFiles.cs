using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Turns arguments (files, folders, globs) into files.</summary>
public static class InputFiles
{
    private static readonly string[] Packed = [".gz", ".zst", ".zip"];

    /// <summary>Resolves each argument; the same tree gives the same files in the same order.</summary>
    /// <exception cref="WeirException">A file or folder is not there, or nothing in it is an input.</exception>
    public static IReadOnlyList<InputSet> Expand(IEnumerable<string> inputs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sets = new List<InputSet>();
        foreach (string input in inputs)
        {
            InputSet set = Resolve(input);
            sets.Add(set with { Files = [.. set.Files.Where(f => seen.Add(f == "-" ? f : Path.GetFullPath(f)))] });
        }

        return sets;
    }

    /// <summary>Name of a file without <c>.gz</c> or <c>.zst</c> and its ending: <c>logs/signin.csv.gz</c> gives <c>signin</c>.</summary>
    public static string StemOf(string path)
    {
        string name = Path.GetFileName(path);
        name = Unpacked(name);
        string stem = Path.GetFileNameWithoutExtension(name);
        return stem.Length == 0 ? name.TrimStart('.') : stem;
    }

    private static InputSet Resolve(string input)
    {
        if (input == "-")
            return new InputSet(input, "stdin", ["-"], []);
        if (Directory.Exists(input))
            return Folder(input);
        if (File.Exists(input))
            return new InputSet(input, StemOf(input), [input], []);
        if (input.AsSpan().ContainsAny('*', '?'))
            return Glob(input);
        throw new WeirException(input.Length == 0 ? "input" : input, "there is no such file or folder", "", "Check the spelling.");
    }

    private static InputSet Folder(string folder)
    {
        var files = new List<string>();
        var skipped = new List<string>();
        Walk(folder, (path, link) => (link ? skipped : files).Add(path), folder);
        if (files.Count == 0)
            throw new WeirException(folder, skipped.Count == 0 ? "no file is in it" : "no file is in it, only links, which are not followed", "a folder of logs", "Check the spelling, or name the files themselves.");
        files.Sort(StringComparer.Ordinal);
        skipped.Sort(StringComparer.Ordinal);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new InputSet(folder, name.Length == 0 ? "root" : name, files, skipped);
    }

    private static InputSet Glob(string pattern)
    {
        string[] parts = (Path.DirectorySeparatorChar == '\\' ? pattern.Replace('\\', '/') : pattern).Split('/');
        int literal = 0;
        while (literal < parts.Length - 1 && !parts[literal].AsSpan().ContainsAny('*', '?'))
            literal++;
        string root = string.Join('/', parts[..literal]);
        if (literal > 0 && root.Length == 0)
            root = "/";
        var files = new List<string>();
        string start = root.Length == 0 ? "." : root;
        if (Directory.Exists(start))
        {
            string[] wanted = parts[literal..];
            Walk(start, (path, _) =>
            {
                string[] names = Path.GetRelativePath(start, path).Split(Path.DirectorySeparatorChar);
                if (Matches(wanted, names) && File.Exists(path))
                    files.Add(root.Length == 0 ? string.Join('/', names) : path);
            }, start, wanted.Contains("**") ? int.MaxValue : wanted.Length);
        }

        if (files.Count == 0)
            throw new WeirException(pattern, "no file matches", "", "Check the pattern; quote it so that the shell leaves it alone.");
        files.Sort(StringComparer.Ordinal);
        return new InputSet(pattern, GlobStem(parts), files, []);
    }

    // The last part with letters of its own names it: signin-*.csv.gz is signin, logs/**/*.csv is logs.
    private static string GlobStem(string[] parts)
    {
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            string part = i == parts.Length - 1 ? StemOf(parts[i]) : parts[i];
            string stem = part.Replace("*", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal).Trim('-', '_', '.', ' ');
            if (stem.Length > 0)
                return stem;
        }

        return "input";
    }

    private static string Unpacked(string name) =>
        Array.Find(Packed, p => name.EndsWith(p, StringComparison.OrdinalIgnoreCase) && name.Length > p.Length) is { } ending ? name[..^ending.Length] : name;

    private static void Walk(string folder, Action<string, bool> file, string argument, int depth = int.MaxValue)
    {
        if (depth <= 0)
            return;
        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                string path = Path.Combine(folder, entry.Name);
                bool link = entry.LinkTarget is not null; // a link may lead in circles, or out of the evidence
                if (entry is DirectoryInfo && !link)
                    Walk(path, file, argument, depth == int.MaxValue ? depth : depth - 1);
                else
                    file(path, link);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new WeirException(argument, $"its folder {folder} may not be read", "readable folders", "Give yourself the right to read it, or name the files.", e);
        }
    }

    private static bool Matches(ReadOnlySpan<string> parts, ReadOnlySpan<string> names)
    {
        if (parts.Length == 0)
            return names.Length == 0;
        if (parts[0] == "**")
        {
            for (int skip = 0; skip <= names.Length; skip++)
            {
                if (Matches(parts[1..], names[skip..]))
                    return true;
            }

            return false;
        }

        return names.Length > 0 && MatchesName(parts[0], names[0]) && Matches(parts[1..], names[1..]);
    }

    // Remembers the last star only: at most pattern times name steps.
    private static bool MatchesName(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || (pattern[p] == name[n] && pattern[p] != '*')))
            {
                p++;
                n++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').Length == 0;
    }
}
