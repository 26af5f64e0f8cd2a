namespace Weir.Perf.Runners;

/// <summary>One contestant: a command that loads a file into a fresh database. A further peer is one class and one entry in <see cref="Contest"/>.</summary>
internal interface IRunner
{
    /// <summary>Short, for tables and raw.csv; also names its database.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence, for the report.</summary>
    string Description { get; }

    /// <summary>The command line; run as a process of its own.</summary>
    /// <param name="database">Does not exist yet; the measured size is that of this file and its write-ahead log.</param>
    IReadOnlyList<string> Command(string file, string database);
}
