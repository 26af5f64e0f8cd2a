using Weir.Engine;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>The stages of an ingest, in order; the same for all its inputs.</summary>
internal sealed class IngestStages(TypingOptions typing, UnnestOptions unnest, AsnTable? asn, IReadOnlyList<string>? asnColumns, IocOptions? iocs, LogKinds kinds)
{
    private readonly IStage[] stages = [.. unnest.Collapse is { } between ? (IStage[])[new CollapseStage(between, unnest.MultiValue)] : [], new ParseStage(typing), new UnnestStage(unnest), new PayloadStage(kinds.Payloads), .. asn is null ? (IStage[])[] : [new EnrichAsnStage(asn, asnColumns)], .. iocs is null ? (IStage[])[] : [new ExtractIocsStage(iocs)]];

    public TypingOptions Typing { get; } = typing;

    public UnnestOptions Unnest { get; } = unnest;

    /// <summary>Kinds of logs that are told apart.</summary>
    public LogKinds Kinds { get; } = kinds;

    /// <summary>Who announces which address; null where nobody asks.</summary>
    public AsnTable? Asn { get; } = asn;

    /// <summary>What else decides what lands, where it is not the default.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The same with the kinds that a case keeps.</summary>
    public IngestStages Knowing(LogKinds known) => known == Kinds ? this : new IngestStages(Typing, Unnest, Asn, asnColumns, iocs, known) { Options = Options };

    /// <summary>How rows land behind these stages.</summary>
    public TableOptions Landing(bool again = false) => new() { Typing = Typing, Unnest = Unnest, StageOptions = Options, Again = again };

    public Pipeline Behind(ISource source) => stages.Aggregate(Pipeline.From(source), (pipeline, stage) => pipeline.Then(stage));

    /// <summary>The stages that decide what columns are; indicators do not.</summary>
    public Pipeline Surveyed(ISource source) => stages.Where(s => s is not ExtractIocsStage).Aggregate(Pipeline.From(source), (pipeline, stage) => pipeline.Then(stage));

    /// <summary>One batch through all of them.</summary>
    public Batch Process(Batch batch)
    {
        foreach (IStage stage in stages)
        {
            using Batch before = batch;
            batch = stage.Process(before);
        }

        return batch;
    }
}
