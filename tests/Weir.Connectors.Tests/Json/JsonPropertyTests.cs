using System.Globalization;
using CsCheck;

namespace Weir.Connectors.Tests;

/// <summary>Generated JSON; WEIR_FUZZ multiplies the number of inputs.</summary>
public sealed class JsonPropertyTests
{
    private static readonly int Effort = int.TryParse(Environment.GetEnvironmentVariable("WEIR_FUZZ"), CultureInfo.InvariantCulture, out int times) ? times : 1;

    private static readonly InputOptions Reading = new() { Csv = new CsvOptions { SmallMaxRow = 100_000, PieceBytes = 4000 } };

    private static readonly Func<string[], byte[]>[] Layouts =
    [
        JsonDocuments.Lines, JsonDocuments.Array, JsonDocuments.Concatenated, JsonDocuments.Pretty, r => JsonDocuments.Envelope(r, "value"), r => JsonDocuments.Envelope(r, "Records"),
        r => JsonDocuments.Envelope(r, "hits.hits"),
    ];

    [Fact]
    public void Read_AnyLayout_GivesEveryScalarBack() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1]).Sample((records, layout) =>
        {
            SourceRun run = SourceContract.Read(Layouts[layout](records), Reading);
            Assert.True(run.Rejects.Count == 0, $"layout {layout}: rejected {string.Join(" | ", run.Rejects.Select(r => System.Text.Encoding.UTF8.GetString(r.Raw.Span)))} of {string.Join(" ", records)}");
            Assert.Equal(records.Length, run.Rows.Count);
            for (int i = 0; i < records.Length; i++)
            {
                foreach ((string path, string? text) in JsonDocuments.Walk(records[i]))
                {
                    int column = Array.IndexOf(run.Names, path);
                    Assert.True(column >= 0, $"record {i}: no column {path}");
                    string? cell = column < run.Rows[i].Length ? run.Rows[i][column] : null;
                    Assert.True(cell == text, $"record {i}: {path} is {cell}, expected {text}: {records[i]}");
                }

                Assert.Equal(run.Rows[i].Count(c => c is not null), JsonDocuments.Walk(records[i]).Count(c => c.Value is not null));
            }
        }, iter: 10_000 * Effort);

    [Fact]
    public void Read_MoreKeysThanColumns_KeepsThemAsJson() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[1, 6]).Sample((records, most) =>
        {
            SourceRun run = SourceContract.Read(JsonDocuments.Lines(records), Reading with { Json = new JsonOptions { MaxColumns = most } });
            Assert.True(run.Names.Length <= most + 1);
            for (int i = 0; i < records.Length; i++)
            {
                Dictionary<string, string?> expected = JsonDocuments.Walk(records[i]);
                var found = new Dictionary<string, string?>();
                for (int c = 0; c < run.Rows[i].Length; c++)
                {
                    if (run.Rows[i][c] is not { } cell)
                        continue;
                    if (c < most)
                    {
                        found[run.Names[c]] = cell;
                        continue;
                    }

                    // An object stands there whole, under its own path.
                    using var extra = System.Text.Json.JsonDocument.Parse(cell);
                    foreach (System.Text.Json.JsonProperty property in extra.RootElement.EnumerateObject())
                    {
                        foreach ((string path, string? text) in JsonDocuments.Walk($"{{\"x\":{property.Value.GetRawText()}}}"))
                            found[property.Name + path[1..]] = text;
                    }
                }

                foreach ((string path, string? text) in expected)
                {
                    // Depth is counted from the record: within an object that stands whole it begins anew.
                    if (text is not null && path.Count(c => c == '.') < 4)
                        Assert.True(found.TryGetValue(path, out string? cell) && cell == text, $"{path} is {found.GetValueOrDefault(path)}, expected {text} in {records[i]}");
                }
            }
        }, iter: 2_000 * Effort);

    [Fact]
    public void Read_AnyCut_ChangesNothing() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 4]).Sample(
            (records, layout, block, chunk, rows) => SourceContract.AnyCutGivesTheSame(Layouts[layout](records), Reading, block, chunk, rows), iter: 2_000 * Effort);

    [Fact]
    public void Read_AnyContainerAndEncoding_ChangesNothing() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1]).Sample((records, layout) => SourceContract.AnyContainerAndEncodingGivesTheSame(Layouts[layout](records), Reading), iter: 300 * Effort);

    [Fact]
    public void Read_FromAnyResumePoint_GivesTheSameRows() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1], Gen.Int[1, 4]).Sample((records, layout, rows) => SourceContract.AnyResumeGivesTheSame(Layouts[layout](records), Reading, rows), iter: 200 * Effort);

    [Fact]
    public void FindRow_FromAnyBatch_GivesTheOriginalBytes() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1], Gen.Int[1, 4]).Sample((records, layout, rows) => SourceContract.EveryRowIsFound(Layouts[layout](records), Reading, rows), iter: 200 * Effort);

    [Fact]
    public void Read_MutatedInput_ConservesAndDoesNotDependOnCuts() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1], Gen.Select(Gen.Double[0, 1], JsonDocuments.Of((byte)'"', (byte)'\n', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)',', (byte)'\\', (byte)0, (byte)0xFF, (byte)'x'), Gen.Int[0, 3]).Array[1, 4], Gen.Int[1, 30]).Sample(
            (records, layout, changes, block) =>
            {
                byte[] mutated = Mutate(Layouts[layout](records), changes);
                SourceContract.AnyBytesAreReadOrRefused(mutated, Reading);
                SourceContract.AnyCutGivesTheSame(mutated, Reading with { Format = "json" }, block, block + 3, 2);
            }, iter: 10_000 * Effort);

    [Fact]
    public void Read_MutatedInput_ResumesAnywhere() =>
        Gen.Select(JsonDocuments.Telling, Gen.Int[0, Layouts.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 3]).Array[1, 4], Gen.Int[1, 3]).Sample(
            (records, layout, changes, rows) => SourceContract.AnyResumeGivesTheSame(Mutate(Layouts[layout](records), changes), Reading with { Format = "json", Encoding = TextEncoding.Utf8 }, rows), iter: 300 * Effort);

    [Fact]
    public Task Read_Cancelled_Stops() => SourceContract.CancelStopsAsync(JsonDocuments.Lines([.. Enumerable.Range(0, 100).Select(i => $"{{\"a\":{i}}}")]), Reading, 3);

    private static byte[] Mutate(byte[] text, (double At, byte Value, int Cut)[] changes)
    {
        var bytes = new List<byte>(text);
        foreach ((double at, byte value, int cut) in changes)
        {
            int place = (int)(at * (bytes.Count - 1));
            bytes[place] = value;
            bytes.RemoveRange(place, Math.Min(cut, Math.Max(0, bytes.Count - place - 2)));
        }

        return [.. bytes];
    }
}
