using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>A first reading of a source that keeps counters only, so that all changes of its table stand before its first row.</summary>
internal sealed class SourceSurvey
{
    private readonly List<(long Bytes, long Values)> text = [];

    /// <summary>Per column, over all rows.</summary>
    public List<ColumnTally> Tallies { get; } = [];

    /// <summary>Some row has fields beyond its columns.</summary>
    public bool HasExtra { get; private set; }

    /// <summary>Columns of values inside cells.</summary>
    public PayloadColumns Payload { get; } = new();

    public long RowsRead { get; private set; }

    public IReadOnlyList<bool> LongText => [.. text.Select(t => SourceLanding.IsLong(t.Bytes, t.Values))];

    public void Add(Batch batch)
    {
        for (int i = 0; i < batch.Tallies.Count; i++)
        {
            if (i == Tallies.Count)
            {
                Tallies.Add(new ColumnTally(batch.Tallies[i].Hint));
                text.Add((0, 0));
            }

            Tallies[i].Merge(batch.Tallies[i]);
            Apache.Arrow.StringArray cells = SourceLanding.Cells(batch, i);
            text[i] = (text[i].Bytes + cells.Values.Length, text[i].Values + cells.Length - cells.NullCount);
        }

        Payload.Add(batch);
        HasExtra |= batch.Cells!.ColumnCount > batch.Tallies.Count;
        RowsRead += batch.Origin.Rows;
    }
}

/// <summary>Counts a source without landing it.</summary>
internal sealed class SurveySink : ISink
{
    private long rejected;

    public SourceSurvey Survey { get; } = new();

    public string Name => "survey";

    public ValueTask<SinkOpening> OpenAsync(SourceInfo source, RunOptions options, CancellationToken cancellationToken) => new(new SinkOpening(null));

    public ValueTask WriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        using (batch)
        {
            Survey.Add(batch);
            rejected += batch.Origin.Rows - batch.Rows;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<CommitResult> CompleteAsync(CancellationToken cancellationToken) => new(new CommitResult
    {
        SourceId = 0,
        RowsRead = Survey.RowsRead,
        RowsLanded = Survey.RowsRead - rejected,
        RowsRejected = rejected,
    });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A source that must land whole is larger than a commit interval: it must be counted first (<see cref="SourceSurvey"/>).</summary>
internal sealed class SurveyNeededException() : WeirException("the source", "it is larger than a commit interval and must land whole", "a survey of it", "Count it first.");
