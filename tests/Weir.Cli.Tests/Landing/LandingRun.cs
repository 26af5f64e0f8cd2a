using System.Globalization;
using Weir.Cli.Commands;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>Carries out a plan on one case, and follows in the ledger that every command did what it may, once.</summary>
internal sealed class LandingRun(LandingPlan plan, TempFolder folder)
{
    private const long MaxRow = 64 << 10;
    // Until the quoted empty string is kept, or given up, alike whether sources share a commit or not.
    private static readonly bool EmptyIsNull = Environment.GetEnvironmentVariable("WEIR_EMPTY") != "1";

    private static readonly InputOptions Reading = new() { Csv = new() { Header = true, Delimiter = ",", Quote = "\"", MaxRow = MaxRow } };

    /// <summary>Complete landings of each source, and whether one is under way.</summary>
    private (int Complete, bool Open)[] landings = new (int, bool)[plan.Sources.Length];

    public List<string> History { get; } = [];

    /// <summary>The first difference; null where there is none.</summary>
    public async Task<string?> FailureAsync(bool recount)
    {
        foreach (RandomSource source in plan.Sources)
            folder.Write(source.File, source.Render());
        string path = folder.File("case.duckdb");
        foreach (LandingStep step in plan.Steps.Concat(plan.Groups().Select(g => new LandingStep(g))))
        {
            string? failure = step.Remove ? await RemoveAsync(path, step) : await IngestAsync(path, step);
            History.Add($"{step} → {string.Join(' ', landings.Select(l => l.Complete + (l.Open ? "+" : "")))}");
            failure ??= recount && File.Exists(path) ? await FaultsAsync(path) : null;
            if (failure is not null)
                return $"{step}: {failure}";
        }

        string? difference = await FaultsAsync(path) ?? await DifferenceAsync(path);
        if (difference is not null || !plan.Ordered)
            return difference;
        string one = folder.File("together.duckdb"), each = folder.File("alone.duckdb");
        string found = await CaseDump.OfAsync(path, EmptyIsNull), undisturbed = await UndisturbedAsync(one, plan.Groups());
        if (found != undisturbed)
            return $"not the undisturbed case: {await CaseDump.DifferenceAsync(one, path, EmptyIsNull)}\nexpected:\n{undisturbed}\nfound:\n{found}";
        string alone = await UndisturbedAsync(each, plan.Groups().SelectMany(g => g.Select(i => (int[])[i])));
        return alone == undisturbed ? null : $"one command for all and one for each differ: {await CaseDump.DifferenceAsync(one, each, EmptyIsNull)}\ntogether:\n{undisturbed}\neach:\n{alone}";
    }

    private static async Task<string?> FaultsAsync(string path) => await CaseDump.FaultsAsync(path) is { Length: > 0 } faults ? faults : null;

    private async Task<string> UndisturbedAsync(string path, IEnumerable<int[]> commands)
    {
        foreach (int[] sources in commands)
        {
            var error = new StringWriter();
            if (await Cli.RunAsync(Command(path, new LandingStep(sources), plain: true), TextWriter.Null, error) is not (0 or 1))
                return error.ToString();
        }

        return await CaseDump.OfAsync(path, EmptyIsNull);
    }

    private async Task<string?> DifferenceAsync(string path)
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        CaseDatabase database = caseFile.Database;
        foreach (var (id, uri, table, landed, read) in database.Rows(
            "SELECT source_id, uri, table_name, rows_landed, rows_read FROM weir.sources ORDER BY source_id", r => (r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4))))
        {
            RandomSource source = plan.Sources.Single(s => folder.File(s.File) == uri);
            foreach (string difference in CaseReading.Differences(database, id, table, source))
                return $"source {id} ({source.File}): {difference}";
            if (read != source.Records || landed != source.Rows.Count)
                return $"source {id}: {read} read, {landed} landed; the file has {source.Records}, of which {source.Rows.Count} can land";
        }

        return CaseReading.Unaccounted(database, orphans: !plan.Steps.Any(s => s.Remove)).FirstOrDefault();
    }

    private async Task<string?> RemoveAsync(string path, LandingStep step)
    {
        int source = step.Sources[0];
        if (!File.Exists(path) || landings[source] is (0, false))
            return null;
        int id;
        await using (CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true }))
            id = (int)caseFile.Database.Count("SELECT max(source_id) FROM weir.sources WHERE uri = ?", folder.File(plan.Sources[source].File));
        var error = new StringWriter();
        if (await Cli.RunAsync(["remove", id.ToString(CultureInfo.InvariantCulture), "--case", path, "--quiet"], TextWriter.Null, error) != 0)
            return error.ToString();
        var before = landings;
        landings = await LandingsAsync(path);
        for (int i = 0; i < landings.Length; i++)
        {
            int left = landings[i].Complete + (landings[i].Open ? 1 : 0), had = before[i].Complete + (before[i].Open ? 1 : 0);
            if (left != had - (i == source ? 1 : 0))
                return $"source {i}: {landings[i]} after {before[i]}";
        }

        return null;
    }

    private async Task<string?> IngestAsync(string path, LandingStep step)
    {
        string[] command = Command(path, step, plain: false);
        var error = new StringWriter();
        bool ended = true;
        switch (step.Stop)
        {
            case null:
                int exit = await Cli.RunAsync(command, TextWriter.Null, error);
                if (exit is not (0 or 1))
                    return $"exit {exit}: {error}";
                break;
            case { Kind: StopKind.Cancel or StopKind.CancelAfter }:
                ended = await CancelAsync(path, step);
                break;
            default:
                TimeSpan? after = step.Stop.Kind == StopKind.FailPoint ? null : TimeSpan.FromMilliseconds(step.Stop.Count);
                var (code, message) = await WeirProcess.RunAsync(
                    command, step.Stop.Point is { } point ? $"{point}:{step.Stop.Count}" : null, after, step.Stop.Kind == StopKind.Interrupt ? WeirProcess.Interrupt : WeirProcess.Kill);
                if (code is not (0 or 1 or 130 or 137))
                    return $"exit {code}: {message}";
                ended = code is 0 or 1;
                break;
        }

        var before = landings;
        landings = await LandingsAsync(path);
        for (int i = 0; i < landings.Length; i++)
        {
            bool asked = step.Sources.Contains(i);
            var (complete, open) = before[i];
            (int, bool) done = !asked || !open && complete > 0 && !step.Again ? before[i] : (complete + 1, false);
            (int, bool) half = done == before[i] ? before[i] : (complete, true);
            if (landings[i] != done && (ended || landings[i] != half && landings[i] != before[i]))
                return $"source {i}: {landings[i]} after {before[i]}";
        }

        return null;
    }

    /// <summary>As the command does it, but cancelled at a place of its own. False: it was cancelled.</summary>
    private async Task<bool> CancelAsync(string path, LandingStep step)
    {
        using var stop = new CancellationTokenSource();
        int left = step.Stop!.Kind == StopKind.Cancel ? step.Stop.Count : int.MaxValue;
        if (step.Stop.Kind == StopKind.CancelAfter)
            stop.CancelAfter(step.Stop.Count);
        RunOptions run = RunOptions.Default with { Threads = step.Threads, BatchRows = step.BatchRows, CommitRows = CommitRows(step) };
        try
        {
            IReadOnlyList<PlannedSet> sets = await IngestPlan.LookAsync(Files(step), path, Reading, TextWriter.Null, stop.Token);
            await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { Run = run, ShareCommits = sets.Sum(s => s.Inputs.Count) > 1 }, stop.Token);
            foreach (PlannedInput input in IngestPlan.Assign(sets, plan.Tables[step.Sources[0]], CaseContents.Of(caseFile.Database)))
                await Pipeline.From(input.Open(Reading)).Then(new ParseStage()).Then(new UnnestStage()).Then(new PayloadStage()).Then(new EnrichAsnStage(AsnTable.Embedded)).Then(new ExtractIocsStage()).To(new CancellingSink(caseFile.Table(input.Table, new TableOptions { Again = step.Again }), Count)).RunAsync(run, stop.Token);
            await caseFile.FlushAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        void Count()
        {
            if (--left == 0)
                stop.Cancel();
        }
    }

    private async Task<(int, bool)[]> LandingsAsync(string path)
    {
        if (!File.Exists(path))
            return landings;
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        var found = caseFile.Database.Rows("SELECT uri, state FROM weir.sources", r => (Uri: r.GetString(0), State: r.GetString(1)));
        return [.. plan.Sources.Select(s => found.Where(f => f.Uri == folder.File(s.File)).ToArray()).Select(f => (f.Count(s => s.State == "complete"), f.Any(s => s.State == "interrupted")))];
    }

    private IEnumerable<string> Files(LandingStep step) => step.Sources.Select(i => folder.File(plan.Sources[i].File));

    private int CommitRows(LandingStep step) =>
        step.CommitParts == 0 ? RunOptions.Default.CommitRows : Math.Max(1, step.Sources.Max(i => plan.Sources[i].Records) / step.CommitParts);

    private string[] Command(string path, LandingStep step, bool plain)
    {
        string[] table = plan.Tables[step.Sources[0]] is { } name ? ["--table", name] : [], configuration = plain ? [] :
        [
            "--threads", step.Threads.ToString(CultureInfo.InvariantCulture), "--batch-rows", step.BatchRows.ToString(CultureInfo.InvariantCulture),
            "--commit-rows", CommitRows(step).ToString(CultureInfo.InvariantCulture), .. step.Again ? (string[])["--again"] : [],
        ];
        return ["ingest", .. Files(step), .. table, .. configuration, "--header", "--delimiter", ",", "--quote", "\"", "--max-row", "64KB", "--case", path, "--quiet"];
    }

    /// <summary>Tells of every batch and completion that the sink has behind it.</summary>
    private sealed class CancellingSink(ISink inner, Action passed) : ISink
    {
        public string Name => inner.Name;

        public ValueTask<SinkOpening> OpenAsync(SourceInfo source, RunOptions options, CancellationToken cancellationToken) => inner.OpenAsync(source, options, cancellationToken);

        public async ValueTask WriteAsync(Batch batch, CancellationToken cancellationToken)
        {
            await inner.WriteAsync(batch, cancellationToken);
            passed();
        }

        public async ValueTask<CommitResult> CompleteAsync(CancellationToken cancellationToken)
        {
            passed();
            CommitResult result = await inner.CompleteAsync(cancellationToken);
            passed();
            return result;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
