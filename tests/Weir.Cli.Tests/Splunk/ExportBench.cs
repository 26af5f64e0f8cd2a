using System.Collections.Concurrent;
using Weir.Cli.Commands;
using Weir.Cli.Tests.Landing;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>An export in process, over a server with or without faults.</summary>
internal sealed class ExportBench : IAsyncDisposable
{
    // Hundreds of benches: each has a copy of one empty case.
    private static readonly Lazy<byte[]> EmptyCase = new(() =>
    {
        using var folder = new TempFolder();
        CaseSchema.Create(folder.File("empty.duckdb"), RunOptions.Default);
        return File.ReadAllBytes(folder.File("empty.duckdb"));
    });

    private readonly TempFolder folder = new();
    private readonly CompressedTime clock;

    /// <param name="now">What the clocks show at first; the midnight after the events by default.</param>
    public ExportBench(Corpus corpus, Faults? faults = null, Func<ServerOptions, ServerOptions>? server = null, DateTimeOffset? now = null)
    {
        clock = new CompressedTime(now ?? NastyEvents.Now);
        var options = new ServerOptions { Corpus = corpus, Faults = faults ?? Faults.None, Clock = clock };
        File.WriteAllBytes(Case, EmptyCase.Value);
        Server = new SocketFront(server is null ? options : server(options));
    }

    public SocketFront Server { get; }

    public CompressedTime Clock => clock;

    public string Case => folder.File("case.duckdb");

    public string Folder => folder.Path;

    public string Url => $"http://127.0.0.1:{Server.Port}";

    /// <summary>Look for indicators; they double what landing a few rows costs.</summary>
    public bool Indicators { get; init; } = true;

    public List<SliceOutcome> Outcomes { get; } = [];

    public List<string> Cuts { get; } = [];

    /// <summary>What was said of a server that went away.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    public ExportPlan? Plan { get; private set; }

    public SplunkClient Client(SplunkCredential? credential = null, Func<SplunkOptions, SplunkOptions>? change = null)
    {
        var options = new SplunkOptions
        {
            Url = new Uri(Url),
            Insecure = true,
            Clock = clock,
            IdleTimeout = TimeSpan.FromHours(1),
            StallTimeout = TimeSpan.FromMinutes(5),
            QuotaTries = 20,
            OutageLimit = TimeSpan.FromHours(1),
        };
        return new SplunkClient(change is null ? options : change(options), credential ?? SplunkCredential.Password("admin", "changeme")) { Say = Said.Enqueue };
    }

    public static ExportOptions Options(string spl = "index=main") => new()
    {
        Spl = SplText.Read(spl, []),
        Earliest = "2018-08-20T10:00:00Z",
        Latest = "2018-08-20T11:00:00Z",
        Table = "events",
        SliceRows = 60,
    };

    /// <returns>0 where all is whole, 1 where the case tells of holes, 2 where the export failed as a whole.</returns>
    public async Task<int> ExportAsync(ExportOptions? options = null, RunOptions? run = null, SplunkCredential? credential = null, Func<SplunkOptions, SplunkOptions>? change = null, CancellationToken cancellationToken = default)
    {
        Outcomes.Clear();
        options ??= Options();
        run ??= RunOptions.Default with { Threads = 1 };
        var stages = new IngestStages(new TypingOptions(), new UnnestOptions(), null, null, Indicators ? new IocOptions() : null, LogKinds.Shipped);
        using SplunkClient client = Client(credential, change);
        await using CaseFile caseFile = await CaseFile.OpenAsync(Case, new CaseOptions { Run = run }, cancellationToken);
        var export = new SplunkExport(client, options) { Done = Outcomes.Add, Cut = (slice, why) => Cuts.Add($"{slice.Uri}: {why}") };
        try
        {
            Plan = await export.PlanAsync(caseFile, counted: false, cancellationToken);
            await export.RunAsync(caseFile, Plan, stages.Behind, stages.Surveyed, stages.Landing(), run, cancellationToken);
        }
        catch (Exception e) when (e is WeirException or SplunkAttemptException)
        {
            Failure = e;
            return 2;
        }

        return caseFile.Slices().All(s => s.IsComplete) ? 0 : 1;
    }

    public Exception? Failure { get; private set; }

    /// <summary>The rows of the table, cell by cell by original name, and what a recount says.</summary>
    public async Task<List<string>> RowsAsync(string table = "events")
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(Case, new CaseOptions { ReadOnly = true });
        await foreach (SourceVerification source in caseFile.VerifyAsync(default))
            Assert.Empty(source.Faults);
        var rows = new List<string>();
        foreach (SliceRecord slice in caseFile.Slices().Where(s => s.RowsLanded > 0))
        {
            foreach (var (_, cells) in CaseReading.CellsOf(caseFile.Database, slice.SourceId, table))
                rows.Add(string.Join('\n', cells.Where(c => c.Value.Length > 0).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}")));
        }

        Assert.Equal(rows.Count, rows.Count == 0 ? 0 : caseFile.Database.Count($"SELECT count(*) FROM main.{Sql.Name(table)}"));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>Rows, rows told apart by the identity of their events, and the order-free hash of all cells; what landed agrees with the ledger.</summary>
    public async Task<string> HashAsync(string table = "events")
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(Case, new CaseOptions { ReadOnly = true });
        CaseDatabase database = caseFile.Database;
        if (database.Count("SELECT count(*) FROM weir.batches") == 0)
            return "no rows";
        var (rows, events) = database.Rows($"SELECT count(*), count(DISTINCT (_bkt, _cd)) FROM main.{Sql.Name(table)}", r => (r.GetInt64(0), r.GetInt64(1)))[0];
        Assert.Equal(rows, events);
        Assert.Equal(rows, database.Count("SELECT sum(rows_landed)::BIGINT FROM weir.sources"));
        Assert.Equal(rows, database.Count("SELECT sum(rows_landed)::BIGINT FROM weir.slices WHERE state = 'complete'"));
        string hash = (string)database.Scalar("SELECT (sum(rows_hash::HUGEINT) % 18446744073709551616::HUGEINT)::VARCHAR FROM weir.batches")!;
        if (Random.Shared.Next(10) == 0)
        {
            await foreach (SourceVerification source in caseFile.VerifyAsync(default))
                Assert.Empty(source.Faults);
        }

        return $"{rows} rows, hash {hash}";
    }

    /// <summary>First column of a query on the case.</summary>
    public async Task<List<string>> QueryAsync(string sql)
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(Case, new CaseOptions { ReadOnly = true });
        return caseFile.Database.Rows(sql, r => r.GetString(0));
    }

    public async Task<IReadOnlyList<SliceRecord>> SlicesAsync()
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(Case, new CaseOptions { ReadOnly = true });
        return caseFile.Slices();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Dispose();
    }
}
