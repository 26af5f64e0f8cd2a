using System.Globalization;
using System.Text;
using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Lands what the indicator stage found: distinct values, narrow links to them, decoded texts.</summary>
/// <remarks>A value stands once per commit. A hit in a list cell has its place in the list, so where the table's column is a list and the batch's was none, or the other way round,
/// the column is looked through once more as it lands.</remarks>
internal sealed class IndicatorLanding(CaseDatabase database, BatchFeed feed)
{
    private const int RescanRows = 65_536, MostAtOnce = 200_000;

    private static readonly LandedColumn[] ValueColumns = [new("type", ColumnType.Varchar), new("value", ColumnType.Varchar), new("scope", ColumnType.Varchar)];

    private static readonly LandedColumn[] PlaceColumns =
    [
        new("table_name", ColumnType.Varchar), new("column_name", ColumnType.Varchar), new("ordinal", ColumnType.BigInt), new("byte_offset", ColumnType.BigInt), new("byte_length", ColumnType.BigInt),
        new("layers", ColumnType.Varchar),
    ];

    private static readonly LandedColumn[] LinkColumns = [.. PlaceColumns, new("value_id", ColumnType.BigInt), new("original", ColumnType.Varchar), new("part_of", ColumnType.Varchar)];

    private static readonly LandedColumn[] DecodedColumns = [.. PlaceColumns, new("text", ColumnType.Varchar)];

    private readonly IndicatorExtractor extractor = new();
    private long nextValue;

    /// <summary>Writes what the batches of a commit hold, inside its transaction.</summary>
    public void Write(IReadOnlyList<(SourceLanding Landing, TableModel Model)> landings, LandingShape shape, CancellationToken cancellationToken)
    {
        using var commit = new Commit(this, database, feed);
        foreach (var (landing, model) in landings)
        {
            foreach (Batch batch in landing.Batches)
            {
                int[] anew = [.. model.Bindings(landing.SourceId).Where(b => b.Position >= 0 && LandsOtherwise(batch, b)).Select(b => b.Position)];
                commit.Add(landing.SourceId, model, batch.Side, anew);
                if (anew.Length > 0)
                    commit.Add(landing.SourceId, model, [.. Again(batch, model.Bindings(landing.SourceId).Where(b => anew.Contains(b.Position)))], []);
                if (commit.Rows >= MostAtOnce)
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
        ColumnBinding? raw = landing.Tallies[binding.Position].Look == IocLook.BesideRaw ? model.Bindings(landing.SourceId).FirstOrDefault(b => b.Original == "_raw" && b != binding) : null;
        string columns = $"row_id, {Sql.Name(binding.Column.Name)}, {(binding.Column.Companion is { } text ? Sql.Name(text.Name) : "NULL::VARCHAR")}, {raw?.TextSql() ?? "NULL::VARCHAR"}";
        for (long from = 1; from <= landing.RowsRead; from += RescanRows)
        {
            using var commit = new Commit(this, database, feed);
            using var tables = new IndicatorTables();
            foreach (RecordBatch rows in database.Arrow($"SELECT {columns} FROM {model.QualifiedName} WHERE source_id = ? AND row_id >= ? AND row_id < ?", landing.SourceId, from, from + RescanRows))
            {
                using (rows)
                {
                    var scan = new IndicatorScan(extractor, tables, (Int64Array)rows.Column(0), binding.Position, []);
                    Scan(scan, rows.Column(1), (StringArray)rows.Column(2), raw is null ? null : (StringArray)rows.Column(3));
                }
            }

            commit.Add(landing.SourceId, model, [.. tables.Build()], []);
            commit.Store(shape, cancellationToken);
        }
    }

    private static void Scan(IndicatorScan scan, IArrowArray values, StringArray? text, StringArray? raw)
    {
        if (values is ListArray lists)
        {
            scan.Lists(lists, raw);
            if (text is not null)
                scan.Cells(text, raw, lists);
            return;
        }

        if (values is StringArray cells)
            scan.Cells(cells, raw);
        else if (text is not null)
            scan.Cells(text, raw);
    }

    /// <summary>Whether the batch looked at a column as text that lands as lists, or the other way round.</summary>
    private static bool LandsOtherwise(Batch batch, ColumnBinding binding)
    {
        if (batch.Tallies[binding.Position] is not { Look: not IocLook.None, Values: > 0 } || ParsedColumn.Find(batch.Events, binding.Position) is not { } parsed)
            return false;
        string? landed = binding.Column.Type == ColumnType.VarcharList ? binding.Verdict.Format : null, looked = parsed.Verdict.Type == ColumnType.VarcharList ? parsed.Verdict.Format : null;
        return landed != looked;
    }

    private IEnumerable<SideTable> Again(Batch batch, IEnumerable<ColumnBinding> bindings)
    {
        using var tables = new IndicatorTables();
        foreach (ColumnBinding binding in bindings)
        {
            ColumnTally tally = batch.Tallies[binding.Position];
            StringArray cells = SourceLanding.Cells(batch, binding.Position);
            int at = tally.Look == IocLook.BesideRaw ? batch.Tallies.ToList().FindIndex(t => t.Hint.Name == "_raw") : -1;
            StringArray? raw = at < 0 || at == binding.Position ? null : SourceLanding.Cells(batch, at);
            var scan = new IndicatorScan(extractor, tables, (Int64Array)batch.Events.Column(0), binding.Position, []);
            if (binding.Column.Type != ColumnType.VarcharList)
            {
                scan.Cells(cells, raw);
                continue;
            }

            TypedColumn lists = Typer.Convert(cells, tally.Hint, binding.Verdict, keepEmpty: false, binding.Twin is { } twin ? SourceLanding.Cells(batch, twin.Position) : null);
            using (lists.Values)
            using (lists.Text)
                Scan(scan, lists.Values, lists.Text, raw);
        }

        return tables.Build().ToArray();
    }

    /// <summary>What one transaction adds: distinct values over all its batches.</summary>
    private sealed class Commit(IndicatorLanding owner, CaseDatabase database, BatchFeed feed) : IDisposable
    {
        private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        private readonly List<LandedRows> values = [], links = [], decoded = [];
        private readonly List<IDisposable> made = [];

        /// <summary>Hits that wait to be stored.</summary>
        public long Rows => links.Sum(l => (long)l.RowIds.Length);

        public void Add(int source, TableModel model, IReadOnlyList<SideTable> side, int[] without)
        {
            RecordBatch? Table(string name) => side.FirstOrDefault(s => s.Table == name)?.Rows;
            if (side.FirstOrDefault(s => s.Table is not (IndicatorTables.Values or IndicatorTables.Links or IndicatorTables.Decoded)) is { } unknown)
                throw new InvalidDataException($"The case has no table {unknown.Table} to land rows in.");
            if (Table(IndicatorTables.Values) is { } found && Table(IndicatorTables.Links) is { } hits)
                AddHits(source, model, found, hits, without);
            if (Table(IndicatorTables.Decoded) is { } texts)
            {
                int[] kept = Kept(texts, without);
                decoded.Add(new LandedRows(source, Numbers(texts, 0, kept), [.. Places(texts, kept, source, model), Texts(texts, 7, kept)]));
            }
        }

        public void Store(LandingShape shape, CancellationToken cancellationToken)
        {
            Insert("INSERT INTO weir.ioc_values (value_id, type, value, scope) SELECT row_id, type, value, scope FROM weir_batches()", ValueColumns, values);
            Insert(
                """
                INSERT INTO weir.ioc_links (source_id, row_id, value_id, table_name, column_name, ordinal, original, defanged, byte_offset, byte_length, layers, part_of)
                SELECT source_id, nullif(row_id, 0), value_id, table_name, column_name, ordinal, original, false, byte_offset, byte_length, layers, part_of FROM weir_batches()
                """,
                LinkColumns, links);
            Insert(
                """
                INSERT INTO weir.decoded (source_id, row_id, table_name, column_name, ordinal, byte_offset, byte_length, layers, text)
                SELECT source_id, nullif(row_id, 0), table_name, column_name, ordinal, byte_offset, byte_length, layers, text FROM weir_batches()
                """,
                DecodedColumns, decoded);
            values.Clear();
            links.Clear();
            decoded.Clear();
            Dispose();

            void Insert(string statement, LandedColumn[] columns, List<LandedRows> rows)
            {
                if (rows.Sum(r => (long)r.RowIds.Length) is not (> 0 and var wanted))
                    return;
                try
                {
                    feed.Load(columns, rows, shape with { Piecewise = false, ChunkRows = LandingShape.VectorRows }, database.RowGroup, cancellationToken);
                    long inserted = 0;
                    while (feed.Next())
                        inserted += database.Execute(statement);
                    if (inserted != wanted)
                        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{statement.Split(' ')[2]} took {inserted} of {wanted} rows."));
                }
                finally
                {
                    feed.Unload();
                }
            }
        }

        public void Dispose()
        {
            foreach (IDisposable array in made)
                array.Dispose();
            made.Clear();
        }

        private void AddHits(int source, TableModel model, RecordBatch found, RecordBatch hits, int[] without)
        {
            if (owner.nextValue == 0)
                owner.nextValue = database.Count("SELECT coalesce(max(value_id), 0) + 1 FROM weir.ioc_values");
            int[] kept = Kept(hits, without);
            var valueAt = (Int64Array)hits.Column(7);
            var used = new bool[found.Length];
            foreach (int i in kept)
                used[valueAt.Values[i]] = true;
            StringArray types = (StringArray)found.Column(1), texts = (StringArray)found.Column(2);
            var ids = new long[found.Length];
            var fresh = new List<int>();
            for (int i = 0; i < ids.Length; i++)
            {
                if (!used[i])
                    continue;
                string key = types.GetString(i) + " " + texts.GetString(i);
                if (!numbers.TryGetValue(key, out ids[i]))
                {
                    numbers[key] = ids[i] = owner.nextValue++;
                    fresh.Add(i);
                }
            }

            if (fresh.Count > 0)
                values.Add(new LandedRows(source, Numbers(fresh.Select(i => (long?)ids[i])), [Texts(found, 1, fresh), Texts(found, 2, fresh), Texts(found, 3, fresh)]));
            links.Add(new LandedRows(
                source, Numbers(hits, 0, kept), [.. Places(hits, kept, source, model), Numbers(kept, ids, valueAt), Texts(hits, 8, kept), Texts(hits, 9, kept)]));
        }

        /// <summary>Rows of the side table that land.</summary>
        private static int[] Kept(RecordBatch rows, int[] without)
        {
            int[] all = [.. Enumerable.Range(0, rows.Length)];
            if (without.Length == 0)
                return all;
            var place = (Int64Array)rows.Column(1);
            var position = (Int64Array)rows.Column(2);
            return [.. all.Where(i => place.Values[i] != 0 || !without.Contains((int)position.Values[i]))];
        }

        /// <summary>Table, column, ordinal, span, layers.</summary>
        private IArrowArray[] Places(RecordBatch rows, int[] kept, int source, TableModel model)
        {
            var place = (Int64Array)rows.Column(1);
            var position = (Int64Array)rows.Column(2);
            byte[] raw = "raw"u8.ToArray();
            byte[][] tables = [Encoding.UTF8.GetBytes(model.Name), "weir.remarks"u8.ToArray(), "weir.rejects"u8.ToArray()];
            Dictionary<long, byte[]> columns = [];
            foreach (ColumnBinding binding in model.Bindings(source).Where(b => b.Position >= 0))
            {
                columns[binding.Position] = Encoding.UTF8.GetBytes(binding.Column.Name);
                if (binding.Twin is { } twin)
                    columns[twin.Position] = columns[binding.Position];
            }

            var table = new Utf8Builder(kept.Length, kept.Length * 8);
            var column = new Utf8Builder(kept.Length, kept.Length * 8);
            foreach (int i in kept)
            {
                table.Append(tables[place.Values[i]]);
                column.Append(place.Values[i] == (long)IndicatorTables.Place.Rejects ? raw : columns.GetValueOrDefault(position.Values[i], raw));
            }

            return [Keep(table.Build()), Keep(column.Build()), Numbers(rows, 3, kept), Numbers(rows, 4, kept), Numbers(rows, 5, kept), Texts(rows, 6, kept)];
        }

        private Int64Array Numbers(RecordBatch rows, int column, int[] kept)
        {
            var numbers = (Int64Array)rows.Column(column);
            return kept.Length == rows.Length ? numbers : Numbers(kept.Select(i => numbers.GetValue(i)));
        }

        private Int64Array Numbers(int[] kept, long[] ids, Int64Array valueAt)
        {
            ReadOnlySpan<long> places = valueAt.Values;
            using var column = new TypedColumnBuilder(kept.Length, ColumnType.BigInt);
            for (int i = 0; i < kept.Length; i++)
                column.Set(i, ids[places[kept[i]]]);
            return Keep((Int64Array)column.Build().Values);
        }

        private Int64Array Numbers(IEnumerable<long?> numbers)
        {
            long?[] all = [.. numbers];
            using var column = new TypedColumnBuilder(all.Length, ColumnType.BigInt);
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i] is { } number)
                    column.Set(i, number);
                else
                    column.SetNull(i);
            }

            return Keep((Int64Array)column.Build().Values);
        }

        private StringArray Texts(RecordBatch rows, int column, IReadOnlyList<int> kept)
        {
            var texts = (StringArray)rows.Column(column);
            if (kept.Count == rows.Length)
                return texts;
            var builder = new Utf8Builder(kept.Count, 256);
            foreach (int i in kept)
            {
                if (texts.IsNull(i))
                    builder.AppendNull();
                else
                    builder.Append(texts.GetBytes(i));
            }

            return Keep(builder.Build());
        }

        private T Keep<T>(T array)
            where T : IDisposable
        {
            made.Add(array);
            return array;
        }
    }
}
