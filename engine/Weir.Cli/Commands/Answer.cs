using System.CommandLine;
using System.Text;
using Spectre.Console;
using Weir.Cli.Output;
using Weir.Engine.Analysis;
using Weir.Engine.Store;
using Field = Apache.Arrow.Field;
using RecordBatch = Apache.Arrow.RecordBatch;
using Schema = Apache.Arrow.Schema;

namespace Weir.Cli.Commands;

/// <summary>Prints the answer to a question in one of the text formats.</summary>
internal sealed class Answer
{
    /// <summary>Rows of a table that are printed unless all are wanted.</summary>
    public const int TableRows = 200;

    private static readonly string[] Formats = ["table", "csv", "ndjson", "json", "markdown"];

    private readonly Option<string> format = new("--format") { Description = $"{string.Join(", ", Formats[..^1])} or {Formats[^1]}.", DefaultValueFactory = _ => "table" };
    private readonly Option<bool> all = new("--all") { Description = $"Print every row of a table, not the first {TableRows}." };

    public Answer(Command command)
    {
        format.AcceptOnlyFromAmong(Formats);
        command.Add(format);
        command.Add(all);
    }

    /// <summary>Prints to the command's output.</summary>
    /// <param name="whole">Column of a table that is never cut; negative: none.</param>
    /// <param name="onScreen">The question to ask instead for a table on a screen, without columns that hold nothing; null: the same.</param>
    public Task WriteAsync(CaseFile caseFile, Question question, Shared shared, ParseResult parsed, CancellationToken cancellationToken, Question? onScreen = null, int whole = -1)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        return parsed.GetValue(format) is "table" or null
            ? TableAsync(caseFile, onScreen ?? question, shared.Console(parsed, output), parsed.InvocationConfiguration.Error, parsed.GetValue(all), TimeZoneInfo.Utc, cancellationToken, onScreen is not null, whole)
            : StreamAsync(caseFile, question, parsed.GetValue(format)!, null, spreadsheet: false, output, TimeZoneInfo.Utc, cancellationToken);
    }

    /// <param name="path">File to write; null: the output.</param>
    public static async Task StreamAsync(
        CaseFile caseFile, Question question, string how, string? path, bool spreadsheet, TextWriter output, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        using StreamWriter? file = path is null ? null : new StreamWriter(path, append: false, new UTF8Encoding(false));
        bool terminal = path is null && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        RowWriter rows = RowWriter.Create(how, file ?? output, zone, harmless: terminal, spreadsheet);
        bool begun = false;
        await foreach (RecordBatch batch in caseFile.QueryAsync(question.Sql, question.Values, cancellationToken))
        {
            using (batch)
            {
                if (!begun)
                    rows.Begin(batch.Schema);
                begun = true;
                rows.Write(batch);
            }
        }

        if (!begun)
            rows.Begin(await caseFile.SchemaAsync(question, cancellationToken));
        rows.End();
    }

    public static async Task TableAsync(CaseFile caseFile, Question question, IAnsiConsole console, TextWriter error, bool all, TimeZoneInfo zone, CancellationToken cancellationToken, bool leaveOutEmpty = false, int whole = -1)
    {
        ResultTable? table = null;
        long rows = 0;
        await foreach (RecordBatch batch in caseFile.QueryAsync(question.Sql, question.Values, cancellationToken))
        {
            using (batch)
            {
                table ??= Head(batch.Schema, leaveOutEmpty, whole);
                for (int row = 0; row < batch.Length && (all || rows + row < TableRows); row++)
                    table.Add(batch.Schema.FieldsList.Zip(batch.Arrays, (field, column) => ArrowText.Show(field, column, row, zone)));
                rows += batch.Length;
            }
        }

        table ??= Head(await caseFile.SchemaAsync(question, cancellationToken), leaveOutEmpty, whole);
        if (table.Columns > 0)
            table.Write(console);
        if (!all && rows > TableRows)
            error.WriteLine($"… {Sizes.Count(rows - TableRows)} more rows: --all prints them, --format csv writes them.");
    }

    private static ResultTable Head(Schema schema, bool leaveOutEmpty, int whole)
    {
        var table = new ResultTable([.. schema.FieldsList.Select(f => f.Name)]) { LeaveOutEmpty = leaveOutEmpty };
        if (whole >= 0)
            table.KeepWhole(whole);
        for (int i = 0; i < schema.FieldsList.Count; i++)
        {
            Field field = schema.GetFieldByIndex(i);
            if (field.DataType is Apache.Arrow.Types.NumberType or Apache.Arrow.Types.Decimal128Type || (OpaqueText.NameOf(field) is { } name && OpaqueText.IsNumber(name)))
                table.RightAlign(i);
            else if (field.DataType is Apache.Arrow.Types.TimestampType or Apache.Arrow.Types.Date32Type or Apache.Arrow.Types.Time64Type)
                table.KeepWhole(i);
        }

        return table;
    }
}
