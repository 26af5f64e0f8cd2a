namespace Weir.Engine.Stages;

/// <summary>Where encoded text may begin in the text that was scanned last.</summary>
internal sealed class EncodedRuns
{
    private int count;
    internal void Take(int at, in BlockMasks before, in BlockMasks block, in BlockMasks after) => count += at;
}
