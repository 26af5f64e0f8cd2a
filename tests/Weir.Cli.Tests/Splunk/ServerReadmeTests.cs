using System.Globalization;
using System.Text.RegularExpressions;
using Weir.Cli.Tests.Commands;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>What the local server's README shows is what its walk prints.</summary>
public sealed class ServerReadmeTests
{
    [Theory]
    [InlineData("walk")]
    [InlineData("hole")]
    public async Task Readme_Walk_PrintsWhatItShows(string name)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(ReadmeTests.Root, "examples", "splunk-server", "README.md"));
        string[] shown = [.. Regex.Match(readme, $"<!-- {name} -->\n```\n(.*?)\n```", RegexOptions.Singleline).Groups[1].Value.Split('\n')];
        Assert.True(shown.Length > 5);
        Fault[] faults = [.. Regex.Matches(string.Join('\n', shown), "--fault (\\S+)").Select(m => Fault.Parse(m.Groups[1].Value))];
        using var bench = new Bench();
        await using KestrelFront server = await KestrelFront.StartAsync(new ServerOptions { Corpus = Corpus.Botsv3(), Certificate = Certificates.SelfSigned("127.0.0.1"), Faults = new Faults(faults) });
        string secret = bench.Write("secret", "changeme");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] printed = [];
        int at = 0;
        foreach (string line in shown.Where(l => l.Trim() != "…"))
        {
            if (line.StartsWith("$ weir ", StringComparison.Ordinal))
            {
                string[] args = [.. Regex.Matches(line["$ weir ".Length..], "'([^']*)'|\"([^\"]*)\"|(\\S+)").Select(m => m.Groups.Values.Skip(1).First(g => g.Success).Value)];
                args = [.. args.Select(a => a.Replace("18089", server.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)), .. args.Contains("sourcetypes") ? (string[])[] : ["--case", bench.Case], .. args[0] == "splunk" ? (string[])["--secret-file", secret] : []];
                Run run = await Run.WeirAsync(args);
                printed = [.. (run.Out + run.Error).Replace(server.Port.ToString(CultureInfo.InvariantCulture), "18089", StringComparison.Ordinal).Split('\n')];
                at = 0;
                continue;
            }

            if (line.StartsWith('$') || line.Trim().Length == 0)
                continue;
            var pattern = new Regex("^" + string.Join(".*", line.TrimEnd().Split('…').Select(Regex.Escape)) + "\\s*$");
            int found = Array.FindIndex(printed, at, pattern.IsMatch);
            Assert.True(found >= 0, $"not printed behind line {at}: {line}\n{string.Join('\n', printed)}");
            at = found + 1;
        }
    }
}
