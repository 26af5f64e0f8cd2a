using System.Numerics;

namespace Weir.Engine.Stages;

/// <summary>Where encoded text may begin in the text that is being scanned: found from the same masks, judged later.</summary>
internal sealed class EncodedRuns
{
    /// <summary>Base64 shorter than this is looked at only where a word says that it is Base64.</summary>
    public const int Shortest = 16;

    private readonly List<int> starts = [];
    private readonly List<int> marks = [];

    /// <summary>Starts of runs of <see cref="Shortest"/> bytes of the alphabets and more, in the order of the text.</summary>
    public List<int> Starts => starts;

    /// <summary>Places where a word may stand that makes a shorter run acceptable: a <c>64</c>, a dash or slash before an E.</summary>
    public List<int> Marks => marks;

    /// <summary>Whether the text holds a zero byte, as UTF-16 does.</summary>
    public bool HasZero { get; private set; }

    public void Clear()
    {
        starts.Clear();
        marks.Clear();
        HasZero = false;
    }

    /// <summary>Replaces what was proposed by every run, however short.</summary>
    public void ProposeAll(ReadOnlySpan<byte> text)
    {
        starts.Clear();
        for (int at = 0; at < text.Length; at = Bytes.End(text, at, ByteClass.Base64) + 1)
        {
            if (Bytes.Is(text[at], ByteClass.Base64))
                starts.Add(at);
        }
    }

    internal void Take(int at, in BlockMasks before, in BlockMasks block, in BlockMasks after)
    {
        ulong run = Alphabet(block), runAfter = Alphabet(after);
        ulong begins = run & ~IndicatorScanner.Previous(run, Alphabet(before)) & IndicatorScanner.RunsOf(run, runAfter, Shortest);
        for (; begins != 0; begins &= begins - 1)
            starts.Add(at + BitOperations.TrailingZeroCount(begins));
        // The last byte of a dash beyond ASCII has its high bit set.
        ulong marked = (block.Six & IndicatorScanner.Next(block.Four, after.Four, 1)) | ((block.Dash | block.Slash | block.High) & IndicatorScanner.Next(block.E, after.E, 1));
        for (; marked != 0; marked &= marked - 1)
            marks.Add(at + BitOperations.TrailingZeroCount(marked));
        HasZero |= block.Zero != 0;
    }

    private static ulong Alphabet(in BlockMasks block) => block.Alphanumeric | block.Plus | block.Slash | block.Dash | block.Underscore;
}
