using System.Globalization;
using Weir.Perf.Components;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>What more processors would do, from runs with one thread and with more: Amdahl's law, whose serial part is what does not shrink.</summary>
internal static class Scaling
{
    private static readonly int[] Projected = [16, 64];

    private static readonly (string Part, Func<int, string> Run)[] Parts =
    [
        ("whole job", n => WeirIngest.NameOf(WeirIngest.DefaultName, n)),
        ("load only", n => WeirIngest.NameOf(WeirIngest.LoadOnlyName, n)),
        ("parse: CSV to Arrow", n => ComponentRun.NameOf(WeirCsv.Id, n)),
        ("parse and types", n => ComponentRun.NameOf(WeirTyped.Id, n)),
        ("parse and all stages", n => ComponentRun.NameOf(WeirStages.Id, n)),
        ("storing by DuckDB", n => ComponentRun.NameOf(WeirLanding.Id, n)),
        ("of it: last commit and checkpoint", n => ComponentRun.NameOf(WeirClose.Id, n)),
        ("floor: byte count", n => ComponentRun.NameOf(ByteCount.Id, n)),
    ];

    /// <summary>The table of one data set; empty unless it ran with one thread and with more.</summary>
    public static string Markdown(ContestResult result, IReadOnlyList<int> threads)
    {
        if (threads.Count < 2 || threads[0] != 1)
            return "";
        int most = threads[^1];
        var rows = new List<string[]> { (string[])["part", "T1 s", $"T{most} s", $"T{most} / T1", "serial s", "serial share", .. Projected.Select(n => $"T{n} s, computed")] };
        foreach (var (part, run) in Parts)
        {
            Run[] one = Table.Counted(result, run(1)), many = Table.Counted(result, run(most));
            if (one.Length == 0 || many.Length == 0)
                continue;
            double alone = Summary.Of(one.Select(r => r.Usage.WallSeconds)).Median, together = Summary.Of(many.Select(r => r.Usage.WallSeconds)).Median;
            // T(n) = serial + parallel / n through both points; between nothing and all of the time with one thread.
            double serial = Math.Clamp((most * together - alone) / (most - 1), 0, alone);
            rows.Add([
                part, Text(alone, "F2"), Text(together, "F2"), Table.Ratio(result, run(most), run(1), r => r.Usage.WallSeconds)!.Text("F2"), Text(serial, "F2"), Text(serial / alone, "P0"),
                .. Projected.Select(n => Text(serial + (alone - serial) / n, "F2")),
            ]);
        }

        return Table.Lines(rows);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
