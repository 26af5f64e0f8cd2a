using System.Globalization;
using Weir.Perf.Components;
using Weir.Perf.Data;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>The table of goals. Where a figure is a ratio, it is the median of the ratios of interleaved rounds.</summary>
internal static class Goals
{
    private static readonly string Csv1 = One(WeirCsv.Id), Typed1 = One(WeirTyped.Id);

    private static readonly Goal[] All =
    [
        new("CSV to Arrow columns, wide, T1", "CsvHelper, spans", 0.65, 0.5, s => s.Wall(DataKind.Wide, Csv1, One(CsvHelperSpans.Id))),
        new("CSV to typed columns, wide, T1", "CsvHelper, spans", 0.65, 0.5, s => s.Wall(DataKind.Wide, Typed1, One(CsvHelperSpans.Id))),
        new("CSV to Arrow columns, narrow, T1", "CsvHelper, spans (builds no columns)", 1.5, 1.0, s => s.Wall(DataKind.Narrow, Csv1, One(CsvHelperSpans.Id))),
        new("CSV to typed columns, narrow, T1", "CsvHelper, spans (builds no columns)", 1.5, 1.0, s => s.Wall(DataKind.Narrow, Typed1, One(CsvHelperSpans.Id))),
        new("CSV to Arrow columns, wide, T1", "DuckDB read_csv, lengths, T1", 0.20, 0.15, s => s.Wall(DataKind.Wide, Csv1, One(DuckDbLengths.Id))),
        new("CSV to Arrow columns, wide, T1", "limit: structure and copy", 1.7, 1.3, s => s.Wall(DataKind.Wide, Csv1, One(StructureCopy.Id))),
        // A second thread of a machine may give little to anyone: what it gives to the byte count is allowed then.
        new("CSV to Arrow columns, wide, T2 by T1", "0.7, or 1.15 x the byte count's T2 by T1 where that is more", 1, null,
            s => s.Rounds(DataKind.Wide, [Two(WeirCsv.Id), Csv1, Two(ByteCount.Id), One(ByteCount.Id)], t => t[0] / t[1] / Math.Max(0.7, 1.15 * t[2] / t[3]))),
        new("indicators and decoding, T1", "ripgrep -o", 1 / 3.0, 0.2, s => s.Wall(DataKind.Wide, One(WeirIndicators.Id), RipgrepScan.RunName)),
        new("Arrow to table, T2", "bare load", 0.60, 0.40, s => s.Wall(DataKind.Wide, Two(WeirLanding.Id), DuckDbLoad.AnchorName)),
        new("load only, wide", "bare load", 0.5, 0.38, s => s.Wall(DataKind.Wide, WeirIngest.LoadOnlyName, DuckDbLoad.AnchorName)),
        new("load only, narrow", "DuckDB, typed load", 1.0, 0.8, s => s.Wall(DataKind.Narrow, WeirIngest.LoadOnlyName, DuckDbLoad.TypedName)),
        new("**whole job**", "bare load", 0.65, 0.45, s => Whole(s, DuckDbLoad.AnchorName)),
        new("whole job", "bare load, zstd", 0.95, 0.6, s => Whole(s, DuckDbLoad.TunedName)),
        new("whole job", "ClickHouse, CSV to MergeTree, bare", 1.6, 1.0, s => Whole(s, ClickHouseLoad.RunName)),
        new("whole job", "Polars, CSV to Parquet, bare", 1.4, 0.9, s => Whole(s, PolarsLoad.RunName)),
        new("whole job", "DuckDB, whole job in SQL", 0.30, 0.2, s => Whole(s, DuckDbWholeJob.RunName)),
        new("whole job, NDJSON", "bare load, read_json", 0.65, null, s => s.Wall(DataKind.Ndjson, WeirIngest.DefaultName, DuckDbLoad.AnchorName)),
        new("whole job, .gz", "unpacked, and half of a bare inflation", 1.1, null, s => s.Rounds(DataKind.Gzip, [WeirIngest.DefaultName, WeirIngest.PlainName, One(Inflation.Id)], t => t[0] / (t[1] + t[2] / 2))),
        new("whole job, 1,000 columns", "bare load", 0.8, null, s => s.Wall(DataKind.Columns, WeirIngest.DefaultName, DuckDbLoad.AnchorName)),
        new("whole job, cells of 10 MB", "bare load", 0.65, null, s => s.Wall(DataKind.Cells, WeirIngest.DefaultName, DuckDbLoad.AnchorName)),
        new("100 files of 100 rows", "one of 10,000 rows", 3, null, s => s.Wall(DataKind.Small, WeirIngest.ManyFilesName, WeirIngest.DefaultName)),
        new("10 rows into a new case", "s", 0.6, null, s => s.Figure(DataKind.Small, WeirIngest.FewRowsName, r => r.Usage.WallSeconds)),
        new("weir --version", "s", 0.15, null, s => s.Figure(DataKind.Small, WeirVersion.RunName, r => r.Usage.WallSeconds)),
        new("case without hits", "DuckDB's file, default", 0.4, 0.33, s => s.Ratio(DataKind.Wide, WeirIngest.LoadOnlyName, DuckDbLoad.AnchorName, r => r.FileBytes)),
        new("peak memory, whole job, wide", "GB", 0.6, 0.45, s => s.Figure(DataKind.Wide, WeirIngest.DefaultName, Gigabytes)),
        new("peak memory, whole job, beyond 4 GB", "GB", 0.6, 0.45, Largest),
    ];

    /// <summary>The table: figure, measured, must, goal, met.</summary>
    public static string Markdown(Session session) => Table.Lines([Goal.Header, .. All.Select(g => g.Row(session))]);

    /// <summary>The figures that are beyond their bound, in a sentence.</summary>
    public static string Losses(Session session)
    {
        var measured = All.Where(g => g.Measure(session) is not null).ToList();
        string[] lost = [.. measured.Where(g => g.Measure(session)!.Median > g.Must).Select(g => $"{g.What} ({g.Beside})")];
        return string.Create(CultureInfo.InvariantCulture, $"Of {measured.Count} figures {lost.Length} are beyond what must be{(lost.Length == 0 ? "" : ": " + string.Join("; ", lost))}. Not measured: {All.Length - measured.Count}.");
    }

    private static Summary? Whole(Session session, string peer) => session.Wall(DataKind.Wide, WeirIngest.DefaultName, peer);

    /// <summary>Of files that ran once, for memory that must not grow with them.</summary>
    private static Summary? Largest(Session session)
    {
        Run[] runs = [.. session.Results.Where(r => r.Data.Megabytes >= 4_000).SelectMany(r => Table.Counted(r, WeirIngest.DefaultName))];
        return runs.Length == 0 ? null : Summary.Of(runs.Select(Gigabytes));
    }

    private static double Gigabytes(Run run) => run.Usage.PeakBytes / 1e9;

    private static string One(string component) => ComponentRun.NameOf(component, 1);

    private static string Two(string component) => ComponentRun.NameOf(component, 2);
}
