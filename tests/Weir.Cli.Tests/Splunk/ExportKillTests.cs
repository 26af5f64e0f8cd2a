using Weir.Cli.Tests.Landing;
using Weir.SplunkServer;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Splunk;

/// <summary>SIGKILL at named points and at random times of an export: the same command, run until it ends, has the table of an undisturbed one.</summary>
public sealed class ExportKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("WEIR_KILLS"), out int kills) ? kills : 30;
    // How often each is passed in an undisturbed run, about.
    private static readonly (string Name, int Passes)[] Points = [("moved", 1), ("planning", 1), ("planned", 1), ("split", 2), ("altered", 5), ("inserted", 7), ("checkpointed", 6), ("committed", 6)];
    private static readonly Dictionary<string, string> Secret = new() { ["SPLUNK_PASSWORD"] = "changeme" };

    [Fact]
    public async Task Export_KilledAnywhere_IsCompletedByTheSameCommand()
    {
        Corpus corpus = NastyEvents.Make(300);
        string expected = "";
        int kills = 0;
        for (int round = 0; kills < Kills || expected.Length == 0; round++)
        {
            int seed = 900 + round;
            var random = new Random(seed);
            // Slices of one commit and of several, and some that are cut.
            await using var bench = new ExportBench(corpus, server: s => s with { Clock = TimeProvider.System, ResultCap = 100 });
            string[] command =
            [
                "splunk", "export", "--url", bench.Url, "--user", "admin", "--insecure", "--spl", "index=main", "--earliest", "2018-08-20T10:00:00Z", "--latest", "2018-08-20T11:00:00Z", "--slice", "15m",
                "--table", "events", "--case", bench.Case, "--commit-rows", "60", "--batch-rows", "20", "--asn", "none", "--quiet",
            ];
            var history = new List<string>();
            for (int i = expected.Length == 0 ? 0 : random.Next(2, 6); i > 0; i--)
            {
                string? point = random.Next(4) == 0 ? null : Points[(kills + i) % Points.Length] is var (name, passes) ? $"{name}:{random.Next(1, passes + 1)}" : null;
                TimeSpan? after = point is null ? TimeSpan.FromMilliseconds(random.Next(200, 2_000)) : null;
                var (exit, error) = await WeirProcess.RunAsync(command, point, after, environment: Secret);
                history.Add($"{point ?? after.ToString()} → {exit}");
                Assert.True(exit is 137 or 0 or 1, $"seed {seed}: {string.Join(", ", history)}: {error}");
                kills += exit == 137 ? 1 : 0;
                if (exit != 137)
                    break; // there is nothing left to kill
            }

            var (last, message) = await WeirProcess.RunAsync(command, environment: Secret);
            Assert.True(last == 1, $"seed {seed}: {string.Join(", ", history)}: exit {last}: {message}"); // bytes that are no text want a look
            string found = await bench.HashAsync();
            if (expected.Length == 0)
                Assert.Equal("", NastyEvents.Difference(NastyEvents.Expected(corpus, DateTime.MaxValue), await bench.RowsAsync()));
            expected = expected.Length == 0 ? found : expected;
            Assert.True(expected == found, $"seed {seed}: {string.Join(", ", history)}: {found} in place of {expected}");
            Assert.All(await bench.SlicesAsync(), s => Assert.True(s.IsComplete));
            Assert.Equal("", await CaseDump.FaultsAsync(bench.Case));
            Assert.Empty(Directory.EnumerateFiles(bench.Folder, "*.spool-*"));
            output.WriteLine($"seed {seed}: {string.Join(", ", history)}");
        }
    }
}
