using System.CommandLine;
using System.Text;
using Spectre.Console;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;
using Field = Apache.Arrow.Field;
using RecordBatch = Apache.Arrow.RecordBatch;
using Schema = Apache.Arrow.Schema;

namespace Weir.Cli.Commands;

/// <summary><c>weir sql</c>: any SQL over a case that is opened read-only and locked.</summary>
internal static class SqlCommand
{
    private const int TableRows = 200;

    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "One SQL statement; - reads it from standard input." };
        var format = new Option<string>("--format") { Description = "table, csv, ndjson, json or parquet.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "csv", "ndjson", "json", "parquet");
        var file = new Option<string?>("--output", "-o") { Description = "Write to a file instead of the screen (parquet always).", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite that file." };
        var all = new Option<bool>("--all") { Description = $"Print every row of a table, not the first {TableRows}." };
        var spreadsheet = new Option<bool>("--safe-csv") { Description = "Put a ' before csv cells that a spreadsheet would run as formulas." };
        var zone = new Option<string>("--tz") { Description = "Zone in which times are printed.", DefaultValueFactory = _ => "UTC", HelpName = "ZONE" };
        var memory = new Option<long?>("--memory") { Description = "Memory for DuckDB, for example 2GB.", CustomParser = Sizes.Bytes, HelpName = "SIZE" };
        var limit = new Option<TimeSpan?>("--time-limit") { Description = "Stop the query after this time, for example 30s.", CustomParser = Sizes.Duration, HelpName = "TIME" };
        var command = new Command("sql", "Runs SQL over the case, read-only and locked in.\n\nExample: weir sql \"SELECT ip_address, count(*) FROM signin GROUP BY ALL\" --format csv")
        {
            query, format, file, force, all, spreadsheet, zone, memory, limit,
        };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            string sql = parsed.GetValue(query)! is "-" ? await Console.In.ReadToEndAsync(cancellationToken) : parsed.GetValue(query)!;
            string how = parsed.GetValue(format)!;
            string? path = parsed.GetValue(file) is { } named ? Path.GetFullPath(named) : null;
            TimeZoneInfo tz = Zone(parsed.GetValue(zone)!);
            if (path is not null && File.Exists(path) && !parsed.GetValue(force))
                throw new WeirException(path, "the file exists", "", "Name another file with -o, or overwrite it with --force.");
            if (path is not null && !Directory.Exists(Path.GetDirectoryName(path)))
                throw new WeirException(path, "its directory does not exist", "", "Create it first, or name another file with -o.");
            if (how == "parquet" && path is null)
                throw new WeirException("--format parquet", "parquet is not for the screen", "", "Name a file with -o.");
            if (how == "table" && path is not null)
                how = "csv";

            RunOptions run = RunOptions.Default;
            if (parsed.GetValue(memory) is { } bytes)
                run = Shared.Checked("--memory", () => run with { Memory = bytes > long.MaxValue / 32 ? long.MaxValue : bytes * 32 / 9 }); // so that DuckDB's share of it is what was asked for
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(limit) is { } time)
                stop.CancelAfter(time);
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, run, stop.Token);
            // A file gets its name once it is whole: a query that fails leaves neither half a file nor the old one harmed.
            bool direct = path is null || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
            string? part = direct ? path : $"{path}.part-{Environment.ProcessId}";
            caseFile.Database.Execute("SET arrow_lossless_conversion=true"); // else UHUGEINT, BIT, TIMETZ lose their values on the way
            caseFile.Database.Lock(how == "parquet" ? [part!] : []);
            try
            {
                caseFile.Database.CheckQuestion(sql);
                if (how == "parquet")
                    await ParquetAsync(caseFile, sql, part!, stop.Token);
                else if (how == "table")
                    await TableAsync(caseFile, sql, shared.Console(parsed, output), error, parsed.GetValue(all), tz, stop.Token);
                else
                    await StreamAsync(caseFile, sql, how, part, parsed.GetValue(spreadsheet), output, tz, stop.Token);
                if (!direct)
                    File.Move(part!, path!, overwrite: parsed.GetValue(force));
            }
            catch (Exception e) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or DuckDB.NET.Data.DuckDBException)
            {
                throw new WeirException("weir sql", $"the query ran longer than {parsed.GetValue(limit)}", "", "Raise --time-limit, or narrow the query.", e);
            }
            finally
            {
                if (!direct)
                    File.Delete(part!);
            }

            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, error);
            return Cli.Clean;
        });
        return command;
    }

    private static TimeZoneInfo Zone(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? found) ? found : throw new WeirException($"--tz {id}", "there is no such time zone", "an IANA name", "For example: --tz Europe/Berlin.");

    private static Task ParquetAsync(CaseFile caseFile, string sql, string path, CancellationToken cancellationToken) => caseFile.ExecuteAsync(
        $"COPY ({sql.TrimEnd().TrimEnd(';')}\n) TO {Sql.Text(path)} (FORMAT parquet, USE_TMP_FILE false)", cancellationToken);

    private static async Task StreamAsync(
        CaseFile caseFile, string sql, string how, string? path, bool spreadsheet, TextWriter output, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        using StreamWriter? file = path is null ? null : new StreamWriter(path, append: false, new UTF8Encoding(false));
        bool terminal = path is null && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        RowWriter rows = RowWriter.Create(how, file ?? output, zone, harmless: terminal, spreadsheet);
        bool begun = false;
        await foreach (RecordBatch batch in caseFile.QueryAsync(sql, [], cancellationToken))
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
            rows.Begin(await caseFile.SchemaAsync(sql, cancellationToken));
        rows.End();
    }

    private static async Task TableAsync(CaseFile caseFile, string sql, IAnsiConsole console, TextWriter error, bool all, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        ResultTable? table = null;
        long rows = 0;
        await foreach (RecordBatch batch in caseFile.QueryAsync(sql, [], cancellationToken))
        {
            using (batch)
            {
                table ??= Head(batch.Schema);
                for (int row = 0; row < batch.Length && (all || rows + row < TableRows); row++)
                {
                    table.Add(batch.Schema.FieldsList.Zip(batch.Arrays, (field, column) => ArrowText.Show(field, column, row, zone)));
                }

                rows += batch.Length;
            }
        }

        table ??= Head(await caseFile.SchemaAsync(sql, cancellationToken));
        if (table.Columns > 0)
            table.Write(console);
        if (!all && rows > TableRows)
            error.WriteLine($"… {Sizes.Count(rows - TableRows)} more rows: --all prints them, --format csv -o FILE writes them.");
    }

    private static ResultTable Head(Schema schema)
    {
        var table = new ResultTable([.. schema.FieldsList.Select(f => f.Name)]);
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
