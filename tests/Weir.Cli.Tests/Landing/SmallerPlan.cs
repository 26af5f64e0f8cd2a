using Weir.Engine;

namespace Weir.Cli.Tests.Landing;

/// <summary>Makes a failing plan small: fewer commands, sources, columns, rows, as long as it fails alike.</summary>
internal static class SmallerPlan
{
    public static async Task<(LandingPlan Plan, string Failure)> OfAsync(LandingPlan plan, string failure, Func<LandingPlan, Task<string?>> fails, TimeSpan limit)
    {
        DateTime end = DateTime.UtcNow + limit;
        bool smaller = true;
        while (smaller && DateTime.UtcNow < end)
        {
            smaller = false;
            for (int at = 0; DateTime.UtcNow < end && Candidates(plan).ElementAtOrDefault(at) is { } candidate;)
            {
                string? found = null;
                try
                {
                    found = await fails(candidate);
                }
                catch (Exception e) when (e is InvalidOperationException or WeirException or IndexOutOfRangeException)
                {
                    // a plan that makes no sense
                }

                if (found is null || Kind(found) != Kind(failure))
                    at++;
                else
                    (plan, failure, smaller) = (candidate, found, true);
            }
        }

        return (plan, failure);
    }

    /// <summary>What a failure says, without the names and numbers in it.</summary>
    public static string Kind(string failure)
    {
        string text = failure.Split('\n')[0];
        foreach (string mark in (string[])["not the undisturbed", "one command for all", "lies aside", "misfits", "filled", "hash of the cells", "no source refers", "weir.columns tells", "cell ", "rows for", "rows landed", "rejects", "remarks", "weir.columns names"])
        {
            if (text.Contains(mark, StringComparison.Ordinal))
                return mark;
        }

        int exit = text.IndexOf("exit ", StringComparison.Ordinal);
        return exit >= 0 ? text[exit..Math.Min(text.Length, exit + 6)] : "other";
    }

    private static IEnumerable<LandingPlan> Candidates(LandingPlan plan)
    {
        for (int i = 0; i < plan.Steps.Length; i++)
            yield return plan with { Steps = [.. plan.Steps[..i], .. plan.Steps[(i + 1)..]] };
        for (int i = 0; i < plan.Sources.Length && plan.Sources.Length > 1; i++)
            yield return Without(plan, i);
        for (int i = 0; i < plan.Sources.Length; i++)
        {
            RandomSource source = plan.Sources[i];
            for (int part = 2; part <= 32 && source.Records / part > 0; part *= 2)
            {
                int size = source.Records / part;
                for (int at = 0; at + size <= source.Records && source.Records > 1; at += size)
                {
                    int from = at;
                    yield return Replace(plan, i, source.With(Enumerable.Range(0, source.Header.Length), Enumerable.Range(0, source.Records).Where(r => r < from || r >= from + size)));
                }
            }

            for (int c = 0; c < source.Header.Length && source.Header.Length > 1; c++)
            {
                int without = c;
                yield return Replace(plan, i, source.With(Enumerable.Range(0, source.Header.Length).Where(k => k != without), Enumerable.Range(0, source.Records)));
            }

            if (source.Faults.Any(f => f != RowFault.None))
                yield return Replace(plan, i, source with { Faults = [.. source.Faults.Select(_ => RowFault.None)] });
            if (source.File.EndsWith(".gz", StringComparison.Ordinal))
                yield return Replace(plan, i, source with { File = source.File[..^3] });
        }

        for (int i = 0; i < plan.Steps.Length; i++)
        {
            LandingStep step = plan.Steps[i];
            LandingStep[] simpler =
            [
                step with { Stop = null }, step with { Again = false }, step with { Threads = 1 }, step with { BatchRows = 8192 }, step with { CommitParts = 0 },
                .. step.Sources.Length > 1 ? step.Sources.Select(s => step with { Sources = [.. step.Sources.Where(o => o != s)] }) : [],
            ];
            foreach (LandingStep other in simpler)
            {
                if (other.ToString() != step.ToString())
                    yield return plan with { Steps = [.. plan.Steps[..i], other, .. plan.Steps[(i + 1)..]] };
            }
        }
    }

    private static LandingPlan Without(LandingPlan plan, int source) => plan with
    {
        Sources = [.. plan.Sources.Where((_, i) => i != source)],
        Tables = [.. plan.Tables.Where((_, i) => i != source)],
        Steps =
        [
            .. plan.Steps.Select(s => s with { Sources = [.. s.Sources.Where(i => i != source).Select(i => i > source ? i - 1 : i)] }).Where(s => s.Sources.Length > 0),
        ],
    };

    private static LandingPlan Replace(LandingPlan plan, int at, RandomSource source) => plan with { Sources = [.. plan.Sources.Select((s, i) => i == at ? source : s)] };
}
