using System.Globalization;
using Apache.Arrow;
using DuckDB.NET.Data;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>The zero-copy route against the plain one: the same batches through DuckDB.NET's appender give the same table.</summary>
public class ReferenceLandingTests
{
    [Fact]
    public async Task Landing_TableFunctionAndAppender_GiveTheSameTable()
    {
        using var folder = new TempFolder();
        string file = folder.Write("nasty.csv", NastyCsv.Make(5, 5000));
        RunOptions run = RunOptions.Default with { BatchRows = 700, Threads = 3 };
        await using CaseFile caseFile = await CaseFile.OpenAsync(folder.File("case.duckdb"), new CaseOptions { Run = run });
        await Pipeline.From(new CsvSource(file)).Then(new ParseStage()).To(caseFile.Table("data")).RunAsync(run, default);

        CaseDatabase database = caseFile.Database;
        database.Execute("CREATE TABLE main.reference AS SELECT * FROM main.data LIMIT 0");
        TableModel model = TableModel.Load(database, "data");
        var parse = new ParseStage();
        await using var source = new CsvSource(file);
        await source.OpenAsync(default);
        await foreach (Batch text in source.ReadAsync(null, run, default))
        {
            using (text)
            {
                using Batch batch = parse.Process(text);
                Append(database, model, batch);
            }
        }

        Assert.Equal(5000, database.Count("SELECT count(*) FROM data d JOIN reference r USING (source_id, row_id)"));
        string differing = string.Join(", ", model.Columns.Where(c => database.Count(
            $"SELECT count(*) FROM data d JOIN reference r USING (row_id) WHERE d.{Sql.Name(c.Name)} IS DISTINCT FROM r.{Sql.Name(c.Name)}") > 0).Select(c => c.Name));
        Assert.Equal("", differing);
        Assert.Equal(0, database.Count("SELECT count(*) FROM (SELECT * FROM data EXCEPT ALL SELECT * FROM reference)"));
    }

    private static void Append(CaseDatabase database, TableModel model, Batch batch)
    {
        var typed = model.Bindings(1).Where(b => b.Position >= 0 && !b.IsText).ToDictionary(
            b => b.Column, b => Typer.Convert(SourceLanding.Cells(batch, b.Position), batch.Tallies[b.Position].Hint, b.Verdict, keepEmpty: false));
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "main", "reference");
        for (int row = 0; row < batch.Rows; row++)
        {
            IDuckDBAppenderRow line = appender.CreateRow().AppendValue((int?)1).AppendValue(((Int64Array)batch.Events.Column(0)).GetValue(row));
            foreach (TableColumn column in model.Columns)
                Append(line, model, batch, typed, column, row);
            line.EndRow();
        }

        foreach (TypedColumn column in typed.Values)
        {
            column.Values.Dispose();
            column.Text?.Dispose();
        }
    }

    private static void Append(IDuckDBAppenderRow line, TableModel model, Batch batch, Dictionary<TableColumn, TypedColumn> typed, TableColumn column, int row)
    {
        if (column.Role == ColumnRole.Extra)
        {
            ListArray? extra = batch.Cells!.ColumnCount > batch.Tallies.Count ? (ListArray)batch.Cells.Column(batch.Tallies.Count) : null;
            if (extra is null || extra.IsNull(row))
                line.AppendNullValue();
            else
                line.AppendValue(Enumerable.Range(extra.ValueOffsets[row], extra.GetValueLength(row)).Select(i => ((StringArray)extra.Values).GetString(i)).ToList());
        }
        else if (column.Role == ColumnRole.Companion)
        {
            StringArray? text = typed[model.Columns.Single(c => c.Companion == column)].Text;
            Text(line, text, row);
        }
        else if (typed.TryGetValue(column, out TypedColumn? made))
        {
            Value(line, made.Values, row);
        }
        else
        {
            Text(line, SourceLanding.Cells(batch, model.Bindings(1).Single(b => b.Column == column).Position), row);
        }
    }

    private static void Text(IDuckDBAppenderRow line, StringArray? text, int row)
    {
        if (text is null || text.IsNull(row))
            line.AppendNullValue();
        else
            line.AppendValue(text.GetBytes(row).ToArray().AsSpan()); // bytes: a string would end at its first NUL
    }

    private static void Value(IDuckDBAppenderRow line, IArrowArray values, int row)
    {
        if (values.IsNull(row))
            line.AppendNullValue();
        else if (values is BooleanArray flags)
            line.AppendValue(flags.GetValue(row));
        else if (values is Int64Array numbers)
            line.AppendValue(numbers.GetValue(row));
        else if (values is DoubleArray doubles)
            line.AppendValue(doubles.GetValue(row));
        else if (values is TimestampArray times)
            line.AppendValue(DateTime.UnixEpoch.AddTicks(times.Values[row] * 10));
        else
            throw new NotSupportedException(values.Data.DataType.Name.ToString(CultureInfo.InvariantCulture));
    }
}
