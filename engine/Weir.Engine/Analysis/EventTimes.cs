using System.Globalization;
using Weir.Engine.Kinds;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>How far another time of the same rows lies from the one that the views take.</summary>
/// <param name="Column">The other column.</param>
/// <param name="Rows">Rows in which it differs by a second or more.</param>
/// <param name="Differences">Seconds by which it is later (negative: earlier), with the rows of each, the most frequent first; a few.</param>
/// <param name="Distinct">How many such differences there are.</param>
/// <param name="Least">The smallest of them.</param>
/// <param name="Most">The largest of them.</param>
internal sealed record TimeDifference(string Column, long Rows, IReadOnlyList<(long Seconds, long Rows)> Differences, long Distinct, long Least, long Most);

/// <summary>Which time the events of a source carry, and where fields of one row disagree.</summary>
/// <param name="Kind">The kind of log.</param>
/// <param name="Column">The column that most rows' time is taken from; null where none has one.</param>
/// <param name="Rows">Rows with a time.</param>
/// <param name="Missing">Rows without.</param>
/// <param name="Others">Columns that disagree.</param>
internal sealed record EventTimes(string Kind, string? Column, long Rows, long Missing, IReadOnlyList<TimeDifference> Others)
{
    private const int Shown = 3;

    /// <summary>Those of some sources of one table, a kind each.</summary>
    public static IReadOnlyList<EventTimes> Of(CaseFile caseFile, TableModel model, IReadOnlyCollection<int> sources)
    {
        var found = new List<EventTimes>();
        string list = Sql.Numbers(sources);
        foreach (KindInTable place in KindLedger.InCase(caseFile.Database, caseFile.Kinds, _ => model, model.Name))
        {
            if (!place.Parts.Any(p => sources.Contains(p.Source)))
                continue;
            LogKind kind = place.Kind;
            HashSet<TableColumn> own = [.. sources.SelectMany(s => model.Bindings(s)).SelectMany(b => b.Payload.Append(b.Column))];
            var columns = new KindColumns(model, kind);
            var times = columns.TimesOf(kind.Time).Where(t => own.Contains(t.Column)).ToArray();
            found.Add(Read(caseFile.Database, kind.Name, times, (select, where) => place.Select(columns, select, $"t.source_id IN ({list}) AND {where}", distinct: false)));
        }

        return found;
    }

    private static EventTimes Read(CaseDatabase database, string kind, (TableColumn Column, string Sql)[] times, Func<string, string, string> select)
    {
        if (times.Length == 0)
            return new EventTimes(kind, null, 0, database.Count(select("count(*)", "true")), []);
        string which = $"CASE {string.Join(' ', times.Select((t, i) => string.Create(CultureInfo.InvariantCulture, $"WHEN {t.Sql} IS NOT NULL THEN {i}")))} END";
        var carriers = database.Rows($"{select($"{which} AS at, count(*)", "true")} GROUP BY 1 ORDER BY 2 DESC", r => (At: r.IsDBNull(0) ? -1 : r.GetInt32(0), Rows: r.GetInt64(1)));
        long missing = carriers.Where(c => c.At < 0).Sum(c => c.Rows);
        int first = carriers.Where(c => c.At >= 0).Select(c => c.At).FirstOrDefault(-1);
        var others = new List<TimeDifference>();
        for (int i = 0; i < times.Length && first >= 0; i++)
        {
            if (i == first)
                continue;
            string apart = $"(epoch_ms({times[i].Sql}) - epoch_ms({times[first].Sql}))";
            others.AddRange(database.Rows(
                $"""
                WITH apart AS ({select($"{apart} // 1000 AS seconds, count(*) AS n", $"abs({apart}) >= 1000")} GROUP BY 1),
                    most AS (SELECT seconds, n FROM apart ORDER BY n DESC, abs(seconds), seconds LIMIT {Shown})
                SELECT sum(n)::BIGINT, count(*), min(seconds), max(seconds), (SELECT string_agg(seconds || ' ' || n, ',' ORDER BY n DESC, abs(seconds), seconds) FROM most) FROM apart HAVING count(*) > 0
                """,
                r => new TimeDifference(times[i].Column.Name, r.GetInt64(0), Pairs(r.GetString(4)), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3))));
        }

        return new EventTimes(kind, first < 0 ? null : times[first].Column.Name, carriers.Sum(c => c.Rows) - missing, missing, others);

        static (long, long)[] Pairs(string text) => [.. text.Split(',').Select(p => p.Split(' ')).Select(p => (long.Parse(p[0], CultureInfo.InvariantCulture), long.Parse(p[1], CultureInfo.InvariantCulture)))];
    }
}
