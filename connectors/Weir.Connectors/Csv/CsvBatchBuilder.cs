using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>Gathers rows into the columns of one batch, with the remarks their faults call for.</summary>
internal sealed unsafe class CsvBatchBuilder : IDisposable
{
    /// <summary>Name of the list column that keeps fields beyond the header's.</summary>
    public const string Extra = "_extra";

    private const int RemarkBytes = 128; // as Batch.Bytes counts them
    private readonly int quote;
    private readonly int escape;
    private readonly Schema plain;
    private readonly Schema withExtra;
    private readonly Utf8Builder?[] columns;
    private readonly int[] expected; // bytes a column had in the last batch: saves growing again
    private NativeBuffer? rowIds;
    private Utf8Builder? extra;
    private NativeBuffer? extraOffsets;
    private List<Remark> remarks = [];
    private int lastRows = 256;
    private (int Fields, string Text) counted = (-1, "");
    private (int Offset, string Text) badFrom = (-1, "");

    public CsvBatchBuilder(CsvLayout layout)
    {
        quote = layout.Dialect.Quote;
        escape = layout.Dialect.Escape;
        columns = new Utf8Builder?[layout.Columns.Length];
        expected = new int[columns.Length];
        var source = new Dictionary<string, string> { ["role"] = "source" };
        var fields = new List<Field> { new(Batch.RowId, Int64Type.Default, false) };
        fields.AddRange(layout.Columns.Select(name => new Field(name, StringType.Default, true, source)));
        plain = new Schema(fields, null);
        var list = new ListType(new Field("item", StringType.Default, true));
        withExtra = new Schema([.. fields, new Field(Extra, list, true, new Dictionary<string, string> { ["role"] = "extra" })], null);
    }

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>About the bytes that the batch will hold.</summary>
    public long Bytes { get; private set; }

    public void Note(Remark remark)
    {
        remarks.Add(remark);
        Bytes += RemarkBytes + remark.Raw.Length;
    }

    /// <summary>Adds the row that <paramref name="parser"/> has just read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // see CsvParser.Read
    public void Add(long rowId, byte* row, CsvParser parser)
    {
        if (rowIds is null)
            Begin();
        ReadOnlySpan<CsvField> fields = parser.Fields;
        int shared = Math.Min(fields.Length, columns.Length);
        for (int i = 0; i < shared; i++)
            Write(columns[i]!, row, fields[i]);
        for (int i = shared; i < columns.Length; i++)
            columns[i]!.AppendNull();
        if (fields.Length > columns.Length)
            AddExtra(row, fields);
        else if (extra is not null)
            EndExtra();

        rowIds!.Ensure((Rows + 1L) * sizeof(long));
        ((long*)rowIds.Pointer)[Rows] = rowId;
        Rows++;
        rowIds.Length = Rows * sizeof(long);
        Bytes += Cost(parser.Length);

        if (parser.HasTextAfterQuote || parser.BrokenField >= 0 || fields.Length != columns.Length)
            NoteFaults(rowId, row, parser);
        var bytes = new ReadOnlySpan<byte>(row, parser.Length);
        if (!System.Text.Ascii.IsValid(bytes) && !Utf8.IsValid(bytes))
            Repair(rowId, fields.Length);
    }

    /// <summary>Bytes that a row of so many bytes adds to <see cref="Bytes"/>.</summary>
    public long Cost(int length) => length + sizeof(long) + (sizeof(int) * (long)columns.Length);

    /// <summary>Adds ordinary rows that follow one another.</summary>
    /// <param name="first">Index of the first one's first field.</param>
    /// <param name="cost">Sum of their <see cref="Cost"/>.</param>
    public void Add(long rowId, byte* text, CsvStretch stretch, int first, int rows, long cost)
    {
        if (rowIds is null)
            Begin();
        for (int i = 0; i < columns.Length; i++)
            stretch.Write(columns[i]!, text, first + i, columns.Length, rows, leads: i == 0);
        for (int i = 0; i < rows && extra is not null; i++)
            EndExtra();

        rowIds!.Ensure((Rows + (long)rows) * sizeof(long));
        long* ids = (long*)rowIds.Pointer + Rows;
        for (int i = 0; i < rows; i++)
            ids[i] = rowId + i;
        Rows += rows;
        rowIds.Length = Rows * sizeof(long);
        Bytes += cost;
    }

    /// <summary>The batch; the builder starts anew.</summary>
    public Batch Build(Origin origin, IReadOnlyList<Reject> rejects, SourceEnd? end)
    {
        if (rowIds is null)
            Begin();
        int rows = Rows;
        var arrays = new List<IArrowArray>(columns.Length + 2);
        arrays.Add(new Int64Array(rowIds!.ToArrow(), ArrowBuffer.Empty, rows, 0, 0));
        rowIds = null;
        for (int i = 0; i < columns.Length; i++)
        {
            expected[i] = columns[i]!.Length;
            arrays.Add(columns[i]!.Build());
            columns[i] = null;
        }

        Schema schema = plain;
        if (extra is not null)
        {
            schema = withExtra;
            arrays.Add(BuildExtra(rows, (ListType)withExtra.FieldsList[^1].DataType));
        }

        var batch = new Batch(origin, new RecordBatch(schema, arrays, rows)) { Remarks = remarks, Rejects = rejects, End = end };
        remarks = [];
        lastRows = Math.Max(16, rows);
        Rows = 0;
        Bytes = 0;
        return batch;
    }

    public void Dispose()
    {
        foreach (Utf8Builder? column in columns)
            column?.Dispose();
        extra?.Dispose();
        ((IDisposable?)rowIds)?.Dispose();
        ((IDisposable?)extraOffsets)?.Dispose();
    }

    private void Begin()
    {
        rowIds = new NativeBuffer(lastRows * (long)sizeof(long));
        for (int i = 0; i < columns.Length; i++)
            columns[i] = new Utf8Builder(lastRows, expected[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(Utf8Builder column, byte* row, in CsvField field)
    {
        if (field.Length == 0 && field.Kind == CsvFieldKind.Plain)
        {
            column.AppendNull();
            return;
        }

        column.Advance(CsvText.Write(row, field, quote, escape, column.Reserve(field.Length)));
        column.EndCell();
    }

    // A list column of which the rows before had no need: its offsets begin with as many zeros. Which rows have a list
    // shows in the offsets alone: a row with extra fields has at least one element, all others are NULL.
    private void AddExtra(byte* row, ReadOnlySpan<CsvField> fields)
    {
        if (extra is null)
        {
            extra = new Utf8Builder(16, 256);
            extraOffsets = new NativeBuffer((Rows + 16L) * sizeof(int));
            new Span<byte>(extraOffsets.Pointer, (Rows + 1) * sizeof(int)).Clear();
            extraOffsets.Length = (Rows + 1) * sizeof(int);
        }

        for (int i = columns.Length; i < fields.Length; i++)
            Write(extra, row, fields[i]);
        Bytes += (sizeof(int) + 1L) * (fields.Length - columns.Length);
        EndExtra();
    }

    private void EndExtra()
    {
        int at = extraOffsets!.Length;
        extraOffsets.Ensure(at + (long)sizeof(int));
        *(int*)(extraOffsets.Pointer + at) = extra!.Count;
        extraOffsets.Length = at + sizeof(int);
    }

    private ListArray BuildExtra(int rows, ListType type)
    {
        var validity = new NativeBuffer((rows / 8) + 1L) { Length = (rows + 7) / 8 };
        new Span<byte>(validity.Pointer, validity.Length).Clear();
        int* offsets = (int*)extraOffsets!.Pointer;
        int nulls = 0;
        for (int i = 0; i < rows; i++)
        {
            if (offsets[i + 1] > offsets[i])
                validity.Pointer[i >> 3] |= (byte)(1 << (i & 7));
            else
                nulls++;
        }

        var data = new ArrayData(type, rows, nulls, 0, [validity.ToArrow(), extraOffsets.ToArrow()], [extra!.BuildData()]);
        extra = null;
        extraOffsets = null;
        return new ListArray(data);
    }

    private void NoteFaults(long rowId, byte* row, CsvParser parser)
    {
        ReadOnlySpan<CsvField> fields = parser.Fields;
        for (int i = 0; i < fields.Length && parser.HasTextAfterQuote; i++)
        {
            if ((fields[i].Kind & CsvFieldKind.TextAfterQuote) != 0)
                Note(new Remark(rowId, ColumnOf(i), "text-after-quote", "text follows the closing quote" + InExtra(i), new ReadOnlySpan<byte>(row + fields[i].Start, fields[i].Length).ToArray()));
        }

        if (parser.BrokenField >= 0)
            Note(new Remark(rowId, ColumnOf(parser.BrokenField), "unclosed-quote", "an opening quote without its end counts as text" + InExtra(parser.BrokenField), default));
        else if (fields.Length < columns.Length)
            Note(new Remark(rowId, -1, "missing-fields", Counted(fields.Length, "of"), default));
        else if (fields.Length > columns.Length)
            Note(new Remark(rowId, -1, "extra-fields", Counted(fields.Length, "for"), default));
    }

    private void Repair(long rowId, int fields)
    {
        int at = Rows - 1;
        for (int i = 0; i < Math.Min(fields, columns.Length); i++)
        {
            ReadOnlySpan<byte> cell = columns[i]!.Cell(at);
            if (Utf8.IsValid(cell))
                continue;
            byte[] raw = cell.ToArray();
            columns[i]!.TruncateTo(at);
            NoteBadBytes(rowId, i, Utf8Repair.Append(columns[i]!, raw), raw);
        }

        if (fields > columns.Length)
            RepairExtra(rowId, fields - columns.Length);
    }

    private void RepairExtra(long rowId, int count)
    {
        int from = extra!.Count - count;
        int good = from;
        while (good < extra.Count && Utf8.IsValid(extra.Cell(good)))
            good++;
        if (good == extra.Count)
            return;
        // From the first bad element on they are written again; NULL elements show as empty unquoted ones did.
        var tail = new byte[]?[extra.Count - good];
        for (int i = 0; i < tail.Length; i++)
            tail[i] = extra.Cell(good + i).ToArray();
        bool[] nulls = [.. Enumerable.Range(good, tail.Length).Select(extra.IsNull)];
        extra.TruncateTo(good);
        for (int i = 0; i < tail.Length; i++)
        {
            if (nulls[i])
                extra.AppendNull();
            else if (Utf8.IsValid(tail[i]))
                extra.Append(tail[i]);
            else
                NoteBadBytes(rowId, columns.Length + good - from + i, Utf8Repair.Append(extra, tail[i]), tail[i]!);
        }
    }

    private void NoteBadBytes(long rowId, int field, int offset, byte[] raw)
    {
        Bytes += raw.Length; // U+FFFD has three bytes
        Note(new Remark(rowId, ColumnOf(field), "invalid-utf8", BadFrom(offset) + InExtra(field), raw));
    }

    // Where every row has the same fault, the words are made once.
    private string Counted(int fields, string between)
    {
        if (counted.Fields != fields)
            counted = (fields, between == "of" ? Invariant($"{fields} of {columns.Length} fields") : Invariant($"{fields} fields for {columns.Length} columns"));
        return counted.Text;
    }

    private string BadFrom(int offset)
    {
        if (badFrom.Offset != offset || badFrom.Text.Length == 0)
            badFrom = (offset, Invariant($"not UTF-8 from byte {offset} of the cell"));
        return badFrom.Text;
    }

    private int ColumnOf(int field) => field < columns.Length ? field : -1;

    private string InExtra(int field) => field < columns.Length ? "" : Invariant($", in extra field {field - columns.Length + 1}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
