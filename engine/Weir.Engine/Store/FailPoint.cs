using System.Diagnostics;
using System.Globalization;

namespace Weir.Engine.Store;

/// <summary>Places at which the kill tests end the process without a word: <c>WEIR_FAILPOINT=name:n</c> kills at the n-th pass of that name.</summary>
internal static class FailPoint
{
    private static readonly (string Name, int Pass)? Armed = Read();
    private static int passes;

    public static void Pass(string name)
    {
        if (Armed is { } armed && armed.Name == name && Interlocked.Increment(ref passes) == armed.Pass)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static (string, int)? Read()
    {
        string[]? parts = Environment.GetEnvironmentVariable("WEIR_FAILPOINT")?.Split(':');
        return parts is null ? null : (parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1);
    }
}
