using System.Globalization;
using System.Text;
using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>What one transaction adds to the indicators: distinct values over all its batches, links, decoded texts.</summary>
/// <remarks>Side tables go to DuckDB as they are; the names of table and column come from <c>weir.columns</c>, which must be written before.</remarks>
/// <param name="nextValue">Gives the number of a value that is new to the commit.</param>
internal sealed class IndicatorCommit(CaseDatabase database, BatchFeed feed, Func<long> nextValue) : IDisposable
{
    private const string Places =
        """
        source_id, nullif(row_id, 0) AS row_id, CASE place WHEN 0 THEN table_name WHEN 1 THEN 'weir.remarks' ELSE 'weir.rejects' END AS table_name, coalesce(column_name, 'raw') AS column_name,
            ordinal, byte_offset, byte_length, layers
        """;

    private static readonly LandedColumn[] ValueColumns = [new("type", ColumnType.Varchar), new("value", ColumnType.Varchar), new("scope", ColumnType.Varchar)];

    private static readonly LandedColumn[] PlaceColumns =
    [
        new("place", ColumnType.BigInt), new("position", ColumnType.BigInt), new("ordinal", ColumnType.BigInt), new("byte_offset", ColumnType.BigInt), new("byte_length", ColumnType.BigInt),
        new("layers", ColumnType.Varchar),
    ];

    private static readonly LandedColumn[] LinkColumns = [.. PlaceColumns, new("value_id", ColumnType.BigInt), new("original", ColumnType.Varchar), new("part_of", ColumnType.Varchar)];

    private static readonly LandedColumn[] DecodedColumns = [.. PlaceColumns, new("text", ColumnType.Varchar)];

    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly List<LandedRows> values = [], links = [], decoded = [];
    private readonly List<IDisposable> made = [];

    /// <summary>Hits that wait to be stored.</summary>
    public long Hits { get; private set; }

    /// <param name="side">Side tables of one batch, which must stay alive until they are stored.</param>
    public void Add(int source, IReadOnlyList<SideTable> side)
    {
        RecordBatch? Table(string name) => side.FirstOrDefault(s => s.Table == name)?.Rows;
        if (side.FirstOrDefault(s => s.Table is not (IndicatorTables.Values or IndicatorTables.Links or IndicatorTables.Decoded)) is { } unknown)
            throw new InvalidDataException($"The case has no table {unknown.Table} to land rows in.");
        if (Table(IndicatorTables.Values) is { } found && Table(IndicatorTables.Links) is { Length: > 0 } hits)
        {
            Int64Array ids = Number(source, found, (Int64Array)hits.Column(7));
            links.Add(new LandedRows(source, (Int64Array)hits.Column(0), [.. PlacesOf(hits), ids, hits.Column(8), hits.Column(9)]));
            Hits += hits.Length;
        }

        if (Table(IndicatorTables.Decoded) is { } texts)
            decoded.Add(new LandedRows(source, (Int64Array)texts.Column(0), [.. PlacesOf(texts), texts.Column(7)]));
    }

    /// <summary>Side tables that live as long as they wait.</summary>
    public IReadOnlyList<SideTable> Keep(IReadOnlyList<SideTable> side)
    {
        made.AddRange(side.Select(s => s.Rows));
        return side;
    }

    public void Store(LandingShape shape, CancellationToken cancellationToken)
    {
        string sources = Sql.Numbers(links.Concat(decoded).Select(l => l.SourceId).Distinct());
        string named = $"weir_batches() LEFT JOIN (SELECT source_id, position, table_name, column_name FROM weir.columns WHERE role IN ('source', 'twin') AND source_id IN ({sources})) AS names USING (source_id, position)";
        Insert("weir.ioc_values (value_id, type, value, scope) SELECT row_id, type, value, scope FROM weir_batches()", ValueColumns, values);
        Insert(
            $"""
            weir.ioc_links (source_id, row_id, table_name, column_name, ordinal, byte_offset, byte_length, layers, value_id, original, part_of, defanged)
            SELECT {Places}, value_id, original, part_of, false FROM {named}
            """,
            LinkColumns, links);
        Insert($"weir.decoded (source_id, row_id, table_name, column_name, ordinal, byte_offset, byte_length, layers, text) SELECT {Places}, text FROM {named}", DecodedColumns, decoded);
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
                    inserted += database.Execute("INSERT INTO " + into);
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

    private static IArrowArray[] PlacesOf(RecordBatch rows) => [.. Enumerable.Range(1, PlaceColumns.Length).Select(rows.Column)];

    /// <summary>The value's number of each hit; a value that the commit has not met yet gets the next one.</summary>
    private Int64Array Number(int source, RecordBatch found, Int64Array valueAt)
    {
        var types = (StringArray)found.Column(1);
        var texts = (StringArray)found.Column(2);
        var scopes = (StringArray)found.Column(3);
        var ids = new long[found.Length];
        var known = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        using var number = new Int64Builder(ids.Length);
        using Utf8Builder type = new(ids.Length, 256), value = new(ids.Length, 1024), scope = new(ids.Length, 256);
        char[] key = [];
        foreach (long at in valueAt.Values)
        {
            if (ids[at] != 0)
                continue;
            ReadOnlySpan<byte> kind = types.GetBytes((int)at), text = texts.GetBytes((int)at);
            if (key.Length <= kind.Length + text.Length)
                key = new char[(kind.Length + text.Length) * 2 + 1];
            int length = Encoding.UTF8.GetChars(kind, key);
            key[length++] = ' ';
            length += Encoding.UTF8.GetChars(text, key.AsSpan(length));
            if (known.TryGetValue(key.AsSpan(0, length), out ids[at]))
                continue;
            known[key.AsSpan(0, length)] = ids[at] = nextValue();
            number.Append(ids[at]);
            type.Append(kind);
            value.Append(text);
            if (scopes.IsNull((int)at))
                scope.AppendNull();
            else
                scope.Append(scopes.GetBytes((int)at));
        }

        if (number.Count > 0)
            values.Add(new LandedRows(source, Own(number.Build()), [Own(type.Build()), Own(value.Build()), Own(scope.Build())]));
        var all = new Int64Builder(valueAt.Length);
        foreach (long at in valueAt.Values)
            all.Append(ids[at]);
        return Own(all.Build());
    }

    private T Own<T>(T array)
        where T : IDisposable
    {
        made.Add(array);
        return array;
    }
}
