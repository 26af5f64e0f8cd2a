using Weir.Engine.Stages;

namespace Weir.Perf.Components;

/// <summary>Indicators in the bytes of a file, beside what looks for patterns in it.</summary>
internal sealed class WeirIndicators : Component
{
    public const string Id = "weir-indicators";

    public override string Name => Id;

    public override string Description => "the indicator stage's scanner and decoder over the bytes of the file, a line a cell; hits and decoded texts of a MiB are made and forgotten";

    public override bool IsOurs => true;

    public override TextUnit Unit => TextUnit.File;

    public override Tally Run(string file, int threads) => new(0, FileParts.Sum(file, threads, () =>
    {
        var extractor = new IndicatorExtractor();
        return (block, length) =>
        {
            int from = 0;
            while (from < length)
            {
                int line = block.AsSpan(from, length - from).IndexOf((byte)'\n'), to = line < 0 ? length : from + line;
                extractor.Extract(block, from, to, 0);
                from = to + 1;
            }

            extractor.Clear();
            return length;
        };
    }));
}
