using System.Globalization;
using Weir.Cli.Output;
using Weir.Engine;

namespace Weir.Cli.Commands;

/// <summary>A file that says which spellings mean one user: a line a spelling, then a comma, then the user; lines that begin with # are for readers.</summary>
internal static class AliasFile
{
    /// <exception cref="WeirException">It is not there, or a line is not of two parts.</exception>
    public static IReadOnlyList<(string Spelling, string User)> Read(string path)
    {
        if (!File.Exists(path))
            throw new WeirException($"--aliases {path}", "there is no such file", "a file of lines 'spelling,user'", "Name another file.");
        var aliases = new List<(string, string)>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Trim() is "" or ['#', ..])
                continue;
            string[] parts = [.. line.Split(',').Select(p => p.Trim().Trim('"').Trim())];
            if (parts.Length != 2 || parts.Contains(""))
                throw new WeirException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}"), $"it has {Sizes.Count(parts.Length, "part")}", "two: 'spelling,user'", "Mend the line; a # at its start leaves it out.");
            aliases.Add((parts[0], parts[1]));
        }

        return aliases;
    }
}
