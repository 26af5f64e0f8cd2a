using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Perf.Components;

/// <summary>The pipeline of <c>weir ingest</c> up to the case.</summary>
internal sealed class WeirStages : WeirTyped
{
    public new const string Id = "weir-stages";

    public override string Name => Id;

    public override string Description => "all stages of `weir ingest` behind `CsvSource`, nothing stored";

    protected override IEnumerable<IStage> Stages => Whole();

    /// <summary>The stages of the default ingest.</summary>
    public static IEnumerable<IStage> Whole() =>
        [new ParseStage(), new UnnestStage(), new PayloadStage(), new EnrichAsnStage(AsnTable.Embedded), new ExtractIocsStage()];
}
