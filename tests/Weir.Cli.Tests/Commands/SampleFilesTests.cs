using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Weir.Cli.Tests.Landing;
using Weir.Connectors.Tests;
using Weir.Engine.Store;
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
        int scalars = 0;
        await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true });
        foreach (string[] sample in samples.Where(s => s[1].Contains("json", StringComparison.Ordinal)))
        {
            JsonElement source = landed[Path.Combine(root, sample[0])];
            var cells = CaseReading.CellsOf(caseFile.Database, source.GetProperty("source_id").GetInt32(), source.GetProperty("table").GetString()!);
            foreach (var ((row, found), record) in cells.Zip(Records(Text(Path.Combine(root, sample[0])), sample[1])))
            {
                foreach ((string path, string? text) in JsonDocuments.Walk(record))
                {
                    Assert.True(found.GetValueOrDefault(path, "") == (text ?? ""), $"{sample[0]}, row {row}: {path} is {found.GetValueOrDefault(path)}, expected {text}");
                    scalars++;
                }
            }
        }

        Assert.True(scalars > 10_000, $"{scalars} values compared");
    }

    private static string Text(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        return reader.ReadToEnd();
    }

    /// <summary>The records of a sample, by another reader than weir's.</summary>
    private static IEnumerable<string> Records(string text, string format)
    {
        if (format is "ndjson" or "zeek-json")
            return text.Split('\n').Where(l => l.Trim().Length > 0).Select(l => l.Trim());
        if (format == "splunk-export-json")
            return text.Split('\n').Where(l => l.Trim().Length > 0).Select(l => JsonDocument.Parse(l).RootElement).Where(e => !e.GetProperty("preview").GetBoolean() && e.TryGetProperty("result", out _)).Select(e => e.GetProperty("result").GetRawText());
        JsonElement document = JsonDocument.Parse(text).RootElement;
        if (format.StartsWith("json-envelope:", StringComparison.Ordinal))
            document = document.GetProperty(format["json-envelope:".Length..]);
        else if (format == "splunk-results-json" && document.ValueKind == JsonValueKind.Object)
            document = document.GetProperty("results");
        return document.ValueKind == JsonValueKind.Array ? document.EnumerateArray().Select(e => e.GetRawText()) : [document.GetRawText()];
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
