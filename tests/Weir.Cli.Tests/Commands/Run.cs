using System.Diagnostics;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests.Commands;

/// <summary>What one run of weir did: its exit code and both streams.</summary>
internal sealed record Run(int Exit, string Out, string Error)
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    /// <summary>Runs a command inside the test's process.</summary>
    public static async Task<Run> WeirAsync(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        int exit = await Cli.RunAsync(args, output, error);
        return new Run(exit, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command as a process of its own.</summary>
    public static async Task<Run> ChildAsync(string[] args, params (string Name, string Value)[] environment)
    {
        using Process child = Start(args, environment);
        return await EndAsync(child);
    }

    public static Process Start(string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "weir.dll"));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for a child that <see cref="Start"/> began.</summary>
    public static async Task<Run> EndAsync(Process child)
    {
        child.StandardInput.Close();
        using var patience = new CancellationTokenSource(Watchdog);
        try
        {
            Task<string> output = child.StandardOutput.ReadToEndAsync(patience.Token), error = child.StandardError.ReadToEndAsync(patience.Token);
            await child.WaitForExitAsync(patience.Token);
            return new Run(child.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            throw;
        }
    }

    /// <summary>The run failed with exit 2 and one line that holds all of <paramref name="parts"/>: the place, what is wrong, the remedy.</summary>
    public Run Failed(params string[] parts)
    {
        Assert.True(Exit == 2, $"exit {Exit}, expected 2\n{Out}\n{Error}");
        OneLine(parts);
        Assert.Equal("", Out);
        return this;
    }

    /// <summary>What was said, without the place in a query that is drawn under a syntax error.</summary>
    public string Told => System.Text.RegularExpressions.Regex.Replace(Error, "(?<=^weir: Parser Error[^\n]*\n)LINE [0-9]+: [^\n]*\n( *\\^\n)?$", "");

    /// <summary>Standard error is one line of weir's that holds all of <paramref name="parts"/>.</summary>
    public Run OneLine(params string[] parts)
    {
        Assert.StartsWith("weir: ", Told, StringComparison.Ordinal);
        Assert.Equal('\n', Told[^1]);
        Assert.True(Told.Count(c => c == '\n') == 1, $"more than one line:\n{Error}");
        Assert.DoesNotContain(Told[..^1], char.IsControl);
        foreach (string part in parts)
            Assert.Contains(part, Error, StringComparison.Ordinal);
        return this;
    }

    public Run Clean() => Ended(0);

    public Run NeedsLook() => Ended(1);

    public Run Ended(int exit)
    {
        Assert.True(Exit == exit, $"exit {Exit}, expected {exit}\n{Out}\n{Error}");
        return this;
    }
}

/// <summary>A case in a folder of its own, and what the tests ask of it.</summary>
internal sealed class Bench : IDisposable
{
    private readonly TempFolder folder = new();

    public string Path => folder.Path;

    public string Case => folder.File("case.duckdb");

    public string File(string name) => folder.File(name);

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder.File(name))!);
        return folder.Write(name, bytes);
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public Task<Run> WeirAsync(params string[] args) => Run.WeirAsync([.. args, "--case", Case]);

    public Task<Run> ChildAsync(params string[] args) => Run.ChildAsync([.. args, "--case", Case]);

    /// <summary>The result of a query, as csv without its header; rows are split by |.</summary>
    public async Task<string> AskAsync(string sql)
    {
        Run run = (await WeirAsync("sql", sql, "--format", "csv", "--quiet")).Clean();
        return string.Join('|', run.Out.TrimEnd('\n').Split('\n').Skip(1));
    }

    /// <summary>Every recount agrees, and there is at least one source.</summary>
    public async Task VerifiedAsync()
    {
        Run run = (await WeirAsync("tables", "--verify")).Clean();
        Assert.All(run.Out.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
    }

    /// <summary>Changes a file as any DuckDB client would.</summary>
    public static void Duck(string path, params string[] statements)
    {
        using var connection = new DuckDBConnection($"DataSource={path}");
        connection.Open();
        foreach (string statement in statements)
        {
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Names of the folder's files, and sizes: what a refused command must leave as it was.</summary>
    public string Files() => string.Join('\n', Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => $"{f[Path.Length..]} {(System.IO.File.Exists(f) ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.IO.File.ReadAllBytes(f))) : "")}"));

    public void Dispose() => folder.Dispose();
}
