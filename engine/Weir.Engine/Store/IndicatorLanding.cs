using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Lands what the indicator stage found: values, spellings, links of numbers to them, decoded texts.</summary>
/// <remarks>A hit in a list cell has its place in the list, so where the table's column is a list and the batch's was none, or the other way round, the column is looked through once more as it lands.</remarks>
internal sealed class IndicatorLanding(CaseDatabase database, BatchFeed feed)
{
    private const int RescanRows = 65_536, MostAtOnce = 200_000;

    private const string Places = "place_id IN (SELECT place_id FROM weir.ioc_places WHERE ";

    private readonly IndicatorExtractor extractor = new();
    private readonly IndicatorTables tables = new();
    private readonly IndicatorNumbers numbers = new(database);

    /// <summary>Writes what the batches of a commit hold, inside its transaction.</summary>
    public void Write(IReadOnlyList<(SourceLanding Landing, TableModel Model)> landings, LandingShape shape, CancellationToken cancellationToken)
    {
        using var commit = new IndicatorCommit(database, feed, numbers);
        foreach (var (landing, model) in landings)
        {
            foreach (Batch batch in landing.Batches)
            {
                ColumnBinding[] otherwise = [.. model.Bindings(landing.SourceId).Where(b => b.Position >= 0 && LandsOtherwise(batch, b))];
                commit.Add(landing.SourceId, model, otherwise.Length == 0 ? batch.Side : commit.Keep(Without(batch.Side, [.. otherwise.Select(b => b.Position)])));
                if (otherwise.Length > 0)
                    commit.Add(landing.SourceId, model, commit.Keep(Again(batch, otherwise)));
                if (commit.Hits >= MostAtOnce)
                    commit.Store(shape, cancellationToken); // what was landed need not be held
            }
        }

        commit.Store(shape, cancellationToken);
        numbers.Trim();
    }

    /// <summary>Forgets what it knows of the case: a commit failed, or a source was removed.</summary>
    public void Forget() => numbers.Forget();

    /// <summary>Removes all that was found in a source.</summary>
    public void Remove(int source)
    {
        database.Execute($"DELETE FROM weir.ioc_links WHERE {Places}source_id = ?)", source);
        database.Execute("DELETE FROM weir.ioc_places WHERE source_id = ?", source);
        database.Execute("DELETE FROM weir.decoded WHERE source_id = ?", source);
        database.Execute("DELETE FROM weir.ioc_values WHERE value_id NOT IN (SELECT value_id FROM weir.ioc_links UNION ALL SELECT part_of FROM weir.ioc_links)");
        database.Execute("DELETE FROM weir.ioc_spellings WHERE spelling_id NOT IN (SELECT spelling_id FROM weir.ioc_links)");
        Forget();
    }

    /// <summary>Gives the hits of columns that became lists their place: each cell is the only value of its list.</summary>
    public void NoteLists(TableModel model, IEnumerable<string> columns)
    {
        foreach (string column in columns)
        {
            database.Execute($"UPDATE weir.ioc_links SET ordinal = 1 WHERE ordinal = 0 AND {Places}table_name = ? AND column_name = ?)", model.Name, column);
            database.Execute("UPDATE weir.decoded SET ordinal = 1 WHERE table_name = ? AND column_name = ? AND ordinal IS NULL", model.Name, column);
        }
    }

    /// <summary>Looks through a column of a source whose rows have landed, as what it is now.</summary>
    public void Rescan(TableModel model, SourceLanding landing, ColumnBinding binding, LandingShape shape, CancellationToken cancellationToken)
    {
        const string here = "source_id = ? AND table_name = ? AND column_name = ?";
        database.Execute($"DELETE FROM weir.ioc_links WHERE {Places}{here})", landing.SourceId, model.Name, binding.Column.Name);
        database.Execute($"DELETE FROM weir.decoded WHERE {here}", landing.SourceId, model.Name, binding.Column.Name);
        ColumnBinding? raw = landing.Tallies[binding.Position].Look == IocLook.BesideRaw && binding.Original != ExtractIocsStage.Raw
            ? model.Bindings(landing.SourceId).FirstOrDefault(b => b.Original == ExtractIocsStage.Raw) : null;
        string columns = $"row_id, {Sql.Name(binding.Column.Name)}, {(binding.Column.Companion is { } text ? Sql.Name(text.Name) : "NULL::VARCHAR")}, {raw?.TextSql() ?? "NULL::VARCHAR"}";
        for (long from = 1; from <= landing.RowsRead; from += RescanRows)
        {
            using var commit = new IndicatorCommit(database, feed, numbers);
            tables.Clear(); // of what a failure left
            foreach (RecordBatch rows in database.Arrow($"SELECT {columns} FROM {model.QualifiedName} WHERE source_id = ? AND row_id >= ? AND row_id < ?", landing.SourceId, from, from + RescanRows))
            {
                using (rows)
                    new IndicatorScan(extractor, tables, (Int64Array)rows.Column(0), binding.Position, []).Column(rows.Column(1), (StringArray)rows.Column(2), raw is null ? null : (StringArray)rows.Column(3));
            }

            commit.Add(landing.SourceId, model, commit.Keep(tables.Build()));
            commit.Store(shape, cancellationToken);
        }
    }

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
        tables.Clear();
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

        return tables.Build();
    }

    /// <summary>Copies of links and decoded texts without those of some columns' cells.</summary>
    private static SideTable[] Without(IReadOnlyList<SideTable> side, int[] positions)
    {
        return [.. side.Select(s => s with { Rows = s.Table is IndicatorTables.Links or IndicatorTables.Decoded ? Kept(s.Rows) : s.Rows.SliceShared(0, s.Rows.Length) })];

        RecordBatch Kept(RecordBatch rows)
        {
            var places = (Int32Array)rows.Column(IndicatorTables.PlaceColumn);
            int[] kept = [.. Enumerable.Range(0, rows.Length).Where(i => FoundIn.Of(places.Values[i]) is var (place, position) && (place != FoundPlace.Events || !positions.Contains(position)))];
            return new RecordBatch(rows.Schema, rows.Arrays.Select(a => Gather(a, kept)), kept.Length);
        }

        static IArrowArray Gather(IArrowArray column, int[] kept)
        {
            switch (column)
            {
                case Int32Array numbers:
                    var copy = new Int32Builder(kept.Length);
                    for (int i = 0; i < kept.Length; i++)
                        copy.Cells[i] = numbers.Values[kept[i]];
                    return copy.Build();
                case Int64Array rows:
                    var ids = new Int64Builder(kept.Length);
                    foreach (int i in kept)
                        ids.Append(rows.Values[i]);
                    return ids.Build();
                default:
                    var texts = new TextCells((StringArray)column);
                    var text = new Utf8Builder(kept.Length, 256);
                    foreach (int i in kept)
                        text.Append(texts[i]);
                    return text.Build();
            }
        }
    }
}
