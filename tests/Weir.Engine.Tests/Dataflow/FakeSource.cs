using System.Runtime.CompilerServices;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>Batches of equal size, with a hook before each.</summary>
internal sealed class FakeSource(int batches, int rows = 10) : ISource
{
    private int made;

    /// <summary>Makes the batch of that 0-based number; true for the last.</summary>
    public Func<int, bool, Batch>? Make { get; init; }

    /// <summary>Runs before each step: <c>open</c>, <c>read</c>, <c>end</c>, <c>dispose</c>.</summary>
    public Func<string, CancellationToken, ValueTask>? On { get; init; }

    public bool CarriesEnd { get; init; } = true;

    public ResumePoint? From { get; private set; }

    public int Made => Volatile.Read(ref made);

    public int Disposed { get; private set; }

    public async ValueTask<SourceInfo> OpenAsync(CancellationToken cancellationToken)
    {
        await Pass("open", cancellationToken);
        return new SourceInfo { Uri = "fake.csv", Connector = "fake", Options = "{}", Columns = ["text"] };
    }

    public async IAsyncEnumerable<Batch> ReadAsync(ResumePoint? from, RunOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        From = from;
        for (int i = 0; i < batches; i++)
        {
            await Pass("read", cancellationToken);
            bool last = CarriesEnd && i == batches - 1;
            Batch batch = Make is null ? TestBatches.Make((from?.RowsRead ?? 0) + 1 + (long)i * rows, rows, last) : Make(i, last);
            Interlocked.Increment(ref made);
            yield return batch;
        }

        await Pass("end", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Disposed++;
        await Pass("dispose", CancellationToken.None);
    }

    private ValueTask Pass(string step, CancellationToken cancellationToken) => On?.Invoke(step, cancellationToken) ?? ValueTask.CompletedTask;
}
