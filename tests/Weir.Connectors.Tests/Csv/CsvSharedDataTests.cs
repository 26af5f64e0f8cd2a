using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Weir.Engine;
using Xunit.Abstractions;

namespace Weir.Connectors.Tests;

public sealed class CsvSharedDataTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Blanks behind a closing quote (61-63, 111) are text here, a lone CR among LFs (65) ends a row, rows of blanks stay (109, 110),
    // and an unclosed quote stays in its row as text (112, 117, 118).
    private static readonly string[] Differing = ["c-061", "c-062", "c-063", "c-065", "c-109", "c-110", "c-111", "c-112", "c-117", "c-118"];

    [Fact]
    public async Task Read_SampleFiles_GivesTheirRecords()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        var wrong = new List<string>();
        int files = 0;
        foreach (string line in File.ReadLines(Path.Combine(root, "inputs.tsv")).Skip(1))
        {
            string[] cells = line.Split('\t');
            if (cells[1] is not ("csv" or "splunk-csv" or "csv-no-header"))
                continue;
            files++;
            await using var source = new CsvSource(Path.Combine(root, cells[0]));
            SourceRun run = await SourceRun.OfAsync(source);
            if (run.RowsRead.ToString() != cells[3] || (cells[5].Length > 0 && run.Info.Columns.Count.ToString() != cells[5]))
                wrong.Add($"{cells[0]}: {run.RowsRead} rows for {cells[3]}, {run.Info.Columns.Count} columns for {cells[5]}: {string.Join("; ", source.Reasons)}");
            output.WriteLine($"{cells[0]}: {run.RowsRead} rows; {string.Join("; ", source.Reasons)}; {string.Join(", ", run.RawRemarks.GroupBy(r => r.Code).Select(g => $"{g.Count()} {g.Key}"))}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(files > 10);
    }

    [Fact]
    public async Task Read_PublishedCsvFiles_GivesTheirCells()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        var wrong = new List<string>();
        int judged = 0;
        foreach (string line in File.ReadLines(Path.Combine(root, "csv", "files.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            JsonElement file = json.RootElement;
            string name = file.GetProperty("file").GetString()!;
            string path = Path.Combine(root, "csv", "files", name);
            var options = new CsvOptions { Delimiter = file.GetProperty("delimiter").GetString(), Header = false, Quote = "\"" };
            bool clear = file.GetProperty("unambiguous").GetBoolean() && !file.GetProperty("encoding").GetString()!.StartsWith("utf-16", StringComparison.Ordinal);
            await using var source = new CsvSource(path, options);
            SourceRun run;
            try
            {
                run = await SourceRun.OfAsync(source);
            }
            catch (WeirException e)
            {
                if (clear && file.GetProperty("records").GetInt32() > 0)
                    wrong.Add($"{name}: {e.Message}");
                continue;
            }

            Assert.Equal(run.RowsRead, run.Ids.Count + run.Rejects.Select(r => r.RowId).Distinct().Count());
            if (!path.EndsWith(".gz", StringComparison.Ordinal) && !file.GetProperty("encoding").GetString()!.StartsWith("utf-16", StringComparison.Ordinal))
                Assert.Equal(new FileInfo(path).Length, run.Origins[^1].Next.ByteOffset);
            if (!clear)
                continue;
            judged++;
            List<string[]> records = Records(run);
            string sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PythonJson(records))));
            if (records.Count != file.GetProperty("records").GetInt32() || sha != file.GetProperty("cells_sha256").GetString())
                wrong.Add($"{name}: {records.Count} records for {file.GetProperty("records").GetInt32()}, remarks {string.Join(", ", run.Remarks.Take(3))}");
        }

        output.WriteLine($"{judged} files judged in full");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(judged > 200);
    }

    [Fact]
    public async Task Read_FilesOfEveryKind_ConservesOrRefuses()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        int refused = 0;
        int read = 0;
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            try
            {
                await using var source = new CsvSource(path);
                SourceRun run = await SourceRun.OfAsync(source);
                Assert.Equal(run.RowsRead, run.Ids.Count + run.Rejects.Select(r => r.RowId).Distinct().Count());
                Assert.Equal(new FileInfo(path).Length, run.End!.Bytes);
                read++;
            }
            catch (WeirException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }

        output.WriteLine($"{read} read, {refused} refused");
        Assert.True(read > refused);
    }

    [Fact]
    public void Read_PollutedTables_KeepsWhatIsClear()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        var wrong = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(root, "csv", "polluted.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            JsonElement item = json.RootElement;
            string id = item.GetProperty("id").GetString()! + " " + item.GetProperty("kind").GetString();
            string input = item.GetProperty("input").GetString()!;
            bool preamble = item.TryGetProperty("preamble_lines", out _);
            var options = new CsvOptions
            {
                Delimiter = item.GetProperty("delimiter").GetString(),
                Quote = item.GetProperty("quote").GetString(),
                Escape = item.TryGetProperty("escape", out JsonElement escape) ? escape.GetString() : null,
                Header = preamble ? null : false,
            };
            if (input.Length == 0)
            {
                Assert.Throws<EmptyInputException>(() => SourceRun.Of(input, options));
                continue;
            }

            SourceRun run = SourceRun.Of(input, options);
            List<string[]> records = Records(run);
            if (preamble)
                records.Insert(0, [.. run.Info.Columns]);
            if (item.GetProperty("expected") is { ValueKind: JsonValueKind.Array } expected)
            {
                if (Show(records) != Show(Rows(expected)))
                    wrong.Add($"{id}: {Show(records)}\n   expected {Show(Rows(expected))}");
                continue;
            }

            if (!item.TryGetProperty("expected_rows", out JsonElement all))
                continue;
            List<string[]> rows = Rows(all);
            int offset = records.Count - rows.Count; // a damaged row may have become several
            foreach (string key in (string[])["rows_untouched", "rows_wanted"])
            {
                if (!item.TryGetProperty(key, out JsonElement numbers))
                    continue;
                int damaged = item.TryGetProperty("damaged_row", out JsonElement d) ? d.GetInt32() : int.MaxValue;
                foreach (int n in numbers.EnumerateArray().Select(n => n.GetInt32()))
                {
                    int at = n > damaged ? n + offset : n;
                    if (at >= records.Count || !records[at].SequenceEqual(rows[n]))
                        wrong.Add($"{id}: row {n}: {(at < records.Count && at >= 0 ? Show([records[at]]) : "absent")} for {Show([rows[n]])}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Read_PublishedCases_GivesTheirRecords()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        int judged = 0;
        var wrong = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(root, "csv", "cases.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            JsonElement item = json.RootElement;
            string input = item.GetProperty("input").GetString()!;
            if (input.Length == 0)
                continue;
            string? delimiter = item.TryGetProperty("delimiter", out JsonElement d) ? d.GetString() : null;
            if (delimiter is not null && (Encoding.UTF8.GetByteCount(delimiter) is < 1 or > 4 || delimiter.AsSpan().ContainsAny('\r', '\n')))
                continue;
            string? quote = item.TryGetProperty("quote", out JsonElement q) ? q.GetString() ?? "" : "\"";
            if (quote!.Length > 1)
                continue;
            SourceRun run;
            try
            {
                run = SourceRun.Of(input, new CsvOptions { Delimiter = delimiter, Quote = quote, Header = false });
            }
            catch (WeirException)
            {
                continue;
            }

            Assert.Equal(run.RowsRead, run.Ids.Count);
            bool special = item.TryGetProperty("prefix_only", out _) || item.TryGetProperty("python_differs", out _) || item.TryGetProperty("source_errors", out _)
                || item.TryGetProperty("comment", out _) || item.TryGetProperty("escape", out _) || item.TryGetProperty("newline", out _);
            if (special || Differing.Contains(item.GetProperty("id").GetString()!) || !item.TryGetProperty("expected", out JsonElement e) || e.ValueKind != JsonValueKind.Array)
                continue;
            judged++;
            List<string[]> expected = [.. Rows(item.GetProperty("expected")).Where(r => r is not ([] or [""]))];
            List<string[]> records = [.. Records(run).Where(r => r is not [""])];
            if (Show(records) != Show(expected))
                wrong.Add($"{item.GetProperty("id").GetString()}: {Show(records)} for {Show(expected)}: {item.GetRawText()[..Math.Min(200, item.GetRawText().Length)]}");
        }

        output.WriteLine($"{judged} cases judged");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The records as they stood in the text: a missing field is absent, an empty one is empty.</summary>
    private static List<string[]> Records(SourceRun run)
    {
        var fields = run.RawRemarks.Where(r => r.Code == "missing-fields").ToDictionary(r => r.RowId!.Value, r => int.Parse(r.Detail.Split(' ')[0]));
        var records = new List<string[]>();
        for (int i = 0; i < run.Rows.Count; i++)
        {
            IEnumerable<string?> cells = run.Rows[i].Concat(run.Extra[i] ?? []);
            if (fields.TryGetValue(run.Ids[i], out int count))
                cells = cells.Take(count);
            string[] record = [.. cells.Select(c => c ?? "")];
            if (run.Info.Columns.Count == 1 && record.Length == 1 && run.Rows[i][0] is null)
                continue; // a blank line
            records.Add(record);
        }

        return records;
    }

    private static List<string[]> Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(r => r.EnumerateArray().Select(c => c.GetString() ?? "").ToArray())];

    private static string Show(List<string[]> rows) => JsonSerializer.Serialize(rows, Plain);

    // json.dumps(separators=(',', ':'), ensure_ascii=False)
    private static string PythonJson(List<string[]> records)
    {
        var text = new StringBuilder("[");
        foreach (string[] record in records)
        {
            text.Append(text.Length > 1 ? ",[" : "[");
            for (int i = 0; i < record.Length; i++)
            {
                text.Append(i > 0 ? ",\"" : "\"");
                foreach (char c in record[i])
                {
                    text.Append(c switch
                    {
                        '"' => "\\\"",
                        '\\' => "\\\\",
                        '\n' => "\\n",
                        '\r' => "\\r",
                        '\t' => "\\t",
                        '\b' => "\\b",
                        '\f' => "\\f",
                        < ' ' => $"\\u{(int)c:x4}",
                        _ => c.ToString(),
                    });
                }

                text.Append('"');
            }

            text.Append(']');
        }

        return text.Append(']').ToString();
    }
}
