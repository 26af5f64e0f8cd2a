using System.Text.Json;
using Weir.Cli.Tests.Commands;
using Weir.Connectors.Tests;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Kinds;

/// <summary>Every published sample is recognised for what it is, and no kind claims a file of another.</summary>
public sealed class KindSamplesTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Dictionary<string, string> Views = new() { ["signin"] = "signins", ["mail"] = "mails", ["audit"] = "audits" };

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Ingest_SampleFiles_AreOfTheirKindAndInItsView()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        string[][] samples = [.. File.ReadLines(Path.Combine(root, "inputs.tsv")).Skip(1).Select(l => l.Split('\t'))
            .Where(c => c[0].Split('/')[0] is "aad-signin" or "messagetrace" or "o365-audit" or "windows-events" or "misc" or "splunk-csv")];
        Assert.True(samples.Length >= 45, $"{samples.Length} samples");
        Run run = await bench.WeirAsync(["ingest", .. samples.Select(s => Path.Combine(root, s[0])), "--format", "json", "--quiet", "--ioc", "none"]);
        var wrong = new List<string>();
        foreach (JsonElement source in run.Out.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement))
        {
            string[] sample = samples.Single(s => Path.Combine(root, s[0]) == source.GetProperty("source").GetString());
            string[] expected = sample[8] == "other" ? [] : sample[8].Split('+');
            string[] found = [.. source.GetProperty("kinds").EnumerateObject().Select(k => k.Name)];
            // Collectors mix channels: a kind more in a file of Windows events is no mistake, one less is.
            bool right = expected.Length == 0 ? found.Length == 0 : expected.All(found.Contains) && (sample[0].StartsWith("windows-events", StringComparison.Ordinal) || found.Length == expected.Length);
            if (!right)
                wrong.Add($"{sample[0]}: [{string.Join(", ", found)}], expected [{string.Join(", ", expected)}]");
            if (expected.Length == 1 && Views.TryGetValue(expected[0], out string? view))
            {
                string rows = await bench.AskAsync($"SELECT count(*) FROM {view} WHERE source_id = {source.GetProperty("source_id")}");
                if (rows != sample[4])
                    wrong.Add($"{sample[0]}: {rows} rows in {view}, expected {sample[4]}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal("", await bench.AskAsync("SELECT source_id, row_id, count(*) FROM timeline GROUP BY ALL HAVING count(*) > 1"));
    }

    [Fact]
    public async Task Ingest_AuditExport_TakesTheRecordsTimeAndSaysWhereSplunksDiffers()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        Run run = await bench.WeirAsync("ingest", Path.Combine(root, "splunk-csv/ual_splunk_export_part1.csv.gz"), "--table", "ual", "--ioc", "none");
        Assert.Contains("time: audit_data_creation_time; _time differs: 2 h earlier in 6,064 rows, 1 h earlier in 348 rows", run.Error, StringComparison.Ordinal);
        Assert.Equal("3921,2021-03-23T15:45:38Z,2021-06-19T22:01:24Z", await bench.AskAsync("SELECT count(*), min(time), max(time) FROM audits"));
        Assert.Equal("2494", await bench.AskAsync("SELECT count(*) FROM weir.duplicates"));
    }
}
