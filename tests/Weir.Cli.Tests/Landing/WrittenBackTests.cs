using System.Globalization;
using System.Text.Json;
using Weir.Connectors;
using Weir.Connectors.Tests;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;
using Xunit.Abstractions;

namespace Weir.Cli.Tests.Landing;

/// <summary>Every cell that was read can be written back from the case, by SQL and by C#, and equals what the file holds.</summary>
/// <remarks>What the file holds is read by <see cref="SourceRun"/>, whose cells the connector's tests compare with other people's readers.</remarks>
public sealed class WrittenBackTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ingest_NastyExport_GivesEveryCellBack()
    {
        using var folder = new TempFolder();
        string file = folder.Write("nasty.csv", NastyCsv.Make(7, 2500));
        foreach (int commitRows in (int[])[100_000, 400])
            Assert.Equal("", await CompareAsync(folder.File($"c{commitRows}.duckdb"), file, new CsvOptions(), RunOptions.Default with { CommitRows = commitRows, BatchRows = 200 }));
    }

    [Fact]
    public async Task Ingest_OneFileCutInThree_GivesTheSameCells()
    {
        using var folder = new TempFolder();
        byte[] whole = NastyCsv.Make(3, 1200);
        string all = folder.Write("all.csv", whole);
        string header = NastyCsv.Header + "\r\n";
        var starts = new List<int>();
        await using (var source = new CsvSource(all))
        {
            await source.OpenAsync(default);
            await foreach (Batch batch in source.ReadAsync(null, RunOptions.Default with { BatchRows = 400 }, default))
            {
                starts.Add((int)batch.Origin.ByteOffset);
                batch.Dispose();
            }
        }

        string path = folder.File("parts.duckdb");
        var expected = new List<string>();
        var found = new List<string>();
        await using (CaseFile one = await CaseFile.OpenAsync(folder.File("one.duckdb")))
        {
            await LandAsync(one, all, new CsvOptions(), RunOptions.Default);
            expected.AddRange(WrittenBack(one, 1).Select(r => string.Join('\u241f', r.Cells)));
        }

        await using CaseFile parts = await CaseFile.OpenAsync(path);
        for (int i = 0; i < 3; i++)
        {
            byte[] part = [.. System.Text.Encoding.UTF8.GetBytes(header), .. whole.AsSpan(starts[i], (i == 2 ? whole.Length : starts[i + 1]) - starts[i])];
            if (i == 0)
                part = whole[..starts[1]];
            await LandAsync(parts, folder.Write($"part{i}.csv", part), new CsvOptions(), RunOptions.Default);
        }

        for (int source = 1; source <= 3; source++)
            found.AddRange(WrittenBack(parts, source).Select(r => string.Join('\u241f', r.Cells)));
        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Ingest_SampleExports_LandTheirRecordsAndTimes()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        using var folder = new TempFolder();
        var wrong = new List<string>();
        int files = 0;
        foreach (string[] line in File.ReadLines(Path.Combine(root, "inputs.tsv")).Skip(1).Select(l => l.Split('\t')))
        {
            if (line[1] is not ("csv" or "splunk-csv"))
                continue;
            string path = folder.File($"case{++files}.duckdb");
            await using CaseFile caseFile = await CaseFile.OpenAsync(path);
            RunReport report = await LandAsync(caseFile, Path.Combine(root, line[0]), new CsvOptions(), RunOptions.Default);
            long rows = caseFile.Database.Count("SELECT count(*) FROM data");
            if (rows != long.Parse(line[3], CultureInfo.InvariantCulture) || report.Result.RowsLanded != rows)
                wrong.Add($"{line[0]}: {rows} rows for {line[3]}");
            if (line[5].Length > 0 && caseFile.Database.Count("SELECT count(DISTINCT position) FROM weir.columns WHERE role = 'source'") != long.Parse(line[5], CultureInfo.InvariantCulture))
                wrong.Add($"{line[0]}: not {line[5]} columns");
            if (line[6].Length > 0)
                wrong.AddRange(Times(caseFile, line));
            string faults = string.Join("; ", await FaultsAsync(caseFile));
            if (faults.Length > 0)
                wrong.Add($"{line[0]}: {faults}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(files > 15);
    }

    [Fact]
    public async Task Ingest_PublishedFiles_GiveEveryCellBack()
    {
        if (SharedData.OrSkip(output) is not { } root)
            return;
        using var folder = new TempFolder();
        var wrong = new List<string>();
        int judged = 0;
        IEnumerable<(string File, CsvOptions Options)> inputs = Directory.EnumerateFiles(Path.Combine(root, "splunk-csv")).Select(f => (f, new CsvOptions()));
        foreach (string line in File.ReadLines(Path.Combine(root, "csv", "files.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            JsonElement file = json.RootElement;
            if (file.GetProperty("unambiguous").GetBoolean() && !file.GetProperty("encoding").GetString()!.StartsWith("utf-16", StringComparison.Ordinal))
                inputs = inputs.Append((Path.Combine(root, "csv", "files", file.GetProperty("file").GetString()!), new CsvOptions { Delimiter = file.GetProperty("delimiter").GetString(), Quote = "\"" }));
        }

        foreach (string line in File.ReadLines(Path.Combine(root, "csv", "polluted.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            JsonElement item = json.RootElement;
            string input = item.GetProperty("input").GetString()!;
            if (input.Length == 0)
                continue;
            var options = new CsvOptions
            {
                Delimiter = item.GetProperty("delimiter").GetString(),
                Quote = item.GetProperty("quote").GetString(),
                Escape = item.TryGetProperty("escape", out JsonElement escape) ? escape.GetString() : null,
            };
            inputs = inputs.Append((folder.Write(item.GetProperty("id").GetString() + ".csv", System.Text.Encoding.UTF8.GetBytes(input)), options));
        }

        foreach (var (file, options) in inputs)
        {
            try
            {
                string difference = await CompareAsync(folder.File($"case{++judged}.duckdb"), file, options, RunOptions.Default with { BatchRows = 500, CommitRows = 4000 });
                if (difference.Length > 0)
                    wrong.Add($"{Path.GetFileName(file)}: {difference}");
            }
            catch (WeirException e) when (e is EmptyInputException || new FileInfo(file).Length < 16)
            {
                output.WriteLine(e.Message);
            }
        }

        output.WriteLine($"{judged} files");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(judged > 250);
    }

    private static async Task<RunReport> LandAsync(CaseFile caseFile, string file, CsvOptions options, RunOptions run) =>
        await Pipeline.From(new CsvSource(file, options)).Then(new ParseStage()).To(caseFile.Table("data")).RunAsync(run, default);

    private static async Task<string> CompareAsync(string casePath, string file, CsvOptions options, RunOptions run)
    {
        SourceRun read;
        await using (var source = new CsvSource(file, options))
            read = await SourceRun.OfAsync(source);
        await using CaseFile caseFile = await CaseFile.OpenAsync(casePath);
        await LandAsync(caseFile, file, options, run);
        List<string> faults = await FaultsAsync(caseFile);
        if (faults.Count > 0)
            return string.Join("; ", faults);
        List<(long Row, string[] Cells)> back = WrittenBack(caseFile, 1);
        if (back.Count != read.Rows.Count)
            return $"{back.Count} rows for {read.Rows.Count}";
        for (int i = 0; i < back.Count; i++)
        {
            string[] expected = [.. read.Rows[i].Select(c => c ?? ""), .. (read.Extra[i] ?? []).Select(c => c ?? "")];
            if (back[i].Row != read.Ids[i] || !back[i].Cells.SequenceEqual(expected))
                return $"row {back[i].Row}: {JsonSerializer.Serialize(back[i].Cells)} for {JsonSerializer.Serialize(expected)}";
        }

        return "";
    }

    private static async Task<List<string>> FaultsAsync(CaseFile caseFile)
    {
        var faults = new List<string>();
        await foreach (SourceVerification source in caseFile.VerifyAsync(default))
            faults.AddRange(source.Faults);
        return faults;
    }

    /// <summary>The cells of a source in the order of its columns, as SQL writes them back; extra fields behind them.</summary>
    private static List<(long Row, string[] Cells)> WrittenBack(CaseFile caseFile, int source)
    {
        TableModel model = TableModel.Load(caseFile.Database, "data");
        ColumnBinding[] bindings = [.. model.Bindings(source).OrderBy(b => b.Position)];
        ColumnBinding? extra = bindings.FirstOrDefault(b => b.Position < 0);
        ColumnBinding[] columns = [.. bindings.Where(b => b.Position >= 0)];
        string list = string.Join(", ", columns.Select(b => b.TextSql()));
        string extras = extra is null ? "NULL::VARCHAR" : $"to_json({Sql.Name(extra.Column.Name)})::VARCHAR";
        return caseFile.Database.Rows(
            $"SELECT row_id, {extras}, {list} FROM data WHERE source_id = ? ORDER BY row_id",
            r => (r.GetInt64(0), Cells: (string[])
            [
                .. Enumerable.Range(2, columns.Length).Select(i => r.IsDBNull(i) ? "" : r.GetString(i)),
                .. r.IsDBNull(1) ? [] : JsonSerializer.Deserialize<string?[]>(r.GetString(1))!.Select(c => c ?? ""),
            ]),
            source);
    }

    private static IEnumerable<string> Times(CaseFile caseFile, string[] line)
    {
        string field = line[9].Contains("time: ", StringComparison.Ordinal) ? line[9].Split("time: ")[1].Split([';', ','])[0].Trim() : "_time";
        string? column = caseFile.Database.Scalar("SELECT column_name FROM weir.columns WHERE role = 'source' AND original_name = ? AND type = 'TIMESTAMP WITH TIME ZONE'", field) as string
            ?? caseFile.Database.Scalar("SELECT column_name FROM weir.columns WHERE role = 'source' AND column_name = ? AND type LIKE 'TIMESTAMP%'", ColumnNames.Clean(field)) as string;
        if (column is null)
        {
            yield return $"{line[0]}: {field} is no TIMESTAMPTZ";
            yield break;
        }

        var (first, last) = caseFile.Database.Rows(
            $"SELECT epoch_us(min({Sql.Name(column)})), epoch_us(max({Sql.Name(column)})) FROM data", r => (r.GetInt64(0), r.GetInt64(1)))[0];
        if (first != Micros(line[6]) || last != Micros(line[7]))
            yield return $"{line[0]}: {field} spans {first} to {last} for {Micros(line[6])} to {Micros(line[7])}";
    }

    private static long Micros(string time)
    {
        int dot = time.IndexOf('.', StringComparison.Ordinal);
        string fraction = dot < 0 ? "" : time[(dot + 1)..].TrimEnd('Z');
        var seconds = DateTime.Parse(dot < 0 ? time : time[..dot] + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return (seconds - DateTime.UnixEpoch).Ticks / 10 + (fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(6, '0')[..6], CultureInfo.InvariantCulture));
    }
}
