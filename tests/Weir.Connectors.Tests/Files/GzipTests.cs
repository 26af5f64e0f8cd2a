using System.Security.Cryptography;
using System.Text;
using Weir.Engine;

namespace Weir.Connectors.Tests;

public sealed class GzipTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(1, 40_000).Select(i => $"{i},value {i * 7919L % 10007}\n")));

    [Fact]
    public async Task Read_GzipByItsMagic_WhateverItsName()
    {
        byte[] stored = CsvPropertyTests.Gzip(Text);
        using var file = new TempFile(stored, "plain-name.csv");
        SourceRun run = await SourceRun.OfAsync(new CsvSource(file.Path));
        Assert.Equal(40_000, run.Rows.Count);
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(stored)), (long)stored.Length, null), (run.End!.Sha256, run.End.Bytes, run.End.Missing));
        Assert.Equal(Text.Length, run.Origins[^1].Next.ByteOffset);
        Assert.Equal(run.End.Sha256, await run.Info.HashAsync!(default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(500_000)]
    public async Task Read_SeveralMembers_AreOneText(int memberBytes)
    {
        byte[] text = memberBytes < 100 ? Text[..2000] : Text;
        byte[] stored = [.. text.Chunk(memberBytes).SelectMany(CsvPropertyTests.Gzip)];
        using var file = new TempFile(stored);
        SourceRun run = await SourceRun.OfAsync(new CsvSource(file.Path));
        Assert.Null(run.End!.Missing);
        Assert.Equal(stored.Length, run.End.Bytes);
        Assert.Equal(SourceRun.Of(text).Text(), run.Text());
    }

    [Fact]
    public async Task Read_CutAtEveryPlace_SaysSoAndKeepsTheRows()
    {
        byte[] stored = CsvPropertyTests.Gzip(Text[..20_000]);
        for (int cut = 1; cut < stored.Length; cut += cut < 24 ? 1 : 397)
        {
            using var file = new TempFile(stored[..^cut]);
            SourceRun run;
            try
            {
                run = await SourceRun.OfAsync(new CsvSource(file.Path));
            }
            catch (WeirException e)
            {
                Assert.Contains("cut", e.Message, StringComparison.Ordinal);
                Assert.True(cut > stored.Length - 300, "only a file without any text may fail");
                continue;
            }

            Assert.Contains("cut", run.End!.Missing, StringComparison.Ordinal);
            Assert.Equal(stored.Length - cut, run.End.Bytes);
            if (cut <= 8)
                Assert.Equal(SourceRun.Of(Text[..20_000]).Text(), run.Text());
        }
    }

    [Fact]
    public async Task Read_DamagedByte_IsNeverSilent()
    {
        byte[] stored = CsvPropertyTests.Gzip(Text);
        int landed = 0;
        for (int at = 12; at < stored.Length; at += 1 + (stored.Length / 60))
        {
            byte[] damaged = [.. stored];
            damaged[at] ^= 0x55;
            using var file = new TempFile(damaged);
            SourceRun run;
            try
            {
                run = await SourceRun.OfAsync(new CsvSource(file.Path));
            }
            catch (WeirException e)
            {
                Assert.Contains("damaged", e.Message, StringComparison.Ordinal); // in its first bytes: there is no text at all
                continue;
            }

            Assert.NotNull(run.End!.Missing);
            Assert.Equal(stored.Length, run.End.Bytes);
            SourceRun again = await SourceRun.OfAsync(new CsvSource(file.Path, new CsvOptions { BlockBytes = 4096 }), null, 1000);
            Assert.Equal(run.Dump(), again.Dump());
            landed++;
        }

        Assert.True(landed > 10);
    }

    [Fact]
    public async Task Read_WrongChecksum_NamesIt()
    {
        byte[] stored = CsvPropertyTests.Gzip(Text);
        stored[^8] ^= 1;
        using var file = new TempFile(stored);
        SourceRun run = await SourceRun.OfAsync(new CsvSource(file.Path));
        Assert.Equal(40_000, run.Rows.Count);
        Assert.Contains("checksum", run.End!.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_GarbageBehindTheData_IsMissingButPaddingIsNot()
    {
        byte[] stored = CsvPropertyTests.Gzip(Text);
        using var garbage = new TempFile([.. stored, .. "tail"u8]);
        SourceRun run = await SourceRun.OfAsync(new CsvSource(garbage.Path));
        Assert.Equal(40_000, run.Rows.Count);
        Assert.Contains($"from stored byte {stored.Length}", run.End!.Missing, StringComparison.Ordinal);
        Assert.Equal(stored.Length + 4, run.End.Bytes);
        using var padded = new TempFile([.. stored, .. new byte[100_000]]);
        Assert.Null((await SourceRun.OfAsync(new CsvSource(padded.Path))).End!.Missing);
    }

    [Fact]
    public async Task Read_HeaderWithNameCommentAndExtra_IsSkipped()
    {
        byte[] plain = CsvPropertyTests.Gzip("a,b\n1,2\n"u8.ToArray());
        byte[] head = [0x1F, 0x8B, 8, 4 | 8 | 16 | 2, .. plain[4..10], 3, 0, 1, 2, 3, .. "name"u8, 0, .. "comment"u8, 0, 9, 9];
        using var file = new TempFile([.. head, .. plain[10..]]);
        SourceRun run = await SourceRun.OfAsync(new CsvSource(file.Path));
        Assert.Equal("1[1][2]", run.Text());
        Assert.Null(run.End!.Missing);
    }

    [Fact]
    public async Task Open_EmptyGzip_IsEmpty()
    {
        using var file = new TempFile(CsvPropertyTests.Gzip([]));
        // .NET writes no byte at all for an empty text; gzip itself writes an empty member.
        await Assert.ThrowsAsync<EmptyInputException>(async () => await new CsvSource(file.Path).OpenAsync(default));
        using var member = new TempFile([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        await Assert.ThrowsAsync<EmptyInputException>(async () => await new CsvSource(member.Path).OpenAsync(default));
    }
}
