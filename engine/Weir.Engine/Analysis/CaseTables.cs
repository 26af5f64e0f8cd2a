using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>A table as questions over all tables see it: its columns, and which of them say when, where and who.</summary>
/// <param name="Name">Table in schema main.</param>
/// <param name="Columns">All columns but the lineage's.</param>
/// <param name="Time">SQL of the event's time, TIMESTAMPTZ; NULL where there is none.</param>
/// <param name="Host">SQL of the host as text; NULL where there is none.</param>
/// <param name="User">SQL of the user as text; NULL where there is none.</param>
/// <param name="Sourcetype">SQL of Splunk's sourcetype as text; NULL where there is none.</param>
internal sealed partial record CaseTable(string Name, IReadOnlyList<TableColumn> Columns, string Time, string Host, string User, string Sourcetype)
{
    private static readonly string[] Hosts = ["host", "computer", "computer_name", "device_name", "hostname", "host_name", "dest_host"];

    private static readonly string[] Users = ["user", "user_id", "user_principal_name", "src_user", "account_name", "username", "sender_address", "src_user_name"];

    /// <summary>Schema and name, quoted, under the name <c>t</c> that its expressions use.</summary>
    public string From => $"{Reading ?? $"main.{Sql.Name(Name)}"} t";

    /// <summary>The table with the columns that are not stored; null: it is read as it is.</summary>
    private string? Reading { get; init; }

    /// <summary>What kinds of logs say of its rows.</summary>
    public TableEvents Events { get; private init; } = TableEvents.None;

    /// <summary>The tables that landed from sources, by name.</summary>
    public static IReadOnlyList<CaseTable> All(CaseFile caseFile)
    {
        var tables = new List<CaseTable>();
        var models = new Dictionary<string, TableModel>(StringComparer.OrdinalIgnoreCase);
        ILookup<string, KindInTable> kinds = KindLedger.InCase(caseFile.Database, caseFile.Kinds, name => models[name] = TableModel.Load(caseFile.Database, name), withDuplicates: false).ToLookup(k => k.Model.Name);
        foreach (string name in caseFile.Database.Rows("SELECT DISTINCT table_name FROM weir.sources WHERE state <> 'failed' ORDER BY 1", r => r.GetString(0)))
        {
            TableModel model = models.GetValueOrDefault(name) ?? TableModel.Load(caseFile.Database, name);
            if (!model.Exists)
                continue;
            TableEvents events = TableEvents.Of(caseFile.Database, name, kinds[name]);
            string time = CaseFile.UsualTime(model);
            tables.Add(new CaseTable(name, [.. model.Columns.Where(c => c.Role != ColumnRole.Values)], events.Time(time), events.Host(Text(model, Hosts)), events.User(Text(model, Users)), Text(model, ["sourcetype"])) { Events = events, Reading = model.Reading(asked: null) });
        }

        return tables;
    }

    /// <summary>The table or standard view of a name, without regard to case.</summary>
    /// <exception cref="WeirException">There is none.</exception>
    public static CaseTable Named(CaseFile caseFile, string name)
    {
        if (StandardView.All.FirstOrDefault(v => v.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } view)
            return Of(view);
        IReadOnlyList<CaseTable> all = All(caseFile);
        return all.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new WeirException(
                $"table '{name}'", "the case has no such table or view", $"one of {string.Join(", ", all.Select(t => t.Name).Concat(StandardView.All.Select(v => v.Name)))}", "See the tables with: weir tables.");
    }

    /// <summary>Text of a column, whatever its type: a list's values are joined.</summary>
    public static string TextOf(TableColumn column) => column.Type switch
    {
        ColumnType.Varchar => Sql.Name(column.Name),
        ColumnType.VarcharList => $"array_to_string({Sql.Name(column.Name)}, ', ')",
        _ => $"{Sql.Name(column.Name)}::VARCHAR",
    };

    private static string Text(TableModel model, string[] names)
    {
        TableColumn[] found = [.. names.Select(n => model.Columns.Find(c => c.Role == ColumnRole.Source && c.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).OfType<TableColumn>()];
        return found.Length == 0 ? "NULL::VARCHAR" : $"coalesce({string.Join(", ", found.Select(c => $"nullif({TextOf(c)}, '')"))})";
    }
}
