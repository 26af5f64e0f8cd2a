namespace Weir.Connectors;

/// <summary>The files that one argument of a command stands for.</summary>
/// <param name="Argument">As it was given.</param>
/// <param name="Stem">Name for a table, not yet cleaned: the file's, folder's or glob's.</param>
/// <param name="Files">Paths in a fixed order; files that an earlier argument named are left out. <c>-</c> is standard input.</param>
/// <param name="Skipped">Links in a folder, which are not followed: they may lead in circles, or out of it.</param>
public sealed record InputSet(string Argument, string Stem, IReadOnlyList<string> Files, IReadOnlyList<string> Skipped);
