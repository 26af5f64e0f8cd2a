using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Stages;

/// <summary>Types the text columns of each batch and cleans their names.</summary>
/// <remarks>
/// <para>Out come <c>row_id</c> and one column a source column under its cleaned, distinct name, typed by the batch's own values. Where the type does not
/// give a value back, its text stands in <c>&lt;name&gt;_text</c> (string, NULL elsewhere) right behind the column. Field metadata: <c>original</c>
/// (name in the source), <c>role</c> (<c>source</c>, <c>companion</c>, <c>extra</c>), <c>format</c> where the type has several spellings, and of a companion <c>of</c>: the
/// 0-based place of its column among those of role <c>source</c>.</para>
/// <para>The cells as read go along as <see cref="Batch.Cells"/>, with the counts from which the type over the whole source is decided: types may
/// differ from batch to batch. Columns that are typed already (Arrow and Parquet sources) and lists pass through.</para>
/// </remarks>
public sealed class ParseStage : IStage
{
    /// <summary>Metadata key: name in the source.</summary>
    internal const string OriginalKey = "original";

    /// <summary>Metadata key: what a column is.</summary>
    internal const string RoleKey = "role";

    /// <summary>Metadata key: the spelling of a typed column.</summary>
    internal const string FormatKey = "format";

    /// <summary>Metadata key of a companion: which source column it belongs to.</summary>
    internal const string OfKey = "of";

    /// <summary>Metadata key of a text column of the source: its index in <see cref="Batch.Cells"/> and <see cref="Batch.Tallies"/>.</summary>
    internal const string CellKey = "cell";

    /// <summary>Metadata key of a schema: further columns may come in later batches of the source.</summary>
    internal const string OpenKey = "open";

    /// <summary>The list column of extra fields of ragged rows.</summary>
    internal const string Extra = "_extra";

    private readonly ConditionalWeakTable<Schema, Plan> plans = [];

    /// <param name="options">How text becomes typed columns; the defaults where null.</param>
    public ParseStage(TypingOptions? options = null)
    {
        Options = options ?? new TypingOptions();
        ZoneTable.For(Options.TimeZone);       // refuses a zone that DuckDB cannot know, before any data
    }

    /// <inheritdoc/>
    public string Name => "parse";

    /// <summary>How text becomes typed columns.</summary>
    public TypingOptions Options { get; }

    /// <inheritdoc/>
    public Batch Process(Batch batch)
    {
        RecordBatch events = batch.Events;
        Plan plan = plans.GetValue(events.Schema, schema => new Plan(schema, Options));
        var tallies = new ColumnTally[plan.Text.Length];
        var hashes = new ulong[events.Length];
        for (int i = 0; i < tallies.Length; i++)
        {
            var cells = (StringArray)events.Column(plan.Text[i]);
            tallies[i] = new ColumnTally(plan.Hints[i]);
            tallies[i].Add(cells);
            RowHash.Add(hashes, plan.Original(plan.Text[i]), cells);
        }

        foreach (int list in plan.Lists)
            RowHash.Add(hashes, plan.Original(list), (ListArray)events.Column(list));
        IReadOnlyList<Verdict> verdicts = SourceVerdict.Decide(tallies, Options).Columns;
        return new Batch(batch.Origin, Type(events, plan, verdicts))
        {
            Cells = new RecordBatch(plan.CellsSchema, plan.Cells.Select(c => Batch.Share(events.Column(c))), events.Length),
            Tallies = tallies,
            CellsHash = RowHash.Sum(hashes),
            Side = [.. batch.Side.Select(s => s with { Rows = s.Rows.SliceShared(0, s.Rows.Length) })],
            Remarks = batch.Remarks,
            Rejects = batch.Rejects,
            End = batch.End,
        };
    }

    private static RecordBatch Type(RecordBatch events, Plan plan, IReadOnlyList<Verdict> verdicts)
    {
        var fields = new List<Field> { events.Schema.GetFieldByIndex(0) };
        var columns = new List<IArrowArray> { Batch.Share(events.Column(0)) };
        var taken = new HashSet<string>(plan.Names, StringComparer.OrdinalIgnoreCase) { Batch.RowId };
        int text = 0, sources = -1;
        for (int c = 1; c < events.ColumnCount; c++)
        {
            Field original = events.Schema.GetFieldByIndex(c);
            string name = plan.Names[c - 1];
            sources += c == plan.ExtraColumn ? 0 : 1;
            if (!plan.IsText(text, c))
            {
                string role = c == plan.ExtraColumn ? "extra" : "source";
                fields.Add(new Field(name, original.DataType, true, Metadata(original, role, null)));
                columns.Add(Batch.Share(events.Column(c)));
                continue;
            }

            Verdict verdict = verdicts[text];
            ColumnHint hint = plan.Hints[text];
            Dictionary<string, string> metadata = Metadata(original, "source", verdict.Format);
            metadata[CellKey] = (text++).ToString(CultureInfo.InvariantCulture);
            if (verdict.Type == ColumnType.Varchar)
            {
                fields.Add(new Field(name, StringType.Default, true, metadata));
                columns.Add(Batch.Share(events.Column(c)));
                continue;
            }

            TypedColumn typed = Typer.Convert((StringArray)events.Column(c), hint, verdict, keepEmpty: false);
            fields.Add(new Field(name, typed.Values.Data.DataType, true, metadata));
            columns.Add(typed.Values);
            if (typed.Text is null)
                continue;
            fields.Add(new Field(ColumnNames.Free(name + "_text", wanted => !taken.Add(wanted)), StringType.Default, true, Companion(original, sources)));
            columns.Add(typed.Text);
        }

        return new RecordBatch(new Schema(fields, events.Schema.Metadata), columns, events.Length);
    }

    private static Dictionary<string, string> Companion(Field original, int of)
    {
        Dictionary<string, string> metadata = Metadata(original, "companion", null);
        metadata[OfKey] = of.ToString(CultureInfo.InvariantCulture);
        return metadata;
    }

    private static Dictionary<string, string> Metadata(Field original, string role, string? format)
    {
        var metadata = new Dictionary<string, string> { [OriginalKey] = original.Name, [RoleKey] = role };
        if (format is not null)
            metadata[FormatKey] = format;
        return metadata;
    }

    /// <summary>What follows from a schema alone.</summary>
    private sealed class Plan
    {
        private readonly Schema schema;

        public Plan(Schema schema, TypingOptions options)
        {
            this.schema = schema;
            List<int> text = [], lists = [], cells = [];
            var originals = new List<string>();
            for (int c = 1; c < schema.FieldsList.Count; c++)
            {
                Field field = schema.GetFieldByIndex(c);
                originals.Add(field.Name);
                bool list = field.DataType is ListType { ValueDataType: StringType };
                if (list && field.Name == Extra)
                    ExtraColumn = c;
                if (list)
                    lists.Add(c);
                if (field.DataType is StringType)
                    text.Add(c);
                if (field.DataType is StringType)
                    cells.Add(c);
            }

            if (ExtraColumn != 0)
                cells.Add(ExtraColumn);

            (Text, Lists, Cells) = ([.. text], [.. lists], [.. cells]);
            Hints = [.. text.Select(c => ColumnHint.For(Original(c), options))];
            CellsSchema = new Schema(cells.Select(schema.GetFieldByIndex), schema.Metadata);
            Names = NamesOf(originals, options.KeepNames);
        }

        /// <summary>Positions of text columns.</summary>
        public int[] Text { get; }

        /// <summary>Positions of list columns of text.</summary>
        public int[] Lists { get; }

        /// <summary>Positions of the columns of <see cref="Batch.Cells"/>: text as <see cref="Batch.Tallies"/> counts it, then the list of extra fields.</summary>
        public int[] Cells { get; }

        /// <summary>One a text column.</summary>
        public ColumnHint[] Hints { get; }

        public Schema CellsSchema { get; }

        /// <summary>Distinct names of all columns behind row_id.</summary>
        public string[] Names { get; }

        /// <summary>Position of the list of extra fields; 0 where there is none.</summary>
        public int ExtraColumn { get; }

        public string Original(int column) => schema.GetFieldByIndex(column).Name;

        /// <summary>Whether the column is the text column of that number.</summary>
        public bool IsText(int number, int column) => number < Text.Length && Text[number] == column;

        // The list of extra fields is the engine's own: an input column of its name takes _2.
        private string[] NamesOf(List<string> originals, bool keepNames)
        {
            if (ExtraColumn == 0)
                return ColumnNames.Unique(originals, keepNames, []);
            List<string> others = [.. originals];
            others.RemoveAt(ExtraColumn - 1);
            List<string> names = [.. ColumnNames.Unique(others, keepNames, [Extra])];
            names.Insert(ExtraColumn - 1, Extra);
            return [.. names];
        }
    }
}
