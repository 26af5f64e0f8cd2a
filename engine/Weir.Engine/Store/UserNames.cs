using DuckDB.NET.Data;
using Weir.Engine.Kinds;

namespace Weir.Engine.Store;

/// <summary>Which spellings of users belong together: those that one record holds, and those that an alias file names.</summary>
/// <remarks>
/// A tie of records counts only if it is the only one of its sort on both sides. An id with several names, or a name with several ids, is a placeholder, a shared account or a rename: nothing says which, so nothing is joined.
/// </remarks>
internal sealed class UserNames(CaseDatabase database)
{
    // What stands for nobody. Those that several records tie to several names show themselves.
    private const string Nobody = "[-0 {}*]*|n/?a|null|none|unknown|not available|s-1-5-18|s-1-0-0";

    private const string Guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private bool changed;

    /// <summary>Takes in the ties of new sources.</summary>
    public void Note(LogKind kind, IReadOnlyList<KindInTable> places, int[] sources)
    {
        foreach (KindInTable place in kind.SameUser.Count < 2 ? [] : places)
        {
            var columns = new KindColumns(place.Model, kind);
            string[] spellings = [.. kind.SameUser.Where(n => columns.Find([n]).Any()).Select(n => $"lower({columns.Text([n])})")];
            for (int i = 1; i < spellings.Length; i++)
            {
                string named = $"t.source_id IN ({Sql.Numbers(sources)}) AND {Names(spellings[i])} AND {Names(spellings[0])} AND {spellings[i]} <> {spellings[0]}";
                changed |= database.Execute($"INSERT INTO weir.user_names {place.Select(columns, $"DISTINCT {spellings[i]} AS spelling, {spellings[0]} AS other, t.source_id", named, distinct: false)}") > 0;
            }
        }
    }

    /// <summary>Takes over what an alias file says, in place of what one said before.</summary>
    public void NoteAliases(IReadOnlyList<(string Spelling, string User)> aliases)
    {
        database.Execute("DELETE FROM weir.user_names WHERE source_id IS NULL");
        using (DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "user_names"))
        {
            foreach (var (spelling, user) in aliases)
                appender.CreateRow().AppendText(spelling.ToLowerInvariant()).AppendText(user.ToLowerInvariant()).AppendValue((int?)null).EndRow();
            appender.Close();
        }

        changed = true;
        Join();
    }

    /// <summary>Forgets the ties of a source.</summary>
    public void Remove(int source)
    {
        changed |= database.Execute("DELETE FROM weir.user_names WHERE source_id = ?", source) > 0;
        Join();
    }

    /// <summary>Makes the keys anew where ties have changed: what an alias says, else the first with an @, else the first.</summary>
    public void Join()
    {
        if (!changed)
            return;
        changed = false;
        database.Execute("DELETE FROM weir.user_keys");
        var pairs = database.Rows(
            $"""
            WITH ties AS (SELECT DISTINCT spelling, other, {Sort("spelling")} AS sort, {Sort("other")} AS other_sort FROM weir.user_names WHERE source_id IS NOT NULL),
                counted AS (SELECT *, count(*) OVER (PARTITION BY other, sort) AS spellings, count(*) OVER (PARTITION BY spelling, other_sort) AS others FROM ties)
            SELECT spelling, other, false FROM counted WHERE spellings = 1 AND others = 1
            UNION SELECT spelling, other, true FROM weir.user_names WHERE source_id IS NULL ORDER BY ALL
            """,
            r => (A: r.GetString(0), B: r.GetString(1), Said: r.GetBoolean(2)));
        if (pairs.Count == 0)
            return;
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (a, b, _) in pairs)
        {
            (string x, string y) = (Root(a), Root(b));
            parents[x] = y;
        }

        HashSet<string> said = [.. pairs.Where(p => p.Said).Select(p => p.B)];
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "user_keys");
        foreach (IGrouping<string, string> group in parents.Keys.ToArray().GroupBy(Root))
        {
            string key = group.OrderByDescending(said.Contains).ThenByDescending(n => n.Contains('@')).ThenBy(n => n, StringComparer.Ordinal).First();
            foreach (string spelling in group.Where(n => n != key).Order(StringComparer.Ordinal))
                appender.CreateRow().AppendText(spelling).AppendText(key).EndRow();
        }

        appender.Close();

        string Root(string name)
        {
            if (!parents.TryGetValue(name, out string? parent))
                parents[name] = parent = name;
            while (parents[parent] != parent)
                parent = parents[parent] = parents[parents[parent]];
            return parents[name] = parent;
        }
    }

    private static string Names(string spelling) => $"NOT regexp_full_match({spelling}, '{Nobody}')";

    private static string Sort(string name) => $"CASE WHEN regexp_full_match({name}, '{Guid}') THEN 'guid' WHEN starts_with({name}, 's-1-') THEN 'sid' WHEN contains({name}, '@') THEN 'address' ELSE 'name' END";
}
