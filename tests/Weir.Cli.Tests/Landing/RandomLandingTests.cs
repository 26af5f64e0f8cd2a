using Xunit.Abstractions;

namespace Weir.Cli.Tests.Landing;

/// <summary>Random sources that collide in their tables, landed by random commands that are interrupted anywhere: every record, every cell, every remark, once.</summary>
/// <remarks><c>WEIR_ROUNDS</c> seeds from <c>WEIR_SEED</c> on; <c>WEIR_SHRINK</c> seconds are spent on making a failure small.</remarks>
public sealed class RandomLandingTests(ITestOutputHelper output)
{
    private const int MostFailures = 20;
    private static readonly int Rounds = Number("WEIR_ROUNDS", 40), First = Number("WEIR_SEED", 1), Shrink = Number("WEIR_SHRINK", 0);

    [Fact]
    public async Task Ingest_RandomSourcesAndInterruptions_LandEveryCellOnce()
    {
        var failures = new List<string>();
        for (int seed = First; seed < First + Rounds && failures.Count < MostFailures; seed++)
        {
            LandingPlan plan = LandingPlan.Make(seed, processes: seed % 8 == 0);
            if (await FailureAsync(plan) is not { } failure)
                continue;
            if (Shrink > 0)
                (_, failure) = await SmallerPlan.OfAsync(plan, failure, FailureAsync, TimeSpan.FromSeconds(Shrink));
            failures.Add(failure);
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        output.WriteLine($"seeds {First} to {First + Rounds - 1}");
    }

    private static async Task<string?> FailureAsync(LandingPlan plan)
    {
        using var folder = new TempFolder();
        var run = new LandingRun(plan, folder);
        string? failure = await run.FailureAsync(recount: plan.Seed % 4 == 0);
        return failure is null ? null : $"{failure}\n{plan}\n{string.Join("\n", run.History)}";
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : otherwise;
}
