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

    /// <summary>Where a hit stands: in a cell of the events, a remark, a reject.</summary>
    public enum Place
    {
        Events = 0,
        Remarks = 1,
        Rejects = 2,
    }

    private static readonly Field[] Found =
    [
        new("place", Int64Type.Default, false), new("position", Int64Type.Default, false), new("ordinal", Int64Type.Default, true),
        new("byte_offset", Int64Type.Default, false), new("byte_length", Int64Type.Default, false), new("layers", StringType.Default, true),
    ];

    private static readonly Schema ValueSchema = new([Row("row_id"), Text("type"), Text("value"), Text("scope")], null);
    private static readonly Schema LinkSchema = new([Row("row_id"), .. Found, Row("value_at"), Text("original"), Text("part_of")], null);
    private static readonly Schema DecodedSchema = new([Row("row_id"), .. Found, Text("text")], null);

    private readonly Utf8Builder types = new(64, 256), values = new(64, 1024), scopes = new(64, 256);
    private readonly Rows links = new(), decoded = new();
    private readonly Longs valueAt = new();
    private readonly Utf8Builder originals = new(64, 1024), partOf = new(64, 256), texts = new(16, 1024);
    private int[] slots = new int[256];

    /// <summary>Hits so far.</summary>
    public int Count => valueAt.Count;

    /// <summary>Takes what an extractor holds of one text.</summary>
    /// <param name="row">Its row; null where it belongs to the source as a whole.</param>
    /// <param name="ordinal">Its place in a list cell, 1-based; null where it is none.</param>
    /// <param name="text">The text.</param>
    /// <param name="wanted">Which of the hits are wanted; all where null. Index among distinct values.</param>
    public void Take(IndicatorExtractor found, long? row, Place place, int position, long? ordinal, ReadOnlySpan<byte> text, Func<long, bool>? wanted = null)
    {
        for (int i = 0; i < found.Hits.Count; i++)
        {
            IndicatorHit hit = found.Hits[i];
            int value = Distinct(hit, found.Hits.Value(i));
            if (wanted?.Invoke(value) == false)
                continue;
            DecodedText? layer = found.TextOf(i);
            links.Add(row, place, position, ordinal, layer?.Offset ?? hit.Offset, layer?.Length ?? hit.Length, layer?.Layers);
            valueAt.Add(value);
            ReadOnlySpan<byte> original = layer is null ? text.Slice(hit.Offset, hit.Length) : layer.Bytes.AsSpan(hit.Offset, hit.Length);
            if (original.SequenceEqual(found.Hits.Value(i)))
                originals.AppendNull(); // the view gives the value
            else
                Append(originals, original);
            if (hit.PartOf < 0)
                partOf.AppendNull();
            else
                partOf.Append(found.Hits.Value(hit.PartOf));
        }

        foreach (DecodedText layer in found.Texts)
        {
            decoded.Add(row, place, position, ordinal, layer.Offset, layer.Length, layer.Layers);
            Append(texts, layer.Bytes);
        }
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
            var numbers = new Longs();
            for (int i = 0; i < values.Count; i++)
                numbers.Add(i);
            int distinct = values.Count, hits = valueAt.Count;
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
        links.Dispose();
        decoded.Dispose();
    }

    private static Field Row(string name) => new(name, Int64Type.Default, true);

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
        int slot = Slot(hit.Type, value);
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

    private int Slot(IndicatorType type, ReadOnlySpan<byte> value) => (int)XxHash3.HashToUInt64(value, (long)type) & (slots.Length - 1);

    private void Grow()
    {
        slots = new int[slots.Length * 4];
        for (int i = 0; i < values.Count; i++)
        {
            var type = Enum.Parse<IndicatorType>(Encoding.ASCII.GetString(types.Cell(i)), ignoreCase: true);
            int slot = Slot(type, values.Cell(i));
            while (slots[slot] != 0)
                slot = (slot + 1) & (slots.Length - 1);
            slots[slot] = i + 1;
        }
    }

    /// <summary>What hits and decoded texts have in common.</summary>
    private sealed class Rows : IDisposable
    {
        private readonly Longs row = new(), place = new(), position = new(), ordinal = new(), offset = new(), length = new();
        private readonly Utf8Builder layers = new(64, 256);

        public void Add(long? row, Place place, int position, long? ordinal, int offset, int length, string? layers)
        {
            this.row.Add(row);
            this.place.Add((long)place);
            this.position.Add(position);
            this.ordinal.Add(ordinal);
            this.offset.Add(offset);
            this.length.Add(length);
            if (layers is null)
                this.layers.AppendNull();
            else
                this.layers.Append(Encoding.ASCII.GetBytes(layers));
        }

        public long RowOf(int at) => row[at];

        public IArrowArray[] Build() => [row.Build(), place.Build(), position.Build(), ordinal.Build(), offset.Build(), length.Build(), layers.Build()];

        public void Dispose() => layers.Dispose();
    }

    /// <summary>A column of numbers.</summary>
    private sealed class Longs
    {
        private readonly List<long> numbers = [];
        private readonly List<int> nulls = [];

        public int Count => numbers.Count;

        public long this[int at] => numbers[at];

        public void Add(long? number)
        {
            if (number is null)
                nulls.Add(numbers.Count);
            numbers.Add(number.GetValueOrDefault());
        }

        public Int64Array Build()
        {
            using var column = new TypedColumnBuilder(numbers.Count, ColumnType.BigInt);
            for (int i = 0; i < numbers.Count; i++)
                column.Set(i, numbers[i]);
            foreach (int at in nulls)
                column.SetNull(at);
            return (Int64Array)column.Build().Values;
        }
    }
}
