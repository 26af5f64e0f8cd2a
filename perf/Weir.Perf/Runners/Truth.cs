using Weir.Perf.Compare;

namespace Weir.Perf.Runners;

/// <summary>What a data set holds: the table of the anchor, which DuckDB read as text.</summary>
/// <param name="database">The anchor's file; null where a contest has no anchor.</param>
internal sealed class Truth(string? database)
{
    private Holding? held;

    /// <summary>The anchor's file.</summary>
    public string? Database => database;

    /// <summary>The anchor's figures, counted once for all runs over a data set.</summary>
    public Holding Held => held ??= Holding.OfDatabase(database ?? throw new InvalidOperationException("This contest has no anchor."), DuckDbLoad.Table);

    /// <summary>Compares rows, filled cells and, where the peer keeps text, summed lengths of every column.</summary>
    /// <exception cref="PerfException">Exit code 1: they differ; the message names the first difference.</exception>
    public void Check(Finished run, Holding found)
    {
        if (found.Rows != run.Data.Facts.Rows)
            throw run.Differs($"rows: {run.Data.Facts.Rows} generated, {found.Rows} loaded");
        if (database is null)
            return;
        foreach (var (name, expected) in Held.Columns)
        {
            if (!found.Columns.TryGetValue(name, out var column))
                throw run.Differs($"column '{name}' is missing; there are {string.Join(", ", found.Columns.Keys)}");
            if (column.Filled != expected.Filled)
                throw run.Differs($"column '{name}', cells that hold something: {expected.Filled} in the {DuckDbLoad.AnchorName}, {column.Filled} here");
            if (column.Bytes is { } bytes && expected.Bytes is { } all && bytes != all)
                throw run.Differs($"column '{name}', summed bytes: {all} in the {DuckDbLoad.AnchorName}, {bytes} here");
        }
    }
}
