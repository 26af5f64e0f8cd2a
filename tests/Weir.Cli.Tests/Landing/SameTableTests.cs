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
    [InlineData("one header")]
    [InlineData("two headers")]
    [InlineData("JSON")]
    public async Task Ingest_AnyConfigurationAndInterruption_GivesTheSameCase(string inputs)
    {
        using var folder = new TempFolder();
        string[] files = [folder.Write("a.csv", NastyCsv.Make(1, 3000)), folder.Write("c.csv", NastyCsv.Make(2, 700))];
        if (inputs == "two headers")
            files = [files[0], folder.Write("b.csv", NastyCsv.MakeOther(900)), files[1]];
        if (inputs == "JSON")
            files = [folder.Write("a.ndjson", NastyJson.Make(3, 2500, null)), folder.Write("b.json", NastyJson.Make(4, 700, "")), files[1], folder.Write("d.json", NastyJson.Make(5, 900, "value"))];
        string expected = folder.File("expected.duckdb");
        await LandAsync(expected, files, RunOptions.Default, stopAfter: null);
        Assert.Equal("", await CaseDump.FaultsAsync(expected));
        string undisturbed = await CaseDump.OfAsync(expected);
        for (int round = 0; round < Rounds / 2; round++)
        {
            var random = new Random(inputs.Length * 1000 + round);
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

    [Fact]
    public async Task Ingest_OthersLandWhileOneIsInterrupted_KeepsEveryCell()
    {
        using var folder = new TempFolder();
        string a = folder.Write("a.csv", NastyCsv.Make(31, 2000)), b = folder.Write("b.csv", NastyCsv.MakeOther(500)), c = folder.Write("c.csv", NastyCsv.Make(32, 900));
        for (int round = 0; round < 12; round++)
        {
            var random = new Random(4000 + round);
            RunOptions run = RunOptions.Default with { BatchRows = 90, CommitRows = random.Next(100, 600) };
            string path = folder.File($"mixed{round}.duckdb");
            await LandAsync(path, [a], run, random.Next(200, 1900));
            await LandAsync(path, [round % 2 == 0 ? b : c], run, random.Next(100, 800));
            await LandAsync(path, [round % 3 == 0 ? c : b], run, stopAfter: null);
            await LandAsync(path, [a], run, stopAfter: null);
            await LandAsync(path, [b, c, a], run, stopAfter: null);
            Assert.Equal("", await CaseDump.FaultsAsync(path)); // the hash of all cells as text, against the ledger's
            await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
            Assert.Equal(3400, caseFile.Database.Count("SELECT count(*) FROM nasty"));
            Assert.Equal(3, caseFile.Database.Count("SELECT count(*) FROM weir.sources WHERE state = 'complete'"));
        }
    }

    /// <summary>Lands the files in one table; stops, as if interrupted, once so many rows were read.</summary>
    private static async Task LandAsync(string path, string[] files, RunOptions run, long? stopAfter)
    {
        using var stop = new CancellationTokenSource();
        var unnest = new UnnestOptions { Children = ["user", "roles"] };
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
                RunReport report = await Pipeline.From(new FileSource(file)).Then(new ParseStage()).Then(new UnnestStage(unnest)).Then(new PayloadStage()).Then(new EnrichAsnStage(AsnTable.Embedded)).Then(new ExtractIocsStage())
                    .To(caseFile.Table("nasty", new TableOptions { Unnest = unnest })).RunAsync(run, stop.Token);
                before += report.Result.RowsRead;
            }
        }
        catch (OperationCanceledException) when (stopAfter is not null)
        {
            // the interruption that was asked for
        }
    }
}
