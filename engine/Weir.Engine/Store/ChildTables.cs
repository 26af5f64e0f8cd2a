using System.Globalization;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The child tables of an unnest: the values of a list column, one a row, with their place in the list.</summary>
/// <remarks>Filled from the landed lists in the transaction that closes a source, so that they are whole or not there, whatever the column was on the way.</remarks>
internal sealed class ChildTables(CaseDatabase database)
{
    /// <summary>Fills the child tables of a source that is being closed.</summary>
    public void Fill(SourceLanding landing, TableModel model)
    {
        foreach (ColumnBinding binding in Wanted(landing, model))
        {
            binding.Child ??= NameFor(model, binding);
            string table = $"main.{Sql.Name(binding.Child)}";
            database.Execute($"CREATE TABLE IF NOT EXISTS {table} (source_id INTEGER, row_id BIGINT, ordinal INTEGER, value VARCHAR)");
            string list = binding.Column.Type == ColumnType.VarcharList ? Sql.Name(binding.Column.Name) : $"CASE WHEN {binding.TextSql()} <> '' THEN [{binding.TextSql()}] END";
            string lists = $"(SELECT source_id, row_id, {list} AS list FROM {model.QualifiedName} WHERE source_id = ?)";
            int children = database.Execute($"INSERT INTO {table} SELECT source_id, row_id, generate_subscripts(list, 1), unnest(list) FROM {lists}", landing.SourceId);
            long values = database.Count($"SELECT coalesce(sum(len(list)), 0)::BIGINT FROM {lists}", landing.SourceId);
            if (children != values)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Table {binding.Child} took {children} of {values} values."));
            model.Touch(landing.SourceId);
        }
    }

    /// <summary>The child tables of a source that landed in this run, with its values in each.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Of(SourceLanding landing) => landing.Options.Unnest.Children.Count == 0 ? [] : Of(landing.SourceId);

    /// <summary>The child tables of a source, with its values in each.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Of(int source) =>
    [
        .. database.Rows("SELECT column_name FROM weir.columns WHERE source_id = ? AND role = 'child' ORDER BY 1", r => r.GetString(0), source)
            .Select(child => KeyValuePair.Create(child, database.Count($"SELECT count(*) FROM main.{Sql.Name(child)} WHERE source_id = ?", source))),
    ];

    /// <summary>The child tables of all sources, with their values in each.</summary>
    public ILookup<int, KeyValuePair<string, long>> All()
    {
        List<(int Source, string Child)> named = database.Rows("SELECT source_id, column_name FROM weir.columns WHERE role = 'child' ORDER BY ALL", r => (r.GetInt32(0), r.GetString(1)));
        Dictionary<string, Dictionary<int, long>> counts = named.Select(n => n.Child).Distinct()
            .ToDictionary(c => c, c => database.Rows($"SELECT source_id, count(*) FROM main.{Sql.Name(c)} GROUP BY 1", r => (Source: r.GetInt32(0), Count: r.GetInt64(1))).ToDictionary(r => r.Source, r => r.Count));
        return named.ToLookup(n => n.Source, n => KeyValuePair.Create(n.Child, counts[n.Child].GetValueOrDefault(n.Source)));
    }

    /// <summary>Takes out what a source has in child tables, and tables that nobody fills any more.</summary>
    public void Remove(int source)
    {
        foreach (string child in database.Rows("SELECT column_name FROM weir.columns WHERE source_id = ? AND role = 'child'", r => r.GetString(0), source))
        {
            bool others = database.Count("SELECT count(*) FROM weir.columns WHERE source_id <> ? AND role = 'child' AND column_name = ?", source, child) > 0;
            database.Execute(others ? $"DELETE FROM main.{Sql.Name(child)} WHERE source_id = {source.ToString(CultureInfo.InvariantCulture)}" : $"DROP TABLE IF EXISTS main.{Sql.Name(child)}");
        }
    }

    /// <summary>Refuses an unnest that would explode, before the first row of its source lands.</summary>
    /// <exception cref="WeirException">More child rows are to be expected than were allowed.</exception>
    public static void Forecast(SourceLanding landing)
    {
        UnnestOptions options = landing.Options.Unnest;
        if (options.Children.Count == 0 || landing.RowsRead == 0)
            return;
        for (int i = 0; i < landing.Tallies.Count; i++)
        {
            if (landing.Tallies[i].Lists is not { Children: > 0 and var children })
                continue;
            long expected = (long)(children * ((double)(landing.RowsRead + landing.RowsToCome) / landing.RowsRead));
            if (expected > options.MostChildren)
            {
                throw new WeirException(
                    $"{landing.Info.Uri}, --unnest {landing.Tallies[i].Hint.Name}", string.Create(CultureInfo.InvariantCulture, $"{children:#,0} values in the first {landing.RowsRead:#,0} rows make {expected:#,0} child rows to be expected"),
                    string.Create(CultureInfo.InvariantCulture, $"at most {options.MostChildren:#,0}"), "Allow more with --unnest-limit, or leave --unnest out: lists can be unnested in SQL too.");
            }
        }
    }

    private static IEnumerable<ColumnBinding> Wanted(SourceLanding landing, TableModel model) => model.Bindings(landing.SourceId)
        .Where(b => b.Position >= 0 && landing.Options.Unnest.Children.Any(wanted => ColumnHint.IsNamed(b.Original, wanted))).OrderBy(b => b.Position);

    private string NameFor(TableModel model, ColumnBinding binding)
    {
        string wanted = $"{model.Name}__{binding.Column.Name}";
        HashSet<string> datasets = [.. database.Rows("SELECT DISTINCT lower(table_name) FROM weir.sources", r => r.GetString(0))];
        return ColumnNames.Free(wanted, name => datasets.Contains(name.ToLowerInvariant()) || CaseSchema.ReservedTables.Contains(name, StringComparer.OrdinalIgnoreCase));
    }
}
