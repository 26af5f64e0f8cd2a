using System.Globalization;
using System.Text;
using CsCheck;

namespace Weir.Connectors.Tests;

/// <summary>The vectors of every width, their scalar twin and a reader that was written from the rules agree, wherever blocks of 64 bytes are cut.</summary>
public sealed class CsvStretchTests
{
    private static readonly int Effort = int.TryParse(Environment.GetEnvironmentVariable("WEIR_FUZZ"), CultureInfo.InvariantCulture, out int times) ? times : 1;

    private static readonly int[] Widths = [0, 128, 256, 512];

    // Mostly ordinary fields of all lengths around a block's, so that stretches hold rows; some that are none.
    private static readonly Gen<string> Fields = Gen.Frequency(
        (6, Gen.Char['a', 'z'].Array[0, 9].Select(c => new string(c))),
        (2, Gen.Int[0, 140].Select(n => new string('x', n))),
        (4, Gen.Int[0, 9].Array[0, 12].Select(parts => '"' + string.Concat(parts.Select(p => "ab|\"\"|\"\"\"\"|,|\n|\r\n|\r|ü|{\"\"k\"\":\"\"v\"\"}|0123456789012345678901234567890".Split('|')[p])) + '"')),
        (1, Gen.Const("ä€😀")),
        (1, OneOf("x\"y", "\"x\"y", "\"", "\"\"\"", " \"a\"", "\0")));

    private static readonly Gen<string> Rows = Gen.Select(Gen.Frequency((9, Gen.Const(3)), (1, Gen.Int[0, 5])).SelectMany(n => Fields.Array[n]), Gen.Frequency((6, Gen.Const("\n")), (3, Gen.Const("\r\n")), (1, Gen.Const("\r"))))
        .Select((fields, end) => string.Join(',', fields) + end);

    [Fact]
    public void Read_EveryWidth_FollowsTheRules() =>
        Gen.Select(Rows.Array[1, 25], Gen.Int[0, 200], Gen.Int[1, 3], OneOf(40, 300, 100_000), OneOf("\"", "\"", "")).Sample((rows, bad, columns, longest, quote) =>
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(rows));
            if (bad < text.Length && bad % 3 == 0)
                text[bad] = (byte)(0x80 + bad);
            byte[] named = [.. Encoding.ASCII.GetBytes("abc"[..columns].Aggregate("", (all, c) => $"{all}{(all.Length == 0 ? "" : ",")}{c}") + "\n"), .. text];
            var options = new CsvOptions { Delimiter = ",", Quote = quote, SmallMaxRow = longest, Header = false };
            int found = SourceRun.Of(named, options).Info.Columns.Count;
            var simple = new SimpleCsv(named, ",", quote.Length == 0 ? -1 : (int)quote[0], -1, longest, found);
            simple.Read(0);
            string? first = null;
            foreach (int bits in Widths)
            {
                SourceRun run = SourceRun.Of(named, options with { RegisterBits = bits });
                Assert.Equal(string.Join('\n', simple.Rows), run.Text());
                Assert.Equal(string.Join('\n', simple.Remarks), string.Join('\n', run.RawRemarks.Select(r => $"{r.RowId} {r.Column} {r.Code} {Convert.ToHexString(r.Raw.Span)}")));
                Assert.Equal(simple.Rejects, run.Rejects.GroupBy(r => r.RowId).Select(g => (g.Key, string.Concat(g.Select(r => Convert.ToHexString(r.Raw.Span))))));
                Assert.Equal(simple.BlankLines, run.End!.BlankLines);
                var lines = new LineCounter(1);
                lines.Add(named);
                Assert.Equal(lines.Line, run.Origins[^1].Next.Line);
                first ??= run.Dump();
                Assert.Equal(first, run.Dump());
                Assert.Equal(first, SourceRun.Of(named, options with { RegisterBits = bits, BlockBytes = 1 + (bad * 7 % 300) }, 1 + (bad % 9), 1 + (bad % 70)).Dump());
            }
        }, iter: 1_000 * Effort);

    [Fact]
    public void Read_StretchesBeyondTheCaches_GiveEveryRow()
    {
        var random = new Random(7);
        string text = "a,b,c\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => random.Next(400) switch
        {
            0 => $"{i}\r\n",
            1 => $"{i},\"open,{i}\n",
            2 => $"{i},\"{new string('q', random.Next(90_000))}\"\"\n\",x\n",
            3 => $"{i},{string.Concat(Enumerable.Repeat(",", 9000))}\n",
            4 => "\n",
            _ => $"{i},\"é \"\"{i}\"\"\",{(i % 5 == 0 ? "" : "plain")}\n",
        }));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var options = new CsvOptions { Delimiter = ",", Header = true };
        string[] dumps = [.. Widths.Select(bits => SourceRun.Of(bytes, options with { RegisterBits = bits }).Dump())];
        Assert.All(dumps, d => Assert.Equal(dumps[0], d));
        Assert.Equal(dumps[0], SourceRun.Of(bytes, options with { BlockBytes = 5000 }, 77, 3001).Dump());
        var simple = new SimpleCsv(bytes, ",", '"', -1, 64 << 20, 3);
        simple.Read(6);
        SourceRun run = SourceRun.Of(bytes, options);
        Assert.Equal(simple.Rows, Enumerable.Range(0, run.Rows.Count).Select(run.Line));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
