using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Landing;

/// <summary>Columns that sources share, and that the later source widens.</summary>
public sealed class SharedColumnTests : IDisposable
{
    private const string Integers = "33.5 among integers", Decimals = "decimals", Both = Integers + " and " + Decimals;

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData(100_000, Integers, Decimals)]
    [InlineData(25, Integers, Decimals)]
    [InlineData(25, Decimals, Integers)]
    [InlineData(25, Both)]
    [InlineData(100_000, Both)]
    public async Task Ingest_DecimalsBesideIntegersWithAMisfit_KeepEveryValue(int interval, params string[] commands)
    {
        string integers = bench.Write("integers.csv", "n\n" + string.Concat(Enumerable.Range(0, 200).Select(i => i == 120 ? "33.5\n" : i == 130 ? "none\n" : $"{i}\n"))), decimals = bench.Write("decimals.csv", "n\n441.86\n");
        foreach (string command in commands)
        {
            string[] files = command == Both ? [integers, decimals] : [command == Integers ? integers : decimals];
            (await bench.WeirAsync(["ingest", .. files, "--table", "t", "--commit-rows", $"{interval}"])).Clean();
        }

        Assert.Equal("DOUBLE|VARCHAR", await bench.AskAsync("SELECT data_type FROM duckdb_columns() WHERE table_name = $$t$$ AND column_name[1] = $$n$$ ORDER BY column_name"));
        Assert.Equal("33.5,|,none|441.86,", await bench.AskAsync("SELECT n, n_text FROM t WHERE n IS NULL OR n <> floor(n) ORDER BY n_text IS NOT NULL OR n > 100, n NULLS FIRST"));
        Assert.Equal("1", await bench.AskAsync("SELECT sum(misfits) FROM weir.columns WHERE role = $$companion$$"));
        Assert.Equal("201", await bench.AskAsync("SELECT count(*) FROM t"));
        await bench.VerifiedAsync();
    }
}
