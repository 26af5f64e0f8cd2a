namespace Weir.Connectors;

/// <summary>The files that one argument of a command stands for.</summary>
/// <param name="Argument">As it was given.</param>
/// <param name="Stem">Name for a table, not yet cleaned: the file's, folder's or glob's.</param>
/// <param name="Files">Paths in a fixed order; files that an earlier argument named are left out. <c>-</c> is standard input.</param>
/// <param name="Skipped">Files of a folder that are no inputs by their name, and links, which are not followed.</param>
public sealed record InputSet(string Argument, string Stem, IReadOnlyList<string> Files, IReadOnlyList<string> Skipped);
