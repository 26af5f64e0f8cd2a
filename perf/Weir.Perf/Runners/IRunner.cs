using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>One contestant: a command over a data set. A further peer is one class and one entry in <see cref="Contest"/>.</summary>
internal interface IRunner
{
    /// <summary>Short, for tables and raw.csv; also names its output.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence, for the report.</summary>
    string Description { get; }

    /// <summary>It measures weir, or a part of it.</summary>
    bool IsOurs => false;

    /// <summary>It times itself, without start-up: a component over the file, not a whole process.</summary>
    bool IsComponent => false;

    /// <summary>Name and version of what a peer brings along; null where it is among the packages of this repository.</summary>
    string? Version => null;

    /// <summary>Why it cannot run on this machine; null where it can.</summary>
    string? Missing => null;

    /// <summary>Whether it has a part in the contest over this kind of data.</summary>
    bool Takes(DataKind kind);

    /// <summary>The command line; run as a process of its own.</summary>
    /// <param name="output">A file or folder that does not exist yet; its measured size is that of all that lies there.</param>
    IReadOnlyList<string> Command(DataSet data, string output);

    /// <summary>What the run cost.</summary>
    Usage Clocked(Usage process) => process;

    /// <summary>Checks, outside the clock, that the run held what the data set holds.</summary>
    /// <exception cref="PerfException">Exit code 1: it did not.</exception>
    void Check(Finished run);
}

/// <summary>A run that has ended well and waits to be checked.</summary>
/// <param name="Output">What it wrote.</param>
/// <param name="Printed">The end of what it printed.</param>
/// <param name="Truth">What the data set holds.</param>
internal sealed record Finished(string Runner, DataSet Data, string Output, string Printed, Truth Truth)
{
    public PerfException Differs(string what) => new(1, $"{Runner}, {Data.Name}: the results differ, so there are no figures. {what}.");
}
