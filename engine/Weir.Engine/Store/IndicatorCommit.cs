using System.Globalization;
using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>What one transaction adds to the indicators: values and spellings that are new, links of numbers alone, decoded texts.</summary>
internal sealed class IndicatorCommit(CaseDatabase database, BatchFeed feed, IndicatorNumbers numbers) : IDisposable
{
    private static readonly LandedColumn[] ValueColumns = [new("type_id", ColumnType.BigInt, IsNarrow: true), new("value", ColumnType.Varchar)];
    private static readonly LandedColumn[] SpellingColumns = [new("original", ColumnType.Varchar), new("layers", ColumnType.Varchar)];

    private static readonly LandedColumn[] PlaceColumns =
    [
        new("place_id", ColumnType.BigInt, IsNarrow: true), new("ordinal", ColumnType.BigInt, IsNarrow: true), new("byte_offset", ColumnType.BigInt, IsNarrow: true), new("byte_length", ColumnType.BigInt, IsNarrow: true),
    ];

    private static readonly LandedColumn[] LinkColumns = [.. PlaceColumns, new("value_id", ColumnType.BigInt), new("part_of", ColumnType.BigInt), new("spelling_id", ColumnType.BigInt)];
    private static readonly LandedColumn[] DecodedColumns = [.. PlaceColumns, new("layers", ColumnType.Varchar), new("text", ColumnType.Varchar)];

    private readonly List<LandedRows> values = [], spellings = [], links = [], decoded = [];
    private readonly List<IDisposable> made = [];

    /// <summary>Hits that wait to be stored.</summary>
    public long Hits { get; private set; }

    /// <param name="side">Side tables of one batch, which must stay alive until they are stored.</param>
    public void Add(int source, TableModel model, IReadOnlyList<SideTable> side)
    {
        RecordBatch? Table(string name) => side.FirstOrDefault(s => s.Table == name)?.Rows;
        if (side.FirstOrDefault(s => s.Table is not (IndicatorTables.Values or IndicatorTables.Spellings or IndicatorTables.Links or IndicatorTables.Decoded)) is { } unknown)
            throw new InvalidDataException($"The case has no table {unknown.Table} to land rows in.");
        if (Table(IndicatorTables.Links) is { Length: > 0 } hits)
        {
            ReadOnlySpan<int> valueAt = Numbers(hits, IndicatorTables.ValueColumn), partOfAt = Numbers(hits, IndicatorTables.PartOfColumn), spellingAt = Numbers(hits, IndicatorTables.SpellingColumn);
            long[] valueIds = NumberValues(source, Table(IndicatorTables.Values)!, valueAt, partOfAt), spellingIds = NumberSpellings(source, Table(IndicatorTables.Spellings), spellingAt);
            links.Add(new LandedRows(source, RowIds(hits), [.. PlacesOf(source, model, hits), Ids(valueIds, valueAt), Ids(valueIds, partOfAt), Ids(spellingIds, spellingAt)]));
            Hits += hits.Length;
        }

        if (Table(IndicatorTables.Decoded) is { Length: > 0 } texts)
            decoded.Add(new LandedRows(source, RowIds(texts), [.. PlacesOf(source, model, texts), texts.Column(5), texts.Column(6)]));
    }

    /// <summary>Side tables that live as long as they wait.</summary>
    public IReadOnlyList<SideTable> Keep(IReadOnlyList<SideTable> side)
    {
        made.AddRange(side.Select(s => s.Rows));
        return side;
    }

    public void Store(LandingShape shape, CancellationToken cancellationToken)
    {
        numbers.StorePlaces();
        Insert("weir.ioc_values (value_id, type_id, value) SELECT row_id, type_id, value FROM weir_batches()", ValueColumns, values);
        Insert("weir.ioc_spellings (spelling_id, original, layers) SELECT row_id, original, layers FROM weir_batches()", SpellingColumns, spellings);
        Insert(
            """
            weir.ioc_links (place_id, row_id, ordinal, byte_offset, byte_length, value_id, part_of, spelling_id)
            SELECT place_id, nullif(row_id, 0), ordinal, byte_offset, byte_length, value_id, part_of, spelling_id FROM weir_batches()
            """,
            LinkColumns, links);
        Insert(
            """
            weir.decoded (source_id, row_id, table_name, column_name, ordinal, byte_offset, byte_length, layers, text)
            SELECT p.source_id, nullif(b.row_id, 0), p.table_name, p.column_name, nullif(b.ordinal, 0), b.byte_offset, b.byte_length, b.layers, b.text FROM weir_batches() b JOIN weir.ioc_places p USING (place_id)
            """,
            DecodedColumns, decoded);
        Hits = 0;
        Dispose();

        void Insert(string into, LandedColumn[] columns, List<LandedRows> rows)
        {
            long wanted = rows.Sum(r => (long)r.RowIds.Length), inserted = 0;
            if (wanted == 0)
                return;
            try
            {
                feed.Load(columns, rows, shape with { Piecewise = false, ChunkRows = LandingShape.VectorRows }, database.RowGroup, cancellationToken);
                while (feed.Next())
                    inserted += WaitingStatement.Execute(database.Connection, "INSERT INTO " + into);
            }
            finally
            {
                feed.Unload();
            }

            if (inserted != wanted)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{into.Split(' ')[0]} took {inserted} of {wanted} rows."));
            rows.Clear();
        }
    }

    public void Dispose()
    {
        foreach (IDisposable array in made)
            array.Dispose();
        made.Clear();
    }

    private static Int64Array RowIds(RecordBatch rows) => (Int64Array)rows.Column(0);

    private static ReadOnlySpan<int> Numbers(RecordBatch rows, int column) => ((Int32Array)rows.Column(column)).Values;

    private IEnumerable<IArrowArray> PlacesOf(int source, TableModel model, RecordBatch rows) =>
        [PlaceIds(source, model, Numbers(rows, IndicatorTables.PlaceColumn)), rows.Column(IndicatorTables.OrdinalColumn), rows.Column(IndicatorTables.OffsetColumn), rows.Column(IndicatorTables.LengthColumn)];

    private Int32Array PlaceIds(int source, TableModel model, ReadOnlySpan<int> places)
    {
        var ids = new Int32Builder(places.Length);
        Span<int> cells = ids.Cells;
        int last = -1, id = 0;
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] != last)
                (last, id) = (places[i], numbers.Place(source, model, places[i])); // a column's hits stand together
            cells[i] = id;
        }

        return Own(ids.Build());
    }

    /// <summary>The number of each value that a hit has; those that are new are to be stored.</summary>
    private long[] NumberValues(int source, RecordBatch found, ReadOnlySpan<int> valueAt, ReadOnlySpan<int> partOfAt)
    {
        ReadOnlySpan<int> types = Numbers(found, 0);
        var texts = new TextCells((StringArray)found.Column(1));
        long[] ids = new long[found.Length];
        Mark(ids, valueAt);
        Mark(ids, partOfAt);
        using var number = new Int64Builder(ids.Length);
        using var type = new Int32Builder(ids.Length);
        using var value = new Utf8Builder(ids.Length, 1024);
        Span<int> newTypes = type.Cells;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0)
                continue;
            (ids[i], bool isNew) = numbers.Value(texts[i], types[i]);
            if (!isNew)
                continue;
            newTypes[number.Count] = types[i];
            number.Append(ids[i]);
            value.Append(texts[i]);
        }

        if (number.Count > 0)
            values.Add(new LandedRows(source, Own(number.Build()), [Own(type.Build()), Own(value.Build())]));
        return ids;
    }

    /// <summary>The same of each spelling.</summary>
    private long[] NumberSpellings(int source, RecordBatch? found, ReadOnlySpan<int> spellingAt)
    {
        if (found is null)
            return [];
        TextCells originals = new((StringArray)found.Column(0)), layers = new((StringArray)found.Column(1));
        long[] ids = new long[found.Length];
        Mark(ids, spellingAt);
        using var number = new Int64Builder(ids.Length);
        using Utf8Builder original = new(ids.Length, 1024), layer = new(ids.Length, 256);
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0)
                continue;
            (ids[i], bool isNew) = numbers.Spelling(layers[i], originals[i], !originals.IsNull(i));
            if (!isNew)
                continue;
            number.Append(ids[i]);
            AppendOrNull(original, originals, i);
            AppendOrNull(layer, layers, i);
        }

        if (number.Count > 0)
            spellings.Add(new LandedRows(source, Own(number.Build()), [Own(original.Build()), Own(layer.Build())]));
        return ids;
    }

    private static void Mark(long[] ids, ReadOnlySpan<int> wanted)
    {
        foreach (int at in wanted)
        {
            if (at >= 0)
                ids[at] = 1;
        }
    }

    private static void AppendOrNull(Utf8Builder builder, in TextCells cells, int cell)
    {
        if (cells.IsNull(cell))
            builder.AppendNull();
        else
            builder.Append(cells[cell]);
    }

    /// <summary>The number of what each hit has; 0 for none.</summary>
    private Int64Array Ids(long[] ids, ReadOnlySpan<int> at)
    {
        var all = new Int64Builder(at.Length);
        foreach (int index in at)
            all.Append(index < 0 ? 0L : ids[index]);
        return Own(all.Build());
    }

    private T Own<T>(T array)
        where T : IDisposable
    {
        made.Add(array);
        return array;
    }
}
