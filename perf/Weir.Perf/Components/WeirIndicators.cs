using Weir.Engine.Stages;

namespace Weir.Perf.Components;

/// <summary>Indicators in the bytes of a file, beside what looks for patterns in it.</summary>
internal sealed class WeirIndicators : Component
{
    public const string Id = "weir-indicators";

    public override string Name => Id;

    public override string Description => "the indicator stage's scanner and decoder over the bytes of the file, a MiB at a time; hits and decoded texts are made and forgotten";

    public override bool IsOurs => true;

    public override TextUnit Unit => TextUnit.File;

    public override Tally Run(string file, int threads) => new(0, FileParts.Sum(file, threads, () =>
    {
        var extractor = new IndicatorExtractor();
        return (block, length) =>
        {
            extractor.Extract(block, 0, length, 0);
            extractor.Clear();
            return length;
        };
    }));
}
