using System.Text.RegularExpressions;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

/// <summary>The columns of a table as a kind's SQL names them: by cleaned name, under the kind's envelopes, NULL where the table has none. The table is called <c>t</c>.</summary>
internal sealed partial class KindColumns
{
    private readonly Dictionary<string, TableColumn[]> columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly TableModel model;

    public KindColumns(TableModel model, LogKind kind)
    {
        (Kind, this.model) = (kind, model);
        foreach (TableColumn column in model.Columns.Where(c => c.Role is ColumnRole.Source))
            columns[column.Name] = [column];
        foreach (TableColumn column in model.Columns.Where(c => c.Role == ColumnRole.Payload).OrderByDescending(c => c.Path, StringComparer.Ordinal).ThenByDescending(c => c.Name, StringComparer.Ordinal))
            columns[ColumnNames.Clean(column.Path!)] = [column, .. columns.GetValueOrDefault(ColumnNames.Clean(column.Path!)) ?? []]; // a column of the input may have the name
        foreach (TableColumn column in model.Columns.Where(c => c.Role == ColumnRole.Source))
        {
            foreach (var (_, binding) in model.BindingsTo(column))
            {
                string name = ColumnNames.Clean(binding.Original); // --keep-names, for one of several sources
                if (columns.GetValueOrDefault(name) is not { } known || !known.Contains(column))
                    columns[name] = [.. columns.GetValueOrDefault(name) ?? [], column];
            }
        }
    }

    /// <summary>The kind.</summary>
    public LogKind Kind { get; }

    /// <summary>The columns of these names that the table has, in order.</summary>
    public IEnumerable<TableColumn> Find(IEnumerable<string> names) =>
        names.SelectMany(name => Kind.Prefixes.Select(p => p + name).Append(name)).SelectMany(name => columns.GetValueOrDefault(name) ?? []).Distinct();

    /// <summary>SQL of the kind's file for this table.</summary>
    public string Expand(string sql) => Marks().Replace(sql, mark =>
    {
        string[] names = mark.Groups["name"].Success ? [mark.Groups["name"].Value] : mark.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries);
        return mark.Groups["time"].Success ? Time(names) : Text(names);
    });

    /// <summary>Text of the first column that has one.</summary>
    public string Text(IEnumerable<string> names) => First(Find(names).Select(TextOf), "VARCHAR");

    /// <summary>Time of the first column that has one.</summary>
    public string Time(IEnumerable<string> names) => First(TimesOf(names).Select(t => t.Sql), "TIMESTAMPTZ");

    /// <summary>The columns that hold times, with the SQL of each.</summary>
    public IEnumerable<(TableColumn Column, string Sql)> TimesOf(IEnumerable<string> names) => Find(names).Where(c => c.Type is ColumnType.TimestampTz or ColumnType.Varchar or ColumnType.VarcharList).Select(c => (c, TimeOf(c)));

    /// <summary>SQL of the times of a column, in a table that is called <c>t</c>.</summary>
    /// <remarks>A table keeps text, or lists, where one of its sources has no times in the column or spells them so that nobody can read them: each source's are read as it spells them.</remarks>
    public static string TimeOf(TableModel model, TableColumn column)
    {
        if (column.Type == ColumnType.TimestampTz)
            return Name(column);
        if (column.Role == ColumnRole.Payload)
            return $"try_cast({Name(column)} || CASE WHEN regexp_matches({Name(column)}, '(Z|z|UTC|GMT|[+-][0-9]{{2}}:?[0-9]{{2}})$') THEN '' ELSE 'Z' END AS TIMESTAMPTZ)"; // zoneless is UTC, whatever the reader's session says
        string text = column.Type == ColumnType.VarcharList ? $"{Name(column)}[1]" : Name(column);
        string[] cases = [.. model.BindingsTo(column).Where(b => b.Binding.Times is not null).GroupBy(b => TimeSql.Read(text, b.Binding.Times!), b => b.Source)
            .Select(g => $"WHEN t.source_id IN ({Sql.Numbers(g)}) THEN {g.Key}")];
        return cases.Length == 0 ? "NULL::TIMESTAMPTZ" : $"CASE {string.Join(' ', cases)} END";
    }

    /// <summary>Whether a row is of the kind, among the rows of a log that is.</summary>
    public string OfRows() => Kind.Rows is null ? "true" : $"coalesce(({Expand(Kind.Rows)}), false)";

    /// <summary>Whether a row has values in the columns by which the kind is recognised.</summary>
    public string HasNeeded() => Kind.Columns.Count == 0 ? "false"
        : $"({string.Join(" OR ", Kind.Columns.Select(groups => "(" + string.Join(" AND ", groups.Select(g => $"{Text(g)} IS NOT NULL")) + ")"))})";

    /// <summary>Whether a row has a value in any of these columns.</summary>
    public string HasSome() => Find(Kind.Columns.SelectMany(groups => groups).SelectMany(g => g)).Select(c => $"{TextOf(c)} IS NOT NULL").ToArray() is { Length: > 0 } some ? $"({string.Join(" OR ", some)})" : "false";

    /// <summary>Text of a column that stands under no envelope.</summary>
    public string Plain(string name) => First((columns.GetValueOrDefault(name) ?? []).Select(TextOf), "VARCHAR");

    /// <summary>The address that an event came from, without its port, then its AS number and organisation.</summary>
    public (string Address, string Asn, string Organisation) Source()
    {
        var found = Find(Kind.Address).Select(c => (Column: c, Address: AddressOf(c))).ToArray();
        if (found.Length == 0)
            return ("NULL::VARCHAR", "NULL::BIGINT", "NULL::VARCHAR");
        if (found.Length == 1)
            return (found[0].Address, Known(found[0].Column, ColumnRole.Asn), Known(found[0].Column, ColumnRole.Organisation));
        return (First(found.Select(f => f.Address), "VARCHAR"), Case(ColumnRole.Asn, "BIGINT"), Case(ColumnRole.Organisation, "VARCHAR"));

        // What is known must be of the address that was chosen.
        string Case(ColumnRole role, string type) =>
            $"CASE {string.Join(' ', found.Select(f => $"WHEN {f.Address} IS NOT NULL THEN {Known(f.Column, role)}"))} ELSE NULL::{type} END";
    }

    private string Known(TableColumn column, ColumnRole role)
    {
        TableColumn? known = column.Role == ColumnRole.Payload
            ? model.Columns.Find(cells => cells.Payload.Contains(column))?.Payload.Find(p => p.Suffix == column.Suffix && p.Role == role)
            : role == ColumnRole.Asn ? column.Asn?.Number : column.Asn?.Organisation;
        if (known is null)
            return role == ColumnRole.Asn ? "NULL::BIGINT" : "NULL::VARCHAR";
        return known.Type is ColumnType.BigIntList or ColumnType.VarcharList ? $"{Name(known)}[1]" : Name(known);
    }

    /// <summary>SQL of the first expression that has a value; NULL of the type where there is none.</summary>
    public static string First(IEnumerable<string> expressions, string type)
    {
        string[] all = [.. expressions];
        return all.Length switch { 0 => $"NULL::{type}", 1 => all[0], _ => $"coalesce({string.Join(", ", all)})" };
    }

    private static string Name(TableColumn column) => $"t.{Sql.Name(column.Name)}";

    private string TextOf(TableColumn column) => column.Type switch
    {
        // As the log wrote it, whatever the reader's time zone and the other sources are.
        ColumnType.TimestampTz or ColumnType.Boolean when column.Role == ColumnRole.Source => model.BySource(column, (_, b) => b.TextSql()),
        ColumnType.Varchar => $"nullif({Name(column)}, '')",
        ColumnType.VarcharList => $"nullif(array_to_string({Name(column)}, ', '), '')",
        ColumnType.Double => Whole(column),
        _ when column.Companion is { } companion => $"coalesce(nullif({Name(companion)}, ''), {Name(column)}::VARCHAR)",
        _ => $"{Name(column)}::VARCHAR",
    };

    // Codes that pandas wrote as 4688.0.
    private static string Whole(TableColumn column)
    {
        string name = Name(column), text = column.Companion is { } companion ? $"coalesce(nullif({Name(companion)}, ''), {name}::VARCHAR)" : $"{name}::VARCHAR";
        return $"CASE WHEN {name} = trunc({name}) AND abs({name}) < 1e15 THEN {name}::BIGINT::VARCHAR ELSE {text} END";
    }

    private string TimeOf(TableColumn column) => TimeOf(model, column);

    private string AddressOf(TableColumn column)
    {
        string cell = column.Type == ColumnType.VarcharList ? $"{Name(column)}[1]" : column.Type == ColumnType.Varchar ? Name(column) : TextOf(column);
        string text = $"trim(split_part({cell}, ',', 1))"; // of several, the first: the one that asked
        return
            $"CASE WHEN regexp_full_match({cell}, '[0-9]+(\\.[0-9]+){{3}}') THEN {cell} " + // nearly all of them
            $"WHEN NOT contains({text}, ':') THEN CASE WHEN regexp_full_match({text}, '[0-9]+(\\.[0-9]+){{3}}') THEN {text} END " +
            $"WHEN starts_with(lower({text}), '[::ffff:') AND contains({text}, '.') THEN nullif(regexp_extract({text}, '^\\[::[Ff]{{4}}:([0-9]+(\\.[0-9]+){{3}})\\](:[0-9]+)?$', 1), '') " +
            $"WHEN starts_with({text}, '[') THEN nullif({Short($"lower(regexp_extract({text}, '^\\[([0-9A-Fa-f:.]+)(%[^\\]]*)?\\](:[0-9]+)?$', 1))")}, '') " +
            $"WHEN regexp_full_match({text}, '[0-9]+(\\.[0-9]+){{3}}:[0-9]+') THEN split_part({text}, ':', 1) " +
            $"WHEN regexp_full_match({text}, '::[Ff]{{4}}:[0-9]+(\\.[0-9]+){{3}}') THEN substr({text}, 8) " +
            $"WHEN regexp_full_match({text}, '[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?') THEN {Short($"lower(split_part({text}, '%', 1))")} END";
    }

    // One address, one spelling, as far as plain SQL gives it: no leading zeros, and the first run of zeros as '::' where all groups were written.
    private static string Short(string address)
    {
        string bare = $"regexp_replace({address}, '(^|:)0+([0-9a-f])', '\\1\\2', 'g')";
        return $"CASE WHEN contains({address}, '::') THEN {bare} ELSE regexp_replace({bare}, '(^|:)0(:0)+(:|$)', '::') END";
    }

    [GeneratedRegex(@"\$(?:(?<time>time)(?=\())?(?:\((?<names>[^()]*)\)|(?<name>[a-z_][a-z0-9_]*))")]
    private static partial Regex Marks();
}
