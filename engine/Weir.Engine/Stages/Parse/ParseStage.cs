namespace Weir.Engine.Stages;

public sealed class ParseStage(TypingOptions? options = null) : IStage
{
    public string Name => "parse";
    public TypingOptions Options { get; } = options ?? new();
    public Batch Process(Batch batch) => throw new NotImplementedException();
}
