using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>Writes JSON records straight into the columns of one batch: a column a path, found as records come.</summary>
/// <remarks>
/// Strings are unescaped, numbers and booleans stay as they are spelled, null is NULL. Lists, empty objects and what lies deeper than
/// <see cref="JsonOptions.Depth"/> stay JSON text. A key that stands twice keeps its last value, as every other reader has it, and the earlier one in a remark.
/// </remarks>
internal sealed unsafe class JsonRowBuilder : IDisposable
{
    /// <summary>Column of records that are no objects.</summary>
    public const string Value = "value";

    /// <summary>Column of keys beyond the bound of columns.</summary>
    public const string Extra = "_extra_json";

    private const int RemarkBytes = 128; // as Batch.Bytes counts them
    private static readonly JsonReaderOptions Reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = int.MaxValue };
    private readonly JsonKey root = JsonKey.Root();
    private readonly JsonStrings strings;
    private readonly int maxColumns;
    private readonly List<string> names = [];
    private readonly List<Utf8Builder?> columns = [];
    private readonly List<int> expected = []; // bytes a column had in the last batch: saves growing again
    private readonly List<int> touched = [];
    private readonly List<Remark> faults = [];
    private readonly List<byte> extra = [];
    private string[] published = [];
    private Schema? schema;
    private NativeBuffer? rowIds;
    private List<Remark> remarks = [];
    private byte[] scratch = new byte[256];
    private int lastRows = 256;
    private bool invalid;

    /// <param name="known">Columns that an earlier run of the same source has found.</param>
    /// <param name="registerBits">As <see cref="Block.Bits"/> has it.</param>
    public JsonRowBuilder(IReadOnlyList<string> known, int maxColumns, int registerBits)
    {
        this.maxColumns = maxColumns;
        strings = JsonStrings.Of(registerBits);
        for (int i = 0; i < known.Count; i++)
        {
            if (i == maxColumns)
            {
                AddColumn(Extra);
                break;
            }

            JsonKey node = root;
            foreach (string key in JsonPath.Split(known[i]))
            {
                int next = 0;
                byte[] bytes = Encoding.UTF8.GetBytes(key);
                node = node.Find(bytes, ref next) ?? node.Add(bytes, ref next);
            }

            node.Column = AddColumn(known[i]);
        }
    }

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>About the bytes that the batch will hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Original names of the columns so far; the same list until there are more.</summary>
    public IReadOnlyList<string> Names => published.Length == names.Count ? published : published = [.. names];

    public void Note(Remark remark)
    {
        remarks.Add(remark);
        Bytes += RemarkBytes + remark.Raw.Length;
    }

    /// <summary>Adds a record.</summary>
    /// <param name="record">In the window: 64 bytes behind it may be read.</param>
    /// <param name="cut">The input ended within it: what is whole of it lands.</param>
    /// <returns>false: it is no JSON, and nothing of it was added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(long rowId, ReadOnlySpan<byte> record, bool cut)
    {
        invalid = !Ascii.IsValid(record) && !Utf8.IsValid(record);
        if ((cut || invalid || !TryAddOrdinary(record)) && !TryAdd(rowId, record, cut))
        {
            // Only a record that is no JSON is looked at again: raw control characters and bare words are what careless exporters write.
            if (record[0] is not ((byte)'{' or (byte)'[') || JsonMend.TryMend(record) is not { } mended || !TryAdd(rowId, mended, cut))
                return false;
            faults.Add(new Remark(rowId, -1, "mended-json", "control characters within strings, or words that are no JSON, were read as text", record.ToArray()));
        }

        if (cut)
            faults.Add(new Remark(rowId, -1, "cut-record", "the input ends within the record; what is whole of it landed", record.ToArray()));
        if (extra.Count > 0)
            EndExtra(rowId);
        rowIds ??= new NativeBuffer(lastRows * (long)sizeof(long));
        rowIds.Ensure((Rows + 1L) * sizeof(long));
        ((long*)rowIds.Pointer)[Rows] = rowId;
        Rows++;
        rowIds.Length = Rows * sizeof(long);
        Bytes += record.Length + sizeof(long) + (sizeof(int) * (long)columns.Count);
        foreach (Remark fault in faults)
            Note(fault);
        return true;
    }

    /// <summary>The batch; the builder starts anew, with the columns it knows.</summary>
    public Batch Build(Origin origin, IReadOnlyList<Reject> rejects, SourceEnd? end)
    {
        schema ??= MakeSchema();
        rowIds ??= new NativeBuffer(sizeof(long));
        var arrays = new List<IArrowArray>(columns.Count + 1) { new Int64Array(rowIds.ToArrow(), ArrowBuffer.Empty, Rows, 0, 0) };
        rowIds = null;
        for (int i = 0; i < columns.Count; i++)
        {
            Utf8Builder column = columns[i] ?? new Utf8Builder(Rows, 0);
            expected[i] = column.Length;
            column.PadTo(Rows);
            arrays.Add(column.Build());
            columns[i] = null;
        }

        var batch = new Batch(origin, new RecordBatch(schema, arrays, Rows)) { Remarks = remarks, Rejects = rejects, End = end };
        remarks = [];
        lastRows = Math.Max(16, Rows);
        Rows = 0;
        Bytes = 0;
        return batch;
    }

    public void Dispose()
    {
        foreach (Utf8Builder? column in columns)
            column?.Dispose();
        ((IDisposable?)rowIds)?.Dispose();
    }

    private Schema MakeSchema()
    {
        var source = new Dictionary<string, string> { ["role"] = "source" };
        return new Schema([new Field(Batch.RowId, Int64Type.Default, false), .. names.Select(name => new Field(name, StringType.Default, true, source))], new Dictionary<string, string> { ["open"] = "" });
    }

    private int AddColumn(string name)
    {
        names.Add(name);
        columns.Add(null);
        expected.Add(0);
        schema = null;
        return names.Count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryAdd(long rowId, ReadOnlySpan<byte> record, bool cut)
    {
        touched.Clear();
        faults.Clear();
        extra.Clear();
        var reader = new Utf8JsonReader(record, isFinalBlock: !cut, new JsonReaderState(Reading));
        try
        {
            if (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    ReadObject(ref reader, root, record, rowId);
                else
                    ReadRoot(ref reader, record, rowId);
            }

            if (cut || !reader.Read())
                return true;
        }
        catch (JsonException)
        {
            // The parser has no other way to say so; what it wrote of the record is taken back.
        }

        TakeBack();
        return false;
    }

    private void TakeBack()
    {
        foreach (int column in touched)
            columns[column]!.TruncateTo(Rows);
        touched.Clear();
        faults.Clear();
        extra.Clear();
    }

    /// <summary>Adds a record about which nothing is to be said: an object of keys that are known, each once, with values that are JSON to the letter.</summary>
    /// <returns>false: nothing of it was added, and <see cref="TryAdd"/> says what it is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryAddOrdinary(ReadOnlySpan<byte> record)
    {
        touched.Clear();
        faults.Clear();
        extra.Clear();
        fixed (byte* start = record)
        {
            byte* end = start + record.Length;
            if (*start == '{' && ReadOrdinary(start + 1, end, root) == end)
                return true;
        }

        TakeBack();
        return false;
    }

    /// <param name="at">Behind the opening bracket.</param>
    /// <param name="end">Of the record.</param>
    /// <returns>Behind the closing bracket; null where something is not ordinary.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* ReadOrdinary(byte* at, byte* end, JsonKey node)
    {
        int next = 0;
        while (true)
        {
            at = Behind(at, end);
            if (at >= end || *at != '"')
                return at < end && *at == '}' && next == 0 ? at + 1 : null; // an object without a key; a comma before the bracket is for the parser
            var rest = new ReadOnlySpan<byte>(at + 1, (int)(end - at - 1));
            JsonKey? child = node.Due(rest, next);
            int length = child?.Key.Length ?? rest.IndexOfAny((byte)'"', (byte)'\\');
            if (child is not null)
                next++;
            else if (length < 0 || rest[length] != '"' || (child = node.Find(rest[..length], ref next)) is not { IsPlain: true })
                return null;
            at = Behind(at + length + 2, end);
            if (at >= end || *at != ':')
                return null;
            at = Behind(at + 1, end);
            if (at >= end || (at = ReadOrdinaryValue(at, end, child)) is null)
                return null;
            at = Behind(at, end);
            if (at >= end || *at is not ((byte)',' or (byte)'}'))
                return null;
            if (*at++ == '}')
                return at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* ReadOrdinaryValue(byte* at, byte* end, JsonKey node)
    {
        if (*at == '{' && node.Depth < JsonOptions.Depth && Behind(at + 1, end) is var first && first < end && *first != '}')
            return ReadOrdinary(at + 1, end, node);
        if (node.Column < 0)
            return null;
        Utf8Builder column = columns[node.Column] ??= new Utf8Builder(lastRows, expected[node.Column]);
        if (column.Count > Rows)
            return null;
        column.PadTo(Rows);
        touched.Add(node.Column);
        if (*at == '"')
        {
            at = strings.Copy(at + 1, end, column);
            if (at is not null)
                column.EndCell();
            return at;
        }

        var rest = new ReadOnlySpan<byte>(at, (int)(end - at));
        if (rest.StartsWith("null"u8))
        {
            column.AppendNull();
            return at + 4;
        }

        int length = rest.StartsWith("true"u8) ? 4 : rest.StartsWith("false"u8) ? 5 : rest[0] is (byte)'{' or (byte)'[' ? Nested(rest) : Number(rest);
        if (length <= 0)
            return null;
        column.Append(rest[..length]);
        return at + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Behind(byte* at, byte* end)
    {
        while (at < end && *at is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
        return at;
    }

    /// <returns>Bytes of the list or object at the start of <paramref name="text"/>; 0 where it is none.</returns>
    private static int Nested(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: true, new JsonReaderState(Reading));
        try
        {
            reader.Read();
            reader.Skip();
            return (int)reader.BytesConsumed;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    /// <returns>Bytes of the number at the start of <paramref name="text"/> (RFC 8259, section 6); 0 where it is none.</returns>
    private static int Number(ReadOnlySpan<byte> text)
    {
        int at = text[0] == '-' ? 1 : 0;
        int whole = Digits(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
            return 0;
        at += whole;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = Digits(text, at + 1);
            if (fraction == 0)
                return 0;
            at += fraction + 1;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at += at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            int exponent = Digits(text, at);
            return exponent == 0 ? 0 : at + exponent;
        }

        return at;
    }

    private static int Digits(ReadOnlySpan<byte> text, int from)
    {
        int at = from;
        while (at < text.Length && char.IsAsciiDigit((char)text[at]))
            at++;
        return at - from;
    }

    // A record that is an array or a scalar.
    private void ReadRoot(ref Utf8JsonReader reader, ReadOnlySpan<byte> record, long rowId)
    {
        int next = 0;
        JsonKey node = root.Find("value"u8, ref next) ?? root.Add("value"u8, ref next);
        ReadValue(ref reader, node, record, rowId);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ReadObject(ref Utf8JsonReader reader, JsonKey node, ReadOnlySpan<byte> record, long rowId)
    {
        int next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> key = KeyOf(ref reader, rowId, out bool whole);
            JsonKey? child = node.Find(key, ref next);
            if (child is null && names.Count >= maxColumns)
            {
                string path = JsonPath.Join(node.Path, Encoding.UTF8.GetString(key));
                if (!reader.Read() || !ReadExtra(ref reader, path, record))
                    return false;
                continue;
            }

            child ??= node.Add(key, ref next);
            if (!whole)
                faults.Add(new Remark(rowId, -1, "lone-surrogate", "half of a surrogate pair in a key became U+FFFD", default));
            if (!reader.Read() || !ReadValue(ref reader, child, record, rowId))
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> KeyOf(ref Utf8JsonReader reader, long rowId, out bool whole)
    {
        whole = true;
        ReadOnlySpan<byte> key = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            Room(key.Length);
            int length = JsonString.Unescape(key, scratch, out bool lone);
            whole = !lone;
            key = scratch.AsSpan(0, length);
        }

        if (!invalid || Utf8.IsValid(key))
            return key;
        faults.Add(new Remark(rowId, -1, "invalid-utf8", "a key is not UTF-8", key.ToArray()));
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(key));
    }

    /// <returns>false: the record ends before the value does.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ReadValue(ref Utf8JsonReader reader, JsonKey node, ReadOnlySpan<byte> record, long rowId)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when node.Depth < JsonOptions.Depth && !IsEmptyObject(reader):
                return ReadObject(ref reader, node, record, rowId);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                    return false;
                Write(node, record[start..(int)reader.BytesConsumed], rowId);
                return true;
            case JsonTokenType.String:
                WriteString(ref reader, node, rowId);
                return true;
            case JsonTokenType.Null:
                Begin(node, rowId)?.AppendNull();
                return true;
            default:
                Write(node, reader.ValueSpan, rowId);
                return true;
        }
    }

    private static bool IsEmptyObject(Utf8JsonReader copy) => copy.Read() && copy.TokenType == JsonTokenType.EndObject;

    /// <summary>The column of a node, at the row's cell; null where the bound of columns keeps it from having one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Utf8Builder? Begin(JsonKey node, long rowId)
    {
        if (node.Column < 0)
        {
            if (names.Count >= maxColumns)
                return null;
            node.Column = AddColumn(node.Path);
        }

        Utf8Builder column = columns[node.Column] ??= new Utf8Builder(lastRows, expected[node.Column]);
        if (column.Count > Rows)
        {
            bool isNull = column.IsNull(Rows);
            byte[] earlier = isNull ? "null"u8.ToArray() : column.Cell(Rows).ToArray();
            faults.Add(new Remark(rowId, node.Column, "duplicate-key", "the key stands twice in its object; the last value landed, the raw bytes are an earlier one", earlier));
            column.TruncateTo(Rows);
            return column;
        }

        column.PadTo(Rows);
        touched.Add(node.Column);
        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(JsonKey node, ReadOnlySpan<byte> text, long rowId)
    {
        if (Begin(node, rowId) is not { } column)
            AddExtra(node.Path, text);
        else if (invalid && !Utf8.IsValid(text))
            WriteRepaired(column, node, text, rowId);
        else
            column.Append(text);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteString(ref Utf8JsonReader reader, JsonKey node, long rowId)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (!reader.ValueIsEscaped && !invalid)
        {
            if (Begin(node, rowId) is { } plain)
                plain.Append(text);
            else
                AddExtraString(node.Path, text);
            return;
        }

        if (Begin(node, rowId) is not { } column)
        {
            AddExtraString(node.Path, text);
            return;
        }

        bool lone = false;
        if (reader.ValueIsEscaped)
        {
            Room(text.Length);
            text = scratch.AsSpan(0, JsonString.Unescape(text, scratch, out lone));
        }

        if (lone)
            faults.Add(new Remark(rowId, node.Column, "lone-surrogate", "half of a surrogate pair became U+FFFD; the raw bytes are the string as it is escaped", reader.ValueSpan.ToArray()));
        if (invalid && !Utf8.IsValid(text))
            WriteRepaired(column, node, text, rowId);
        else
            column.Append(text);
        if (text.Contains((byte)0))
            faults.Add(new Remark(rowId, node.Column, "nul", "the text holds NUL, at which other programs may end it", default));
    }

    private void WriteRepaired(Utf8Builder column, JsonKey node, ReadOnlySpan<byte> text, long rowId)
    {
        byte[] raw = text.ToArray();
        int bad = Utf8Repair.Append(column, raw);
        faults.Add(new Remark(rowId, node.Column, "invalid-utf8", string.Create(CultureInfo.InvariantCulture, $"not UTF-8 from byte {bad} of the cell"), raw));
    }

    /// <returns>false: the record ends before the value does.</returns>
    private bool ReadExtra(ref Utf8JsonReader reader, string path, ReadOnlySpan<byte> record)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            AddExtraString(path, reader.ValueSpan);
            return true;
        }

        int start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return false;
        AddExtra(path, record[start..(int)reader.BytesConsumed]);
        return true;
    }

    private void AddExtraString(string path, ReadOnlySpan<byte> escaped) => AddExtra(path, (byte[])[(byte)'"', .. escaped, (byte)'"']);

    private void AddExtra(string path, ReadOnlySpan<byte> value)
    {
        extra.Add(extra.Count == 0 ? (byte)'{' : (byte)',');
        extra.Add((byte)'"');
        extra.AddRange(JsonEncodedText.Encode(path).EncodedUtf8Bytes);
        extra.AddRange("\":"u8);
        extra.AddRange(value);
    }

    private void EndExtra(long rowId)
    {
        extra.Add((byte)'}');
        if (names.Count == maxColumns)
        {
            AddColumn(Extra);
            faults.Add(new Remark(null, maxColumns, "extra-keys", string.Create(CultureInfo.InvariantCulture, $"the records have more than {maxColumns} different keys; those that came later are kept as JSON in {Extra}"), default));
        }

        Utf8Builder column = columns[maxColumns] ??= new Utf8Builder(lastRows, expected[maxColumns]);
        column.PadTo(Rows);
        byte[] text = [.. extra];
        if (Utf8.IsValid(text))
        {
            column.Append(text);
            return;
        }

        int bad = Utf8Repair.Append(column, text);
        faults.Add(new Remark(rowId, maxColumns, "invalid-utf8", string.Create(CultureInfo.InvariantCulture, $"not UTF-8 from byte {bad} of the cell"), text));
    }

    private void Room(int bytes)
    {
        if (scratch.Length < bytes)
            scratch = new byte[Math.Max(bytes, scratch.Length * 2)];
    }
}
