using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Gathers what was found in one batch as the side tables of <see cref="ExtractIocsStage"/>.</summary>
/// <remarks>Of a hit only numbers are kept: values and spellings are few beside hits, and stand once a batch.</remarks>
internal sealed class IndicatorTables
{
    public const string Values = "weir.ioc_values", Spellings = "weir.ioc_spellings", Links = "weir.ioc_links", Decoded = "weir.decoded";

    /// <summary>Columns of <see cref="Links"/> behind <c>row_id</c>; those up to the length are of <see cref="Decoded"/> too.</summary>
    public const int PlaceColumn = 1, OrdinalColumn = 2, OffsetColumn = 3, LengthColumn = 4, ValueColumn = 5, PartOfColumn = 6, SpellingColumn = 7;

    private static readonly Field[] Where = [new("row_id", Int64Type.Default, true), Number("place"), Number("ordinal"), Number("byte_offset"), Number("byte_length")];
    private static readonly Schema ValueSchema = new([Number("type_id"), Text("value")], null);
    private static readonly Schema SpellingSchema = new([Text("original"), Text("layers")], null);
    private static readonly Schema LinkSchema = new([.. Where, Number("value_at"), Number("part_of_at"), Number("spelling_at")], null);
    private static readonly Schema DecodedSchema = new([.. Where, Text("layers"), Text("text")], null);

    private readonly Utf8Index values = new(), spellings = new();
    private readonly List<(DecodedText Text, FoundIn At)> decoded = [];
    private Link[] links = new Link[256];
    private int hits;
    private byte[] scratch = new byte[256];
    private DecodedText? lastLayer;
    private byte[] lastLayers = [];

    /// <summary>Index of a hit's value among the distinct values.</summary>
    public int ValueOf(IndicatorExtractor found, int hit)
    {
        ref readonly IndicatorHit of = ref found.Hits[hit];
        return values.Add(found.Hits.Value(hit), IndicatorTypes.Number(of.Type, of.Scope));
    }

    /// <summary>Takes one hit of an extractor.</summary>
    /// <param name="text">The text that the extractor looked at.</param>
    public void AddHit(IndicatorExtractor found, int index, in FoundIn at, ReadOnlySpan<byte> text)
    {
        ref readonly IndicatorHit hit = ref found.Hits[index];
        DecodedText? layer = found.TextOf(index);
        ReadOnlySpan<byte> original = (layer is null ? text : layer.Bytes).Slice(hit.Offset, hit.Length);
        bool isValue = original.SequenceEqual(found.Hits.Value(index)); // the view gives the value
        if (hits == links.Length)
            System.Array.Resize(ref links, hits * 2);
        links[hits++] = new Link
        {
            Row = at.Row ?? 0,
            Place = at.Number,
            Ordinal = at.Ordinal,
            Offset = layer?.Offset ?? hit.Offset,
            Length = layer?.Length ?? hit.Length,
            Value = ValueOf(found, index),
            PartOf = hit.PartOf < 0 ? -1 : ValueOf(found, hit.PartOf),
            Spelling = isValue && layer is null ? -1 : SpellingOf(isValue ? default : original, isValue, layer),
        };
    }

    public void AddText(DecodedText layer, in FoundIn at) => decoded.Add((layer, at));

    /// <summary>Which values were found in the cells of some rows, by index among distinct values.</summary>
    public HashSet<(long Row, long Value)> ValuesOfRows(HashSet<long> wanted)
    {
        var found = new HashSet<(long, long)>();
        foreach (ref readonly Link link in links.AsSpan(0, hits))
        {
            if (wanted.Contains(link.Row))
                found.Add((link.Row, link.Value));
        }

        return found;
    }

    /// <summary>The tables; those without rows are left out. Nothing is held afterwards.</summary>
    public IReadOnlyList<SideTable> Build()
    {
        var tables = new List<SideTable>();
        if (hits > 0)
        {
            tables.Add(new SideTable(Values, new RecordBatch(ValueSchema, [BuildTypes(), values.ToColumn()], values.Count)));
            if (spellings.Count > 0)
                tables.Add(new SideTable(Spellings, BuildSpellings()));
            tables.Add(new SideTable(Links, BuildLinks()));
        }

        if (decoded.Count > 0)
            tables.Add(new SideTable(Decoded, BuildDecoded()));
        Clear();
        return tables;
    }

    /// <summary>Forgets what was gathered.</summary>
    public void Clear()
    {
        values.Clear();
        spellings.Clear();
        decoded.Clear();
        hits = 0;
        lastLayer = null;
    }

    private static Field Number(string name) => new(name, Int32Type.Default, true);

    private static Field Text(string name) => new(name, StringType.Default, true);

    /// <summary>Index of how a hit is written, or under what layers: the layers' bytes and the original's, told apart by the tag.</summary>
    private int SpellingOf(ReadOnlySpan<byte> original, bool isValue, DecodedText? layer)
    {
        if (layer is not null && layer != lastLayer)
            (lastLayer, lastLayers) = (layer, Encoding.ASCII.GetBytes(layer.Layers));
        ReadOnlySpan<byte> layers = layer is null ? default : lastLayers, kept = isValue ? default : Valid(original);
        if (scratch.Length < layers.Length + kept.Length)
            scratch = new byte[(layers.Length + kept.Length) * 2];
        layers.CopyTo(scratch);
        kept.CopyTo(scratch.AsSpan(layers.Length));
        return spellings.Add(scratch.AsSpan(0, layers.Length + kept.Length), (layers.Length << 1) | (isValue ? 0 : 1));
    }

    // Decoded bytes need not be text, and DuckDB takes nothing else.
    private static ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

    private Int32Array BuildTypes()
    {
        var types = new Int32Builder(values.Count);
        Span<int> cells = types.Cells;
        for (int i = 0; i < cells.Length; i++)
            cells[i] = values.Tag(i);
        return types.Build();
    }

    private RecordBatch BuildSpellings()
    {
        Utf8Builder original = new(spellings.Count, spellings.Length), layers = new(spellings.Count, 256);
        for (int i = 0; i < spellings.Count; i++)
        {
            int tag = spellings.Tag(i), split = tag >> 1;
            AppendOrNull(original, (tag & 1) == 0, spellings[i][split..]);
            AppendOrNull(layers, split == 0, spellings[i][..split]);
        }

        return new RecordBatch(SpellingSchema, [original.Build(), layers.Build()], spellings.Count);

        static void AppendOrNull(Utf8Builder builder, bool isNull, ReadOnlySpan<byte> text)
        {
            if (isNull)
                builder.AppendNull();
            else
                builder.Append(text);
        }
    }

    private RecordBatch BuildLinks()
    {
        var row = new Int64Builder(hits);
        Int32Builder[] columns = [.. Enumerable.Range(PlaceColumn, SpellingColumn).Select(_ => new Int32Builder(hits))];
        Span<int> place = columns[0].Cells, ordinal = columns[1].Cells, offset = columns[2].Cells, length = columns[3].Cells, value = columns[4].Cells, partOf = columns[5].Cells, spelling = columns[6].Cells;
        for (int i = 0; i < hits; i++)
        {
            ref readonly Link link = ref links[i];
            row.Append(link.Row);
            place[i] = link.Place;
            ordinal[i] = link.Ordinal;
            offset[i] = link.Offset;
            length[i] = link.Length;
            value[i] = link.Value;
            partOf[i] = link.PartOf;
            spelling[i] = link.Spelling;
        }

        return new RecordBatch(LinkSchema, [row.Build(), .. columns.Select(c => c.Build())], hits);
    }

    private RecordBatch BuildDecoded()
    {
        var row = new Int64Builder(decoded.Count);
        Int32Builder[] columns = [.. Enumerable.Range(PlaceColumn, LengthColumn).Select(_ => new Int32Builder(decoded.Count))];
        Utf8Builder layers = new(decoded.Count, 256), texts = new(decoded.Count, 1024);
        for (int i = 0; i < decoded.Count; i++)
        {
            var (text, at) = decoded[i];
            row.Append(at.Row ?? 0);
            columns[0].Cells[i] = at.Number;
            columns[1].Cells[i] = at.Ordinal;
            columns[2].Cells[i] = text.Offset;
            columns[3].Cells[i] = text.Length;
            layers.Append(Encoding.ASCII.GetBytes(text.Layers));
            texts.Append(Valid(text.Bytes));
        }

        return new RecordBatch(DecodedSchema, [row.Build(), .. columns.Select(c => c.Build()), layers.Build(), texts.Build()], decoded.Count);
    }

    private struct Link
    {
        public long Row;
        public int Place, Ordinal, Offset, Length, Value, PartOf, Spelling;
    }
}
