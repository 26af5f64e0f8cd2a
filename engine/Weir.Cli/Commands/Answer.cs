using System.CommandLine;
using System.Text;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;
using Field = Apache.Arrow.Field;
using RecordBatch = Apache.Arrow.RecordBatch;
using Schema = Apache.Arrow.Schema;

namespace Weir.Cli.Commands;

/// <summary>What a command asks of a case.</summary>
/// <param name="Question">The question.</param>
/// <param name="OnScreen">What to ask instead for a table on a screen, where columns that hold nothing are left out; null: the same.</param>
/// <param name="Whole">Column of such a table that is never cut; negative: none.</param>
/// <param name="Note">What to say beside the answer; null: nothing.</param>
internal sealed record Asked(Question Question, Question? OnScreen = null, int Whole = -1, string? Note = null)
{
    /// <summary>Zone in which times are printed.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What is asked for a screen ends behind the rows that are printed: how many more there are is not known.</summary>
    public bool Ends { get; init; }

    /// <summary>The last column of a table on a screen is folded into lines, not cut.</summary>
    public bool FoldLast { get; init; }

    /// <summary>Lines under a table on a screen.</summary>
    public IReadOnlyList<string> Below { get; init; } = [];

    /// <summary>Lines on standard error that say what was looked at; null: none.</summary>
    public Func<Seen, IEnumerable<string>>? Footer { get; init; }
}

/// <summary>Prints the answer to a question in one of the text formats.</summary>
internal static class Answer
{
    /// <summary>Rows of a table that are printed unless all are wanted.</summary>
    public const int TableRows = 200;

    private static readonly string[] Formats = ["table", "csv", "ndjson", "json", "markdown"];

    /// <summary>Makes a command one that opens the case for reading, asks and prints.</summary>
    public static void Give(Command command, Func<CaseFile, ParseResult, Asked> ask) => Give(command, (caseFile, parsed, _) => Task.FromResult(ask(caseFile, parsed)));

    /// <inheritdoc cref="Give(Command, Func{CaseFile, ParseResult, Asked})"/>
    public static void Give(Command command, Func<CaseFile, ParseResult, CancellationToken, Task<Asked>> ask)
    {
        var format = new Option<string>("--format") { Description = $"{string.Join(", ", Formats[..^1])} or {Formats[^1]}.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong(Formats);
        var all = new Option<bool>("--all") { Description = $"Print every row of a table, not the first {TableRows}." };
        command.Add(format);
        command.Add(all);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            Asked asked = await ask(caseFile, parsed, cancellationToken);
            var seen = new Seen();
            if (parsed.GetValue(format) is not "table" and { } how)
                await StreamAsync(caseFile, asked.Question, how, null, spreadsheet: false, output, asked.Zone, cancellationToken, seen);
            else
                await TableAsync(caseFile, asked, shared.Screen(parsed, output), error, parsed.GetValue(all), asked.Zone, cancellationToken, seen);
            if (shared.Quiet(parsed))
                return Cli.Clean;
            if (asked.Note is not null)
                error.WriteLine(asked.Note);
            foreach (string line in asked.Footer?.Invoke(seen) ?? [])
                error.WriteLine(line);
            Shared.WarnOfHoles(caseFile, error);
            return Cli.Clean;
        });
    }

    /// <param name="path">File to write; null: the output.</param>
    public static async Task StreamAsync(
        CaseFile caseFile, Question question, string how, string? path, bool spreadsheet, TextWriter output, TimeZoneInfo zone, CancellationToken cancellationToken, Seen? seen = null)
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
                seen?.Add(batch, batch.Length);
            }
        }

        rows.End();
    }

    public static async Task TableAsync(CaseFile caseFile, Asked asked, Screen console, TextWriter error, bool all, TimeZoneInfo zone, CancellationToken cancellationToken, Seen? seen = null)
    {
        Question question = asked.OnScreen ?? asked.Question;
        ResultTable? table = null;
        long rows = 0;
        await foreach (RecordBatch batch in caseFile.QueryAsync(question.Sql, question.Values, cancellationToken))
        {
            using (batch)
            {
                table ??= Head(batch.Schema, asked);
                for (int row = 0; row < batch.Length && (all || rows + row < TableRows); row++)
                    table.Add(batch.Schema.FieldsList.Zip(batch.Arrays, (field, column) => ArrowText.Show(field, column, row, zone)));
                seen?.Add(batch, asked.Ends && !all ? (int)Math.Min(batch.Length, TableRows - Math.Min(rows, TableRows)) : batch.Length);
                rows += batch.Length;
            }
        }

        if (table is { Columns: > 0 })
            table.Write(console);
        foreach (string line in asked.Below)
            console.WriteLine(Terminal.Line(line));
        if (all || rows <= TableRows)
            return;
        if (seen is not null)
            seen.IsCut = asked.Ends;
        error.WriteLine($"… {(asked.Ends ? "" : Sizes.Count(rows - TableRows) + " ")}more rows: --all prints them, --format csv writes them.");
    }

    /// <summary>Whether a command that gives an answer is asked for all rows of a table.</summary>
    public static bool All(ParseResult parsed) => parsed.GetValue<bool>("--all");

    private static ResultTable Head(Schema schema, Asked asked)
    {
        var table = new ResultTable([.. schema.FieldsList.Select(f => f.Name)]) { LeaveOutEmpty = asked.OnScreen is not null, FoldLast = asked.FoldLast, BetweenWords = asked.FoldLast };
        if (asked.Whole >= 0)
            table.KeepWhole(asked.Whole);
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
