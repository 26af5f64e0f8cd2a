namespace Weir.Engine.Tests.Dataflow;

internal sealed class FakeStage(Func<Batch, Batch> process, string name = "fake-stage") : IStage
{
    public string Name => name;

    public Batch Process(Batch batch) => process(batch);
}
