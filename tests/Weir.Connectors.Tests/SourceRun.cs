using System.Text;
using Apache.Arrow;
using Weir.Engine;

namespace Weir.Connectors.Tests;

/// <summary>All that a source gave, flattened so that two runs can be compared.</summary>
internal sealed class SourceRun
{
    public List<long> Ids { get; } = [];

    /// <summary>Cells of each row; NULL is null, missing fields too.</summary>
    public List<string?[]> Rows { get; } = [];

    /// <summary>Extra fields of each row; null where there are none.</summary>
    public List<string?[]?> Extra { get; } = [];

    public List<string> Remarks { get; } = [];

    public List<Remark> RawRemarks { get; } = [];

    public List<Reject> Rejects { get; } = [];

    public List<Origin> Origins { get; } = [];

    public List<string[]> FieldNames { get; } = [];

    public SourceEnd? End { get; private set; }

    public required SourceInfo Info { get; init; }

    public long RowsRead => Origins.Sum(o => o.Rows);

    public static async Task<SourceRun> OfAsync(ISource source, ResumePoint? from = null, int batchRows = 8192, long memory = 512L << 20)
    {
        var run = new SourceRun { Info = await source.OpenAsync(default) };
        await foreach (Batch batch in source.ReadAsync(from, RunOptions.Default with { BatchRows = batchRows, Memory = memory }, default))
        {
            using (batch)
                run.Add(batch);
        }

        return run;
    }

    public static SourceRun Of(byte[] bytes, CsvOptions? options = null, int batchRows = 8192, int chunk = int.MaxValue) =>
        OfAsync(new CsvSource(new ChoppedStream(bytes, chunk), "-", options), null, batchRows).GetAwaiter().GetResult();

    public static SourceRun Of(string text, CsvOptions? options = null, int batchRows = 8192, int chunk = int.MaxValue) =>
        Of(Encoding.UTF8.GetBytes(text), options, batchRows, chunk);

    /// <summary>Rows as lines: cells in brackets, NULL as ~.</summary>
    public string Text() => string.Join('\n', Rows.Select((r, i) => Line(i)));

    public string Line(int row) =>
        Ids[row] + string.Concat(Cells(row).Select(c => c is null ? "~" : $"[{c}]")) + (Extra[row] is { } extra ? "+" + string.Concat(extra.Select(c => c is null ? "~" : $"[{c}]")) : "");

    /// <summary>Names of the columns at the end.</summary>
    public string[] Names => [.. FieldNames[^1].Skip(1)];

    // Where columns are found as rows are read, those that came later are NULL without having been there.
    private IEnumerable<string?> Cells(int row) => Info.OpenColumns ? Rows[row].Take(System.Array.FindLastIndex(Rows[row], c => c is not null) + 1) : Rows[row];

    /// <summary>Everything that must not depend on cuts.</summary>
    public string Dump() =>
        Text() + "\n" + string.Join('\n', Remarks.OrderBy(r => r[0] == ' ' ? 0 : 1)) + // those of the source as a whole ride with any batch
        "\n" + string.Join('\n', Rejects.Select(r => $"{r.RowId} {r.Line} {r.ByteOffset} {r.Code} {Convert.ToHexString(r.Raw.Span)}"))
        + $"\n{End!.Bytes} {End.Sha256}\n{Counts()}";

    /// <summary>What must not depend on container and encoding either.</summary>
    public string Content() => Text() + "\n" + string.Join('\n', Rejects.Select(r => $"{r.RowId} {r.Line} {r.Code} {Convert.ToHexString(r.Raw.Span)}")) + "\n" + Counts();

    private string Counts() => $"{RowsRead} {End!.BlankLines} {End.Missing} {(Info.OpenColumns ? string.Join('|', Names) : "")}";

    /// <summary>The first batches of <paramref name="head"/> and all of <paramref name="tail"/>, which went on behind them.</summary>
    public static SourceRun Joined(SourceRun head, int batches, SourceRun tail)
    {
        var joined = new SourceRun { Info = head.Info, End = tail.End };
        (int rows, int remarks, int rejects) = batches == 0 ? (0, 0, 0) : head.Marks[batches - 1];
        joined.Ids.AddRange(head.Ids.Take(rows).Concat(tail.Ids));
        joined.Rows.AddRange(head.Rows.Take(rows).Concat(tail.Rows));
        joined.Extra.AddRange(head.Extra.Take(rows).Concat(tail.Extra));
        joined.Remarks.AddRange(head.Remarks.Take(remarks).Concat(tail.Remarks));
        joined.Rejects.AddRange(head.Rejects.Take(rejects).Concat(tail.Rejects));
        joined.FieldNames.AddRange(head.FieldNames.Take(batches).Concat(tail.FieldNames));
        joined.Origins.AddRange(head.Origins.Take(batches).Concat(tail.Origins));
        return joined;
    }

    /// <summary>Rows, remarks and rejects at the end of each batch.</summary>
    public List<(int Rows, int Remarks, int Rejects)> Marks { get; } = [];

    private void Add(Batch batch)
    {
        Assert.Null(End);
        Assert.Equal(Batch.RowId, batch.Events.Schema.FieldsList[0].Name);
        FieldNames.Add([.. batch.Events.Schema.FieldsList.Select(f => f.Name)]);
        var ids = (Int64Array)batch.Events.Column(0);
        bool hasExtra = batch.Events.Schema.FieldsList[^1].Metadata is { } m && m["role"] == "extra";
        int columns = batch.Events.ColumnCount - 1 - (hasExtra ? 1 : 0);
        for (int row = 0; row < batch.Rows; row++)
        {
            Ids.Add(ids.GetValue(row)!.Value);
            string?[] cells = new string?[columns];
            for (int c = 0; c < columns; c++)
                cells[c] = Cell((StringArray)batch.Events.Column(c + 1), row);
            Rows.Add(cells);
            var list = hasExtra ? (ListArray)batch.Events.Column(columns + 1) : null;
            Extra.Add(list is null || list.IsNull(row) ? null : [.. Enumerable.Range(list.ValueOffsets[row], list.GetValueLength(row)).Select(i => Cell((StringArray)list.Values, i))]);
        }

        Remarks.AddRange(batch.Remarks.Select(r => $"{r.RowId} {r.Column} {r.Code} {r.Detail} {Convert.ToHexString(r.Raw.Span)}"));
        RawRemarks.AddRange(batch.Remarks);
        Rejects.AddRange(batch.Rejects);
        Origins.Add(batch.Origin);
        End = batch.End;
        Marks.Add((Ids.Count, Remarks.Count, Rejects.Count));
    }

    private static string? Cell(StringArray column, int row)
    {
        if (column.IsNull(row))
            return null;
        return new UTF8Encoding(false, true).GetString(column.GetBytes(row)); // throws on what DuckDB would not take
    }
}

/// <summary>Gives its bytes in small portions, as a pipe may.</summary>
internal sealed class ChoppedStream(byte[] bytes, int chunk) : MemoryStream
{
    private int at;

    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer)
    {
        int n = Math.Min(Math.Min(buffer.Length, chunk), bytes.Length - at);
        bytes.AsSpan(at, n).CopyTo(buffer);
        at += n;
        return n;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
}

/// <summary>A file of its own for one test.</summary>
internal sealed class TempFile : IDisposable
{
    public TempFile(byte[] bytes, string name = "input.csv")
    {
        Path = System.IO.Path.Combine(Folder, name);
        File.WriteAllBytes(Path, bytes);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("weir-test-").FullName;

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, true);
}
