using System.Globalization;
using System.Text.Json;
using Weir.Connectors.Tests;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Commands;

/// <summary>Every published sample of a format that is read lands its true number of records, in UTC, without an option.</summary>
public sealed class SampleFilesTests(ITestOutputHelper output) : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Ingest_SampleFiles_LandTheirRecordsAndTimes()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;

        string[][] samples = [.. File.ReadLines(Path.Combine(root, "inputs.tsv")).Skip(1).Select(l => l.Split('\t')).Where(c => IsRead(c[1]))];
        Run run = await bench.WeirAsync(["ingest", .. samples.Select(s => Path.Combine(root, s[0])), "--format", "json", "--quiet"]);
        Dictionary<string, JsonElement> landed = run.Out.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToDictionary(e => e.GetProperty("source").GetString()!);
        var wrong = new List<string>();
        int timed = 0;
        foreach (string[] sample in samples)
        {
            JsonElement source = landed[Path.Combine(root, sample[0])];
            if (source.GetProperty("rows_landed").GetInt64().ToString(CultureInfo.InvariantCulture) != sample[3] || source.GetProperty("rows_rejected").GetInt64() != 0)
                wrong.Add($"{sample[0]}: {source.GetProperty("rows_landed")} for {sample[3]}");
            if (sample[6].Length == 0)
                continue;
            timed++;
            string span = await SpanAsync(source, sample[9]);
            string expected = $"{Utc(sample[6])} {Utc(sample[7])}";
            if (span != expected)
                wrong.Add($"{sample[0]}: times {span}, expected {expected}: {sample[9]}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(samples.Length > 50 && timed > 30, $"{samples.Length} samples, {timed} with times");
        await bench.VerifiedAsync();
    }

    private static bool IsRead(string format) =>
        format is "csv" or "tsv" or "splunk-csv" or "ndjson" or "zeek-json" or "splunk-export-json" or "splunk-results-json" || format.StartsWith("json-", StringComparison.Ordinal);

    // The note names the field: "time: CreationTime; …", elsewhere in it or at its start.
    private async Task<string> SpanAsync(JsonElement source, string note)
    {
        int at = note.IndexOf("time: ", StringComparison.Ordinal);
        string field = at < 0 ? "_time" : note[(at + 6)..].Split([';', ','])[0].Trim();
        string id = source.GetProperty("source_id").GetRawText();
        string table = source.GetProperty("table").GetString()!;
        string columns = await bench.AskAsync(
            $"SELECT column_name FROM weir.columns WHERE source_id = {id} AND role = 'source' AND (original_name = '{field}' OR original_name LIKE '%.{field}') AND type LIKE 'TIMESTAMP%' ORDER BY length(original_name) LIMIT 1");
        if (columns.Length == 0)
            return $"no time column {field}";
        return (await bench.AskAsync($"SELECT strftime(min(\"{columns}\"), '%Y-%m-%dT%H:%M:%S.%f') || ' ' || strftime(max(\"{columns}\"), '%Y-%m-%dT%H:%M:%S.%f') FROM main.\"{table}\" WHERE source_id = {id}")).Trim('"');
    }

    // Microseconds are what a case holds.
    private static string Utc(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
