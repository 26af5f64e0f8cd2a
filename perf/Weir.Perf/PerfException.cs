namespace Weir.Perf;

/// <summary>Ends the command with one line: 1 where tables disagree, 2 where something failed.</summary>
internal sealed class PerfException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
