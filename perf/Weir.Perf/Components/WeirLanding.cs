using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Perf.Components;

/// <summary>Batches that are ready land in a case: what storing costs without reading.</summary>
internal class WeirLanding : Component
{
    public const string Id = "weir-landing";

    private readonly List<Batch> ready = [];
    private SourceInfo? info;
    private CaseFile? caseFile;
    private ISink? sink;
    private string folder = "";

    public override string Name => Id;

    public override string Description => "typed batches with lists, made before the clock, into the table of a new case, until it is closed";

    public override bool IsOurs => true;

    public override bool IsParallel => true;

    public override TextUnit Unit => TextUnit.Rows;

    /// <summary>Makes the batches and opens the case.</summary>
    public override void Prepare(string file, int threads) => PrepareAsync(file, threads).GetAwaiter().GetResult();

    public override Tally Run(string file, int threads) => RunAsync().GetAwaiter().GetResult();

    /// <summary>Hands the batches to the case.</summary>
    protected async Task StoreAsync()
    {
        foreach (var batch in ready)
            await sink!.WriteAsync(batch, CancellationToken.None);   // which disposes it
        ready.Clear();
    }

    /// <summary>Closes the source and the case.</summary>
    protected async Task<Tally> CloseAsync()
    {
        var result = await sink!.CompleteAsync(CancellationToken.None);
        await sink.DisposeAsync();
        await caseFile!.FlushAsync();
        await caseFile.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        return new Tally(result.RowsLanded, 0);
    }

    protected virtual async Task<Tally> RunAsync()
    {
        await StoreAsync();
        return await CloseAsync();
    }

    private async Task PrepareAsync(string file, int threads)
    {
        var run = RunOptions.Default with { Threads = threads };
        IStage[] stages = [new ParseStage(), new UnnestStage()];
        await using var source = new CsvSource(file);
        info = await source.OpenAsync(CancellationToken.None);
        await foreach (var read in source.ReadAsync(null, run, CancellationToken.None))
        {
            var batch = read;
            foreach (var stage in stages)
            {
                using var before = batch;
                batch = stage.Process(before);
            }

            ready.Add(batch);
        }

        folder = Path.Combine(Path.GetDirectoryName(file)!, $"landing-{Environment.ProcessId}");   // on the disk of the data, as the cases of whole runs
        Directory.CreateDirectory(folder);
        caseFile = await CaseFile.OpenAsync(Path.Combine(folder, "landing.duckdb"), new CaseOptions { Run = run }, CancellationToken.None);
        sink = caseFile.Table("t");
        await sink.OpenAsync(info, run, CancellationToken.None);
        await PreparedAsync();
    }

    /// <summary>What else comes before the clock.</summary>
    protected virtual Task PreparedAsync() => Task.CompletedTask;
}
