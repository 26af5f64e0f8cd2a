using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Lands one source in one table of the case, exactly once.</summary>
internal sealed class CaseSink(CaseWriter writer, string table, TableOptions options) : ISink
{
    private readonly ParseStage parse = new(options.Typing);
    private SourceLanding? landing;

    public string Name => "case";

    public async ValueTask<SinkOpening> OpenAsync(SourceInfo source, RunOptions run, CancellationToken cancellationToken)
    {
        (landing, CommitResult? landed) = await writer.BeginAsync(source, table, options, cancellationToken);
        if (options.Survey is { } survey)
            landing?.Use(survey);
        return new SinkOpening(landing?.Next is { } next ? next with { SourceId = landing.SourceId } : null, landed);
    }

    public async ValueTask WriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (batch.Cells is null)
        {
            using Batch text = batch;
            batch = parse.Process(text);
        }

        landing!.Add(batch);
        bool whole = landing.Info.Slice is not null;
        if (whole && landing.Survey is null && !writer.IsTooLarge(landing))
            return; // what is left of it may still fit
        if (!writer.IsFull(landing))
            return;
        if (whole && landing.Survey is null)
            throw new SurveyNeededException();
        await Task.Run(() => (whole ? (Action<SourceLanding, CancellationToken>)writer.LandPart : writer.LandInterval)(landing, cancellationToken), CancellationToken.None);
    }

    public async ValueTask<CommitResult> CompleteAsync(CancellationToken cancellationToken)
    {
        SourceLanding finished = landing!;
        landing = null; // the writer's now, which may hold it for a shared commit
        return await Task.Run(() => writer.Finish(finished, cancellationToken), CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        if (landing is not null)
            writer.Abandon(landing);
        landing?.Dispose();
        return ValueTask.CompletedTask;
    }
}
