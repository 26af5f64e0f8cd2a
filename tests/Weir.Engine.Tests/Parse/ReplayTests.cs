using DuckDB.NET.Data;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

/// <summary>ALTER … USING with our SQL survives a kill: DuckDB binds and runs it again from its log.</summary>
public class ReplayTests
{
    [Fact]
    public void Alter_KilledAfterCommit_IsReplayedAlike()
    {
        string folder = Directory.CreateTempSubdirectory("weir-replay-").FullName;
        try
        {
            (string Column, ColumnHint Hint, string[] Cells)[] columns =
            [
                ("a", Hint("_time"), ["2021-06-22T11:17:29.5-0700", "2021-06-22T11:17:29.1234567-0700", "4/28/2021, 2:08:45 PM", "1600000000.25", "Mon Aug  6 11:21:40 2018 UTC"]),
                ("b", Hint("when [Europe/Berlin]"), ["2021-03-28 02:30:00", "2021-10-31 02:30:00", "2021-07-01 00:00:00", "2021-01-01 00:00:00", "1999-12-31 23:59:59"]),
                ("c", Hint(), ["1.50", "2.25", "-3.00", "4.75", "0.00"]),
                ("d", Hint(), ["1", "1.5", "-3", "4", "0"]),
                ("e", Hint(), ["True", "False", "True", "True", "True"]),
                ("f", Hint(), ["1", "2", "-3", "4", "0"]),
            ];
            string path = Path.Combine(folder, "a.db"), copy = Path.Combine(folder, "b.db");
            List<object?[]> before;
            using (DuckDBConnection connection = Open(path))
            {
                Run(connection, "SET checkpoint_threshold='10GB'");
                Run(connection, $"CREATE TABLE t(i INTEGER, {string.Join(", ", columns.Select(c => c.Column + " VARCHAR"))})");
                using (DuckDBAppender appender = connection.CreateAppender("t"))
                {
                    for (int i = 0; i < 5; i++)
                    {
                        IDuckDBAppenderRow row = appender.CreateRow().AppendValue(i);
                        foreach (var column in columns)
                            row = row.AppendValue(column.Cells[i]);
                        row.EndRow();
                    }
                }

                Run(connection, "CHECKPOINT");
                var verdicts = columns.Select(c => (c.Column, Verdict: Decide(c.Hint, c.Cells), Tally: Tally(c.Hint, c.Cells))).ToList();
                Assert.DoesNotContain(verdicts, v => v.Verdict.Type == ColumnType.Varchar);
                Run(connection, "BEGIN");
                foreach (var (column, verdict, tally) in verdicts)
                {
                    Run(connection, $"ALTER TABLE t ADD COLUMN {column}_text VARCHAR");
                    string back = TypedSql.Write("(" + TypedSql.Parse(column, verdict, tally) + ")", verdict.Type, verdict.Format);
                    Run(connection, $"ALTER TABLE t ALTER {column}_text TYPE VARCHAR USING CASE WHEN {back} = {column} THEN NULL ELSE {column} END");
                    Run(connection, $"ALTER TABLE t ALTER {column} TYPE {TypedSql.Name(verdict.Type)} USING {TypedSql.Parse(column, verdict, tally)}");
                }

                Run(connection, "COMMIT");
                before = Everything(connection, "t", verdicts.Select(v => (v.Column, v.Verdict)));
                for (int c = 0; c < columns.Length; c++)
                    Assert.Equal(columns[c].Cells, before.Select(r => (string)r[c * 2 + 1]!));
                File.Copy(path, copy);
                File.Copy(path + ".wal", copy + ".wal");
                Assert.True(new FileInfo(copy + ".wal").Length > 0);

                // A process of its own would read its host's zone; a fresh instance without SET has the same default.
                using var fresh = new DuckDBConnection("DataSource=:memory:");
                fresh.Open();
                Run(fresh, $"ATTACH '{copy}' AS c");
                Assert.Equal(before, Everything(fresh, "c.t", verdicts.Select(v => (v.Column, v.Verdict))));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Raw value and text of each column, for each row.
    private static List<object?[]> Everything(DuckDBConnection connection, string table, IEnumerable<(string Column, Verdict Verdict)> columns) =>
        Query(connection, $"SELECT {string.Join(", ", columns.Select(c => $"{(c.Verdict.Type == ColumnType.TimestampTz ? $"epoch_us({c.Column})" : c.Column)}, COALESCE({c.Column}_text, {TypedSql.Write(c.Column, c.Verdict.Type, c.Verdict.Format)})"))} FROM {table} ORDER BY i");
}
