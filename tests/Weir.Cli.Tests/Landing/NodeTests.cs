using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Weir.Cli.Tests.Commands;
using Weir.Engine.Store;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Landing;

/// <summary>A case opens in the DuckDB that R, Python and Node users have: 1.2 and the current one.</summary>
public sealed partial class NodeTests(NodePackages node, ITestOutputHelper output) : IClassFixture<NodePackages>
{
    [Fact]
    public async Task Case_OtherDuckDbVersions_ReadEveryTable()
    {
        if (Skipped())
            return;
        using var folder = new TempFolder();
        string path = folder.File("case.duckdb"), input = folder.Write("nasty.csv", NastyCsv.Make(21, 1500)), other = folder.Write("other.csv", NastyCsv.MakeOther(300));
        Assert.Equal(1, await Cli.RunAsync(["ingest", input, other, "--case", path, "--commit-rows", "400", "--batch-rows", "100", "--quiet"], TextWriter.Null, TextWriter.Null));
        var expected = new List<string>();
        await using (CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true }))
        {
            foreach (var (schema, table) in caseFile.Database.Rows(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('main', 'weir') AND table_catalog = ? ORDER BY ALL", r => (r.GetString(0), r.GetString(1)), CaseDatabase.Alias))
            {
                long rows = caseFile.Database.Count($"SELECT count(*) FROM {Sql.Name(schema)}.{Sql.Name(table)}");
                expected.Add($"{schema}.{table} {rows} {rows}");
            }
        }

        foreach (string version in NodePackages.Versions)
        {
            var (exit, read) = await node.NodeAsync("read.mjs", version, path);
            Assert.True(exit == 0, $"{version}: {read}");
            Assert.Equal(string.Join('\n', expected), read.Trim());
        }
    }

    [Fact]
    public async Task Case_OpenInAnotherProgram_IsSharedForReadingOnly()
    {
        if (Skipped())
            return;
        using var bench = new Bench();
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"), "--quiet")).Clean();
        string file = bench.Write("b.csv", "a,b\n3,4\n");
        foreach (string version in NodePackages.Versions)
        {
            using (Process reader = await OpenAsync(version, "READ_ONLY"))
            {
                Assert.Equal("1", await bench.AskAsync("SELECT count(*) FROM a"));
                (await bench.WeirAsync("ingest", file)).Failed(bench.Case, $"it is locked by node (process {reader.Id}), which has it open for reading", "try again");
                await CloseAsync(reader);
            }

            using (Process writer = await OpenAsync(version, "READ_WRITE"))
            {
                (await bench.WeirAsync("sql", "SELECT 1")).Failed(bench.Case, $"it is locked by node (process {writer.Id}), which has it open for writing", "open it read-only");
                (await bench.WeirAsync("ingest", file)).Failed(bench.Case, $"it is locked by node (process {writer.Id}), which has it open for writing", "try again");
                await CloseAsync(writer);
            }

            using Process weir = Run.Start(["ingest", "-", "--table", "held", "--case", bench.Case]);
            Assert.Contains("standard input", await weir.StandardError.ReadLineAsync(), StringComparison.Ordinal); // said once the case is open
            var (exit, refused) = await node.NodeAsync("open.mjs", version, bench.Case, "READ_ONLY");
            Assert.Equal(1, exit);
            Assert.Contains("Could not set lock on file", refused, StringComparison.Ordinal);
            Assert.Contains($"(PID {weir.Id})", refused, StringComparison.Ordinal);
            await weir.StandardInput.WriteAsync("a,b\n5,6\n");
            Assert.InRange((await Run.EndAsync(weir)).Exit, 0, 1);
        }

        (await bench.WeirAsync("ingest", file, "--quiet")).Clean();
        await bench.VerifiedAsync();

        async Task<Process> OpenAsync(string version, string mode)
        {
            Process process = node.Start("open.mjs", version, bench.Case, mode);
            Assert.Equal("open", await process.StandardOutput.ReadLineAsync());
            return process;
        }

        static async Task CloseAsync(Process process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    public async Task RAndPython_SqlOfTheirPage_GivesTheSameRowsInBothVersions()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(ReadmeTests.Root, "examples", "r-and-python.md"));
        string[] statements = [.. Statements(page)];
        Assert.Equal(13, statements.Length);
        if (Skipped())
            return;
        using var folder = new TempFolder();
        string path = folder.File("demo.duckdb");
        Assert.Equal(0, await Cli.RunAsync(["demo", "--case", path, "--quiet"], TextWriter.Null, TextWriter.Null));

        string list = folder.File("statements.json"), values = folder.File("values.json");
        await File.WriteAllTextAsync(list, JsonSerializer.Serialize(statements));
        await File.WriteAllTextAsync(values, """{"address":"104.207.83.63"}""");
        var results = new List<string>();
        foreach (string version in NodePackages.Versions)
        {
            var (exit, printed) = await node.NodeAsync("query.mjs", version, path, list, values);
            Assert.True(exit == 0, $"{version}: {printed}");
            results.Add(printed);
        }

        Assert.Equal(results[0], results[1]);
        using JsonDocument answers = JsonDocument.Parse(results[0]);
        for (int i = 0; i < statements.Length; i++)
        {
            if (!statements[i].StartsWith("SET ", StringComparison.Ordinal))
                Assert.True(answers.RootElement[i].GetProperty("rows").GetArrayLength() > 0, $"no rows: {statements[i]}");
        }

        Assert.Contains("2018-08-20 09:57:17+00", results[0], StringComparison.Ordinal); // of the join: an instant, in UTC whatever this computer's zone
        Assert.Contains("\"2018-08-20 09:00:00\"", results[0], StringComparison.Ordinal);
    }

    private bool Skipped()
    {
        if (node.Missing is not null)
            output.WriteLine(node.Missing);
        return node.Missing is not null;
    }

    /// <summary>The SQL of a page: whole blocks of sql, raw texts in those of R, texts in triple quotes in those of Python.</summary>
    private static IEnumerable<string> Statements(string page)
    {
        foreach (Match block in Block().Matches(page))
        {
            string language = block.Groups["language"].Value, text = block.Groups["text"].Value;
            if (language == "sql")
                yield return text.Trim();
            foreach (Match inside in (language == "r" ? RawText() : PythonText()).Matches(language == "sql" ? "" : text))
                yield return inside.Groups["sql"].Value.Trim();
        }
    }

    [GeneratedRegex(@"^```(?<language>sql|r|python)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"r""\((?<sql>.*?)\)""", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex(@"""""""(?<sql>.*?)""""""", RegexOptions.Singleline)]
    private static partial Regex PythonText();
}
