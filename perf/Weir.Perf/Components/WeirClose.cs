namespace Weir.Perf.Components;

/// <summary>The end of a landing, which no second thread shortens: types of the whole source, the last commit, the checkpoint.</summary>
internal sealed class WeirClose : WeirLanding
{
    public new const string Id = "weir-close";

    public override string Name => Id;

    public override string Description => "closing the source and the case alone, its batches stored before the clock: the last interval, types of the whole source, commit and checkpoint";

    protected override Task PreparedAsync() => StoreAsync();

    protected override Task<Tally> RunAsync() => CloseAsync();
}
