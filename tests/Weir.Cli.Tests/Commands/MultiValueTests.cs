using System.Globalization;
using System.Text;
using Weir.Connectors;
using Weir.Connectors.Tests;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Commands;

/// <summary>Lists, child tables and joined values, as a user of ingest meets them.</summary>
public sealed class MultiValueTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Values = ["a", "", "$", "$$", "a | b", "x;y", "$;$", "two\nlines", "ü", "\"q\""];

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Twins_OfGeneratedValues_ComeBackValueByValue()
    {
        var random = new Random(7);
        string[][] rows = [.. Enumerable.Range(0, 400).Select(_ => random.GetItems(Values, random.Next(1, 6)))];
        var text = new StringBuilder("id,user,__mv_user\n");
        for (int i = 0; i < rows.Length; i++)
        {
            string twin = rows[i].Length == 1 ? "" : string.Join(';', rows[i].Select(v => $"${v.Replace("$", "$$", StringComparison.Ordinal)}$"));
            text.Append(CultureInfo.InvariantCulture, $"{i},{Quoted(string.Join('\n', rows[i]))},{Quoted(twin)}\n");
        }

        (await bench.WeirAsync("ingest", bench.Write("mv.csv", text.ToString()), "--commit-rows", "50", "--batch-rows", "20")).Clean();
        string[] landed = (await bench.WeirAsync("sql", "SELECT to_json(user)::VARCHAR AS l FROM mv ORDER BY id", "--format", "ndjson", "--quiet")).Clean().Out.TrimEnd('\n').Split('\n');
        for (int i = 0; i < rows.Length; i++)
        {
            string? list = System.Text.Json.JsonDocument.Parse(landed[i]).RootElement.GetProperty("l").GetString();
            if (rows[i] is [""])
                Assert.Null(list); // an empty cell
            else
                Assert.Equal(rows[i], System.Text.Json.JsonSerializer.Deserialize<string[]>(list!));
        }

        await bench.VerifiedAsync();
    }

    [Theory]
    [InlineData("100000")]
    [InlineData("2")]
    public async Task Unnest_FillsAChildTable_InBothWaysASourceCloses(string interval)
    {
        string file = bench.Write("a.csv", "id,roles,values(u)\n1,\"[\"\"x\"\",null]\",\"p\nq\"\n2,,r\n3,[],\n4,\"[\"\"y\"\"]\",s\n");
        Run run = (await bench.WeirAsync("ingest", file, "--unnest", "roles,values_u", "--commit-rows", interval, "--batch-rows", "1")).Clean();
        Assert.Contains("unnested: 3 values in a__roles, 4 values in a__values_u", run.Error, StringComparison.Ordinal);
        Assert.Equal("1,1,1,x|1,1,2,|1,4,1,y", await bench.AskAsync("SELECT * FROM a__roles ORDER BY ALL"));
        Assert.Equal("1,1,1,p|1,1,2,q|1,2,1,r|1,4,1,s", await bench.AskAsync("SELECT * FROM a__values_u ORDER BY ALL"));
        (await bench.WeirAsync("ingest", file, "--unnest", "roles,values_u")).Clean(); // landed already
        (await bench.WeirAsync("ingest", bench.Write("b.csv", "id,roles,values(u)\n9,\"[\"\"z\"\"]\",t\n"), "--table", "a", "--unnest", "roles")).Clean();
        Assert.Equal("4,4", await bench.AskAsync("SELECT (SELECT count(*) FROM a__roles), (SELECT count(*) FROM a__values_u)"));
        (await bench.WeirAsync("remove", "1")).Clean();
        Assert.Equal("2,1,1,z", await bench.AskAsync("SELECT * FROM a__roles"));
        Assert.Equal("0", await bench.AskAsync("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'a__values_u'"));
        await bench.VerifiedAsync();
    }

    [Theory]
    [InlineData(98_304)]
    [InlineData(1)]
    public async Task Unnest_FromTheLibrary_ReportsTheValuesOfTheLists(int commitRows)
    {
        var unnest = new UnnestOptions { Children = ["roles"] };
        RunOptions run = RunOptions.Default with { BatchRows = 1, CommitRows = commitRows };
        string file = bench.Write("a.csv", "id,roles\n1,\"[\"\"x\"\",\"\"y\"\"]\"\n2,[]\n3,\"[\"\"z\"\"]\"\n");
        for (int i = 0; i < 2; i++) // the second time it has landed already
        {
            await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case, new CaseOptions { Run = run });
            RunReport report = await Pipeline.From(new CsvSource(file)).Then(new ParseStage()).Then(new UnnestStage(unnest)).To(caseFile.Table("a", new TableOptions { Unnest = unnest })).RunAsync(run, default);
            Assert.Equal([KeyValuePair.Create("a__roles", 3L)], report.Result.Children);
        }
    }

    [Fact]
    public async Task Unnest_ThatWouldExplode_IsRefusedBeforeTheFirstRow()
    {
        string file = bench.Write("a.csv", "id,values(u)\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},\"a\nb\nc\"\n")));
        Run run = (await bench.WeirAsync("ingest", file, "--unnest", "values(u)", "--unnest-limit", "250")).Ended(2);
        Assert.Contains("300 child rows to be expected; expected at most 250. Allow more with --unnest-limit", run.Error, StringComparison.Ordinal);
        Assert.Equal("0", await bench.AskAsync("SELECT count(*) FROM weir.sources"));
        (await bench.WeirAsync("ingest", file, "--unnest", "values(u)", "--unnest-limit", "300")).Clean();
    }

    [Fact]
    public async Task Collapse_JoinsAndSaysSo()
    {
        string file = bench.Write("a.csv", "user,__mv_user,values(n),json,given\n\"a\nb\",$a$;$b$,\"1\n2\",\"[\"\"x\"\",\"\"y\"\"]\",\"[\"\"p\"\",\"\"q\"\"]\"\nc,,3,[],z\n");
        Run run = (await bench.WeirAsync("ingest", file, "--collapse", " | ", "--multivalue", "given")).Clean();
        Assert.Contains("joined by ' | '", run.Error, StringComparison.Ordinal);
        Assert.Equal("a | b,1 | 2,\"[\"\"x\"\",\"\"y\"\"]\",p | q|c,3,[],z", await bench.AskAsync("SELECT \"user\", values_n, json, given FROM a ORDER BY row_id"));
        await bench.VerifiedAsync();
        Assert.Contains("Leave one out", (await bench.WeirAsync("ingest", file, "--collapse", ",", "--unnest", "given")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Multivalue_LateListInAColumnOfNumbers_KeepsEveryCell()
    {
        string rows = string.Concat(Enumerable.Range(0, 300).Select(i => i < 250 ? $"{i},\n" : $"\"{i}\n{i + 1}\",${i}$;${i + 1}$\n"));
        (await bench.WeirAsync("ingest", bench.Write("late.csv", "n,__mv_n\n" + rows), "--commit-rows", "60", "--batch-rows", "20")).Clean();
        Assert.Equal("VARCHAR[],350,mv-twin", await bench.AskAsync("SELECT any_value(typeof(n)), sum(len(n))::BIGINT, (SELECT format FROM weir.columns WHERE column_name = 'n' AND role = 'source') FROM late"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Published_Exports_HaveTheirLists()
    {
        if (SharedData.OrSkip(output) is not { } shared)
            return;
        (await bench.WeirAsync("ingest", Path.Combine(shared, "splunk-csv", "ual_splunk_export_part1.csv.gz"), "--ioc", "none")).Clean();
        Assert.Equal("6415,6415", await bench.AskAsync("SELECT count(*) FILTER (len(_si) = 2), count(*) FROM ual_splunk_export_part1"));
        await bench.WeirAsync("ingest", Path.Combine(shared, "splunk-csv", "mv_encoded_records_1.csv.gz"));
        Assert.Equal("10,VARCHAR[]", await bench.AskAsync("SELECT count(*) FILTER (len(random_integers) > 1), any_value(typeof(random_integers)) FROM mv_encoded_records_1"));
        await bench.VerifiedAsync();
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
