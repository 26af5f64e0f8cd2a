using System.ComponentModel;
using System.Diagnostics;

namespace Weir.Cli.Tests.Landing;

/// <summary>The DuckDB that R, Python and Node users have, 1.2 and the current one, from npm: installed once for a class of tests.</summary>
public sealed class NodePackages : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();

    /// <summary>Names of the packages, the oldest first.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["duckdb-oldest", "duckdb-current"];

    /// <summary>Why there is nothing to test with; null where there is.</summary>
    public string? Missing { get; private set; }

    public string File(string name) => folder.File(name);

    public async Task InitializeAsync()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Node")))
            System.IO.File.Copy(file, folder.File(Path.GetFileName(file)));
        var (installed, message) = await RunAsync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"]);
        if (installed is not 0)
            Missing = $"skipped: npm cannot install @duckdb/node-api here: {message.Split('\n')[0]}";
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    /// <summary>Runs a script to its end; what it printed, or its errors.</summary>
    public Task<(int? Exit, string Output)> NodeAsync(params string[] args) => RunAsync("node", args);

    public Process Start(params string[] args) => Process.Start(Info("node", args))!;

    private async Task<(int? Exit, string Output)> RunAsync(string tool, string[] args)
    {
        try
        {
            using Process process = Process.Start(Info(tool, args))!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            string printed = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode == 0 ? printed : $"{await error}{printed}");
        }
        catch (Win32Exception e)
        {
            return (null, e.Message);
        }
    }

    private ProcessStartInfo Info(string tool, string[] args) => new(tool, args)
    {
        WorkingDirectory = folder.Path,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["TZ"] = "Asia/Tokyo" }, // what depends on the computer's zone is then wrong
    };
}
