using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Stages;

/// <summary>Turns multi-value fields into list columns. Stands behind <see cref="ParseStage"/>.</summary>
/// <remarks>
/// <para>Lists are found in <c>__mv_</c> twins (<c>$a$;$b$</c>), JSON arrays of scalars, and newline-joined cells of <c>values(…)</c>, <c>list(…)</c>, Splunk's own multi-value fields
/// and columns given by name. A column becomes <c>list&lt;string&gt;</c> in this batch where its values here are lists; whether it is one over the whole source is decided by the
/// sums that ride along: 99 % of its values for JSON, a single value of the twin for twins.</para>
/// <para>A twin column keeps its place under role <c>twin</c> and does not land where its column is a list. A twin that is no such encoding, or says what its
/// field does not, is kept in a remark (<c>mv-twin</c>).</para>
/// </remarks>
public sealed class UnnestStage : IStage
{
    /// <summary>Role of a twin column in field metadata and <c>weir.columns</c>.</summary>
    internal const string TwinRole = "twin";

    /// <summary>Code of the remark that keeps a twin which the list does not give back.</summary>
    internal const string TwinRemark = "mv-twin";

    private readonly ConditionalWeakTable<Schema, Plan> plans = [];

    /// <param name="children">Columns whose values also land in a child table.</param>
    public UnnestStage(params string[] children)
        : this(new UnnestOptions { Children = children })
    {
    }

    /// <param name="options">Which columns hold many values.</param>
    public UnnestStage(UnnestOptions options) => Options = options;

    /// <inheritdoc/>
    public string Name => "unnest";

    /// <summary>Which columns hold many values.</summary>
    public UnnestOptions Options { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No parse stage came before.</exception>
    public Batch Process(Batch batch)
    {
        RecordBatch cells = batch.Cells ?? throw new InvalidOperationException("The unnest stage needs the cells that the parse stage keeps: put it behind one.");
        Plan plan = plans.GetValue(cells.Schema, schema => new Plan(schema, batch.Tallies.Count, Options));
        var remarks = new List<Remark>();
        for (int i = 0; i < batch.Tallies.Count; i++)
            batch.Tallies[i].Lists = Count(plan, i, cells, batch.Tallies[i], (Int64Array)batch.Events.Column(0), remarks);
        return batch.Derive(ListColumns(batch, plan), remarks);
    }

    private static ListTally Count(Plan plan, int column, RecordBatch cells, ColumnTally tally, Int64Array rows, List<Remark> remarks)
    {
        var lists = new ListTally { Lines = plan.Lines[column], Twin = plan.TwinOf(column), TwinOf = plan.FieldOf(column) };
        if (tally.Hint.AlwaysTime)
            return lists;
        if (lists.Twin >= 0)
            CountTwins((StringArray)cells.Column(column), (StringArray)cells.Column(lists.Twin), column, lists, rows, remarks);
        else if (plan.Arrays && !lists.Lines && lists.TwinOf < 0 && tally.Values > 0)
            CountArrays((StringArray)cells.Column(column), lists);
        return lists;
    }

    private static void CountArrays(StringArray cells, ListTally lists)
    {
        var column = new TextCells(cells);
        for (int i = 0; i < column.Count; i++)
        {
            ReadOnlySpan<byte> text = column[i];
            if (text.IsEmpty || text[0] is not ((byte)'[' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') || column.IsNull(i) || !JsonList.Is(text, out bool exact))
                continue;
            lists.Arrays++;
            lists.ExactArrays += exact ? 1 : 0;
        }
    }

    private static void CountTwins(StringArray fields, StringArray twins, int position, ListTally lists, Int64Array rows, List<Remark> remarks)
    {
        if (twins.Values.Length == 0)
            return;
        TextCells field = new(fields), twin = new(twins);
        using var values = new Buffers.Utf8Builder(16, 256);
        for (int i = 0; i < twin.Count; i++)
        {
            if (twin.IsNull(i) || twin[i] is not { IsEmpty: false } text)
                continue;
            int count = MvTwin.Count(text);
            bool absent = field.IsNull(i) || field[i].IsEmpty;
            if (count < 2 || absent)
            {
                string detail = absent ? "the field of these values is empty" : count == 1 ? "the twin holds one value, where Splunk leaves it empty" : "the twin is no list of values";
                remarks.Add(new Remark(rows.Values[i], position, TwinRemark, detail, text.ToArray()));
            }

            if (count == 0 || absent)
                continue;
            lists.Twinned++;
            values.TruncateTo(0);
            MvTwin.Append(text, values);
            lists.Differing += ListTyper.IsJoined(field[i], values, 0) ? 0 : 1;
        }
    }

    /// <summary>The columns of the batch with those that are lists here as lists; twins say so in their role.</summary>
    private static RecordBatch ListColumns(Batch batch, Plan plan)
    {
        RecordBatch events = batch.Events;
        var fields = new List<Field> { events.Schema.GetFieldByIndex(0) };
        var columns = new List<IArrowArray> { Batch.Share(events.Column(0)) };
        var listed = new HashSet<string>();
        int source = -1;
        for (int c = 1; c < events.ColumnCount; c++)
        {
            Field field = events.Schema.GetFieldByIndex(c);
            source += field.Metadata[ParseStage.RoleKey] == "source" ? 1 : 0;
            ListTally? found = null;
            int cell = -1;
            if (field.Metadata.TryGetValue(ParseStage.CellKey, out string? index))
            {
                cell = int.Parse(index, CultureInfo.InvariantCulture);
                found = batch.Tallies[cell].Lists;
            }

            if (found?.Judge(batch.Tallies[cell].Values) is { } verdict)
            {
                TypedColumn typed = ListTyper.Convert((StringArray)batch.Cells!.Column(cell), found.Twin < 0 ? null : (StringArray)batch.Cells.Column(found.Twin), verdict.Format!, keepEmpty: false);
                found.Children = plan.IsUnnested(cell) ? ((ListArray)typed.Values).Values.Length : 0;
                listed.Add(source.ToString(CultureInfo.InvariantCulture));
                Add(With(field, ListColumnBuilder.Type, ParseStage.FormatKey, verdict.Format!), typed.Values);
                if (typed.Text is not null)
                    Add(Companion(events.Schema, fields, field, source), typed.Text);
            }
            else if (field.Metadata[ParseStage.RoleKey] != "companion" || !listed.Contains(field.Metadata[ParseStage.OfKey]))
            {
                Add(found is { TwinOf: >= 0 } ? With(field, field.DataType, ParseStage.RoleKey, TwinRole) : field, Batch.Share(events.Column(c)));
            } // else it is the companion of what the column was before
        }

        return new RecordBatch(new Schema(fields, events.Schema.Metadata), columns, events.Length);

        void Add(Field field, IArrowArray column)
        {
            fields.Add(field);
            columns.Add(column);
        }
    }

    private static Field With(Field field, IArrowType type, string key, string value) => new(field.Name, type, true, new Dictionary<string, string>(field.Metadata) { [key] = value });

    private static Field Companion(Schema schema, List<Field> fields, Field of, int source)
    {
        string name = ColumnNames.Free(of.Name + "_text", name => schema.GetFieldIndex(name) >= 0 || fields.Exists(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return new Field(name, StringType.Default, true, new Dictionary<string, string>
        {
            [ParseStage.OriginalKey] = of.Metadata[ParseStage.OriginalKey],
            [ParseStage.RoleKey] = "companion",
            [ParseStage.OfKey] = source.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>What follows from the columns' names.</summary>
    private sealed class Plan
    {
        private readonly string[] originals;
        private readonly int[] twins;
        private readonly int[] fields;
        private readonly bool[] unnested;

        public Plan(Schema cells, int columns, UnnestOptions options)
        {
            originals = [.. cells.FieldsList.Take(columns).Select(f => f.Name)];
            twins = new int[columns];
            fields = new int[columns];
            System.Array.Fill(twins, -1);
            System.Array.Fill(fields, -1);
            for (int i = 0; i < columns; i++)
            {
                // Which column has a twin must not change from batch to batch.
                if (cells.HasMetadata && cells.Metadata.ContainsKey(ParseStage.OpenKey))
                    break;
                if (!originals[i].StartsWith(ListFormat.TwinPrefix, StringComparison.Ordinal))
                    continue;
                int field = System.Array.IndexOf(originals, originals[i][ListFormat.TwinPrefix.Length..]);
                if (field >= 0 && twins[field] < 0 && originals[field] != "_time")
                    (twins[field], fields[i]) = (i, field);
            }

            unnested = [.. originals.Select(name => options.Children.Any(wanted => ColumnHint.IsNamed(name, wanted)))];
            Arrays = options.Collapse is null;
            Lines = [.. originals.Select((name, i) => Arrays && name != "_time" && (ListFormat.IsNamedSo(name) || options.MultiValue.Any(wanted => ColumnHint.IsNamed(name, wanted))))];
        }

        /// <summary>Columns that hold one value a line.</summary>
        public bool[] Lines { get; }

        /// <summary>JSON arrays are lists.</summary>
        public bool Arrays { get; }

        /// <summary>Whether its values are to land in a child table.</summary>
        public bool IsUnnested(int column) => unnested[column];

        public int TwinOf(int column) => twins[column];

        public int FieldOf(int column) => fields[column];
    }
}
