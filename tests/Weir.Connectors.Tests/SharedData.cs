namespace Weir.Connectors.Tests;

/// <summary>Sample files that others published; tests that need them pass with one line of notice where they are absent.</summary>
internal static class SharedData
{
    public static string? Root { get; } = Find();

    /// <summary>The folder, or null after a line that says so.</summary>
    public static string? OrSkip(Xunit.Abstractions.ITestOutputHelper output)
    {
        if (Root is null)
            output.WriteLine("skipped: no folder shared/data above the tests, and WEIR_SHARED is not set");
        return Root;
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("WEIR_SHARED");
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(Path.Combine(named, "data")) ? Path.Combine(named, "data") : Directory.Exists(named) ? named : null;
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string data = Path.Combine(folder, "shared", "data");
            if (File.Exists(Path.Combine(data, "inputs.tsv")))
                return data;
        }

        return null;
    }
}
