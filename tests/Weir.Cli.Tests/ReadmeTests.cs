using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Weir.Cli.Tests;

/// <summary>What the README shows is what runs.</summary>
public partial class ReadmeTests
{
    /// <summary>The source tree.</summary>
    internal static readonly string Root = FindRoot();

    [Fact]
    public async Task Readme_Demo_PrintsWhatItShows()
    {
        string[] printed = await DemoAsync();
        foreach (string readme in (string[])["README.md", Path.Combine("examples", "botsv3", "README.md")])
            InOrder(printed, readme, string.Join('\n', Blocks(await File.ReadAllTextAsync(Path.Combine(Root, readme)), "weir demo")));
    }

    [Fact]
    public async Task Readme_Session_PrintsWhatItShows()
    {
        if (OperatingSystem.IsWindows())
            return; // it is of a shell
        string shown = Block(await File.ReadAllTextAsync(Path.Combine(Root, "README.md")), "session"), folder = Directory.CreateTempSubdirectory("weir-readme-").FullName;
        IEnumerable<string> commands = Normal(shown).Split('\n').Where(l => l.StartsWith("$ ", StringComparison.Ordinal)).Select(l => $"echo '{l}'; {l[2..]}");
        Assert.InRange(commands.Count(), 1, 6);
        string printed = await ShellAsync($"cd '{Root}'; export WEIR_CASE='{folder}/case.duckdb' COLUMNS=110; weir() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "weir.dll")}' \"$@\"; }}; exec 2>&1\n{string.Join('\n', commands)}");
        InOrder(printed.Split('\n'), "README.md", shown);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Every line that is shown is printed, in this order; "…" stands for what is left out.</summary>
    private static void InOrder(string[] printed, string readme, string shown)
    {
        int at = 0;
        foreach (string line in Normal(shown).Split('\n').Where(l => l.Trim().Length > 0 && l.Trim() != "…"))
        {
            int found = Array.IndexOf(printed, line, at);
            Assert.True(found >= 0, $"{readme}: not printed behind line {at}: {line}");
            at = found + 1;
        }
    }

    private static async Task<string> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment.Remove("COLUMNS");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string printed = Normal(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return printed;
    }

    private static async Task<string[]> DemoAsync()
    {
        string folder = Directory.CreateTempSubdirectory("weir-readme-").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "weir.dll"));
        start.ArgumentList.Add("demo");
        start.Environment["COLUMNS"] = "110";
        start.Environment.Remove("WEIR_CASE");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string[] printed = Normal(await process.StandardOutput.ReadToEndAsync()).Split('\n');
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);

        Directory.Delete(folder, recursive: true);
        return printed;
    }

    [Fact]
    public async Task Example_SignIns_PrintsWhatItsReadmeShows()
    {
        if (OperatingSystem.IsWindows())
            return; // the example is a shell script
        string script = await File.ReadAllTextAsync(Path.Combine(Root, "examples", "sign-ins", "run"));
        string shown = Normal(Block(await File.ReadAllTextAsync(Path.Combine(Root, "examples", "sign-ins", "README.md")), "examples/sign-ins/run"));

        // The same commands with the tool of this build and a case elsewhere.
        string path = Path.Combine(Directory.CreateTempSubdirectory("weir-readme-").FullName, "sign-ins.duckdb");
        script = BuildLine().Replace(script, "").Replace("export WEIR_CASE=sign-ins.duckdb", $"export WEIR_CASE='{path}'", StringComparison.Ordinal)
            .Replace("rm -f sign-ins.duckdb sign-ins.duckdb.wal", "", StringComparison.Ordinal)
            .Replace("engine/Weir.Cli/bin/Release/net10.0/weir.dll", $"'{Path.Combine(AppContext.BaseDirectory, "weir.dll")}'", StringComparison.Ordinal)
            .Replace("cd \"$(dirname \"$0\")/../..\"", $"cd '{Root}'", StringComparison.Ordinal);
        Assert.Equal(shown, await ShellAsync(script));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Readme_Commands_AreThoseOfTheTool()
    {
        var help = new StringWriter();
        Assert.Equal(0, await Cli.RunAsync(["--help"], help, TextWriter.Null));
        string readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"));
        string[] told = [.. CommandRow().Matches(readme).Select(m => m.Groups[1].Value).Distinct().Order()];
        string[] real = [.. HelpRow().Matches(help.ToString()[help.ToString().IndexOf("Commands:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).Order()];
        Assert.Equal(real, told);
        var parts = new StringWriter();
        Assert.Equal(0, await Cli.RunAsync(["splunk", "--help"], parts, TextWriter.Null));
        Assert.All(HelpRow().Matches(parts.ToString()[parts.ToString().IndexOf("Commands:", StringComparison.Ordinal)..]), m => Assert.Contains($"`weir splunk {m.Groups[1].Value}`", readme, StringComparison.Ordinal));
    }

    /// <summary>Only the command that is asked for is made, by these names.</summary>
    [Fact]
    public void Commands_AreUnderTheirNames() => Assert.All(Cli.Commands, c =>
    {
        System.CommandLine.Command command = c.Create();
        Assert.Equal([command.Name, .. command.Aliases.Where(a => a != command.Name)], c.Names);
    });

    private static string Block(string markdown, string mark) => Blocks(markdown, mark).First();

    /// <summary>What stands in fences right behind each of these marks.</summary>
    private static IEnumerable<string> Blocks(string markdown, string mark) =>
        markdown.Split($"<!-- {mark} -->").Skip(1).Select(after => after.Split("```")[1].Trim('\n'));

    /// <summary>Without what differs from run to run: the time line, and blanks at line ends.</summary>
    private static string Normal(string text) =>
        string.Join('\n', TimeLine().Replace(text, "TIME").Replace("\r", "", StringComparison.Ordinal).Trim('\n').Split('\n').Select(l => l.TrimEnd()));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Engine.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Engine.sln is not above the tests.");
    }

    [GeneratedRegex(@"\d+\.\d\d s, [\d,]+ rows/s, [\d.]+ [kMG]?B/s")]
    private static partial Regex TimeLine();

    [GeneratedRegex("^dotnet build.*$", RegexOptions.Multiline)]
    private static partial Regex BuildLine();

    [GeneratedRegex(@"^\| `weir (\w+)", RegexOptions.Multiline)]
    private static partial Regex CommandRow();

    [GeneratedRegex(@"^  (\w+),? ", RegexOptions.Multiline)]
    private static partial Regex HelpRow();
}
