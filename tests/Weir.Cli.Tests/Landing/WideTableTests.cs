using System.Globalization;
using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Landing;

/// <summary>A table of hundreds of columns that gains more, beside other sources of the same commit, in the default memory.</summary>
public sealed class WideTableTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

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
        (await bench.WeirAsync("tables", "--verify")).Clean();
    }
}
