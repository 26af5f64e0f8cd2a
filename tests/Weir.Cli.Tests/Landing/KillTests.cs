using Xunit.Abstractions;

namespace Weir.Cli.Tests.Landing;

/// <summary>SIGKILL at named points and at random times: the same command completes the case, and it equals that of an undisturbed run.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("WEIR_KILLS"), out int kills) ? kills : 30;
    private static readonly string[] Points = ["creating", "created", "moved", "altered", "inserted", "checkpointed", "committed", "closing", "converted", "closed"];

    [Fact]
    public async Task Ingest_KilledAnywhere_IsCompletedByTheSameCommand()
    {
        using var folder = new TempFolder();
        string[] files = [folder.Write("a.csv", NastyCsv.Make(11, 2000)), folder.Write("b.csv", NastyCsv.MakeOther(600)), folder.Write("c.csv", NastyCsv.Make(12, 300)), folder.Write("d.json", NastyJson.Make(13, 1100, "records"))];
        string[] Command(string path) => ["ingest", .. files, "--table", "nasty", "--case", path, "--commit-rows", "450", "--batch-rows", "150", "--unnest", "user,roles", "--quiet"];
        string expected = folder.File("expected.duckdb");
        Assert.Equal(1, await Cli.RunAsync(Command(expected), TextWriter.Null, TextWriter.Null)); // bytes that are no text want a look
        string undisturbed = await CaseDump.OfAsync(expected);
        Assert.Equal("", await CaseDump.FaultsAsync(expected));

        int kills = 0;
        for (int round = 0; kills < Kills; round++)
        {
            int seed = 500 + round;
            var random = new Random(seed);
            string path = folder.File($"round{round}.duckdb");
            var history = new List<string>();
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                string? point = random.Next(4) == 0 ? null : $"{Points[(kills + i) % Points.Length]}:{random.Next(1, 5)}";
                TimeSpan? after = point is null ? TimeSpan.FromMilliseconds(random.Next(150, 900)) : null;
                var (exit, error) = await WeirProcess.RunAsync(Command(path), point, after);
                history.Add($"{point ?? after.ToString()} → {exit}");
                Assert.True(exit is 137 or 0 or 1, $"seed {seed}: {string.Join(", ", history)}: {error}");
                kills += exit == 137 ? 1 : 0;
            }

            var (last, message) = await WeirProcess.RunAsync(Command(path));
            Assert.True(last == 1, $"seed {seed}: {string.Join(", ", history)}: exit {last}: {message}");
            string found = await CaseDump.OfAsync(path);
            Assert.True(undisturbed == found, $"seed {seed}: {string.Join(", ", history)}\nexpected:\n{undisturbed}\nfound:\n{found}");
            Assert.Equal("", await CaseDump.FaultsAsync(path));
            Assert.Empty(Directory.EnumerateFiles(folder.Path, "round*.new-*"));
            output.WriteLine($"seed {seed}: {string.Join(", ", history)}");
            File.Delete(path);
        }
    }
}
