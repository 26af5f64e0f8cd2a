using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Lands what the indicator stage found: distinct values, narrow links to them, decoded texts.</summary>
/// <remarks>A value stands once per commit. A hit in a list cell has its place in the list, so where the table's column is a list and the batch's was none, or the other way round, the column is looked through once more as it lands.</remarks>
internal sealed class IndicatorLanding(CaseDatabase database, BatchFeed feed)
{
    private const int RescanRows = 65_536, MostAtOnce = 200_000;

    private readonly IndicatorExtractor extractor = new();
    private long? lastValue;

    /// <summary>Writes what the batches of a commit hold, inside its transaction.</summary>
    public void Write(IReadOnlyList<(SourceLanding Landing, TableModel Model)> landings, LandingShape shape, CancellationToken cancellationToken)
    {
        using var commit = new IndicatorCommit(database, feed, NextValue);
        foreach (var (landing, model) in landings)
        {
            foreach (Batch batch in landing.Batches)
            {
                ColumnBinding[] otherwise = [.. model.Bindings(landing.SourceId).Where(b => b.Position >= 0 && LandsOtherwise(batch, b))];
                commit.Add(landing.SourceId, otherwise.Length == 0 ? batch.Side : commit.Keep(Without(batch.Side, [.. otherwise.Select(b => b.Position)])));
                if (otherwise.Length > 0)
                    commit.Add(landing.SourceId, commit.Keep(Again(batch, otherwise)));
                if (commit.Hits >= MostAtOnce)
                    commit.Store(shape, cancellationToken); // what was landed need not be held
            }
        }

        commit.Store(shape, cancellationToken);
    }

    /// <summary>Gives the hits of columns that became lists their place: each cell is the only value of its list.</summary>
    public void NoteLists(TableModel model, IEnumerable<string> columns)
    {
        foreach (string column in columns)
        {
            foreach (string table in (string[])["ioc_links", "decoded"])
                database.Execute($"UPDATE weir.{table} SET ordinal = 1 WHERE table_name = ? AND column_name = ? AND ordinal IS NULL", model.Name, column);
        }
    }

    /// <summary>Looks through a column of a source whose rows have landed, as what it is now.</summary>
    public void Rescan(TableModel model, SourceLanding landing, ColumnBinding binding, LandingShape shape, CancellationToken cancellationToken)
    {
        foreach (string table in (string[])["ioc_links", "decoded"])
            database.Execute($"DELETE FROM weir.{table} WHERE source_id = ? AND table_name = ? AND column_name = ?", landing.SourceId, model.Name, binding.Column.Name);
        ColumnBinding? raw = landing.Tallies[binding.Position].Look == IocLook.BesideRaw && binding.Original != ExtractIocsStage.Raw
            ? model.Bindings(landing.SourceId).FirstOrDefault(b => b.Original == ExtractIocsStage.Raw) : null;
        string columns = $"row_id, {Sql.Name(binding.Column.Name)}, {(binding.Column.Companion is { } text ? Sql.Name(text.Name) : "NULL::VARCHAR")}, {raw?.TextSql() ?? "NULL::VARCHAR"}";
        for (long from = 1; from <= landing.RowsRead; from += RescanRows)
        {
            using var commit = new IndicatorCommit(database, feed, NextValue);
            using var tables = new IndicatorTables();
            foreach (RecordBatch rows in database.Arrow($"SELECT {columns} FROM {model.QualifiedName} WHERE source_id = ? AND row_id >= ? AND row_id < ?", landing.SourceId, from, from + RescanRows))
            {
                using (rows)
                    new IndicatorScan(extractor, tables, (Int64Array)rows.Column(0), binding.Position, []).Column(rows.Column(1), (StringArray)rows.Column(2), raw is null ? null : (StringArray)rows.Column(3));
            }

            commit.Add(landing.SourceId, commit.Keep([.. tables.Build()]));
            commit.Store(shape, cancellationToken);
        }
    }

    // Kept through failed commits: numbers need not be dense, only never be given twice.
    private long NextValue() => (long)(lastValue = (lastValue ?? database.Count("SELECT coalesce(max(value_id), 0) FROM weir.ioc_values")) + 1);

    /// <summary>Whether the batch looked at a column as text that lands as lists, or the other way round.</summary>
    private static bool LandsOtherwise(Batch batch, ColumnBinding binding)
    {
        if (binding.Position >= batch.Tallies.Count || batch.Tallies[binding.Position] is not { Look: not IocLook.None, Values: > 0 } || ParsedColumn.Find(batch.Events, binding.Position) is not { } parsed)
            return false;
        string? looked = parsed.Verdict.Type == ColumnType.VarcharList ? parsed.Verdict.Format : null;
        return binding.ListFormat != looked;
    }

    /// <summary>The hits of columns of a batch as the table holds them.</summary>
    private IReadOnlyList<SideTable> Again(Batch batch, IEnumerable<ColumnBinding> bindings)
    {
        using var tables = new IndicatorTables();
        foreach (ColumnBinding binding in bindings)
        {
            StringArray cells = SourceLanding.Cells(batch, binding.Position), twin = binding.Twin is { } other ? SourceLanding.Cells(batch, other.Position) : cells;
            var scan = new IndicatorScan(extractor, tables, (Int64Array)batch.Events.Column(0), binding.Position, []);
            StringArray? raw = ExtractIocsStage.RawBeside(batch, binding.Position);
            if (binding.ListFormat is null)
            {
                scan.Column(cells, null, raw);
                continue;
            }

            TypedColumn lists = Typer.Convert(cells, batch.Tallies[binding.Position].Hint, binding.Verdict, keepEmpty: false, binding.Twin is null ? null : twin);
            using (lists.Values)
            using (lists.Text)
                scan.Column(lists.Values, lists.Text, raw);
        }

        return [.. tables.Build()];
    }

    /// <summary>Copies of links and decoded texts without those of some columns' cells.</summary>
    private static SideTable[] Without(IReadOnlyList<SideTable> side, int[] positions)
    {
        return [.. side.Select(s => s.Table == IndicatorTables.Values ? s with { Rows = s.Rows.SliceShared(0, s.Rows.Length) } : s with { Rows = Kept(s.Rows) })];

        RecordBatch Kept(RecordBatch rows)
        {
            Int64Array place = (Int64Array)rows.Column(1), position = (Int64Array)rows.Column(2);
            int[] kept = [.. Enumerable.Range(0, rows.Length).Where(i => place.Values[i] != (long)FoundPlace.Events || !positions.Contains((int)position.Values[i]))];
            return new RecordBatch(rows.Schema, rows.Arrays.Select(a => Gather(a, kept)), kept.Length);
        }

        static IArrowArray Gather(IArrowArray column, int[] kept)
        {
            if (column is Int64Array numbers)
            {
                var copy = new Int64Builder(kept.Length);
                foreach (int i in kept)
                    copy.Append(numbers.GetValue(i));
                return copy.Build();
            }

            var texts = (StringArray)column;
            var text = new Utf8Builder(kept.Length, 256);
            foreach (int i in kept)
            {
                if (texts.IsNull(i))
                    text.AppendNull();
                else
                    text.Append(texts.GetBytes(i));
            }

            return text.Build();
        }
    }
}
