using System.Text;
using Apache.Arrow;
using DuckDB.NET.Data;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Parse;

/// <summary>Columns from literals, and the comparison of C# with DuckDB.</summary>
internal static class TestColumns
{
    public static StringArray Text(params string?[] cells)
    {
        var builder = new Utf8Builder(cells.Length, 16);
        foreach (string? cell in cells)
        {
            if (cell is null)
                builder.AppendNull();
            else
                builder.Append(Encoding.UTF8.GetBytes(cell));
        }

        return builder.Build();
    }

    public static ColumnHint Hint(string name = "x", TypingOptions? options = null) => ColumnHint.For(name, options ?? new TypingOptions());

    public static ColumnTally Tally(ColumnHint hint, params string?[] cells)
    {
        var tally = new ColumnTally(hint);
        tally.Add(Text(cells));
        return tally;
    }

    public static Verdict Decide(ColumnHint hint, params string?[] cells) => Decide(hint, new TypingOptions(), cells);

    public static Verdict Decide(ColumnHint hint, TypingOptions options, params string?[] cells) =>
        SourceVerdict.Decide([Tally(hint, cells)], options).Columns[0];

    public static string?[] Repeat(int times, params string?[] cells) => [.. Enumerable.Repeat(cells, times).SelectMany(c => c)];

    public static string? Cell(StringArray? column, int index) =>
        column is null || column.IsNull(index) ? null : Encoding.UTF8.GetString(column.GetBytes(index));

    public static DuckDBConnection Open(string path = ":memory:")
    {
        var connection = new DuckDBConnection($"DataSource={path}");
        connection.Open();
        Run(connection, "SET TimeZone='Asia/Tokyo'");   // nothing may depend on it
        return connection;
    }

    public static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static List<object?[]> Query(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    public static void Load(DuckDBConnection connection, string table, IReadOnlyList<string> cells)
    {
        Run(connection, $"CREATE TABLE {table}(i INTEGER, x VARCHAR)");
        using DuckDBAppender appender = connection.CreateAppender(table);
        for (int i = 0; i < cells.Count; i++)
            appender.CreateRow().AppendValue(i).AppendValue(cells[i]).EndRow();
    }

    /// <summary>Typed values, exactness and written text are the same in C# and in SQL, and exact values come back.</summary>
    public static void AssertAgrees(DuckDBConnection connection, IReadOnlyList<string> cells, ColumnHint hint, Verdict verdict, string because)
    {
        StringArray text = Text([.. cells]);
        var tally = new ColumnTally(hint);
        tally.Add(text);
        TypedColumn typed = Typer.Convert(text, hint, verdict, keepEmpty: false);
        string bits = verdict.Type switch { ColumnType.TimestampTz => "epoch_us(v)", ColumnType.Boolean => "CAST(v AS BIGINT)", ColumnType.VarcharList => "CAST(to_json(v) AS VARCHAR)", _ => "v" };
        Load(connection, "agree", cells);
        string sql = $"SELECT {bits}, {TypedSql.Write("v", verdict.Type, verdict.Format)} FROM (SELECT i, x, {TypedSql.Parse("x", verdict, tally)} AS v FROM agree) ORDER BY i";
        List<object?[]> rows = Query(connection, sql);
        Run(connection, "DROP TABLE agree");
        for (int i = 0; i < cells.Count; i++)
        {
            string where = $"{because}: '{cells[i]}' as {verdict.Type} {verdict.Format}";
            object? value = typed.Values switch
            {
                _ when typed.Values.IsNull(i) => null,
                BooleanArray b => b.GetValue(i)!.Value ? 1L : 0L,
                Int64Array n => n.Values[i],
                DoubleArray d => d.Values[i],
                ListArray l => Encoding.UTF8.GetString(ListText.Write(l, i, ListFormat.Json)),
                _ => ((TimestampArray)typed.Values).Values[i],
            };
            Assert.True(Equals(value, rows[i][0]), $"{where}: C# {value ?? "NULL"}, SQL {rows[i][0] ?? "NULL"}");
            bool exact = Cell(typed.Text, i) is null;
            var written = (string?)rows[i][1];
            Assert.True(exact == (written == cells[i]), $"{where}: C# {(exact ? "exact" : "inexact")}, SQL writes {written ?? "NULL"}");
            if (!exact)
                Assert.Equal(cells[i], Cell(typed.Text, i));
            if (value is null)
                Assert.Null(written);
            else if (written is not null && (exact || hint.Zone.GetAdjustmentRules().Length == 0))     // outside 1970 to 2099 DuckDB's zones differ
                Assert.True(written == Typer.Write(typed.Values, i, verdict.Format), $"{where}: C# writes {Typer.Write(typed.Values, i, verdict.Format)}, SQL {written}");
        }
    }
}
