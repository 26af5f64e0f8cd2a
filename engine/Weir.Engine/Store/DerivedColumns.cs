using DuckDB.NET.Data;

namespace Weir.Engine.Store;

/// <summary>Shows queries the columns of tables that are not stored.</summary>
/// <remarks>A temporary view of the table's name goes before the table. The standard views then read that one, and find the same values in it.</remarks>
internal static class DerivedColumns
{
    /// <summary>Makes the views that a query may need.</summary>
    public static void Show(CaseDatabase database, DuckDBConnection connection, string sql)
    {
        string named = sql.Replace("\"\"", "\"", StringComparison.Ordinal); // in a name, quotes are doubled
        foreach (string table in database.Rows("SELECT DISTINCT table_name FROM weir.columns WHERE role = 'payload' AND format IS NOT NULL", r => r.GetString(0)))
        {
            if (!named.Contains(table, StringComparison.OrdinalIgnoreCase))
                continue;
            TableModel model = TableModel.Load(database, table);
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"CREATE OR REPLACE TEMP VIEW {Sql.Name(table)} AS SELECT * FROM {model.Reading(asked: null, CaseDatabase.Alias)}";
            command.ExecuteNonQuery();
        }
    }
}
