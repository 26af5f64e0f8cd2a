using System.IO.Compression;
using System.Text;
using CsCheck;
using Weir.Engine;

namespace Weir.Connectors.Tests;

/// <summary>Promises over texts nobody would think of; a failure prints its seed.</summary>
public sealed class CsvPropertyTests
{
    /// <summary>WEIR_FUZZ=10 tries ten times as many texts.</summary>
    private static readonly int Effort = int.TryParse(Environment.GetEnvironmentVariable("WEIR_FUZZ"), out int times) ? times : 1;

    private static readonly byte[][] Bits =
    [
        "\""u8.ToArray(), "\""u8.ToArray(), "\"\""u8.ToArray(), ","u8.ToArray(), ","u8.ToArray(), ",\""u8.ToArray(), "\","u8.ToArray(), "\n"u8.ToArray(),
        "\r"u8.ToArray(), "\r\n"u8.ToArray(), "\"\n"u8.ToArray(), "\n\""u8.ToArray(), "a"u8.ToArray(), "bcd"u8.ToArray(), " "u8.ToArray(), "é"u8.ToArray(), [0xFF], [0xC3], [0xA9], [0],
        "; "u8.ToArray(), ";"u8.ToArray(), "\\"u8.ToArray(), "\\\""u8.ToArray(), "0123456789012345678901234567890123456789"u8.ToArray(),
    ];

    private static readonly Gen<byte[]> Texts =
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, Bits.Length - 1].Array[0, 60])
            .Select((names, bits) => (byte[])[.. Encoding.ASCII.GetBytes(string.Join(',', "abc"[..names].ToCharArray()) + "\n"), .. bits.SelectMany(b => Bits[b])]);

    private static readonly Gen<CsvOptions> Readings =
        Gen.Select(OneOf(",", ",", ";", "; "), OneOf("\"", "\"", "'", ""), OneOf<string?>(null, null, "\\"), OneOf(5, 20, 50, 1000), Gen.Int[1, 40])
            .Select((delimiter, quote, escape, max, piece) => new CsvOptions { Delimiter = delimiter, Quote = quote, Escape = escape, SmallMaxRow = max, PieceBytes = piece, Header = false });

    [Fact]
    public void Read_AnyText_FollowsTheRules() =>
        Gen.Select(Texts, Readings).Sample((text, options) =>
        {
            SourceRun run = SourceRun.Of(text, options);
            int quote = options.Quote!.Length == 0 ? -1 : options.Quote[0];
            int escape = options.Escape is null ? -1 : options.Escape[0];
            var simple = new SimpleCsv(text, options.Delimiter!, quote, escape, options.RowLimit, run.Info.Columns.Count);
            simple.Read(0);
            Assert.Equal(string.Join('\n', simple.Rows), run.Text());
            Assert.Equal(string.Join('\n', simple.Remarks), string.Join('\n', run.RawRemarks.Select(r => $"{r.RowId} {r.Column} {r.Code} {Convert.ToHexString(r.Raw.Span)}")));
            Assert.Equal(simple.Rejects, run.Rejects.GroupBy(r => r.RowId).Select(g => (g.Key, string.Concat(g.Select(r => Convert.ToHexString(r.Raw.Span))))));
            Assert.Equal(simple.BlankLines, run.End!.BlankLines);
            Conserves(run, text.Length);
        }, iter: 20_000 * Effort);

    [Fact]
    public void Read_AnyCut_ChangesNothing() =>
        Gen.Select(Texts, Readings, Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[1, 4]).Sample((text, options, block, chunk, rows) =>
        {
            SourceRun whole = SourceRun.Of(text, options);
            SourceRun cut = SourceRun.Of(text, options with { BlockBytes = block }, rows, chunk);
            Assert.Equal(whole.Dump(), cut.Dump());
            Conserves(cut, text.Length);
        }, iter: 5_000 * Effort);

    [Fact]
    public void Read_DetectedReading_DoesNotDependOnCuts() =>
        Gen.Select(Texts, Gen.Int[1, 20], Gen.Int[1, 20]).Sample((text, block, chunk) =>
        {
            var options = new CsvOptions { SmallMaxRow = 1000 };
            SourceRun? whole = Try(() => SourceRun.Of(text, options));
            SourceRun? cut = Try(() => SourceRun.Of(text, options with { BlockBytes = block }, 3, chunk));
            Assert.Equal(whole?.Dump(), cut?.Dump());
            if (whole is not null)
                Assert.Equal(whole.Info.Columns, cut!.Info.Columns);
        }, iter: 3_000 * Effort);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_FromAnyResumePoint_GivesTheSameRows(bool gzip) =>
        Gen.Select(Texts, Readings, Gen.Int[1, 4], Gen.Int[1, 30]).Sample((text, options, rows, block) =>
        {
            using var file = new TempFile(gzip ? Gzip(text) : text);
            CsvOptions blocks = options with { BlockBytes = block };
            SourceRun whole = SourceRun.OfAsync(new CsvSource(file.Path, blocks), null, rows).GetAwaiter().GetResult();
            for (int i = 0; i < whole.Origins.Count; i++)
            {
                SourceRun rest = SourceRun.OfAsync(new CsvSource(file.Path, options), whole.Origins[i].Next, rows + 1).GetAwaiter().GetResult();
                Assert.Equal(whole.Dump(), SourceRun.Joined(whole, i + 1, rest).Dump());
                Assert.Equal(whole.Origins[^1].Next.Line, rest.Origins[^1].Next.Line);
                Assert.Equal(whole.Origins[i].Next.ByteOffset, rest.Origins[0].ByteOffset);
            }
        }, iter: 150 * Effort);

    [Fact]
    public void FindRow_FromAnyBatch_GivesTheOriginalBytes() =>
        Gen.Select(Texts, Readings, Gen.Int[1, 4]).Sample((text, options, rows) =>
        {
            using var file = new TempFile(text);
            var source = new CsvSource(file.Path, options);
            SourceRun run = SourceRun.OfAsync(source, null, rows).GetAwaiter().GetResult();
            HashSet<long> rejected = [.. run.Rejects.Select(r => r.RowId)];
            for (long row = 1; row <= run.RowsRead; row++)
            {
                byte[]? first = source.FindRowAsync(null, row, default).AsTask().GetAwaiter().GetResult();
                Assert.Equal(rejected.Contains(row), first is null);
                int before = run.Origins.FindLastIndex(o => o.Next.RowsRead < row);
                if (before >= 0)
                    Assert.Equal(first, source.FindRowAsync(run.Origins[before].Next, row, default).AsTask().GetAwaiter().GetResult());
                if (first is { Length: > 0 })
                {
                    SourceRun alone = SourceRun.Of([.. first, (byte)'\n'], options);
                    Assert.Equal(run.Rows[run.Ids.IndexOf(row)].Concat(run.Extra[run.Ids.IndexOf(row)] ?? []).Where(c => c is not null), alone.Rows[0].Where(c => c is not null));
                }
            }

            Assert.Null(source.FindRowAsync(null, run.RowsRead + 1, default).AsTask().GetAwaiter().GetResult());
        }, iter: 200 * Effort);

    [Fact]
    public void Read_MutatedInput_ConservesEveryByte()
    {
        byte[] clean = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},\"name {i}, \"\"é\"\"\",\"two\nlines\",x{i}\r\n")));
        Gen.Select(Gen.Int[0, clean.Length - 1], Gen.Byte, Gen.Int[0, 20]).Array[1, 20].Sample(changes =>
        {
            var text = new List<byte>(clean);
            foreach ((int at, byte value, int cut) in changes)
            {
                int place = Math.Min(at, text.Count - 1);
                text[place] = value;
                text.RemoveRange(place, Math.Min(cut, Math.Max(0, text.Count - place - 1)));
            }

            Conserves(SourceRun.Of([.. text], new CsvOptions { Delimiter = ",", SmallMaxRow = 500 }), text.Count);
        }, iter: 1_000 * Effort);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    internal static byte[] Gzip(byte[] text)
    {
        using var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Fastest))
            gzip.Write(text);
        return stored.ToArray();
    }

    private static SourceRun? Try(Func<SourceRun> read)
    {
        try
        {
            return read();
        }
        catch (WeirException)
        {
            return null;
        }
    }

    private static void Conserves(SourceRun run, long bytes)
    {
        Assert.Equal(run.RowsRead, run.Ids.Count + run.Rejects.Select(r => r.RowId).Distinct().Count());
        Assert.Equal(bytes, run.Origins[^1].Next.ByteOffset);
        for (int i = 1; i < run.Origins.Count; i++)
        {
            Assert.Equal(run.Origins[i - 1].Next.ByteOffset, run.Origins[i].ByteOffset);
            Assert.Equal(run.Origins[i - 1].Next.RowsRead + 1, run.Origins[i].FirstRow);
        }
    }
}
