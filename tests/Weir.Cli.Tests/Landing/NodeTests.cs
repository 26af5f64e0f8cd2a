using System.ComponentModel;
using System.Diagnostics;
using Weir.Engine.Store;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Landing;

/// <summary>A case opens in the DuckDB that R, Python and Node users have: 1.2 and the current one.</summary>
public sealed class NodeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Case_OtherDuckDbVersions_ReadEveryTable()
    {
        using var folder = new TempFolder();
        foreach (string file in (string[])["package.json", "read.mjs"])
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Node", file), folder.File(file));
        var (installed, message) = await RunAsync(folder.Path, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock");
        if (installed is null or not 0)
        {
            output.WriteLine($"skipped: npm cannot install @duckdb/node-api here: {message.Split('\n')[0]}");
            return;
        }

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

        foreach (string version in (string[])["duckdb-oldest", "duckdb-current"])
        {
            var (exit, read) = await RunAsync(folder.Path, "node", "read.mjs", version, path);
            Assert.True(exit == 0, $"{version}: {read}");
            Assert.Equal(string.Join('\n', expected), read.Trim());
        }
    }

    private static async Task<(int? Exit, string Output)> RunAsync(string folder, string tool, params string[] args)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(tool, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string printed = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode == 0 ? printed : await error);
        }
        catch (Win32Exception e)
        {
            return (null, e.Message);
        }
    }
}
