using System.Globalization;

namespace Weir.Cli.Tests.Landing;

/// <summary>Sources, the tables they go to, and the commands that land them; all of it follows from a seed.</summary>
/// <param name="Tables">Per source its <c>--table</c>; null: named by the file.</param>
/// <param name="Ordered">Sources land one after the other, whatever interrupts them: the case must equal that of an undisturbed run.</param>
internal sealed record LandingPlan(int Seed, RandomSource[] Sources, string?[] Tables, LandingStep[] Steps, bool Ordered)
{
    /// <summary>Names that lead to one column, or to a column that the engine would like to call so itself.</summary>
    private static readonly string[] Names =
    [
        "x", "x", "x", "AuditData", "AuditData", "x_text", "x_text_2", "X", "y", "y", "y_text", "weir_scratch", "weir_scratch_2", "weir_moved", "source_id", "row_id", "_extra", "_extra_2", "User Name", "user_name", "USER NAME",
        "n\0l", "q\"t", "it's", "when", "Time [UTC]", "created_at", "_time", "", "column_2", "count(x)", "Straße €", new('l', 130), new string('l', 130) + "2",
        "__mv_x", "__mv_x", "__mv_y", "__mv_when", "values(x)", "tag", "tag::x", "_raw", "_raw",
    ];

    private static readonly string[] FailPoints = ["creating", "created", "moved", "altered", "inserted", "checkpointed", "committed", "closing", "converted", "closed"];

    public static LandingPlan Make(int seed, bool processes)
    {
        var random = new Random(seed);
        var sources = new RandomSource[random.Next(2, 5)];
        var tables = new string?[sources.Length];
        bool two = random.Next(3) == 0, named = random.Next(6) > 0;
        string[] pool = random.GetItems(Names, random.Next(2, 8));
        Range theme = RandomColumn.Pick(random, RandomColumn.Themes);
        for (int i = 0; i < sources.Length; i++)
        {
            int rows = (int)Math.Pow(10, 1 + (random.NextDouble() * (random.Next(4) == 0 ? 2.3 : 1.6)));
            string[] header = random.GetItems(pool, random.Next(1, pool.Length + 2));
            if (header is [""])
                header = ["x"];
            string?[][] columns = [.. header.Select(_ => RandomColumn.Make(random, rows, theme))];
            foreach (var (field, twin) in RandomSource.Twins(header).Where(_ => random.Next(5) > 0))
                RandomColumn.Twin(random, columns[field], columns[twin]);
            var faults = new RowFault[rows];
            int share = RandomColumn.Pick(random, 0, 0, 8, 60, 300);
            for (int row = 0; row < rows && share > 0; row++)
                faults[row] = random.Next(share) == 0 ? (RowFault)random.Next(1, random.Next(200) == 0 ? 7 : 6) : RowFault.None;
            string name = $"{(random.Next(2) == 0 ? "src" : "Log File")} {i}.csv{(random.Next(4) == 0 ? ".gz" : "")}";
            sources[i] = new RandomSource(name, header, columns, faults, random.Next(1000));
            tables[i] = two && i % 2 == 1 ? (random.Next(2) == 0 ? null : "other") : named || i > 0 && tables[0] is not null ? "events" : null;
        }

        bool ordered = random.Next(2) == 0;
        if (ordered)
            Array.Sort(tables, sources, Comparer<string?>.Create(string.CompareOrdinal)); // one command has one table
        var plan = new LandingPlan(seed, sources, tables, [], ordered);
        return plan with { Steps = [.. ordered ? plan.InOrder(random, processes) : plan.AnyOrder(random, processes)] };
    }

    /// <summary>Sources of each command that lands all.</summary>
    public IEnumerable<int[]> Groups() => Enumerable.Range(0, Sources.Length).GroupBy(i => Tables[i] ?? "").Select(g => g.ToArray());

    public override string ToString() => string.Join('\n', (string[])
    [
        $"seed {Seed}{(Ordered ? ", in order" : "")}",
        .. Sources.Select((s, i) => $"  source {i}: {s.File}, {Tables[i] ?? "by its name"}, {s.Records} rows: {string.Join(" | ", s.Header.Select((h, c) => $"{System.Text.Json.JsonSerializer.Serialize(h)} {Sample(s.Columns[c])}"))}"),
        .. Steps.Select(s => "  " + s),
    ]);

    private static string Sample(string?[] cells) =>
        System.Text.Json.JsonSerializer.Serialize(cells.Length < 7 ? cells : cells[..3].Append("…").Concat(cells[^2..]).Select(c => c?.Length > 24 ? c[..24] + "…" : c));

    private IEnumerable<LandingStep> InOrder(Random random, bool processes)
    {
        foreach (int[] group in Groups())
        {
            for (int rounds = random.Next(0, 4); rounds > 0; rounds--)
                yield return Configured(random, new LandingStep(group[..random.Next(1, group.Length + 1)]) { Stop = Stop(random, group, processes) });
            // Completes what is under way before another table begins.
            yield return Configured(random, new LandingStep(group));
            if (random.Next(3) == 0)
                yield return Configured(random, new LandingStep(group));
        }
    }

    private IEnumerable<LandingStep> AnyOrder(Random random, bool processes)
    {
        int[][] groups = [.. Groups()];
        for (int rounds = random.Next(3, 9); rounds > 0; rounds--)
        {
            int[] some = [.. RandomColumn.Pick(random, groups)];
            random.Shuffle(some);
            some = some[..random.Next(1, some.Length + 1)];
            if (random.Next(5) == 0)
                yield return new LandingStep(some[..1]) { Remove = true };
            else
                yield return Configured(random, new LandingStep(some) { Again = random.Next(12) == 0, Stop = random.Next(3) == 0 ? null : Stop(random, some, processes) });
        }
    }

    private static LandingStep Configured(Random random, LandingStep step) => step with
    {
        Threads = random.Next(1, 4),
        BatchRows = random.Next(4) == 0 ? 8192 : random.Next(1, 40) * random.Next(1, 20),
        CommitParts = random.Next(4) == 0 ? 0 : random.Next(1, 9),
    };

    private LandingStop Stop(Random random, int[] some, bool processes) => (processes ? random.Next(3) : 3) switch
    {
        0 => new LandingStop(StopKind.FailPoint, random.Next(1, 6), RandomColumn.Pick(random, FailPoints)),
        1 => new LandingStop(random.Next(2) == 0 ? StopKind.Kill : StopKind.Interrupt, random.Next(150, 700)),
        _ => random.Next(6) == 0 ? new LandingStop(StopKind.CancelAfter, random.Next(1, 120)) : new LandingStop(StopKind.Cancel, random.Next(1, 4 + (6 * some.Length))),
    };
}

/// <summary>One command.</summary>
internal sealed record LandingStep(int[] Sources)
{
    public bool Remove { get; init; }

    public bool Again { get; init; }

    public int Threads { get; init; } = 2;

    public int BatchRows { get; init; } = 8192;

    /// <summary>Commit intervals that the longest source of the command has; 0: the default of rows.</summary>
    public int CommitParts { get; init; }

    public LandingStop? Stop { get; init; }

    public override string ToString() => Remove
        ? $"remove a landing of source {Sources[0]}"
        : string.Create(CultureInfo.InvariantCulture, $"ingest {string.Join(' ', Sources)}{(Again ? " --again" : "")}, threads {Threads}, batches {BatchRows}, commits {CommitParts}{(Stop is null ? "" : $", {Stop}")}");
}

/// <summary>What ends a command before its time.</summary>
/// <param name="Count">Passes, batches or milliseconds.</param>
internal sealed record LandingStop(StopKind Kind, int Count, string? Point = null);

internal enum StopKind
{
    /// <summary>Cancelled once the sink has taken so many batches or completions.</summary>
    Cancel,

    /// <summary>Cancelled after a time.</summary>
    CancelAfter,

    /// <summary>A process that kills itself at a named point.</summary>
    FailPoint,

    /// <summary>A process that is killed after a time.</summary>
    Kill,

    /// <summary>A process that gets SIGINT after a time.</summary>
    Interrupt,
}
