using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The close of one source: final types for its columns, and the conversions of what lies in the table already.</summary>
/// <remarks>
/// A conversion never leaves DuckDB: ALTER … USING over the columns themselves, with SQL that gives the same values as the C# that typed
/// the batches (<see cref="TypedSql"/>). Rows of other sources keep their values; a column that becomes text gets everyone's exact text back.
/// </remarks>
/// <param name="rows">Rows of a source in the case that meet a condition; 0 for one that is only planned.</param>
internal sealed class TableClose(TableModel model, int source, bool hasRows, SourceVerdict verdict, IReadOnlyList<ColumnTally> tallies, Func<int, string, long> rows)
{
    // A name that no column has, not even an input's.
    private readonly string scratch = model.FreeName("weir_scratch");

    /// <summary>Columns whose misfits only the landed rows can tell, because the table's type is not the source's own.</summary>
    public List<(int Source, ColumnBinding Binding)> Recount { get; } = [];

    public void Close(ColumnBinding own)
    {
        ColumnTally tally = tallies[own.Position];
        own.Filled = tally.Values;
        own.Wide = tally.BeyondDouble;
        own.Times = TimeSpellings.Of(tally, verdict.Orders[own.Position]);
        TableColumn column = own.Column;
        ColumnType type = TypeFor(own, verdict.Columns[own.Position].Type);
        if (type == ColumnType.Varchar)
        {
            ToText(column);
            return;
        }

        Verdict final = FinalVerdict(own, type);
        bool reread = hasRows && (own.Aside || column.Type == ColumnType.Varchar || !own.Verdict.ReadsLike(final));
        if (column.Type != type || reread)
            Retype(column, type, own, final);
        else if (hasRows && tally.Empty > 0 && column.Companion is { } kept)
            model.Alter($"ALTER {Sql.Name(kept.Name)} TYPE VARCHAR USING {model.BySource(column, (s, _) => s == source ? $"nullif({Sql.Name(kept.Name)}, '')" : Sql.Name(kept.Name))}");
        (own.Verdict, own.Aside) = (final, false);
        if (model.NeedsCompanion(column))
            model.CompanionOf(column);
        else if (column.Companion is not null)
            model.DropCompanion(column);
    }

    /// <summary>The widest of what the sources say; one without values has no say. Any text is a list of one, so lists are widest.</summary>
    private ColumnType TypeFor(ColumnBinding own, ColumnType wanted)
    {
        ColumnType? type = own.Filled > 0 || wanted == ColumnType.TimestampTz ? wanted : null;
        bool wide = own.Wide && wanted == ColumnType.BigInt, lists = wanted == ColumnType.VarcharList;
        foreach (var (other, binding) in model.BindingsTo(own.Column))
        {
            if (other == source || (binding.Filled == 0 && binding.IsText))
                continue;
            ColumnType says = binding.IsText || binding.Aside ? ColumnType.Varchar : binding.Verdict.Type;
            lists |= says == ColumnType.VarcharList;
            wide |= binding.Wide && says == ColumnType.BigInt;
            if (type is null || type == says)
                type = says;
            else if (!wide && type is ColumnType.BigInt or ColumnType.Double && says is ColumnType.BigInt or ColumnType.Double)
                type = ColumnType.Double;
            else
                type = ColumnType.Varchar;
        }

        return lists ? ColumnType.VarcharList : type ?? ColumnType.Varchar;
    }

    private Verdict FinalVerdict(ColumnBinding own, ColumnType type)
    {
        Verdict wanted = verdict.Columns[own.Position];
        if (wanted.Type == type)
            return wanted;
        if (own.Filled == 0 || type == ColumnType.VarcharList)
            return new Verdict(type, TypedSql.DefaultFormat(type), 0);
        Recount.Add((source, own));
        return InDouble(source, own, hasRows);
    }

    /// <summary>A source of integers in a DOUBLE column: 1.5 is no misfit there.</summary>
    private Verdict InDouble(int source, ColumnBinding binding, bool count)
    {
        var number = new Verdict(ColumnType.Double, TypedSql.DefaultFormat(ColumnType.Double), 0);
        if (!count)
            return number;
        string text = binding.TextSql(), back = TypedSql.Write($"({TypedSql.Parse(text, number, tallies[0])})", number.Type, number.Format);
        return number with { Misfits = rows(source, $"{text} <> '' AND {text} IS DISTINCT FROM {back}") };
    }

    /// <summary>Everyone's exact text, in one pass; the companion has served.</summary>
    private void ToText(TableColumn column)
    {
        if (column.Type != ColumnType.Varchar)
        {
            model.Alter($"ALTER {Sql.Name(column.Name)} TYPE VARCHAR USING {model.BySource(column, (_, b) => b.TextSql())}");
            column.Type = ColumnType.Varchar;
        }

        foreach (var (other, binding) in model.BindingsTo(column))
        {
            if (binding.Verdict == Verdict.Text && !binding.Aside)
                continue;
            (binding.Verdict, binding.Aside) = (Verdict.Text, false);
            model.Touch(other);
        }

        if (column.Companion is not null)
            model.DropCompanion(column);
    }

    private void Retype(TableColumn column, ColumnType type, ColumnBinding own, Verdict final)
    {
        bool fromText = column.Type == ColumnType.Varchar;
        string name = Sql.Name(column.Name);
        string text = fromText ? name : scratch;
        if (!fromText)
        {
            model.Alter($"ADD COLUMN {scratch} VARCHAR");
            model.Alter($"ALTER {scratch} TYPE VARCHAR USING {model.BySource(column, (_, b) => b.TextSql())}");
        }

        string parsed = hasRows ? TypedSql.Parse(text, final, tallies[own.Position]) : $"NULL::{TypedSql.Name(type)}";
        Dictionary<int, Verdict> after = model.BindingsTo(column).ToDictionary(b => b.Source, b => b.Source == source ? final : After(b.Source, b.Binding, type));
        string Value(int s, ColumnBinding other) =>
            s == source ? parsed
            : type == ColumnType.VarcharList && other.Verdict.Type != type ? TypedSql.Parse(text, after[s], tallies[own.Position])
            : fromText ? $"NULL::{TypedSql.Name(type)}"
            : other.Verdict.Misfits > 0 && other.Verdict.Type != type ? TypedSql.Parse(text, after[s], tallies[own.Position]) // 1.5 among integers
            : $"{name}::{TypedSql.Name(type)}";
        string values = model.BySource(column, Value);
        string Misfit(int s, string value) =>
            $"CASE WHEN {text} <> '' AND {text} IS DISTINCT FROM {TypedSql.Write(value, type, after[s].Format)} THEN {text} END";

        // From text, the companion is taken before the text is gone; else the text is in the scratch column.
        bool needed = final.Misfits > 0 || column.Companion is not null;
        if (fromText && needed)
            SetCompanion(column, model.BySource(column, (s, _) => s == source ? Misfit(s, $"({parsed})") : "NULL::VARCHAR"));
        model.SetValues(column, type, values);
        if (!fromText && needed)
            SetCompanion(column, model.BySource(column, (s, _) => Misfit(s, name)));
        if (!fromText)
            model.Alter($"DROP COLUMN {scratch}");
        foreach (var (other, binding) in model.BindingsTo(column))
        {
            if (other == source || binding.Verdict.ReadsLike(after[other]))
                continue;
            (binding.Verdict, binding.Aside) = (after[other], binding.Aside && type != ColumnType.VarcharList);
            if (type != ColumnType.VarcharList)
                Recount.Add((other, binding));
            model.Touch(other);
        }
    }

    /// <summary>How another source's values lie in the column under its new type.</summary>
    private Verdict After(int other, ColumnBinding binding, ColumnType type) =>
        binding.Verdict.Type == type ? binding.Verdict
        : binding.Filled == 0 || type == ColumnType.VarcharList ? new Verdict(type, TypedSql.DefaultFormat(type), 0)
        : InDouble(other, binding, binding.Verdict.Misfits > 0);

    private void SetCompanion(TableColumn column, string text) =>
        model.Alter($"ALTER {Sql.Name(model.CompanionOf(column).Name)} TYPE VARCHAR USING {text}");
}
