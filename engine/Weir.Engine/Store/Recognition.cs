using System.Globalization;
using Weir.Engine.Kinds;

namespace Weir.Engine.Store;

/// <summary>Rows of a source that are of a kind.</summary>
/// <param name="Sourcetype">Of rows with this sourcetype; null: the source's rows have none.</param>
internal sealed record Recognised(int Source, string? Sourcetype, LogKind Kind, long Rows, KindRows How);

/// <summary>Which rows of some sources of one table, whose columns are the same, are of which kind.</summary>
/// <param name="typed">The rows have sourcetypes.</param>
/// <param name="byColumns">Kinds whose columns the sources have.</param>
/// <param name="byName">Kinds that sourcetypes may name.</param>
internal sealed class Recognition(CaseDatabase database, TableModel model, SourceLanding[] landings, bool typed, LogKind[] byColumns, LogKind[] byName)
{
    // Value shapes are asked of the first rows: a log does not change its format.
    private const int ShapeRows = 10_000;

    private readonly string type = typed ? KindLedger.SourcetypeOf(new KindColumns(model, LogKinds.Shipped.All[0])) : "NULL::VARCHAR";
    private readonly Dictionary<LogKind, KindColumns> columns = byColumns.Union(byName).ToDictionary(k => k, k => new KindColumns(model, k));

    public List<Recognised> Find()
    {
        string[] types = byName.Length == 0 ? [] : [.. database.Rows($"{Select($"DISTINCT {type}")} ORDER BY 1", r => r.GetString(0))];
        HashSet<string> named = [.. types.Where(t => byName.Any(k => k.IsNamed(t)))];

        // What a sourcetype names goes before what columns suggest; of several kinds the first has a row.
        var cases = new List<(LogKind Kind, KindRows How, string Condition)>();
        foreach (LogKind kind in byName)
        {
            if (named.Where(kind.IsNamed).ToArray() is { Length: > 0 } own)
                cases.Add((kind, KindRows.Rows, $"{type} IN ({string.Join(", ", own.Select(Sql.Text))}) AND {columns[kind].OfRows()}"));
        }

        ILookup<(int Source, string Type), LogKind> suited = Suited(types, named);
        var several = suited.Where(p => p.Count() > 1).Select(p => p.Key).ToHashSet();
        foreach (LogKind kind in byColumns)
        {
            (int Source, string Type)[] parts = [.. suited.Where(p => p.Contains(kind)).Select(p => p.Key)];
            if (parts.Where(several.Contains).ToArray() is { Length: > 0 } shared)
                cases.Add((kind, KindRows.Own, $"{In(shared)} AND {columns[kind].OfRows()} AND {columns[kind].HasNeeded()}"));
            if (parts.Where(p => !several.Contains(p)).ToArray() is { Length: > 0 } alone)
                cases.Add((kind, KindRows.Some, $"{In(alone)} AND {columns[kind].OfRows()} AND {columns[kind].HasSome()}"));
        }

        if (cases.Count == 0)
            return [];
        string choice = $"CASE {string.Join(' ', cases.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"WHEN {c.Condition} THEN {i}")))} END";
        var counts = database.Rows(
            $"{Select($"source_id, {type}, {choice} AS kind, count(*)")} GROUP BY ALL ORDER BY ALL",
            r => (Part: (Source: r.GetInt32(0), Type: r.IsDBNull(1) ? null : r.GetString(1)), At: r.IsDBNull(2) ? -1 : r.GetInt32(2), Rows: r.GetInt64(3)));
        ILookup<(int Source, string? Type), (LogKind Kind, KindRows How, long Rows)> found = counts.Where(c => c.At >= 0).ToLookup(c => c.Part, c => (cases[c.At].Kind, cases[c.At].How, c.Rows));

        // Rows that have no kind's columns are of the kind of most rows, as they would be without the others.
        Dictionary<(int Source, string? Type), LogKind> most = counts.Select(c => c.Part).Distinct().Where(p => several.Contains((p.Source, p.Type ?? "")))
            .ToDictionary(p => p, p => suited[(p.Source, p.Type ?? "")].MaxBy(k => found[p].Where(f => f.Kind == k).Sum(f => f.Rows))!);
        var others = new Dictionary<(int Source, string? Type), long>();
        foreach (var group in counts.Where(c => c.At < 0 && most.ContainsKey(c.Part)).GroupBy(c => most[c.Part], c => c.Part))
        {
            foreach (var (part, rows) in database.Rows(
                $"{Select($"source_id, {type}, count(*)", $"{In(group.Select(p => (p.Source, p.Type ?? "")))} AND {choice} IS NULL AND {columns[group.Key].OfRows()} AND {columns[group.Key].HasSome()}")} GROUP BY ALL",
                r => ((r.GetInt32(0), r.IsDBNull(1) ? null : r.GetString(1)), r.GetInt64(2))))
            {
                others[part] = rows;
            }
        }

        Dictionary<(int Source, string? Type), long> total = counts.GroupBy(c => c.Part, c => c.Rows).ToDictionary(g => g.Key, g => g.Sum());
        var recognised = new List<Recognised>();
        foreach (var (part, all) in total.OrderBy(p => p.Key.Source).ThenBy(p => p.Key.Type, StringComparer.Ordinal))
        {
            foreach (LogKind kind in found[part].Select(f => f.Kind).Concat(others.ContainsKey(part) ? [most[part]] : []).Distinct().OrderBy(k => k.Name, StringComparer.Ordinal))
            {
                bool isMost = most.GetValueOrDefault(part) == kind;
                long rows = found[part].Where(f => f.Kind == kind).Sum(f => f.Rows) + (isMost ? others.GetValueOrDefault(part) : 0);
                KindRows how = rows == all ? KindRows.All : isMost ? KindRows.Most : found[part].First(f => f.Kind == kind).How;
                recognised.Add(new Recognised(part.Source, part.Type, kind, rows, how));
            }
        }

        return recognised;
    }

    private string Select(string select, string where = "true") =>
        $"SELECT {select} FROM {model.Reading(select + where)} t WHERE source_id IN ({Sql.Numbers(landings.Select(l => l.SourceId))}) AND {where}";

    private string In(IEnumerable<(int Source, string Type)> parts) =>
        $"({string.Join(" OR ", parts.GroupBy(p => p.Type).Select(g => $"source_id IN ({Sql.Numbers(g.Select(p => p.Source))}){(typed ? $" AND {type} = {Sql.Text(g.Key)}" : "")}"))})";

    /// <summary>Kinds by source and sourcetype: those whose shape the first rows have. Of sourcetypes that nothing names, half of the rows must have the columns of some kind.</summary>
    private ILookup<(int Source, string Type), LogKind> Suited(string[] types, HashSet<string> named)
    {
        if (byColumns.Length == 0 || (typed && types.Length == named.Count))
            return Array.Empty<((int Source, string Type) Part, LogKind Kind)>().ToLookup(k => k.Part, k => k.Kind);
        bool asked = byColumns.Length > 1 || typed;
        string needed = asked ? string.Join(", ", byColumns.Select(k => $"avg(CASE WHEN {columns[k].HasNeeded()} THEN 1 ELSE 0 END)::DOUBLE")) : "1::DOUBLE";
        string any = asked ? $"avg(CASE WHEN {string.Join(" OR ", byColumns.Select(k => columns[k].HasNeeded()))} THEN 1 ELSE 0 END)::DOUBLE" : "1::DOUBLE";
        string shapes = string.Join(", ", byColumns.Select(k => k.Shape is null ? "1::DOUBLE" : $"{Shape(k)} FILTER (row_id <= {ShapeRows})"));
        string unnamed = named.Count == 0 ? "true" : $"{type} NOT IN ({string.Join(", ", named.Select(Sql.Text))})"; // what stands there is settled
        var parts = database.Rows(
            $"{Select($"source_id, coalesce({type}, ''), {any}, {needed}, {shapes}", unnamed)} GROUP BY 1, 2 ORDER BY 1, 2",
            r =>
            {
                int n = byColumns.Length;
                return (Part: (Source: r.GetInt32(0), Type: r.GetString(1)), Any: r.GetDouble(2),
                    Kinds: byColumns.Select((kind, i) => (Kind: kind, Needed: r.GetDouble(3 + i), Shape: r.IsDBNull(3 + n + i) ? (double?)null : r.GetDouble(3 + n + i))).ToArray());
            });
        return parts.Where(p => !typed || p.Any >= 0.5).SelectMany(p =>
        {
            var shaped = p.Kinds.Where(k => (k.Shape ?? ShapeBehind(k.Kind, p.Part)) >= 0.5).ToArray();
            return (shaped.Any(k => k.Needed > 0) ? shaped.Where(k => k.Needed > 0) : typed ? [] : shaped).Select(k => (p.Part, k.Kind));
        }).ToLookup(k => k.Part, k => k.Kind);
    }

    private string Shape(LogKind kind) => $"avg(CASE WHEN {columns[kind].Expand(kind.Shape!)} THEN 1::DOUBLE ELSE 0 END)";

    /// <summary>Of a sourcetype that begins behind the first rows.</summary>
    private double ShapeBehind(LogKind kind, (int Source, string Type) part) => database.Rows(Select(Shape(kind), In([part])), r => r.IsDBNull(0) ? 0 : r.GetDouble(0))[0];
}
