using System.Numerics;

namespace Weir.Engine.Stages;

/// <summary>A stretch of the alphabets of Base64.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends, without padding; -1 where that was not looked for.</param>
/// <param name="IsMixed">It holds capitals and small letters, and one that is no hexadecimal digit, or may do so.</param>
internal readonly record struct EncodedRun(int Start, int End, bool IsMixed);

/// <summary>Where encoded text may begin in the text that is being scanned: found from the same masks, judged later.</summary>
internal sealed class EncodedRuns
{
    /// <summary>Base64 shorter than this is looked at only where a word says that it is Base64.</summary>
    public const int Shortest = 16;

    private readonly List<int> marks = [];
    private EncodedRun[] runs = new EncodedRun[16];
    private int count;

    /// <summary>Runs of <see cref="Shortest"/> bytes of the alphabets and more, in the order of the text.</summary>
    public ReadOnlySpan<EncodedRun> Runs => runs.AsSpan(0, count);

    /// <summary>Places where a word may stand that makes a shorter run acceptable: a <c>64</c>, a dash or slash before an E.</summary>
    public List<int> Marks => marks;

    /// <summary>Whether the text holds a zero byte, as UTF-16 does.</summary>
    public bool HasZero { get; private set; }

    public void Clear()
    {
        count = 0;
        marks.Clear();
        HasZero = false;
    }

    /// <summary>Adds a run of which nothing else is known.</summary>
    public void Propose(int start) => Add(new EncodedRun(start, -1, IsMixed: true));

    /// <summary>Puts what was added into the order of the text.</summary>
    public void Sort() => runs.AsSpan(0, count).Sort((a, b) => a.Start.CompareTo(b.Start));

    /// <summary>Replaces what was proposed by every run, however short.</summary>
    public void ProposeAll(ReadOnlySpan<byte> text)
    {
        count = 0;
        for (int at = 0; at < text.Length; at = Bytes.End(text, at, ByteClass.Base64) + 1)
        {
            if (Bytes.Is(text[at], ByteClass.Base64))
                Propose(at);
        }
    }

    internal void Take(int at, ulong base64Before, ref readonly BlockMasks block, ref readonly BlockMasks after)
    {
        ulong begins = block.Base64 & ~IndicatorScanner.Previous(block.Base64, base64Before) & IndicatorScanner.RunsOf(block.Base64, after.Base64, Shortest);
        for (; begins != 0; begins &= begins - 1)
            Add(Run(at, BitOperations.TrailingZeroCount(begins), in block, in after));
        // The last byte of a dash beyond ASCII has its high bit set.
        ulong marked = (block.Six & IndicatorScanner.Next(block.Four, after.Four, 1)) | ((block.Dash | block.Slash | block.High) & IndicatorScanner.Next(block.E, after.E, 1));
        for (; marked != 0; marked &= marked - 1)
            marks.Add(at + BitOperations.TrailingZeroCount(marked));
        HasZero |= block.Zero != 0;
    }

    private void Add(EncodedRun run)
    {
        if (count == runs.Length)
            Array.Resize(ref runs, count * 2);
        runs[count++] = run;
    }

    /// <summary>The run that begins with a bit of a block, if it ends in the next block at the latest.</summary>
    private static EncodedRun Run(int at, int bit, ref readonly BlockMasks block, ref readonly BlockMasks after)
    {
        int length = BitOperations.TrailingZeroCount(~(block.Base64 >> bit)), more = 0;
        ulong here = ulong.MaxValue << bit, behind = 0;
        if (bit + length < BlockMasks.Size)
        {
            here &= (1UL << (bit + length)) - 1;
        }
        else
        {
            length = BlockMasks.Size - bit;
            more = BitOperations.TrailingZeroCount(~after.Base64);
            if (more == BlockMasks.Size)
                return new EncodedRun(at + bit, -1, IsMixed: true);
            behind = (1UL << more) - 1;
        }

        ulong upper = (block.Upper & here) | (after.Upper & behind);
        ulong lower = (block.Alphanumeric & ~block.Digit & ~block.Upper & here) | (after.Alphanumeric & ~after.Digit & ~after.Upper & behind);
        ulong beyond = (block.Alphanumeric & ~block.Hex & here) | (after.Alphanumeric & ~after.Hex & behind);
        return new EncodedRun(at + bit, at + bit + length + more, upper != 0 && lower != 0 && beyond != 0);
    }
}
