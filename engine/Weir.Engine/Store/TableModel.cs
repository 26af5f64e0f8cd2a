using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The plan of one table: its columns, and how the columns of each source lie in them.</summary>
/// <remarks>
/// Changes are made here first and come out as DDL (<see cref="TakeChanges"/>), which must run as the first statements of the transaction that
/// needs them. A table that does not exist yet is only a plan: it is created once, as it stands when its first rows land.
/// </remarks>
internal sealed partial class TableModel
{
    private readonly SortedDictionary<int, List<ColumnBinding>> sources = [];
    private readonly Dictionary<TableColumn, List<(int Source, ColumnBinding Binding)>> bound = []; // by column: a folder may have thousands of sources
    private readonly List<string> changes = [];
    private readonly HashSet<int> touched = [];
    private readonly HashSet<int> open = [];
    private readonly List<string> listed = [];
    private readonly List<ColumnBinding> relooked = [];
    private bool exists;

    private TableModel(string name) => Name = name;

    public string Name { get; }

    /// <summary>It stands in the case, not only in this plan.</summary>
    public bool Exists => exists;

    /// <summary>It stands in the case and will be altered.</summary>
    public bool WillAlter => exists && changes.Count > 0;

    /// <summary>Schema and name, quoted.</summary>
    public string QualifiedName => $"main.{Sql.Name(Name)}";

    /// <summary>Columns in the order of the table, lineage apart; derived ones are among them.</summary>
    public List<TableColumn> Columns { get; } = [];

    /// <summary>Columns that stand in the table.</summary>
    public IEnumerable<TableColumn> Stored => Columns.Where(c => c.Derivation is null);

    /// <summary>Sources whose bindings changed since <see cref="TakeTouched"/>.</summary>
    public IEnumerable<int> TakeTouched()
    {
        int[] taken = [.. touched];
        touched.Clear();
        return taken;
    }

    /// <summary>Columns that became lists since the last call.</summary>
    public IReadOnlyList<string> TakeListed()
    {
        string[] taken = [.. listed];
        listed.Clear();
        return taken;
    }

    /// <summary>Columns of the source that was closed last whose rows landed as text and are lists now, or the other way round.</summary>
    public IReadOnlyList<ColumnBinding> TakeRelooked()
    {
        ColumnBinding[] taken = [.. relooked];
        relooked.Clear();
        return taken;
    }

    public IReadOnlyList<ColumnBinding> Bindings(int source) => sources.TryGetValue(source, out List<ColumnBinding>? bindings) ? bindings : [];

    /// <summary>Gives the columns of a source their places; new ones are added.</summary>
    /// <param name="source">Its number.</param>
    /// <param name="originals">Original names in order; those bound already are passed over.</param>
    /// <param name="verdicts">What they are, as far as is known.</param>
    /// <param name="tallies">What of their values is known so far.</param>
    /// <param name="longText">Columns whose text is long.</param>
    /// <param name="keepNames">Names stay as they are.</param>
    public void Bind(int source, IReadOnlyList<string> originals, IReadOnlyList<Verdict> verdicts, IReadOnlyList<ColumnTally> tallies, IReadOnlyList<bool> longText, bool keepNames)
    {
        List<ColumnBinding> bindings = BindingsOf(source);
        HashSet<int> placed = [.. bindings.Select(b => b.Position)];
        for (int i = 0; i < originals.Count; i++)
        {
            if (placed.Contains(i) || tallies[i].Lists is { TwinOf: >= 0 })
                continue;
            TableColumn column = Known(source, originals, i) ?? Place(source, originals[i], i, keepNames, verdicts[i].Type, longText[i]);
            var binding = new ColumnBinding(i, originals[i], column, verdicts[i]) { Filled = tallies[i].Values };
            if (tallies[i].Lists is { Twin: >= 0 } lists)
                binding.Twin = (lists.Twin, originals[lists.Twin]);
            SettleOpen(binding);
            Add(source, binding);
            touched.Add(source);
        }

        // A twin has no column in which it could wait for the end of its source.
        foreach (ColumnBinding binding in bindings)
        {
            if (binding.Position >= 0 && binding.Column.Type != ColumnType.VarcharList && verdicts[binding.Position].Format == ListFormat.MvTwin)
                ToLists(binding.Column);
            if (binding.Position >= 0 && verdicts[binding.Position] is { Format: ListFormat.MvTwin } twinned && binding.Verdict.Format != ListFormat.MvTwin)
            {
                binding.Verdict = twinned with { Misfits = binding.Verdict.Misfits };
                touched.Add(source);
            }

            if (binding.Position >= 0 && tallies[binding.Position].Addresses is { Addresses: > 0 } addresses)
                AddressColumns.Bind(this, source, binding, addresses);
        }
    }

    /// <summary>The column of fields beyond the header, added where it is missing.</summary>
    public ColumnBinding BindExtra(int source)
    {
        List<ColumnBinding> bindings = BindingsOf(source);
        if (bindings.Find(b => b.Position < 0) is { } known)
            return known;
        TableColumn column = Columns.Find(c => c.Role == ColumnRole.Extra) ?? Add(new TableColumn(FreeName("_extra"), ColumnType.VarcharList, ColumnRole.Extra));
        var binding = new ColumnBinding(-1, "_extra", column, new Verdict(ColumnType.VarcharList, null, 0));
        Add(source, binding);
        touched.Add(source);
        return binding;
    }

    /// <summary>The companion of a typed column, added where it is missing.</summary>
    public TableColumn CompanionOf(TableColumn column)
    {
        if (column.Companion is null)
        {
            column.Companion = Add(new TableColumn(FreeName(column.Name + "_text"), ColumnType.Varchar, ColumnRole.Companion));
            touched.UnionWith(BindingsTo(column).Select(b => b.Source));
        }

        return column.Companion;
    }

    /// <summary>Another source of the column goes on.</summary>
    public bool IsOpenElsewhere(TableColumn column, int source) => BindingsTo(column).Any(b => b.Source != source && open.Contains(b.Source));

    /// <summary>A column that had no value so far gets the type of its first values.</summary>
    public void TypeEmptyColumn(int source, ColumnBinding binding, Verdict verdict)
    {
        if (binding.Column.Type != ColumnType.Varchar || binding.Column.LongText || verdict.Type == ColumnType.Varchar
            || BindingsTo(binding.Column).Any(b => b.Source != source))
            return;
        Alter($"ALTER {Sql.Name(binding.Column.Name)} TYPE {TypedSql.Name(verdict.Type)} USING NULL");
        binding.Column.Type = verdict.Type;
        binding.Verdict = verdict;
        touched.Add(source);
    }

    /// <summary>Sets the final types of a source that was read to its end, and converts what lies in the table already.</summary>
    /// <param name="rows">Rows of a source in the case that meet a condition.</param>
    /// <returns>Columns whose misfits must be counted once the rows lie under the new types.</returns>
    public IReadOnlyList<(int Source, ColumnBinding Binding)> Close(int source, bool hasRows, SourceVerdict verdict, IReadOnlyList<ColumnTally> tallies, Func<int, string, long> rows)
    {
        var close = new TableClose(this, source, hasRows, verdict, tallies, rows);
        foreach (ColumnBinding binding in BindingsOf(source))
        {
            if (binding.Position < 0)
                continue;
            string? before = binding.ListFormat;
            close.Close(binding);
            AddressColumns.Close(this, source, hasRows, binding, tallies[binding.Position].Addresses.GetValueOrDefault());
            if (hasRows && before != binding.ListFormat)
                relooked.Add(binding);
        }

        PutDerivedColumnsInOrder(source);
        open.Remove(source);
        touched.Add(source);
        return close.Recount;
    }

    /// <summary>Forgets a source, and drops what only it had: its columns, and companions that no other source needs.</summary>
    /// <returns>Other sources remain; else the table is of no use.</returns>
    public bool Remove(int source)
    {
        foreach (ColumnBinding binding in BindingsOf(source))
            bound[binding.Column].RemoveAll(b => b.Source == source);
        sources.Remove(source);
        if (sources.Count == 0)
            return false;
        foreach (TableColumn column in Columns.Where(c => c.Companion is not null && !NeedsCompanion(c)).ToArray())
            DropCompanion(column);
        foreach (TableColumn column in Columns.Where(c => c.Asn is not null && !BindingsTo(c).Any(b => b.Binding.HasAddresses)).ToArray())
            AddressColumns.Drop(this, column);
        PayloadPlaces.Prune(this);
        foreach (TableColumn column in Columns.Where(c => c.Role is ColumnRole.Source or ColumnRole.Extra && !BindingsTo(c).Any()).ToArray())
            Drop(column);
        return true;
    }

    /// <summary>The DDL since the last call, in order. The first for a new table creates it.</summary>
    public IReadOnlyList<string> TakeChanges()
    {
        if (!exists)
        {
            exists = true;
            changes.Clear();
            return [$"CREATE TABLE {QualifiedName} ({string.Join(", ", (string[])["source_id INTEGER", "row_id BIGINT", .. Stored.Select(c => c.Definition)])})"];
        }

        string[] taken = [.. changes];
        changes.Clear();
        return taken;
    }

    /// <summary>Every binding to a column, over all sources in their order.</summary>
    public IReadOnlyList<(int Source, ColumnBinding Binding)> BindingsTo(TableColumn column) => bound.TryGetValue(column, out var bindings) ? bindings : [];

    public void Touch(int source) => touched.Add(source);

    /// <summary>Records an ALTER TABLE; nothing is recorded for a table that does not exist yet.</summary>
    public void Alter(string what)
    {
        if (exists)
            changes.Add($"ALTER TABLE {QualifiedName} {what}");
    }

    public TableColumn Add(TableColumn column)
    {
        Columns.Add(column);
        if (column.Derivation is null)
            Alter($"ADD COLUMN {column.Definition}");
        return column;
    }

    public void Drop(TableColumn column)
    {
        Columns.Remove(column);
        if (column.Derivation is null)
            Alter($"DROP COLUMN {Sql.Name(column.Name)}");
    }

    /// <summary>A source has text in the companion.</summary>
    public bool NeedsCompanion(TableColumn column) => BindingsTo(column).Any(b => b.Binding.Verdict.Misfits > 0 || b.Binding.Aside);

    /// <summary>Drops the companion, whose sources then say no more of it.</summary>
    public void DropCompanion(TableColumn column)
    {
        Drop(column.Companion!);
        column.Companion = null;
        touched.UnionWith(BindingsTo(column).Select(b => b.Source));
    }

    /// <summary>A name for a derived column that no column has: it yields to the input's by taking <c>_2</c>.</summary>
    public string FreeName(string wanted) => ColumnNames.Free(wanted, name => Find(name) is not null || ColumnNames.IsLineage(name));

    /// <summary>An open source lands in a column that has its type already: what does not suit it lies aside until the source is closed.</summary>
    private static void SettleOpen(ColumnBinding binding)
    {
        ColumnType type = binding.Column.Type;
        if (type is ColumnType.Varchar)
            binding.Verdict = Verdict.Text;
        else if (type is ColumnType.VarcharList && binding.Verdict.Type != type)
            binding.Verdict = new Verdict(type, ListFormat.Single, 0);
        else if (binding.Verdict.Type != type)
            (binding.Aside, binding.Verdict) = (true, Verdict.Text);
    }

    private List<ColumnBinding> BindingsOf(int source)
    {
        if (!sources.TryGetValue(source, out List<ColumnBinding>? bindings))
            sources[source] = bindings = [];
        return bindings;
    }

    private void Add(int source, ColumnBinding binding)
    {
        BindingsOf(source).Add(binding);
        if (!bound.TryGetValue(binding.Column, out var bindings))
            bound[binding.Column] = bindings = [];
        int at = bindings.Count;
        while (at > 0 && bindings[at - 1].Source > source)
            at--;
        bindings.Insert(at, (source, binding));
    }

    private TableColumn? Find(string name) => Columns.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Within a table an original name keeps its column for ever; the n-th column of that name in a source keeps the n-th.</summary>
    private TableColumn? Known(int source, IReadOnlyList<string> originals, int position)
    {
        int occurrence = 0;
        for (int i = 0; i < position; i++)
            occurrence += originals[i] == originals[position] ? 1 : 0;
        foreach (var (other, bindings) in sources)
        {
            if (other == source)
                continue;
            ColumnBinding[] same = [.. bindings.Where(b => b.Original == originals[position] && b.Position >= 0)];
            if (same.Length > occurrence && !IsTaken(source, same[occurrence].Column))
                return same[occurrence].Column;
        }

        return null;
    }

    private bool IsTaken(int source, TableColumn column) => BindingsOf(source).Any(b => b.Column == column);

    private TableColumn Place(int source, string original, int position, bool keepNames, ColumnType type, bool longText)
    {
        string name = ColumnNames.Free(
            ColumnNames.Of(original, position, keepNames),
            wanted => ColumnNames.IsLineage(wanted) || (Find(wanted) is { } there && (there.Role != ColumnRole.Source || IsTaken(source, there))));
        return Find(name) ?? Add(new TableColumn(name, type, ColumnRole.Source) { LongText = longText && type == ColumnType.Varchar });
    }
}
