using System.Collections.Frozen;

namespace Weir.Cli.Tests.Commands;

/// <summary>SQL that tries to leave the case or to change it: a hostile notebook, or a model that was talked into it.</summary>
public sealed class SqlEscapeTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "canary-7f3a";

    private readonly Bench bench = new();

    /// <summary>Attempts; {S} is a file with a secret, {N} a file that must not come to be, {C} the case.</summary>
    private static readonly string[] Attempts =
    [
        "SELECT * FROM read_csv('{S}')", "SELECT * FROM read_csv_auto('{S}')", "SELECT * FROM read_csv(['{S}'], header=false)", "SELECT * FROM sniff_csv('{S}')", "SELECT * FROM read_text('{S}')",
        "SELECT * FROM read_blob('{S}')", "SELECT * FROM read_json('{S}')", "SELECT * FROM read_json_auto('{S}')", "SELECT * FROM read_json_objects('{S}')", "SELECT * FROM read_ndjson('{S}')",
        "SELECT * FROM read_ndjson_objects('{S}')", "SELECT * FROM read_parquet('{S}')", "SELECT * FROM parquet_scan('{S}')", "SELECT * FROM parquet_metadata('{S}')", "SELECT * FROM parquet_schema('{S}')",
        "SELECT * FROM parquet_file_metadata('{S}')", "SELECT * FROM parquet_kv_metadata('{S}')", "SELECT * FROM parquet_bloom_probe('{S}', 'a', 1)", "SELECT * FROM glob('/etc/*')", "SELECT * FROM glob('{S}')", "FROM '{S}'", "FROM '/etc/passwd'", "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM '{S}'", "SELECT * FROM \"{S}\"", "WITH x AS (FROM read_text('{S}')) SELECT * FROM x", "SELECT (SELECT content FROM read_text('{S}'))", "SELECT 1 WHERE EXISTS (FROM read_text('{S}'))",
        "SELECT * FROM t JOIN read_text('{S}') ON true", "DESCRIBE FROM read_csv('{S}')", "SUMMARIZE FROM read_csv('{S}')", "EXPLAIN ANALYZE FROM read_csv('{S}')", "PREPARE p AS FROM read_csv('{S}')", "SELECT * FROM query('FROM read_text(''{S}'')')",
        "SELECT * FROM query_table('{S}')", "PIVOT read_csv('{S}') ON column0", "SELECT * FROM read_csv('/dev/stdin')", "SELECT * FROM read_text('/proc/self/environ')", "SELECT * FROM read_text('file://{S}')",
        "SELECT * FROM arrow_scan(0, 0, 0)", "SELECT * FROM arrow_scan_dumb(1, 1, 1)", "SELECT * FROM pandas_scan(0)", "SELECT * FROM seq_scan(0)", "SELECT getenv('HOME')", "SELECT getvariable('x') FROM read_text('{S}')",
        "SELECT * FROM read_duckdb('{C}')", "SELECT * FROM sqlite_scan('{S}', 't')", "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 't')", "SELECT * FROM iceberg_scan('{S}')", "SELECT * FROM delta_scan('{S}')", "SELECT * FROM st_read('{S}')", "SELECT * FROM read_xlsx('{S}')",
        "COPY t TO '{N}'", "COPY t TO '{N}' (FORMAT csv)", "COPY t TO '{N}' (FORMAT parquet)", "COPY t TO '{N}' (FORMAT json)", "COPY (SELECT 1) TO '{N}'", "COPY (SELECT 1 AS a) TO '{N}' (PARTITION_BY a)", "COPY t TO '/dev/stdout'", "COPY t TO '/dev/stderr'", "COPY t FROM '{S}'",
        "COPY FROM DATABASE casefile TO memory", "COPY FROM DATABASE casefile TO casefile", "ATTACH '{N}'", "ATTACH '{N}' AS n", "ATTACH '{C}' AS again", "ATTACH '{C}' AS again (READ_ONLY)", "ATTACH OR REPLACE '{N}' AS casefile", "ATTACH IF NOT EXISTS '{N}' AS n",
        "ATTACH ':memory:' AS m", "ATTACH 'http://127.0.0.1:1/x.duckdb' AS h", "DETACH casefile", "USE memory", "INSTALL httpfs", "FORCE INSTALL httpfs", "INSTALL httpfs FROM community", "INSTALL '{S}'", "LOAD httpfs", "LOAD '{S}'",
        "LOAD json", "UPDATE EXTENSIONS", "EXPORT DATABASE '{N}'", "EXPORT DATABASE '{N}' (FORMAT parquet)", "IMPORT DATABASE '{D}'", "SET threads=64", "SET memory_limit='100GB'", "SET enable_external_access=true", "SET GLOBAL enable_external_access=true", "SET SESSION enable_external_access=true",
        "SET lock_configuration=false", "SET temp_directory='{N}'", "SET allowed_paths=['/']", "SET allowed_directories=['/']", "SET home_directory='{D}'", "SET secret_directory='{N}'", "SET extension_directory='{N}'", "SET custom_extension_repository='http://127.0.0.1:1'", "SET log_query_path='{N}'", "SET profiling_output='{N}'", "SET profile_output='{N}'",
        "SET enable_profiling='json'", "SET file_search_path='/etc'", "SET autoinstall_known_extensions=true", "SET autoload_known_extensions=true", "SET allow_unsigned_extensions=true", "SET allow_community_extensions=true", "SET http_proxy='127.0.0.1:1'", "SET disabled_filesystems=''", "SET TimeZone='Asia/Tokyo'",
        "RESET lock_configuration", "RESET enable_external_access", "RESET memory_limit", "RESET ALL", "PRAGMA enable_external_access=true", "PRAGMA threads=64", "PRAGMA enable_profiling", "PRAGMA profiling_output='{N}'", "PRAGMA temp_directory='{N}'", "PRAGMA log_query_path='{N}'", "PRAGMA import_database('{D}')", "PRAGMA enable_checkpoint_on_shutdown", "PRAGMA force_checkpoint",
        "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')", "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'a')", "CREATE OR REPLACE SECRET (TYPE s3, PROVIDER credential_chain)", "DROP SECRET s", "DELETE FROM duckdb_secrets()", "INSERT INTO duckdb_secrets() VALUES (1)", "SELECT * FROM which_secret('s3://b/x', 's3')",
        "SELECT * FROM 'http://127.0.0.1:1/x.csv'", "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')", "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')", "SELECT * FROM read_parquet('s3://bucket/x.parquet')", "SELECT * FROM read_parquet('gcs://bucket/x.parquet')", "SELECT * FROM read_text('hf://datasets/x/y.csv')", "SELECT * FROM read_parquet('az://c/x')", "COPY t TO 's3://bucket/x.csv'", "COPY t TO 'http://127.0.0.1:1/x.csv'",
        "CREATE TABLE x (a INT)", "CREATE TABLE casefile.main.x AS SELECT 1", "CREATE TABLE weir.x AS SELECT 1", "CREATE VIEW v AS SELECT 1", "CREATE SCHEMA s", "CREATE SEQUENCE q", "CREATE MACRO m(a) AS a", "CREATE TYPE e AS ENUM ('a')", "CREATE INDEX i ON t (a)", "CREATE FUNCTION f(a) AS a", "INSERT INTO t VALUES (1, 1, 'a', 1)", "INSERT INTO weir.meta VALUES ('a', 'b')",
        "UPDATE t SET a = 'gone'", "UPDATE weir.sources SET state = 'complete'", "DELETE FROM t", "DELETE FROM weir.sources", "TRUNCATE t", "DROP TABLE t", "DROP TABLE IF EXISTS t CASCADE", "DROP SCHEMA weir CASCADE", "DROP VIEW weir.ioc_hits", "ALTER TABLE t RENAME TO u", "ALTER TABLE t ADD COLUMN x INT", "ALTER TABLE t DROP COLUMN a", "COMMENT ON TABLE t IS 'x'", "MERGE INTO t USING t u ON false WHEN NOT MATCHED THEN INSERT VALUES (1, 1, 'x', 1)",
        "SELECT 1; COPY (SELECT 1) TO '{N}'", "SELECT 1; DROP TABLE t", "SELECT 1; ATTACH '{N}'", "SELECT 1; SET lock_configuration=false; SELECT 2", "BEGIN; DELETE FROM t; COMMIT", "COMMIT; COPY t TO '{N}'", ";;COPY t TO '{N}'", "/* */ COPY t TO '{N}' -- x",
        "SELECT * FROM duckdb_extensions() WHERE error('x')::INT = 1", "CALL enable_logging()", "CALL enable_logging(storage='file', storage_config={'path': '{N}'})", "CALL start_ui()", "CALL force_install('httpfs')", "CALL dbgen(sf=1)", "CALL enable_profiling()", "CALL add_parquet_key('k', '0123456789112345')", "EXECUTE p", "CHECKPOINT casefile", "FORCE CHECKPOINT", "VACUUM t", "ANALYZE t",
    ];

    /// <summary>What stays within the connection: allowed or not, it leaves nothing behind and tells no secret.</summary>
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        "DETACH casefile", "USE memory", "LOAD json", "PRAGMA enable_profiling", "CALL enable_profiling()", "CALL enable_logging()", "ATTACH ':memory:' AS m", "UPDATE EXTENSIONS", "VACUUM t", "ANALYZE t", "CHECKPOINT casefile", "FORCE CHECKPOINT", "PRAGMA force_checkpoint",
        "PRAGMA enable_checkpoint_on_shutdown", "SELECT * FROM which_secret('s3://b/x', 's3')", "CREATE TYPE e AS ENUM ('a')", "COPY FROM DATABASE casefile TO memory", "CALL add_parquet_key('k', '0123456789112345')", "SELECT getenv('HOME')");

    public async Task InitializeAsync()
    {
        bench.Write("secret.csv", $"a,b\n{Secret},1\n");
        bench.Write("dump/schema.sql", "CREATE TABLE x (a INT);");
        bench.Write("dump/load.sql", "");
        (await bench.WeirAsync("ingest", bench.Write("t.csv", "a,b\n1,x\n2,y\n"))).Clean();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    [Fact]
    public void ThereAreManyAttempts() => Assert.True(Attempts.Length >= 100);

    [Fact]
    public async Task EveryAttempt_FailsAndLeavesNothing()
    {
        string before = bench.Files();
        var faults = new List<string>();
        foreach (string attempt in Attempts)
        {
            string sql = Fill(attempt);
            foreach (string[] how in (string[][])[["--format", "table"], ["--format", "csv", "-o", bench.File("out.csv")]])
            {
                Run run = await bench.WeirAsync(["sql", sql, .. how]);
                File.Delete(bench.File("out.csv"));
                if (run.Exit != 2 && !Harmless.Contains(attempt))
                    faults.Add($"exit {run.Exit}: {attempt}\n{run.Out}");
                if (run.Exit == 2 && (run.Told.Count(c => c == '\n') != 1 || !run.Error.StartsWith("weir: ", StringComparison.Ordinal)))
                    faults.Add($"not one line: {attempt}\n{run.Error}");
                if ((run.Out + run.Error).Contains(Secret, StringComparison.Ordinal))
                    faults.Add($"told the secret: {attempt}");
                if (bench.Files() != before)
                    faults.Add($"left something: {attempt}\n{bench.Files()}");
                Assert.True(faults.Count < 20, string.Join('\n', faults));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal("2", await bench.AskAsync("SELECT count(*) FROM t"));
    }

    /// <summary>The parquet format writes by COPY: a query must not break out of it, nor write elsewhere than to the file that was named.</summary>
    [Theory]
    [InlineData("SELECT 1) TO '{N}' (FORMAT csv); --")]
    [InlineData("SELECT 1) TO '{N}' (FORMAT csv); COPY (SELECT 1")]
    [InlineData("SELECT 1) TO '{N}'; SELECT (1")]
    [InlineData("SELECT 1; COPY (SELECT 1) TO '{N}'")]
    [InlineData("SELECT 1) TO '{P}' (FORMAT csv); --")]
    [InlineData("SELECT 1) TO '{P}' (FORMAT csv) --")]
    [InlineData("SELECT 1 /*")]
    [InlineData("SELECT '")]
    [InlineData("FROM read_text('{S}')")]
    [InlineData("FROM '{P}'")]
    [InlineData("COPY t TO '{N}'")]
    [InlineData("DELETE FROM t")]
    [InlineData("DELETE FROM t RETURNING *")]
    public async Task Parquet_CannotBeBrokenOutOf(string sql)
    {
        string before = bench.Files();
        Run run = await bench.WeirAsync("sql", Fill(sql), "--format", "parquet", "-o", bench.File("out.parquet"));
        run.Failed();
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, bench.Files());
    }

    [Theory]
    [InlineData("SELECT current_setting('enable_external_access')", "false")]
    [InlineData("SELECT current_setting('lock_configuration')", "true")]
    [InlineData("SELECT current_setting('TimeZone') LIKE '%UTC'", "true")]
    [InlineData("SELECT count(*) FROM duckdb_secrets()", "0")]
    public async Task HarmlessRead_TellsNoSecret(string sql, string expected) => Assert.Equal(expected, await bench.AskAsync(sql));

    private string Fill(string sql) => sql.Replace("{S}", bench.File("secret.csv"), StringComparison.Ordinal).Replace("{N}", bench.File("made.csv"), StringComparison.Ordinal)
        .Replace("{P}", bench.File("out.parquet"), StringComparison.Ordinal).Replace("{C}", bench.Case, StringComparison.Ordinal).Replace("{D}", bench.File("dump"), StringComparison.Ordinal);
}
