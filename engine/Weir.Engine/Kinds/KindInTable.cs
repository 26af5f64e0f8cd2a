using System.Globalization;
using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

/// <summary>Which rows of a source, or of a sourcetype in it, are of a kind; <c>weir.kinds.how</c> in small letters.</summary>
internal enum KindRows
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that meet the kind's condition <c>rows</c>.</summary>
    Rows,

    /// <summary>Of these, those with a value in some column by which the kind is recognised.</summary>
    Some,

    /// <summary>Other kinds have rows beside it: those that meet <c>rows</c> and have the columns of the kind, and of no kind before it.</summary>
    Own,

    /// <summary>The same, and this kind has most: also those of <see cref="Some"/> that have no kind's columns.</summary>
    Most,
}

/// <summary>A source, or a sourcetype in it, in which a kind has rows.</summary>
/// <param name="Type">The sourcetype; null where the rows of the source have none.</param>
internal sealed record KindPart(int Source, string? Type, KindRows How)
{
    /// <summary>Source and sourcetype in one.</summary>
    public string Key { get; } = string.Create(CultureInfo.InvariantCulture, $"{Source} {Type}");
}

/// <summary>A kind of log in a table.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Model">The table.</param>
/// <param name="Parts">Where its rows are.</param>
/// <param name="HasDuplicates">Some of its rows are left out.</param>
internal sealed record KindInTable(LogKind Kind, TableModel Model, IReadOnlyList<KindPart> Parts, bool HasDuplicates)
{
    // Longer lists are asked of the ledger: views must stay readable, for DuckDB too.
    private const int ListedParts = 200;

    private readonly HashSet<string> keys = [.. Parts.Select(p => p.Key)];

    /// <summary>Kinds that have a row of the same parts before this one.</summary>
    public IReadOnlyList<KindInTable> Before { get; init; } = [];

    /// <summary>Kinds that have a row behind this one, of parts of which this one has most.</summary>
    public IReadOnlyList<KindInTable> After { get; init; } = [];

    /// <summary>A question to the kind's rows of the table, called <c>t</c>: exactly those that were recognised.</summary>
    /// <param name="columns">The table's columns as the kind names them.</param>
    /// <param name="select">What stands between SELECT and FROM.</param>
    /// <param name="where">A further condition.</param>
    /// <param name="distinct">Without rows that stand in the case already.</param>
    public string Select(KindColumns columns, string select, string? where, bool distinct)
    {
        List<string> conditions = [Condition(columns)];
        if (where is not null)
            conditions.Add($"({where})");
        if (distinct && HasDuplicates)
            conditions.Add("NOT EXISTS (SELECT 1 FROM weir.duplicates d WHERE d.source_id = t.source_id AND d.row_id = t.row_id)");
        string condition = string.Join(" AND ", conditions);
        return $"SELECT {select} FROM {Model.Reading(select + condition)} t WHERE {condition}";
    }

    /// <summary>SQL of the condition that a row of the table is of the kind.</summary>
    public string Condition(KindColumns columns)
    {
        string claim = Claim(columns);
        if (Scope(columns, KindRows.Most) is { } most)
            claim = $"({claim} OR {most} AND {columns.OfRows()} AND {columns.HasSome()}{string.Concat(After.Select(after => $" AND NOT {after.Claim()}"))})";
        return string.Join(" AND ", Before.Select(before => $"NOT {before.Claim()}").Prepend(claim));
    }

    private string Claim() => Claim(new KindColumns(Model, Kind));

    /// <summary>Rows that are the kind's, as far as no other kind comes before.</summary>
    private string Claim(KindColumns columns)
    {
        var claims = new List<string>();
        Add(Scope(columns, KindRows.All), "");
        Add(Scope(columns, KindRows.Rows), $" AND {columns.OfRows()}");
        Add(Scope(columns, KindRows.Some), $" AND {columns.OfRows()} AND {columns.HasSome()}");
        Add(Scope(columns, KindRows.Own, KindRows.Most), $" AND {columns.OfRows()} AND {columns.HasNeeded()}");
        return claims.Count == 1 ? $"({claims[0]})" : $"(({string.Join(") OR (", claims)}))";

        void Add(string? scope, string condition)
        {
            if (scope is not null)
                claims.Add(scope + condition);
        }
    }

    /// <summary>SQL condition that a row is of such a part; null where there is none.</summary>
    private string? Scope(KindColumns columns, params KindRows[] how)
    {
        KindPart[] parts = [.. Parts.Where(p => how.Contains(p.How))];
        if (parts.Length == 0)
            return null;
        if (parts.Length > ListedParts)
        {
            string spelled = string.Join(", ", how.Select(h => Sql.Text(Spell(h))));
            return $"EXISTS (SELECT 1 FROM weir.kinds k WHERE k.kind = {Sql.Text(Kind.Name)} AND k.how IN ({spelled}) AND k.source_id = t.source_id AND (k.sourcetype IS NULL OR k.sourcetype = {KindLedger.SourcetypeOf(columns)}))";
        }

        // Sources with the same sourcetypes in one condition.
        string[] scopes = [.. parts.GroupBy(p => p.Source).GroupBy(TypesOf, s => s.Key, StringComparer.Ordinal).Select(g => $"t.source_id IN ({Sql.Numbers(g.Order())}){g.Key}")];
        return scopes.Length == 1 ? scopes[0] : $"({string.Join(" OR ", scopes)})";

        string TypesOf(IGrouping<int, KindPart> source) => source.Any(p => p.Type is null) ? ""
            : $" AND {KindLedger.SourcetypeOf(columns)} IN ({string.Join(", ", source.Select(p => p.Type!).Order(StringComparer.Ordinal).Select(Sql.Text))})";
    }

    /// <summary>Both have rows of one part.</summary>
    /// <param name="how">This one in such a way; null: in any.</param>
    public bool SharesPart(KindInTable other, KindRows? how = null) => Parts.Any(own => (how is null || own.How == how) && other.keys.Contains(own.Key));

    /// <summary>As <c>weir.kinds.how</c> has it.</summary>
    public static string Spell(KindRows how) => how.ToString().ToLowerInvariant();
}
