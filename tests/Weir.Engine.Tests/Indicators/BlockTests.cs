using System.Text;
using CsCheck;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Indicators;

/// <summary>Every width of vectors, and none, gives the same.</summary>
public class BlockTests
{
    private static readonly string[] Pieces =
    [
        "https://evil.example.com/a?b=c", "1.2.3.4", "me@example.org", "2001:db8::1", "::", "d41d8cd98f00b204e9800998ecf8427e", "cve-2021-44228", "aHR0cDovL2V2aWwuZXhhbXBsZS5jb20vYQ==", "-enc ", "/e", "64",
        "4ae4b75f-be33-5720-d76b-39e17ba656c8", " ", "\"", "\\", "ü", "\u2014e", "\0", "_", "+",
    ];

    private static readonly Gen<byte[]> Texts = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 20].Select(p => Encoding.UTF8.GetBytes(string.Concat(p))));

    [Fact]
    public void Masks_AnyBytes_AreTheSameByEveryWidth() => Gen.Select(Gen.Byte.Array[64, 200], Gen.Int[0, 199], Gen.Int[0, 199]).Sample((bytes, from, length) =>
    {
        int at = from % bytes.Length, end = Math.Min(bytes.Length, at + length);
        BlockMasks expected = Read<BlockOfBytes>(bytes, at, end);
        for (int i = 0; i < BlockMasks.Size && at + i < end; i++)
        {
            ulong bit = 1UL << i;
            byte b = bytes[at + i];
            Assert.Equal(Bytes.Is(b, ByteClass.Alphanumeric), (expected.Alphanumeric & bit) != 0);
            Assert.Equal(Bytes.Is(b, ByteClass.Hex), (expected.Hex & bit) != 0);
            Assert.Equal(Bytes.Is(b, ByteClass.Digit), (expected.Digit & bit) != 0);
            Assert.Equal(Bytes.Is(b, ByteClass.Base64), (expected.Base64 & bit) != 0);
            Assert.Equal(Bytes.IsUpper(b), (expected.Upper & bit) != 0);
            Assert.Equal(b >= 0x80, (expected.High & bit) != 0);
            Assert.Equal(b is (byte)'e' or (byte)'E', (expected.E & bit) != 0);
            Assert.Equal(b == 0, (expected.Zero & bit) != 0);
        }

        if (end - at is >= 0 and < BlockMasks.Size)
            Assert.Equal(0UL, (expected.Name | expected.Base64 | expected.Zero | expected.Space) >> (end - at));
        Assert.Equal(expected, Read<Block128>(bytes, at, end));
        Assert.Equal(expected, Read<Block256>(bytes, at, end));
        Assert.Equal(expected, Read<Block512>(bytes, at, end));
    }, iter: 5_000, threads: 1);

    [Fact]
    public void Scan_AnyText_FindsTheSameByEveryWidth() => Gen.Select(Texts, Gen.Int[0, 70], Gen.Int[0, 70]).Sample((text, before, behind) =>
    {
        byte[] buffer = [.. Enumerable.Repeat((byte)'a', before), .. text, .. Enumerable.Repeat((byte)'.', behind)];
        string expected = Found<BlockOfBytes>(buffer, before, text.Length);
        Assert.Equal(expected, Found<Block128>(buffer, before, text.Length));
        Assert.Equal(expected, Found<Block256>(buffer, before, text.Length));
        Assert.Equal(expected, Found<Block512>(buffer, before, text.Length));
    }, iter: 5_000, threads: 1);

    /// <summary>What the masks say of a run of Base64 is what its bytes say.</summary>
    [Fact]
    public void Runs_AnyText_KnowTheirEndAndCase() => Texts.Sample(text =>
    {
        var runs = new EncodedRuns();
        IndicatorScanner.Scan(text, 0, text.Length, new IndicatorHits(), runs);
        foreach (EncodedRun run in runs.Runs)
        {
            int end = Bytes.End(text, run.Start, ByteClass.Base64);
            ReadOnlySpan<byte> bytes = text.AsSpan(run.Start..end);
            bool mixed = bytes.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0 && bytes.IndexOfAnyInRange((byte)'a', (byte)'z') >= 0
                && (bytes.IndexOfAnyInRange((byte)'g', (byte)'z') >= 0 || bytes.IndexOfAnyInRange((byte)'G', (byte)'Z') >= 0);
            if (run.End < 0)
                Assert.True(run.IsMixed && end - run.Start > BlockMasks.Size);
            else
                Assert.Equal((end, mixed), (run.End, run.IsMixed));
        }
    }, iter: 20_000, threads: 1);

    private static BlockMasks Read<TBlock>(byte[] bytes, int at, int end)
        where TBlock : struct, IBlock<TBlock>
    {
        var masks = new BlockMasks();
        masks.Read<TBlock>(bytes, at, end);
        return masks;
    }

    private static string Found<TBlock>(byte[] buffer, int start, int length)
        where TBlock : struct, IBlock<TBlock>
    {
        var hits = new IndicatorHits();
        var runs = new EncodedRuns();
        IndicatorScanner.Scan<TBlock>(buffer, start, start + length, hits, runs);
        return string.Join('\n', [.. Scan.Full(hits), .. runs.Runs.ToArray().Select(r => $"{r}"), .. runs.Marks.Select(m => $"{m}"), $"{runs.HasZero}"]);
    }
}
