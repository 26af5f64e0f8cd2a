using System.Globalization;
using System.Text;
using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Landing;

/// <summary>Rows whose row groups do not fit into memory at default options: thousands of columns, cells of many MB.</summary>
public sealed class WideTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Ingest_ThousandsOfColumns_LandAndGrow()
    {
        string narrow = bench.Write("narrow.csv", "c1,c2\n" + string.Concat(Enumerable.Range(0, 26_000).Select(i => $"{i},x\n"))), wide = bench.Write("wide.csv", Wide(1_100, 2_200)), more = bench.Write("more.csv", Wide(1_300, 300));
        (await bench.WeirAsync("ingest", narrow, wide, more, "--table", "t")).Clean();
        (await bench.WeirAsync("ingest", narrow, "--again", "--table", "t")).Clean();
        Assert.Equal("26000|2200|300|26000", await bench.AskAsync("SELECT count(*) FROM t GROUP BY source_id ORDER BY source_id"));
        Assert.Equal("28000", await bench.AskAsync("SELECT count(*) FROM t WHERE source_id IN (2, 3) AND c1 = row_id * 7 % 1009 OR source_id = 1 AND c1 = row_id - 1 AND row_id > 500"));
        await bench.VerifiedAsync();
        (await bench.WeirAsync("remove", "2", "--compact")).Clean();
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_CellsOfManyMegabytes_Land()
    {
        var text = new StringBuilder("a,b\n");
        for (int i = 0; i < 6; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},").Insert(text.Length, $"ab{i} ", 5 << 20).Append('\n');
        string cells = bench.Write("cells.csv", text.ToString());
        (await bench.WeirAsync("ingest", cells)).Clean();
        Assert.Equal("6,125829120", await bench.AskAsync("SELECT count(*), sum(length(b)) FROM cells"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_RecordsOfMegabytes_AreRecognisedAndTold()
    {
        string record = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{{\"\"CreationTime\"\":\"\"2026-09-01T10:00:00\"\",\"\"Operation\"\":\"\"Op\"\",\"\"UserId\"\":\"\"u{i}@x.org\"\"}}\n"));
        string records = bench.Write("records.csv", "_time,host,_raw\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"2026-09-01T10:00:{i:00}Z,h{i},\"{record}\"\n")));
        Assert.InRange((await bench.WeirAsync("ingest", records, "--memory", "128MB", "--ioc", "none")).Exit, 0, 1);
        Assert.Equal("40", await bench.AskAsync("SELECT count(*) FROM records WHERE length(_raw) > 4000000"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task ColumnsThatComeLater_BesideManyRowsOfAnotherTable_HaveTheMemory()
    {
        string Record(int from, int to, int row) => "{" + string.Join(',', Enumerable.Range(from, to - from).Select(c => string.Create(CultureInfo.InvariantCulture, $"\"c{c}\":\"{row}-{c}\""))) + "}\n";
        bench.Write("one.ndjson", string.Concat(Enumerable.Range(0, 300).Select(r => Record(0, 260, r))));
        bench.Write("more/two.ndjson", string.Concat(Enumerable.Range(0, 300).Select(r => Record(120, 500, r))));
        bench.Write("more/lines.txt", string.Concat(Enumerable.Range(0, 9_000).Select(r => string.Create(CultureInfo.InvariantCulture, $"a line of text {r}\n"))));
        (await bench.WeirAsync("ingest", bench.File("one.ndjson"), "--table", "more")).Clean();
        (await bench.WeirAsync("ingest", bench.File("more"))).Clean();
        (await bench.WeirAsync("ingest", bench.File("more/two.ndjson"), "--table", "more")).Clean();
        Assert.Equal("600,300", await bench.AskAsync("SELECT count(*), count(c499) FROM more"));
        await bench.VerifiedAsync();
    }

    private static string Wide(int columns, int rows)
    {
        var text = new StringBuilder(string.Join(',', Enumerable.Range(1, columns).Select(c => $"c{c}")));
        for (int row = 1; row <= rows; row++)
        {
            text.Append('\n');
            for (int column = 1; column <= columns; column++)
                text.Append(column > 1 ? "," : "").Append(column % 3 == 1 ? (row * 7 * column % 1009).ToString(CultureInfo.InvariantCulture) : column % 3 == 2 ? "v" : "");
        }

        return text.Append('\n').ToString();
    }
}
