using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Weir.Engine;

/// <summary>Counts what passes one node, for the report and for <c>System.Diagnostics.Metrics</c> (meter <c>Weir</c>).</summary>
internal sealed class NodeMeter(string name)
{
    private static readonly Meter Meter = new("Weir");
    private static readonly Counter<long> RowsCounter = Meter.CreateCounter<long>("weir.node.rows", "{row}", "Rows that left a node.");
    private static readonly Counter<long> BytesCounter = Meter.CreateCounter<long>("weir.node.bytes", "By", "Bytes of the batches that left a node.");
    private static readonly Counter<long> RejectsCounter = Meter.CreateCounter<long>("weir.node.rejects", "{reject}", "Rejects on the batches that left a node.");
    private static readonly Counter<double> BusyCounter = Meter.CreateCounter<double>("weir.node.busy", "s", "Time spent in a node.");

    private readonly KeyValuePair<string, object?> tag = new("node", name);
    private long batches;
    private long rows;
    private long bytes;
    private long remarks;
    private long rejects;
    private long busy;
    private int queue;

    public string Name { get; } = name;

    public void Left(Batch batch)
    {
        Interlocked.Increment(ref batches);
        Interlocked.Add(ref rows, batch.Rows);
        Interlocked.Add(ref bytes, batch.Bytes);
        Interlocked.Add(ref remarks, batch.Remarks.Count);
        Interlocked.Add(ref rejects, batch.Rejects.Count);
        RowsCounter.Add(batch.Rows, tag);
        BytesCounter.Add(batch.Bytes, tag);
        RejectsCounter.Add(batch.Rejects.Count, tag);
    }

    public void Worked(long since)
    {
        TimeSpan time = Stopwatch.GetElapsedTime(since);
        Interlocked.Add(ref busy, time.Ticks);
        BusyCounter.Add(time.TotalSeconds, tag);
    }

    public void Queued(int waiting)
    {
        int seen;
        while (waiting > (seen = Volatile.Read(ref queue)) && Interlocked.CompareExchange(ref queue, waiting, seen) != seen)
        {
        }
    }

    public NodeReport Report() => new(Name, batches, rows, bytes, remarks, rejects, TimeSpan.FromTicks(busy), queue);
}
