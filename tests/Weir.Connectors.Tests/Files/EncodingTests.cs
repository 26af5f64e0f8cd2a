using System.Text;

namespace Weir.Connectors.Tests;

public sealed class EncodingTests
{
    private const string Table = "name,city\nJosé,Zürich\nÅse,Malmö\nMüller,Köln\n";

    [Fact]
    public void Read_WesternText_IsToldFromUtf8ByItsWords()
    {
        byte[] western = Encoding.Latin1.GetBytes(Table);
        Assert.Equal(SourceContract.Read(Table).Content(), SourceContract.Read(western).Content());
        Assert.Equal(SourceContract.Read(Table).Content(), SourceContract.Read(western, new InputOptions { Encoding = TextEncoding.Latin1 }).Content());
        Assert.Equal("1[a\uFFFD\uFFFD]", SourceContract.Read([.. "x\na"u8, 0xFF, 0xFE, (byte)'\n'], new InputOptions { Format = "csv" }).Text());
    }

    [Fact]
    public void Read_WindowsText_HasItsOwnMarks() =>
        Assert.Equal("1[€“x”\u2013]", SourceContract.Read([.. "a\n"u8, 0x80, 0x93, (byte)'x', 0x94, 0x96, (byte)'\n'], new InputOptions { Format = "csv", Encoding = TextEncoding.Windows1252 }).Text());

    [Fact]
    public void Read_WrongUnits_AreRemarksWithTheirPlace()
    {
        byte[] text = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\nx"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes(",y\n"), 0x41];
        SourceRun run = SourceContract.Read(text);
        Assert.Equal("1[x\uFFFD][y]\n2[\uFFFD]~", run.Text());
        Assert.Equal(["invalid-encoding 2 bytes that are no utf-16le, at byte 12 of the unpacked input 00D8", "invalid-encoding 1 byte that is no utf-16le, at byte 20 of the unpacked input 41"],
            run.RawRemarks.Where(r => r.RowId is null).Select(r => $"{r.Code} {r.Detail} {Convert.ToHexString(r.Raw.Span)}"));
        foreach (int block in (int[])[1, 2, 3, 5])
            Assert.Equal(run.Dump(), SourceContract.Read(text, new InputOptions { Csv = new CsvOptions { BlockBytes = block } }, 1, block).Dump());
    }

    [Fact]
    public void Read_CsvInAnyContainerAndEncoding_IsTheSame()
    {
        SourceContract.AnyContainerAndEncodingGivesTheSame(Encoding.UTF8.GetBytes(Table), new InputOptions());
        SourceContract.AnyResumeGivesTheSame(Encoding.Unicode.GetBytes("\uFEFF" + Table), new InputOptions(), 1);
        SourceContract.AnyResumeGivesTheSame(SourceContract.Zstd(Encoding.UTF8.GetBytes(Table)), new InputOptions(), 1);
        SourceContract.EveryRowIsFound(Encoding.UTF8.GetBytes(Table), new InputOptions(), 1);
    }

    [Fact]
    public void Read_CutOrDamagedZstd_SaysWhatIsMissing()
    {
        byte[] text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},{i * 7}\n")));
        byte[] packed = SourceContract.Zstd(text);
        SourceRun cut = SourceContract.Read(packed[..^(packed.Length / 3)]);
        Assert.Contains("cut", cut.End!.Missing, StringComparison.Ordinal);
        Assert.True(cut.Rows.Count is > 0 and < 200_000);
        byte[] damaged = [.. packed];
        damaged[packed.Length / 2] ^= 0x55;
        Assert.NotNull(SourceContract.Read(damaged).End!.Missing);
        byte[] twice = [.. packed, .. SourceContract.Zstd("x,y\n"u8.ToArray())];
        Assert.Equal(200_001, SourceContract.Read(twice).Rows.Count);
    }
}
