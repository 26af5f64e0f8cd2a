using System.Collections.Concurrent;
using System.Globalization;
using Apache.Arrow;
using Weir.Engine.Buffers;
using Weir.Engine.Kinds;

namespace Weir.Engine.Stages;

/// <summary>Makes columns of values that stand inside cells, as JSON, XML or a line of text: those that the kinds of logs name.</summary>
/// <remarks>
/// Stands behind <see cref="ParseStage"/> and before <see cref="EnrichAsnStage"/>. Behind the batch's columns come, for every column with such cells, <c>&lt;column&gt;_&lt;path&gt;</c>
/// TIMESTAMPTZ of each path that is a time, text of each that rows are told by and of each that is an address (for the ASN stage), and <c>&lt;column&gt;_values</c>, a JSON object a row, of the values that SQL does not find in the cell itself (<see cref="PayloadDerivation"/>,
/// <see cref="KeptValues"/>). The cell stays as it is, so nothing is lost by a value that is no time, or by text that is cut: the row then has a remark <c>payload-cut</c>.
/// </remarks>
public sealed class PayloadStage : IStage
{
    /// <summary>Role in field metadata and <c>weir.columns</c>.</summary>
    internal const string Role = "payload";

    /// <summary>Metadata key: column and path.</summary>
    internal const string PathKey = "path";

    /// <summary>Role of the values that are kept beside the cells; empty text where SQL would find one in the cell and there is none.</summary>
    internal const string ValuesRole = "payload-values";

    /// <summary>Metadata key of a column that does not land, but is one of addresses: how SQL finds its values.</summary>
    internal const string DerivationKey = "derivation";

    /// <summary>Code of the remark on a cell that ends in the middle of its text, or is not what it begins as.</summary>
    internal const string CutRemark = "payload-cut";

    private readonly IReadOnlyList<PayloadRule> rules;
    private readonly ConcurrentDictionary<string, ColumnRules> byColumn = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> cleaned = new(StringComparer.Ordinal);

    /// <summary>Looks for the values that the kinds of logs name which come with weir.</summary>
    public PayloadStage()
        : this(LogKinds.Shipped.Payloads)
    {
    }

    internal PayloadStage(IReadOnlyList<PayloadRule> rules) => this.rules = rules;

    /// <inheritdoc/>
    public string Name => "payload";

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No parse stage came before.</exception>
    public Batch Process(Batch batch)
    {
        RecordBatch cells = batch.Cells ?? throw new InvalidOperationException("The payload stage needs the cells that the parse stage keeps: put it behind one.");
        var remarks = new List<Remark>();
        var fields = new List<Field>();
        var columns = new List<IArrowArray>();
        var derived = new List<DerivedColumn>();
        for (int i = 0; i < batch.Tallies.Count; i++)
        {
            ColumnTally tally = batch.Tallies[i];
            if (tally.Values == 0 || tally.Lists is { TwinOf: >= 0 })
                continue;
            ColumnRules wanted = byColumn.GetOrAdd(tally.Hint.Name, RulesOf);
            if (wanted.Rules.Length > 0)
                Look(batch, (StringArray)cells.Column(i), i, wanted, TakenApart(batch, cells, wanted), fields, columns, derived, remarks);
        }

        if (columns.Count == 0 && remarks.Count == 0)
            return batch.Derive(batch.ShareEvents(), derived: derived);
        RecordBatch events = batch.Events;
        var taken = new HashSet<string>(events.Schema.FieldsList.Select(f => f.Name), StringComparer.OrdinalIgnoreCase);
        Field[] named = [.. fields.Select(f => new Field(ColumnNames.Free(ColumnNames.Clean(f.Name), name => !taken.Add(name)), f.DataType, true, f.Metadata))];
        IEnumerable<IArrowArray> shared = Enumerable.Range(0, events.ColumnCount).Select(c => Batch.Share(events.Column(c)));
        return batch.Derive(new RecordBatch(new Schema([.. events.Schema.FieldsList, .. named], events.Schema.Metadata), [.. shared, .. columns], events.Length), remarks, derived: derived);
    }

    private ColumnRules RulesOf(string column)
    {
        string name = ColumnNames.Clean(column);
        return new ColumnRules(column, [.. rules.Where(r => r.Columns.Contains(name))]);
    }

    /// <summary>Per rule and group of columns, the cells of which one has text in a row that has been taken apart already; none where the source lacks a group.</summary>
    private StringArray[][][] TakenApart(Batch batch, RecordBatch cells, ColumnRules wanted) => [.. wanted.Rules.Select(rule =>
    {
        StringArray[][] groups = [.. rule.Unless.Select(names => (StringArray[])[.. Enumerable.Range(0, batch.Tallies.Count)
            .Where(c => batch.Tallies[c].Values > 0 && names.Contains(cleaned.GetOrAdd(batch.Tallies[c].Hint.Name, ColumnNames.Clean))).Select(c => (StringArray)cells.Column(c))])];
        return groups.Any(g => g.Length == 0) ? [] : groups;
    })];

    private static void Look(Batch batch, StringArray column, int position, ColumnRules wanted, StringArray[][][] takenApart, List<Field> fields, List<IArrowArray> columns, List<DerivedColumn> derived, List<Remark> remarks)
    {
        if (!wanted.Idle.TryTake(out PayloadReader[]? readers))
            readers = [.. wanted.Groups.Select(g => new PayloadReader(g))];
        var cells = new TextCells(column);
        var rows = (Int64Array)batch.Events.Column(0);
        var builders = new PayloadBuilder?[wanted.Fields.Length];
        var first = new int[wanted.Fields.Length]; // of derived columns: the row with the first value
        KeptValues? kept = null;
        System.Array.Fill(first, -1);
        try
        {
            for (int row = 0; row < cells.Count; row++)
            {
                ReadOnlySpan<byte> cell = cells[row];
                if (cell.IsEmpty || cells.IsNull(row))
                    continue;
                bool any = false, cut = false;
                for (int g = 0; g < readers.Length; g++)
                {
                    PayloadReader reader = readers[g];
                    if (!PayloadRule.Begins(wanted.Groups[g].Format, cell, out ReadOnlySpan<byte> text) || !reader.Read(cell, text, Apart(wanted.Groups[g], row)))
                        continue;
                    bool isText = wanted.Groups[g].Format == PayloadFormat.Pattern, begins = text.Length == cell.Length; // SQL passes over no blanks
                    cut |= !reader.IsWhole && !isText;
                    any |= !reader.IsWhole && !isText && reader.IsSure;
                    foreach (int field in reader.Values.Found)
                    {
                        if (!reader.IsAsked(field))
                            continue;
                        any = true;
                        Set(wanted.Places[g][field], reader.Values[field], begins && reader.Values.IsDerived(field));
                    }

                    if (!reader.HasOthers)
                        continue;
                    for (int field = 0; field < wanted.Places[g].Length; field++)
                    {
                        if (!reader.Values.Has(field) && reader.IsAsked(field) && wanted.Derivations[wanted.Places[g][field]] is { From: not DerivedFrom.Values } && reader.HasOther(field, text))
                            Set(wanted.Places[g][field], default, inCell: false);
                    }
                }

                void Set(int place, ReadOnlySpan<byte> value, bool inCell)
                {
                    PayloadField field = wanted.Fields[place];
                    if (field.Type is PayloadType.Time or PayloadType.Column or PayloadType.Address)
                        (builders[place] ??= new PayloadBuilder(rows.Length, field.Type)).Set(row, value);
                    if (wanted.Derivations[place] is not { } derivation)
                        return;
                    if (first[place] < 0)
                        first[place] = row;
                    if (!inCell || derivation.From == DerivedFrom.Values)
                        (kept ??= new KeptValues(rows.Length, builders.Length)).Set(row, place, wanted.Keys[place], value);
                }

                if (cut && any)
                    remarks.Add(new Remark(rows.Values[row], position, CutRemark, "the text in the cell ends too early, or is not what it begins as; what stands before has been read", default));
            }

            for (int i = 0; i < builders.Length; i++)
            {
                PayloadField field = wanted.Fields[i];
                string original = wanted.Originals[i];
                if (first[i] >= 0)
                    derived.Add(new DerivedColumn(new PayloadColumn(position, original, Role, ColumnType.Varchar) { Derivation = wanted.Derivations[i] }, first[i]));
                if (builders[i]?.Build() is { } values)
                    Add(original, Role, values, wanted.Derivations[i]);
            }

            if (kept is not null)
                Add($"{wanted.Column}.values", ValuesRole, kept.Build(), null);
        }
        finally
        {
            foreach (PayloadBuilder? builder in builders)
                builder?.Dispose();
            kept?.Dispose();
            wanted.Idle.Add(readers);
        }

        ulong Apart(PayloadGroup group, int row)
        {
            ulong apart = 0;
            for (int r = 0; r < group.Rules.Length; r++)
                apart |= IsTakenApart(takenApart[group.Indices[r]], row) ? 1UL << r : 0;
            return apart;
        }

        void Add(string original, string role, IArrowArray values, PayloadDerivation? derivation)
        {
            var metadata = new Dictionary<string, string>
            {
                [ParseStage.OriginalKey] = original,
                [ParseStage.RoleKey] = role,
                [ParseStage.OfKey] = position.ToString(CultureInfo.InvariantCulture),
                [PathKey] = original,
            };
            if (derivation is not null)
                metadata[DerivationKey] = derivation.ToString();
            fields.Add(new Field(original, values.Data.DataType, true, metadata));
            columns.Add(values);
        }
    }

    private static bool IsTakenApart(StringArray[][] groups, int row)
    {
        foreach (StringArray[] columns in groups)
        {
            bool any = false;
            for (int i = 0; i < columns.Length && !any; i++)
                any = columns[i].GetBytes(row).Length > 0;
            if (!any)
                return false;
        }

        return groups.Length > 0;
    }

    /// <summary>The rules of one column. Several kinds may name the same path; a row has the value of the first.</summary>
    private sealed class ColumnRules
    {
        public ColumnRules(string column, PayloadRule[] rules)
        {
            (Column, Rules, Groups) = (column, rules, PayloadGroup.Of(rules));
            var fields = new List<PayloadField>();
            var derivations = new List<PayloadDerivation?>();
            foreach (PayloadGroup group in Groups)
            {
                foreach (PayloadRule rule in group.Rules)
                {
                    foreach (PayloadField field in rule.Fields)
                        Add(field, field.Derivation(rule.Format));
                }
            }

            (Fields, Derivations, Keys, Originals) = ([.. fields], [.. derivations], [.. fields.Select(f => KeptValues.Key(f.Path))], [.. fields.Select(f => f.Of(column))]);
            Places = [.. Groups.Select(g => (int[])[.. g.Fields.Select(f => fields.FindIndex(known => known.Path == f.Path))])];

            // Kinds must agree: what one of them wants kept, or finds otherwise, is kept.
            void Add(PayloadField field, PayloadDerivation? derivation)
            {
                int known = fields.FindIndex(f => f.Path == field.Path);
                if (known < 0)
                {
                    fields.Add(field);
                    derivations.Add(derivation);
                }
                else if (fields[known].Type is PayloadType.Text or PayloadType.Stored && field.Type is PayloadType.Address or PayloadType.Column)
                {
                    (fields[known], derivations[known]) = (field, derivation); // the same text, of which more is wanted
                }
                else if (derivations[known] is not null && derivations[known] != derivation)
                {
                    derivations[known] = new PayloadDerivation(DerivedFrom.Values, field.Path);
                }
            }
        }

        public string Column { get; }

        public PayloadRule[] Rules { get; }

        /// <summary>The rules in groups whose cells are read once.</summary>
        public PayloadGroup[] Groups { get; }

        public PayloadField[] Fields { get; }

        /// <summary>Per field, how SQL finds it; null: it is a column of the table.</summary>
        public PayloadDerivation?[] Derivations { get; }

        /// <summary>Per field, what stands before it among the values that are kept.</summary>
        public byte[][] Keys { get; }

        /// <summary>Per field, what its column is called (<see cref="PayloadField.Of"/>).</summary>
        public string[] Originals { get; }

        /// <summary>Per group, which of the fields its own are.</summary>
        public int[][] Places { get; }

        public ConcurrentBag<PayloadReader[]> Idle { get; } = [];
    }

    /// <summary>One column of times or text of one batch.</summary>
    private sealed class PayloadBuilder(int cells, PayloadType type) : IDisposable
    {
        private readonly TypedColumnBuilder? times = type == PayloadType.Time ? new TypedColumnBuilder(cells, ColumnType.TimestampTz) : null;
        private readonly Utf8Builder? text = type == PayloadType.Time ? null : new Utf8Builder(cells, cells * 16);
        private int next;
        private bool any;

        public void Set(int row, ReadOnlySpan<byte> value)
        {
            if (row < (text?.Count ?? next))
                return; // another rule had it
            if (text is not null)
            {
                text.PadTo(row);
                text.Append(value);
                any = true;
                return;
            }

            while (next < row)
                times!.SetNull(next++);
            next++;
            if (PayloadTime.TryRead(value, out long micros))
            {
                times!.Set(row, micros);
                any = true;
            }
            else
            {
                times!.SetNull(row);
            }
        }

        /// <summary>Null where no value was one.</summary>
        public IArrowArray? Build()
        {
            if (!any)
                return null;
            text?.PadTo(cells);
            while (times is not null && next < cells)
                times.SetNull(next++);
            return text is null ? times!.Build().Values : text.Build();
        }

        public void Dispose()
        {
            text?.Dispose();
            times?.Dispose();
        }
    }
}
