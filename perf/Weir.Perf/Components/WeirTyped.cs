using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Perf.Components;

/// <summary>A pipeline that ends in nothing: CSV to typed columns.</summary>
internal class WeirTyped : Component
{
    public const string Id = "weir-typed";

    public override string Name => Id;

    public override string Description => "`CsvSource` and `ParseStage` in a pipeline: typed Arrow columns beside the text ones, tallies for the types of the whole source, row hashes";

    public override bool IsOurs => true;

    public override bool IsParallel => true;

    protected virtual IEnumerable<IStage> Stages => [new ParseStage()];

    public override Tally Run(string file, int threads)
    {
        var sink = new DrainSink();
        Stages.Aggregate(Pipeline.From(new CsvSource(file)), (pipeline, stage) => pipeline.Then(stage)).To(sink)
            .RunAsync(RunOptions.Default with { Threads = threads }, CancellationToken.None).GetAwaiter().GetResult();
        return new Tally(sink.Rows, sink.Size);
    }
}
