using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>Threads, batch size, commit interval and the places of interruption do not change what lands.</summary>
public class SameTableTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("WEIR_ROUNDS"), out int rounds) ? rounds : 50;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ingest_AnyConfigurationAndInterruption_GivesTheSameCase(bool widened)
    {
        using var folder = new TempFolder();
        string[] files = [folder.Write("a.csv", NastyCsv.Make(1, 3000)), folder.Write("c.csv", NastyCsv.Make(2, 700))];
        if (widened)
            files = [files[0], folder.Write("b.csv", NastyCsv.MakeOther(900)), files[1]];
        string expected = folder.File("expected.duckdb");
        await LandAsync(expected, files, RunOptions.Default, stopAfter: null);
        Assert.Equal("", await CaseDump.FaultsAsync(expected));
        string undisturbed = await CaseDump.OfAsync(expected);
        for (int round = 0; round < Rounds / 2; round++)
        {
            var random = new Random((widened ? 1000 : 2000) + round);
            RunOptions run = RunOptions.Default with { Threads = random.Next(1, 4), BatchRows = random.Next(1, 40) * random.Next(1, 20), CommitRows = random.Next(50, 2500) };
            string path = folder.File($"round{round}.duckdb");
            for (int kills = random.Next(4); kills > 0; kills--)
                await LandAsync(path, files, run, random.Next(1, 5000));
            await LandAsync(path, files, run, stopAfter: null);
            string found = await CaseDump.OfAsync(path);
            Assert.True(undisturbed == found, $"round {round}: {run}\nexpected:\n{undisturbed}\nfound:\n{found}");
            Assert.Equal("", await CaseDump.FaultsAsync(path));
            File.Delete(path);
        }
    }

    /// <summary>Lands the files in one table; stops, as if interrupted, once so many rows were read.</summary>
    private static async Task LandAsync(string path, string[] files, RunOptions run, long? stopAfter)
    {
        using var stop = new CancellationTokenSource();
        long before = 0;
        run = run with
        {
            Progress = progress =>
            {
                if (before + progress.Rows >= stopAfter)
                    stop.Cancel();
            },
        };
        try
        {
            await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { Run = run });
            foreach (string file in files)
            {
                RunReport report = await Pipeline.From(new CsvSource(file)).Then(new ParseStage()).To(caseFile.Table("nasty")).RunAsync(run, stop.Token);
                before += report.Result.RowsRead;
            }
        }
        catch (OperationCanceledException) when (stopAfter is not null)
        {
            // the interruption that was asked for
        }
    }
}
