using System.Globalization;
using System.Reflection;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The engine's own tables, and how a case is created and recognised.</summary>
internal static class CaseSchema
{
    /// <summary>Version of the tables below. Until 1.0 a case of an older version is refused.</summary>
    public const int Version = 7;

    /// <summary>Tables and views of schema main that no dataset may be called.</summary>
    public static readonly string[] ReservedTables = [.. StandardView.All.Select(v => v.Name), "iocs"];

    /// <summary>File stems that DuckDB would mix up with a schema or catalog.</summary>
    private static readonly string[] ReservedStems = ["weir", "main", "system", "temp", "memory", "pg_catalog", "information_schema", CaseDatabase.Alias];

    private static readonly string[] Tables =
    [
        "CREATE SCHEMA weir",
        "CREATE TABLE weir.meta (key VARCHAR, value VARCHAR)",
        """
        CREATE TABLE weir.sources (source_id INTEGER, uri VARCHAR, table_name VARCHAR, connector VARCHAR, sha256 VARCHAR, bytes BIGINT, fingerprint VARCHAR,
            rows_read BIGINT, rows_landed BIGINT, rows_rejected BIGINT, state VARCHAR, missing VARCHAR, checkpoint JSON, options JSON,
            started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ)
        """,
        "CREATE TABLE weir.kinds (source_id INTEGER, sourcetype VARCHAR, kind VARCHAR, rows BIGINT, how VARCHAR)",
        "CREATE TABLE weir.duplicates (source_id INTEGER, row_id BIGINT, of_source_id INTEGER, of_row_id BIGINT)",
        "CREATE TABLE weir.rejects (source_id INTEGER, row_id BIGINT, line BIGINT, byte_offset BIGINT, code VARCHAR, detail VARCHAR, raw BLOB)",
        "CREATE TABLE weir.remarks (source_id INTEGER, row_id BIGINT, column_name VARCHAR, code VARCHAR, detail VARCHAR, raw BLOB)",
        """
        CREATE TABLE weir.columns (source_id INTEGER, table_name VARCHAR, column_name VARCHAR, original_name VARCHAR, position INTEGER, type VARCHAR,
            format VARCHAR, role VARCHAR, of_column VARCHAR, filled BIGINT, misfits BIGINT, aside BOOLEAN, wide BOOLEAN, times VARCHAR)
        """,
        "CREATE TABLE weir.batches (source_id INTEGER, first_row BIGINT, rows BIGINT, byte_offset BIGINT, line BIGINT, rows_hash UBIGINT)",
        "CREATE TABLE weir.ioc_values (value_id BIGINT, type_id INTEGER, value VARCHAR, allowlisted BOOLEAN)",
        "CREATE TABLE weir.ioc_types (type_id INTEGER, type VARCHAR, scope VARCHAR)",
        "CREATE TABLE weir.ioc_places (place_id INTEGER, source_id INTEGER, table_name VARCHAR, column_name VARCHAR)",
        "CREATE TABLE weir.ioc_spellings (spelling_id BIGINT, original VARCHAR, layers VARCHAR)",
        // Millions of rows, and a cell that is NULL or text costs DuckDB several times a small number. 0 stands for none.
        "CREATE TABLE weir.ioc_links (place_id INTEGER, row_id BIGINT, ordinal INTEGER, byte_offset INTEGER, byte_length INTEGER, value_id BIGINT, part_of BIGINT, spelling_id BIGINT)",
        """
        CREATE VIEW weir.ioc_hits AS SELECT p.source_id, l.row_id, p.table_name, p.column_name, nullif(l.ordinal, 0) AS ordinal, t.type, v.value, coalesce(s.original, v.value) AS original, false AS defanged,
            l.byte_offset, l.byte_length, s.layers, t.scope, o.value AS part_of, v.allowlisted
        FROM weir.ioc_links l JOIN weir.ioc_places p USING (place_id) JOIN weir.ioc_values v USING (value_id) JOIN weir.ioc_types t USING (type_id)
            LEFT JOIN weir.ioc_spellings s USING (spelling_id) LEFT JOIN weir.ioc_values o ON o.value_id = l.part_of
        """,
        "CREATE TABLE weir.decoded (source_id INTEGER, row_id BIGINT, table_name VARCHAR, column_name VARCHAR, ordinal INTEGER, byte_offset INTEGER, byte_length INTEGER, layers VARCHAR, text VARCHAR)",
        """
        CREATE TABLE weir.exports (export_id INTEGER, table_name VARCHAR, url VARCHAR, search JSON, spl VARCHAR, earliest_text VARCHAR, latest_text VARCHAR,
            earliest TIMESTAMPTZ, latest TIMESTAMPTZ, index_latest TIMESTAMPTZ, token VARCHAR, started_at TIMESTAMPTZ)
        """,
        """
        CREATE TABLE weir.slices (source_id INTEGER, export_id INTEGER, table_name VARCHAR, uri VARCHAR, spl VARCHAR, earliest TIMESTAMPTZ, latest TIMESTAMPTZ, index_earliest TIMESTAMPTZ,
            index_latest TIMESTAMPTZ, sid VARCHAR, scan_count BIGINT, event_count BIGINT, result_count BIGINT, rows_streamed BIGINT, rows_rejected BIGINT, rows_landed BIGINT,
            messages JSON, attempts INTEGER, hash VARCHAR, state VARCHAR, missing VARCHAR)
        """,
        "CREATE TABLE weir.identities (hash UBIGINT, source_id INTEGER, row_id BIGINT)",
        "CREATE TABLE weir.user_names (spelling VARCHAR, other VARCHAR, source_id INTEGER)",
        "CREATE TABLE weir.user_keys (spelling VARCHAR, user_key VARCHAR)",
        "CREATE VIEW iocs AS SELECT * FROM weir.ioc_hits",
        .. StandardView.All.Select(v => v.Empty),
    ];

    /// <summary>Version of the tool, as written into the case.</summary>
    public static string ToolVersion { get; } =
        typeof(CaseSchema).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Refuses names that DuckDB could not tell from a schema.</summary>
    public static void CheckName(string path)
    {
        string stem = Path.GetFileName(path).Split('.')[0];
        if (ReservedStems.Contains(stem, StringComparer.OrdinalIgnoreCase))
            throw new WeirException(path, $"a case cannot be named '{stem}': DuckDB would take the name for a schema", "another file name", "Name it otherwise with --case, for example case.duckdb.");
    }

    /// <summary>Refuses names that no dataset may have.</summary>
    public static void CheckTable(string name)
    {
        if (ReservedTables.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new WeirException($"table '{name}'", "the name is reserved for a standard view", "another name", "Name another table with --table.");
        if (name.Length == 0)
            throw new WeirException("table ''", "the name is empty", "a name", "Name a table with --table.");
    }

    /// <summary>Creates an empty case under a name of its own and moves it to its place once it is whole.</summary>
    /// <remarks>A new DuckDB file that is killed during its first writes cannot be opened again; this way the path holds a case or nothing.</remarks>
    public static void Create(string path, RunOptions run)
    {
        string directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            throw new WeirException(path, "its directory does not exist", "", $"Create '{directory}' first, or name another path with --case.");
        RemoveAbandoned(path);
        string fresh = $"{path}.new-{Environment.ProcessId}";
        try
        {
            using (CaseDatabase database = CaseDatabase.Attach(fresh, readOnly: false, run, named: path))
            {
                FailPoint.Pass("creating");
                database.InTransaction(() =>
                {
                    foreach (string statement in Tables)
                        database.Execute(statement);
                    database.Execute("INSERT INTO weir.meta VALUES ('schema_version', ?), ('tool_version', ?)", Version.ToString(CultureInfo.InvariantCulture), ToolVersion);
                    database.Execute("INSERT INTO weir.ioc_types VALUES " + string.Join(", ", IndicatorTypes.All.Select(t => string.Create(CultureInfo.InvariantCulture, $"({t.Number}, {Sql.Text(t.Type)}, {(t.Scope is null ? "NULL" : Sql.Text(t.Scope))})"))));
                });
                database.Execute($"CHECKPOINT {CaseDatabase.Alias}");
                database.Execute("USE memory");
                database.Execute($"DETACH {CaseDatabase.Alias}");
            }

            FileSystem.Sync(fresh);
            FailPoint.Pass("created");
            FileSystem.MoveIfAbsent(fresh, path);
            FailPoint.Pass("moved");
        }
        finally
        {
            File.Delete(fresh);
            File.Delete(fresh + ".wal");
        }
    }

    /// <summary>Refuses a database that is no case, or one of another schema version.</summary>
    public static void Check(CaseDatabase database, string path)
    {
        if (database.Count("SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'weir' AND table_name = 'meta'", CaseDatabase.Alias) == 0)
            throw new WeirException(path, "it is a DuckDB database but not a case of weir (it has no weir.meta)", "", "Name another file with --case; weir never writes into a database it did not create.");
        string? found = database.Scalar("SELECT value FROM weir.meta WHERE key = 'schema_version'") as string;
        if (!int.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version > Version)
            throw new WeirException(path, $"it was written by a newer weir (schema version {found ?? "none"})", $"schema version {Version}", "Use that version of weir, or ingest the sources into a new case.");
        if (version < Version)
            throw new WeirException(path, $"it was written by an older weir (schema version {version})", $"schema version {Version}", "Ingest the sources anew into a new case; until 1.0 older cases are not converted.");
    }

    /// <summary>Removes what killed processes left of cases they were creating or compacting.</summary>
    public static void RemoveAbandoned(string path)
    {
        string prefix = Path.GetFileName(path) + ".new-";
        foreach (string left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, prefix + "*"))
        {
            string number = Path.GetFileName(left)[prefix.Length..].Split('.')[0];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && !FileSystem.IsRunning(process))
                File.Delete(left);
        }
    }
}
