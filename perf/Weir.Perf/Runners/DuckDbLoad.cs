using Weir.Perf.Compare;
using Weir.Perf.Data;

namespace Weir.Perf.Runners;

/// <summary>DuckDB alone loads the file, in a process of its own, with two threads and default memory.</summary>
internal sealed class DuckDbLoad : IRunner
{
    /// <summary>Name of the table that it makes.</summary>
    public const string Table = "t";

    public const string AnchorName = "bare load", TunedName = "bare load, zstd", TypedName = "typed load";

    private const string Main = "main.", Attached = "w.";

    private readonly DataKind[] kinds;
    private readonly bool tuned, typed;

    private DuckDbLoad(string name, string description, bool tuned, bool typed, params DataKind[] kinds) =>
        (Name, Description, this.tuned, this.typed, this.kinds) = (name, description, tuned, typed, kinds);

    /// <summary>The anchor: all others are divided by it.</summary>
    public static DuckDbLoad Anchor { get; } = new(
        AnchorName,
        $"DuckDB alone, in a process of its own: `SET threads=2; CREATE TABLE {Table} AS SELECT * FROM read_csv(F, header=true, all_varchar=true)` (NDJSON: `read_json(F)`, which types as it reads; cells of 10 MB: `max_line_size`); default storage and memory.",
        tuned: false, typed: false, DataKind.Wide, DataKind.Narrow, DataKind.Ndjson, DataKind.Gzip, DataKind.Columns, DataKind.Cells);

    /// <summary>As fast as a bare load of text gets by its storage alone.</summary>
    public static DuckDbLoad Tuned { get; } = new(
        TunedName, "the bare load into `STORAGE_VERSION 'v1.5.0'` with `force_compression='zstd'`.", tuned: true, typed: false, DataKind.Wide);

    /// <summary>The anchor for narrow files: numbers are cheaper to store than their text.</summary>
    public static DuckDbLoad Typed { get; } = new(
        TypedName, "the bare load without `all_varchar`: DuckDB detects the types.", tuned: false, typed: true, DataKind.Narrow);

    public string Name { get; }

    public string Description { get; }

    public bool Takes(DataKind kind) => kinds.Contains(kind);

    /// <summary>The bare load of a CSV file in SQL.</summary>
    public static string Script(string file) => $"SET threads=2; CREATE TABLE {Main}{Table} AS SELECT * FROM read_csv({Sql.Text(file)}, header=true, all_varchar=true)";

    public IReadOnlyList<string> Command(DataSet data, string output) => tuned
        ? Sql.Command(":memory:", $"SET threads=2; ATTACH {Sql.Text(output)} AS w (STORAGE_VERSION 'v1.5.0'); SET force_compression='zstd'; CREATE TABLE {Attached}{Table} AS SELECT * FROM {Read(data)}")
        : Sql.Command(output, $"SET threads=2; CREATE TABLE {Main}{Table} AS SELECT * FROM {Read(data)}");

    public void Check(Finished run) => run.Truth.Check(run, this == Anchor ? run.Truth.Held : Holding.OfDatabase(run.Output, Table));

    private string Read(DataSet data)
    {
        if (data.Kind == DataKind.Ndjson)
            return $"read_json({Sql.Text(data.Path)})";
        string text = typed ? "" : ", all_varchar=true";
        string longest = data.Kind == DataKind.Cells ? $", max_line_size={2 * CellsRecipe.CellBytes}, strict_mode=true" : "";
        return $"read_csv({Sql.Text(data.Path)}, header=true{text}{longest})";
    }
}
