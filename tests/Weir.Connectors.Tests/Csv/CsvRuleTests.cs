using System.Text;
using Weir.Engine;

namespace Weir.Connectors.Tests;

/// <summary>One test for each rule of reading; every text is read whole and in single bytes.</summary>
public sealed class CsvRuleTests
{
    private static readonly CsvOptions Comma = new() { Delimiter = ",", Header = true };

    [Theory]
    [InlineData("a,b\n1,2\n", "1[1][2]")]
    [InlineData("a,b\n1,2", "1[1][2]")]
    [InlineData("a,b\r\n1,2\r3,4\n5,6\r\n", "1[1][2]\n2[3][4]\n3[5][6]")]
    [InlineData("\uFEFFa,b\n1,2\n", "1[1][2]")]
    [InlineData("a,b\n,\"\"\n", "1~[]")]
    [InlineData("a,b\n\"x\"\"y\",\"\"\"\"\n", "1[x\"y][\"]")]
    [InlineData("a,b\n\"x,y\",\"p\r\nq\"\n", "1[x,y][p\r\nq]")]
    [InlineData("a,b\nx\"y,\"z\"\n", "1[x\"y][z]")]
    [InlineData("a,b\n1,2\n\n\r\n3,4\n", "1[1][2]\n2[3][4]")]
    [InlineData("a\n1\n\n2\n", "1[1]\n2~\n3[2]")]
    [InlineData("a,b\n \"x\",y \n", "1[ \"x\"][y ]")]
    [InlineData("a,b\n\0,\u0001\n", "1[\0][\u0001]")]
    public void Read_CleanText_GivesItsCells(string text, string expected)
    {
        SourceRun run = Both(text);
        Assert.Equal(expected, run.Text());
        Assert.Empty(run.Remarks);
    }

    [Fact]
    public void Read_TextBehindClosingQuote_BelongsToTheField()
    {
        SourceRun run = Both("a,b\n\"abc\"d\"e\"f,\"x\"\n");
        Assert.Equal("1[abcd\"e\"f][x]", run.Text());
        Remark remark = Assert.Single(run.RawRemarks);
        Assert.Equal((1L, 0, "text-after-quote"), (remark.RowId, remark.Column, remark.Code));
        Assert.Equal("\"abc\"d\"e\"f", Encoding.UTF8.GetString(remark.Raw.Span));
    }

    [Fact]
    public void Read_QuotedPartOverALineEndWithTextBehind_CountsTheQuoteAsText()
    {
        SourceRun run = Both("a,b\n1,\"stray\n2,\"x\"\n3,y\n");
        Assert.Equal("1[1][\"stray]\n2[2][x]\n3[3][y]", run.Text());
        Assert.Equal("1 1 unclosed-quote an opening quote without its end counts as text ", Assert.Single(run.Remarks));
    }

    [Theory]
    [InlineData("a,b\n1,\"stray\n2,x\n", "1[1][\"stray]\n2[2][x]")]
    [InlineData("a,b\n1,\"", "1[1][\"]")]
    [InlineData("a,b\n1,\"x\"\"\n2,y", "1[1][\"x\"\"]\n2[2][y]")]
    public void Read_QuoteThatNeverCloses_CountsAsText(string text, string expected)
    {
        SourceRun run = Both(text);
        Assert.Equal(expected, run.Text());
        Assert.Equal("unclosed-quote", Assert.Single(run.RawRemarks).Code);
    }

    [Fact]
    public void Read_StrayQuote_CostsOneRemarkEvenWhereTheRowIsRagged()
    {
        SourceRun run = Both("a,b,c\n1,\"stray, and more, and more,\"\"\n2,x,y\n3,\"z\n4,\"5\",6\n");
        Assert.Equal("1[1][\"stray][ and more]+[ and more][]\n2[2][x][y]\n3[3][\"z]~\n4[4][5][6]", run.Text());
        Assert.Equal(2, run.Remarks.Count);
        Assert.All(run.RawRemarks, r => Assert.Equal("unclosed-quote", r.Code));
    }

    [Fact]
    public void Read_QuoteThatClosesBehindMaxRow_CountsAsText()
    {
        SourceRun run = Both("a,b\n1,\"23456\n7,8\",9\n", Comma with { SmallMaxRow = 10 });
        Assert.Equal("1[1][\"23456]\n2[7][8\"]+[9]", run.Text());
        Assert.Equal(["unclosed-quote", "extra-fields"], run.RawRemarks.Select(r => r.Code));
        Assert.Equal("1[1][23456\n7,8]+[9]", Both("a,b\n1,\"23456\n7,8\",9\n", Comma with { SmallMaxRow = 16 }).Text());
    }

    [Fact]
    public void Read_RaggedRows_LandWithARemark()
    {
        SourceRun run = Both("a,b,c\n1\n1,2,3,4,,\"\"\n1,2,3\n");
        Assert.Equal("1[1]~~\n2[1][2][3]+[4]~[]\n3[1][2][3]", run.Text());
        Assert.Equal(["1 -1 missing-fields 1 of 3 fields ", "2 -1 extra-fields 6 fields for 3 columns "], run.Remarks);
        Assert.Equal(["row_id", "a", "b", "c", "_extra"], run.FieldNames[0]);
    }

    [Fact]
    public void Read_NoExtraFields_HasNoExtraColumn() => Assert.Equal(["row_id", "a", "b"], Both("a,b\n1,2\n").FieldNames[0]);

    [Theory]
    [InlineData(new byte[] { 0x78, 0xFF, 0x79 }, "x\uFFFDy", 1)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD", 0)]          // a surrogate
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 }, "\uFFFD", 0)]                       // one maximal part
    [InlineData(new byte[] { 0xC0, 0xAF }, "\uFFFD\uFFFD", 0)]                       // overlong
    [InlineData(new byte[] { 0xC3, 0xA4, 0xE2, 0x82 }, "ä\uFFFD", 2)]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "\uFFFD\uFFFD\uFFFD\uFFFD", 0)] // above U+10FFFF
    public void Read_BytesThatAreNotUtf8_BecomeReplacementCharacters(byte[] bad, string expected, int offset)
    {
        byte[] text = [.. "a,b\nu,v\n"u8, .. bad, .. ",fine ä\n1,2\n"u8];
        SourceRun run = Both(text, Comma);
        Assert.Equal($"1[u][v]\n2[{expected}][fine ä]\n3[1][2]", run.Text());
        Assert.Equal($"2 0 invalid-utf8 not UTF-8 from byte {offset} of the cell {Convert.ToHexString(bad)}", Assert.Single(run.Remarks));
    }

    [Fact]
    public void Read_BadBytesInExtraFields_LandToo()
    {
        SourceRun run = Both([.. "a,b\n1,2,,\"\",é,"u8, 0xFF, .. ",z\n3,4\n"u8], Comma);
        Assert.Equal("1[1][2]+~[][é][\uFFFD][z]\n2[3][4]", run.Text());
        Assert.Equal(["extra-fields", "invalid-utf8"], run.RawRemarks.Select(r => r.Code));
        Assert.Equal(-1, run.RawRemarks[1].Column);
    }

    [Fact]
    public void Read_SequenceCutByADelimiter_IsBadInBothCells()
    {
        SourceRun run = Both([.. "a,b\n"u8, 0xC3, (byte)',', 0xA4, (byte)'\n'], Comma);
        Assert.Equal("1[\uFFFD][\uFFFD]", run.Text());
        Assert.Equal(2, run.Remarks.Count);
    }

    [Fact]
    public void Read_RowTooLong_IsRejectedInPiecesAndReadingGoesOn()
    {
        string row = "x," + new string('y', 40);
        SourceRun run = Both($"a,b\n1,2\n{row}\r\n3,4\n", Comma with { SmallMaxRow = 20, PieceBytes = 15 });
        Assert.Equal("1[1][2]\n3[3][4]", run.Text());
        Assert.Equal([(2L, 3L, 8L, 15), (2L, 3L, 23L, 15), (2L, 3L, 38L, 12)], run.Rejects.Select(r => (r.RowId, r.Line, r.ByteOffset, r.Raw.Length)));
        Assert.All(run.Rejects, r => Assert.Equal("row-too-long", r.Code));
        Assert.Equal(row, string.Concat(run.Rejects.Select(r => Encoding.UTF8.GetString(r.Raw.Span))));
        Assert.Equal(3, run.RowsRead);
    }

    [Fact]
    public async Task Read_LineWithoutEnd_NeedsNoMoreThanABatch()
    {
        const int Length = 150_000_000;
        await using var source = new CsvSource(new EndlessLine(Length), "-", new CsvOptions { MaxRow = 1 << 20, PieceBytes = 1_000_000, Header = false });
        long bytes = 0;
        long rows = 0;
        RunOptions options = RunOptions.Default with { Memory = 128L << 20 };
        await foreach (Batch batch in source.ReadAsync(null, options, default))
        {
            using (batch)
            {
                Assert.InRange(batch.Bytes, 0, options.BatchBytes + 1_100_000);
                Assert.All(batch.Rejects, r => Assert.Equal(1, r.RowId));
                bytes += batch.Rejects.Sum(r => (long)r.Raw.Length);
                rows += batch.Origin.Rows;
            }
        }

        Assert.Equal((Length, 1), (bytes, rows));
    }

    [Fact]
    public void Read_LastNullFarBeforeTheEndOfALargeBatch_LeavesTheRestValid()
    {
        SourceRun run = SourceRun.Of("a,b\n,1\n" + string.Concat(Enumerable.Repeat("x,1\n", 100_000)) + ",1\ny,1\n", Comma, batchRows: 122_880);
        Assert.Equal([1L, 100_002L], run.Ids.Where(id => run.Rows[(int)id - 1][0] is null));
        run = SourceRun.Of("a,b\n,1\n" + string.Concat(Enumerable.Repeat("x,1\n", 100_000)), Comma, batchRows: 122_880);
        Assert.Equal([1L], run.Ids.Where(id => run.Rows[(int)id - 1][0] is null));
    }

    [Fact]
    public async Task Read_ResumedInsideARejectedRow_GivesTheSamePieces()
    {
        // Quoted line ends up to the bound, then a line longer than several batches: an end of one may fall on either half of a CRLF.
        string quoted = string.Concat(Enumerable.Repeat("ab\r\n", 1_500_000));
        using var file = new TempFile(Encoding.UTF8.GetBytes($"a,b\n1,2\n\"{quoted}\",{new string('x', 8_000_000)}\r\n3,4\n"));
        var options = new CsvOptions { SmallMaxRow = 6_500_000, PieceBytes = 1_000_003, Header = true, Delimiter = "," };
        SourceRun whole = await SourceRun.OfAsync(new CsvSource(file.Path, options), memory: 128L << 20);
        Assert.Equal(3, whole.RowsRead);
        Assert.Equal((2L, 14), (whole.Rejects.Select(r => r.RowId).Distinct().Single(), whole.Rejects.Count));
        Assert.True(whole.Origins.Count(o => o.Next.Proof.Split(':').Length > 3) >= 2, "some batches end inside the row");
        for (int i = 0; i < whole.Origins.Count; i++)
        {
            SourceRun rest = await SourceRun.OfAsync(new CsvSource(file.Path, options), whole.Origins[i].Next);
            Assert.True(whole.Dump() == SourceRun.Joined(whole, i + 1, rest).Dump(), $"from batch {i}");
        }
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(21, 1)]
    public void Read_RowOfExactlyMaxRow_Lands(int length, int rejects)
    {
        SourceRun run = Both("a,b\n1," + new string('z', length - 2) + "\n3,4", Comma with { SmallMaxRow = 20 });
        Assert.Equal(rejects, run.Rejects.Count);
        Assert.Equal(2, run.RowsRead);
    }

    [Fact]
    public void Read_LongRowAfterQuotedLines_IsRejectedToItsOwnEnd()
    {
        SourceRun run = Both("a,b\n\"1\n2\",345678901234567890\n3,4\n", Comma with { SmallMaxRow = 12, PieceBytes = 4 });
        Assert.Equal("2[3][4]", run.Text());
        Assert.Equal("\"1\n2\",345678901234567890", string.Concat(run.Rejects.Select(r => Encoding.UTF8.GetString(r.Raw.Span))));
    }

    [Fact]
    public void Read_HeaderNames_AreKeptAsTheyAre()
    {
        SourceRun run = Both([.. "a,a,,\"x\ny\","u8, 0xFF, .. "\n1,2,3,4,5\n"u8], Comma);
        Assert.Equal(["a", "a", "", "x\ny", "\uFFFD"], run.Info.Columns);
        Assert.Equal(["row_id", "a", "a", "", "x\ny", "\uFFFD"], run.FieldNames[0]);
    }

    [Theory]
    [InlineData("\"x\\\"y\",\"\\\\\"\n", "1[x\"y][\\]")]
    [InlineData("\"a\\nb\",c\\d\n", "1[a\\nb][c\\d]")]
    [InlineData("\"q\\\"\n\",z\n", "1[q\"\n][z]")]
    public void Read_Escape_TakesBackQuotesAndItself(string row, string expected) =>
        Assert.Equal(expected, Both("a,b\n" + row, Comma with { Escape = "\\" }).Text());

    [Fact]
    public void Read_DelimiterOfSeveralBytes_IsMatchedWhole()
    {
        CsvOptions options = Comma with { Delimiter = ", " };
        Assert.Equal("1[1][\"2\",3]\n2[x, y][z,]", Both("a, b\n1, \"2\",3\n\"x, y\", z,\n".Replace("\"2\",3", "\"\"\"2\"\",3\"", StringComparison.Ordinal), options).Text());
        Assert.Equal("1[1][2,3 ,]", Both("a, b\n1, 2,3 ,\n", options).Text());
    }

    [Fact]
    public void Read_NoQuote_TakesQuotesAsText() =>
        Assert.Equal("1[\"1][2\"]", Both("a,b\n\"1,2\"\n", Comma with { Quote = "" }).Text());

    [Fact]
    public void Read_NoHeader_NumbersTheColumns()
    {
        SourceRun run = Both("1,2\n3,4\n", new CsvOptions { Header = false });
        Assert.Equal(["column_1", "column_2"], run.Info.Columns);
        Assert.Equal("1[1][2]\n2[3][4]", run.Text());
    }

    [Theory]
    [InlineData("infoPath:/x,y\nkey:\n\na,b\n1,2\n", "infoPath:/x,y\nkey:\n\n")]
    [InlineData("All hosts\r\n\r\na,b\r\n1,2\r\n", "All hosts\r\n\r\n")]
    [InlineData("\n\r\na,b\n1,2\n", "\n\r\n")]
    [InlineData("sep=,\na,b\n1,2\n", "sep=,\n")]
    public void Read_Preamble_IsARemarkOfTheSource(string text, string preamble)
    {
        SourceRun run = Both(text, new CsvOptions());
        Assert.Equal(["a", "b"], run.Info.Columns);
        Assert.Equal("1[1][2]", run.Text());
        Remark remark = Assert.Single(run.RawRemarks);
        Assert.Equal((null, -1, "preamble"), (remark.RowId, remark.Column, remark.Code));
        Assert.Equal(preamble, Encoding.UTF8.GetString(remark.Raw.Span));
        Assert.Equal((text.Length - "1,2\n".Length - (text.Contains('\r') && !text.StartsWith('\n') ? 1 : 0), text.Split('\n').Length - 1L), ((int)run.Origins[0].ByteOffset, run.Origins[0].Line));
    }

    [Fact]
    public void Read_ExcelSeparatorLine_NamesTheDelimiter() =>
        Assert.Equal("1[1,5][2]", Both("sep=;\na;b\n1,5;2\n", new CsvOptions()).Text());

    [Fact]
    public void Read_Origin_SaysWhereEachBatchStands()
    {
        SourceRun run = SourceRun.Of("\uFEFFa,b\n1,\"x\ny\"\n\n2,3\r\n4,5", Comma, batchRows: 1);
        Assert.Equal([(1L, 1L, 7L, 2L), (2L, 1L, 15L, 4L), (3L, 1L, 21L, 6L), (4L, 0L, 24L, 6L)], run.Origins.Select(o => (o.FirstRow, o.Rows, o.ByteOffset, o.Line)));
        Assert.Equal([(1L, 15L, 4L), (2L, 21L, 6L), (3L, 24L, 6L), (3L, 24L, 6L)], run.Origins.Select(o => (o.Next.RowsRead, o.Next.ByteOffset, o.Next.Line)));
        Assert.Equal((24L, 1L, null), (run.End!.Bytes, run.End.BlankLines, run.End.Missing));
    }

    [Fact]
    public void Read_HeaderOnly_HasColumnsAndNoRows()
    {
        SourceRun run = Both("id,name\n", new CsvOptions());
        Assert.Equal(["id", "name"], run.Info.Columns);
        Assert.Empty(run.Rows);
        Assert.NotNull(run.End);
    }

    [Fact]
    public void Read_RowOfMillionsOfFields_KeepsTheRestTogether()
    {
        string row = string.Join(',', Enumerable.Repeat("x", CsvParser.MaxFields + 5));
        SourceRun run = SourceRun.Of("a,b\n" + row + "\n1,2\n", Comma);
        Assert.Equal(CsvParser.MaxFields - 2, run.Extra[0]!.Length);
        Assert.Equal("x,x,x,x,x,x", run.Extra[0]![^1]);
        Assert.Equal(2, run.Rows.Count);
    }

    [Fact]
    public void Read_StrayQuotesInEveryRow_TakesTimeInProportion()
    {
        // Each quote is closed by the next row's, with text behind it: were each searched for to the end, this would not return.
        string text = "a,b\n" + string.Concat(Enumerable.Repeat("1,\"stray\n", 200_000)) + "2,3\n";
        SourceRun run = SourceRun.Of(text, Comma);
        Assert.Equal(200_001, run.Rows.Count);
    }

    [Fact]
    public void ToJson_SameReading_GivesSameText()
    {
        Assert.Equal("{}", new CsvOptions().ToJson());
        Assert.Equal("{\"delimiter\":\";\",\"header\":false}", new CsvOptions { Header = false, Delimiter = ";" }.ToJson());
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsvOptions { MaxRow = 1 });
        Assert.Throws<ArgumentException>(() => new CsvOptions { Delimiter = "" });
        Assert.Throws<ArgumentException>(() => new CsvOptions { Delimiter = "12345" });
        Assert.Throws<ArgumentException>(() => new CsvOptions { Quote = "ab" });
        Assert.Throws<ArgumentException>(() => new CsvSource("x", new CsvOptions { Delimiter = "\"", Quote = "\"" }));
    }

    private static SourceRun Both(string text, CsvOptions? options = null) => Both(Encoding.UTF8.GetBytes(text), options ?? Comma);

    private static SourceRun Both(byte[] text, CsvOptions options)
    {
        SourceRun whole = SourceRun.Of(text, options);
        SourceRun bytes = SourceRun.Of(text, options with { BlockBytes = 1 }, batchRows: 1, chunk: 1);
        Assert.Equal(whole.Dump(), bytes.Dump());
        Assert.Equal(whole.Info.Columns, bytes.Info.Columns);
        return whole;
    }
}

/// <summary>One line of x without an end.</summary>
internal sealed class EndlessLine(long length) : MemoryStream
{
    private long left = length;

    public override bool CanSeek => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int n = (int)Math.Min(left, buffer.Length);
        buffer.Span[..n].Fill((byte)'x');
        left -= n;
        return ValueTask.FromResult(n);
    }
}
