using System.Globalization;
using System.Text.Json.Nodes;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>One source on its way into the case: counters, tallies and the rows gathered since the last commit.</summary>
internal sealed class SourceLanding(int sourceId, SourceInfo info, string table, TableOptions options) : IDisposable
{
    private readonly List<Batch> batches = [];

    public int SourceId { get; } = sourceId;

    public SourceInfo Info { get; } = info;

    public string Table { get; } = table;

    public TableOptions Options { get; } = options;

    /// <summary>How the source was read and typed, as JSON: the ledger's <c>options</c>.</summary>
    public string ReadingOptions { get; } = Ledger.ReadingOptions(info, options);

    public DateTimeOffset StartedAt { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Per column, over all rows of the source read so far, earlier runs included. A source of open columns adds to them as it goes.</summary>
    public List<ColumnTally> Tallies { get; } = [.. info.Columns.Select(name => new ColumnTally(ColumnHint.For(name, options.Typing)))];

    /// <summary>Original names of the columns so far.</summary>
    public IReadOnlyList<string> Columns => [.. Tallies.Select(t => t.Hint.Name)];

    public long RowsRead { get; private set; }

    public long RowsLanded { get; private set; }

    public long RowsRejected { get; private set; }

    /// <summary>An earlier transaction holds a part of it.</summary>
    public bool IsStored { get; set; }

    /// <summary><c>weir.columns</c> may tell of it.</summary>
    public bool HasColumns { get; set; }

    /// <summary>Where reading would go on; null before the first batch.</summary>
    public ResumePoint? Next { get; private set; }

    /// <summary>Set once the source was read to its end.</summary>
    public SourceEnd? End { get; private set; }

    /// <summary>Rows gathered since the last commit.</summary>
    public IReadOnlyList<Batch> Batches => batches;

    public long GatheredRows { get; private set; }

    public long GatheredBytes { get; private set; }

    /// <summary>Rows that are still to be read, by the bytes of those before; 0 where that cannot be told.</summary>
    public long RowsToCome => Info.Bytes is { } all && Next is { ByteOffset: > 0 } at && at.ByteOffset < all ? (long)((double)RowsRead / at.ByteOffset * (all - at.ByteOffset)) : 0;

    public bool HasExtra { get; private set; }

    /// <summary>Columns of values inside cells, over all rows so far.</summary>
    public PayloadColumns Payload { get; } = new();

    /// <summary>Order-free sum of the hashes of the rows that were written: <c>weir.batches.rows_hash</c> over the source.</summary>
    public ulong Hash { get; set; }

    /// <summary>What a first reading of the whole source counted; null: the tallies are those of the rows read so far.</summary>
    public SourceSurvey? Survey { get; private set; }

    /// <summary>Bytes of text per value of each column, to tell long text.</summary>
    public IReadOnlyList<bool> LongText() => Survey?.LongText ??
        [.. Tallies.Select((_, i) => IsLong(TextOf(i).Sum(c => (long)c.Values.Length), TextOf(i).Sum(c => (long)c.Length - c.NullCount)))];

    // Guess: below it DuckDB's dictionary and FSST compression is as small and faster; perf/ would settle it.
    private const int LongTextBytes = 64;

    /// <summary>Whether the values of a column are long text.</summary>
    public static bool IsLong(long bytes, long values) => bytes > LongTextBytes * Math.Max(1, values);

    /// <summary>The text of one column of a parsed batch.</summary>
    public static Apache.Arrow.StringArray Cells(Batch batch, int position) => (Apache.Arrow.StringArray)batch.Cells!.Column(position);

    private IEnumerable<Apache.Arrow.StringArray> TextOf(int position) => batches.Where(b => position < b.Tallies.Count).Select(b => Cells(b, position));

    public void Add(Batch batch)
    {
        batches.Add(batch);
        GatheredRows += batch.Rows;
        GatheredBytes += batch.Bytes;
        for (int i = 0; i < batch.Tallies.Count; i++)
        {
            if (i == Tallies.Count)
                Tallies.Add(new ColumnTally(batch.Tallies[i].Hint));
            if (Survey is null)
                Tallies[i].Merge(batch.Tallies[i]);
            else
                Tallies[i].NoteLook(batch.Tallies[i].Look);
        }

        Payload.Add(batch);
        HasExtra |= batch.Cells!.ColumnCount > batch.Tallies.Count;
        RowsRead += batch.Origin.Rows;
        RowsLanded += batch.Rows;
        RowsRejected += batch.Origin.Rows - batch.Rows;
        Next = batch.Origin.Next;
        End = batch.End ?? End;
    }

    /// <summary>Takes over what a first reading of the whole source counted: its plan is final before its first row lands.</summary>
    public void Use(SourceSurvey survey)
    {
        Survey = survey;
        Tallies.Clear();
        Tallies.AddRange(survey.Tallies);
        HasExtra = survey.HasExtra;
        Payload.Add(survey.Payload);
    }

    /// <summary>Disposes what was gathered, once it is stored.</summary>
    public void Clear()
    {
        foreach (Batch batch in batches)
            batch.Dispose();
        batches.Clear();
        (GatheredRows, GatheredBytes) = (0, 0);
    }

    public SourceVerdict Decide() => SourceVerdict.Decide(Tallies, Options.Typing);

    /// <summary>What a later run needs to go on: the place, the tallies, and the end once it was reached.</summary>
    public string Checkpoint()
    {
        var json = new JsonObject
        {
            ["rows_read"] = RowsRead,
            ["byte_offset"] = Next?.ByteOffset,
            ["line"] = Next?.Line,
            ["proof"] = Next?.Proof,
            ["tallies"] = new JsonArray([.. Tallies.Select(t => t.ToJson())]),
        };
        if (Info.OpenColumns)
            json["open"] = true;
        if (Tallies.Count > Info.Columns.Count)
            json["columns"] = new JsonArray([.. Tallies.Select(t => (JsonNode?)t.Hint.Name)]);
        if (End is { } end)
            json["end"] = new JsonObject { ["sha256"] = end.Sha256, ["bytes"] = end.Bytes, ["blank_lines"] = end.BlankLines, ["missing"] = end.Missing };
        return json.ToJsonString();
    }

    /// <summary>Goes on from a checkpoint.</summary>
    public void Restore(string checkpoint, long landed, long rejected)
    {
        JsonNode json = JsonNode.Parse(checkpoint)!;
        (RowsRead, RowsLanded, RowsRejected) = ((long)json["rows_read"]!, landed, rejected);
        Next = json["proof"] is null ? null : new ResumePoint(RowsRead, (long)json["byte_offset"]!, (long)json["line"]!, (string)json["proof"]!);
        JsonArray tallies = json["tallies"]!.AsArray();
        foreach (JsonNode? name in (json["columns"]?.AsArray() ?? []).Skip(Tallies.Count))
            Tallies.Add(new ColumnTally(ColumnHint.For((string)name!, Options.Typing)));
        Next = Next is null ? null : Next with { Columns = Columns };
        if (tallies.Count != Tallies.Count)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The checkpoint of source {SourceId} counts {tallies.Count} columns, the source has {Tallies.Count}."));
        for (int i = 0; i < tallies.Count; i++)
            Tallies[i] = ColumnTally.FromJson(Tallies[i].Hint, tallies[i]!);
        if (json["end"] is { } end)
            End = new SourceEnd((string)end["sha256"]!, (long)end["bytes"]!, (long)end["blank_lines"]!, (string?)end["missing"]);
        IsStored = true;
    }

    public void Dispose() => Clear();
}
