using System.Globalization;
using Weir.Cli.Output;
using Weir.Engine;

namespace Weir.Cli.Commands;

/// <summary>What <c>--profile</c> prints: which node of the pipeline was the brake, over all inputs.</summary>
/// <remarks>A node that was busy for as long as the run took, once a thread, was never idle. Batches wait in front of the one that is slower than those before it.</remarks>
internal sealed class IngestProfile
{
    private readonly List<NodeReport> nodes = [];

    public void Add(RunReport report)
    {
        foreach (NodeReport node in report.Nodes)
        {
            int at = nodes.FindIndex(n => n.Name == node.Name);
            if (at < 0)
            {
                nodes.Add(node);
                continue;
            }

            NodeReport known = nodes[at];
            nodes[at] = known with
            {
                Batches = known.Batches + node.Batches,
                Rows = known.Rows + node.Rows,
                Bytes = known.Bytes + node.Bytes,
                Busy = known.Busy + node.Busy,
                DeepestQueue = Math.Max(known.DeepestQueue, node.DeepestQueue),
            };
        }
    }

    /// <param name="steps">What the case was busy with.</param>
    /// <param name="elapsed">Wall time of the ingest.</param>
    public void Write(Screen console, IReadOnlyList<(string Step, TimeSpan Time)> steps, TimeSpan elapsed)
    {
        var table = new ResultTable("node", "busy s", "of the run", "most waiting", "batches", "rows", "MB out");
        table.RightAlign(1, 2, 3, 4, 5, 6);
        foreach (NodeReport node in nodes)
            table.Add([node.Name, Seconds(node.Busy), Share(node.Busy), Number(node.DeepestQueue), Number(node.Batches), Number(node.Rows), Number(node.Bytes / 1_000_000)]);
        foreach (var (step, time) in steps)
            table.Add([$"  {step}", Seconds(time), Share(time), "", "", "", ""]);
        table.Write(console);
        console.MarkupLine(Screen.Escape(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.00} s on {Environment.ProcessorCount} processors; a node is busy on several threads at once, and waits for memory or DuckDB count too")));

        string Share(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{100 * time / elapsed:0} %");
        static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }
}
