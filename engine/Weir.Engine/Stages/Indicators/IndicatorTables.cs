using System.IO.Hashing;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Gathers what was found in one batch as the three side tables of <see cref="ExtractIocsStage"/>.</summary>
internal sealed class IndicatorTables : IDisposable
{
    public const string Values = "weir.ioc_values", Links = "weir.ioc_links", Decoded = "weir.decoded";

    private const int Expected = 256;

    private static readonly Field[] Where =
    [
        Number("row_id"), Number("place"), Number("position"), Number("ordinal"), Number("byte_offset"), Number("byte_length"), Text("layers"),
    ];

    private static readonly Schema ValueSchema = new([Number("row_id"), Text("type"), Text("value"), Text("scope")], null);
    private static readonly Schema LinkSchema = new([.. Where, Number("value_at"), Text("original"), Text("part_of")], null);
    private static readonly Schema DecodedSchema = new([.. Where, Text("text")], null);

    private readonly Utf8Builder types = new(64, 256), values = new(64, 1024), scopes = new(64, 256);
    private readonly Places links = new(), decoded = new();
    private readonly Int64Builder valueAt = new(Expected);
    private readonly Utf8Builder originals = new(64, 1024), partOf = new(64, 256), texts = new(16, 1024);
    private int[] slots = new int[Expected];

    /// <summary>Index of a hit's value among the distinct values.</summary>
    public int ValueOf(IndicatorExtractor found, int hit) => Distinct(found.Hits[hit], found.Hits.Value(hit));

    /// <summary>Takes one hit of an extractor.</summary>
    /// <param name="text">The text that the extractor looked at.</param>
    public void AddHit(IndicatorExtractor found, int index, in FoundIn at, ReadOnlySpan<byte> text)
    {
        IndicatorHit hit = found.Hits[index];
        DecodedText? layer = found.TextOf(index);
        links.Add(at, layer?.Offset ?? hit.Offset, layer?.Length ?? hit.Length, layer?.Layers);
        valueAt.Append(ValueOf(found, index));
        ReadOnlySpan<byte> original = layer is null ? text.Slice(hit.Offset, hit.Length) : layer.Bytes.AsSpan(hit.Offset, hit.Length);
        if (original.SequenceEqual(found.Hits.Value(index)))
            originals.AppendNull(); // the view gives the value
        else
            Append(originals, original);
        if (hit.PartOf < 0)
            partOf.AppendNull();
        else
            partOf.Append(found.Hits.Value(hit.PartOf));
    }

    public void AddText(DecodedText layer, in FoundIn at)
    {
        decoded.Add(at, layer.Offset, layer.Length, layer.Layers);
        Append(texts, layer.Bytes);
    }

    /// <summary>Which values were found in the cells of some rows, by index among distinct values.</summary>
    public HashSet<(long Row, long Value)> ValuesOfRows(HashSet<long> wanted)
    {
        var found = new HashSet<(long, long)>();
        for (int i = 0; i < valueAt.Count; i++)
        {
            if (links.RowOf(i) is var row && wanted.Contains(row))
                found.Add((row, valueAt[i]));
        }

        return found;
    }

    /// <summary>The tables; those without rows are left out. The builder is empty afterwards.</summary>
    public IEnumerable<SideTable> Build()
    {
        if (valueAt.Count > 0)
        {
            int distinct = values.Count, hits = valueAt.Count;
            var numbers = new Int64Builder(distinct);
            for (int i = 0; i < distinct; i++)
                numbers.Append(i);
            yield return new SideTable(Values, new RecordBatch(ValueSchema, [numbers.Build(), types.Build(), values.Build(), scopes.Build()], distinct));
            yield return new SideTable(Links, new RecordBatch(LinkSchema, [.. links.Build(), valueAt.Build(), originals.Build(), partOf.Build()], hits));
        }

        if (texts.Count > 0)
        {
            int count = texts.Count;
            yield return new SideTable(Decoded, new RecordBatch(DecodedSchema, [.. decoded.Build(), texts.Build()], count));
        }
    }

    public void Dispose()
    {
        foreach (Utf8Builder builder in (Utf8Builder[])[types, values, scopes, originals, partOf, texts])
            builder.Dispose();
        valueAt.Dispose();
        links.Dispose();
        decoded.Dispose();
    }

    private static Field Number(string name) => new(name, Int64Type.Default, true);

    private static Field Text(string name) => new(name, StringType.Default, true);

    // Decoded bytes need not be text, and DuckDB takes nothing else.
    private static void Append(Utf8Builder builder, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            builder.Append(bytes);
        else
            builder.Append(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
    }

    private int Distinct(IndicatorHit hit, ReadOnlySpan<byte> value)
    {
        if (values.Count * 2 >= slots.Length)
            Grow();
        string type = hit.Type.Name();
        int slot = Slot(type, value);
        for (; slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            int at = slots[slot] - 1;
            if (values.Cell(at).SequenceEqual(value) && Ascii.Equals(types.Cell(at), type))
                return at;
        }

        types.Append(Encoding.ASCII.GetBytes(type));
        values.Append(value);
        if (hit.Scope is { } scope)
            scopes.Append(Encoding.ASCII.GetBytes(scope.Name()));
        else
            scopes.AppendNull();
        slots[slot] = values.Count;
        return values.Count - 1;
    }

    private int Slot(ReadOnlySpan<char> type, ReadOnlySpan<byte> value) => (int)XxHash3.HashToUInt64(value, type[0] + (type.Length << 8)) & (slots.Length - 1);

    private void Grow()
    {
        slots = new int[slots.Length * 4];
        for (int i = 0; i < values.Count; i++)
        {
            int slot = Slot(Encoding.ASCII.GetString(types.Cell(i)), values.Cell(i));
            while (slots[slot] != 0)
                slot = (slot + 1) & (slots.Length - 1);
            slots[slot] = i + 1;
        }
    }

    /// <summary>What hits and decoded texts have in common, a column each.</summary>
    private sealed class Places : IDisposable
    {
        private readonly Int64Builder row = new(Expected), place = new(Expected), position = new(Expected), ordinal = new(Expected), offset = new(Expected), length = new(Expected);
        private readonly Utf8Builder layers = new(64, 256);

        public void Add(in FoundIn at, int offset, int length, string? layers)
        {
            row.Append(at.Row);
            place.Append((long)at.Place);
            position.Append((long)at.Position);
            ordinal.Append(at.Ordinal);
            this.offset.Append((long)offset);
            this.length.Append((long)length);
            if (layers is null)
                this.layers.AppendNull();
            else
                this.layers.Append(Encoding.ASCII.GetBytes(layers));
        }

        public long RowOf(int at) => row[at];

        public IArrowArray[] Build() => [row.Build(), place.Build(), position.Build(), ordinal.Build(), offset.Build(), length.Build(), layers.Build()];

        public void Dispose()
        {
            foreach (Int64Builder builder in (Int64Builder[])[row, place, position, ordinal, offset, length])
                builder.Dispose();
            layers.Dispose();
        }
    }
}
