using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;
using ArrowFileWriter = Apache.Arrow.Ipc.ArrowFileWriter;
using RecordBatch = Apache.Arrow.RecordBatch;

namespace Weir.Cli.Commands;

/// <summary><c>weir sql</c>: any SQL over a case that is opened read-only and locked.</summary>
internal static class SqlCommand
{
    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "One SQL statement; - reads it from standard input." };
        var format = new Option<string>("--format") { Description = "table, csv, ndjson, json, markdown, parquet or arrow.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "csv", "ndjson", "json", "markdown", "parquet", "arrow");
        var file = new Option<string?>("--output", "-o") { Description = "Write to a file instead of the screen (parquet and arrow always).", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite that file." };
        var all = new Option<bool>("--all") { Description = $"Print every row of a table, not the first {Answer.TableRows}." };
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
            TimeZoneInfo tz = Shared.Zone("--tz", parsed.GetValue(zone)!);
            using OutputFile? made = path is null ? null : OutputFile.Named(path, parsed.GetValue(force));
            if (how is "parquet" or "arrow" && path is null)
                throw new WeirException($"--format {how}", $"{how} is not for the screen", "", "Name a file with -o.");
            if (how == "table" && path is not null)
                how = "csv";

            RunOptions run = RunOptions.Default;
            if (parsed.GetValue(memory) is { } bytes)
                run = Shared.Checked("--memory", () => run with { Memory = Check.Bytes(bytes, 36L << 20, 288L << 30, nameof(run.Memory)) * 32 / 9 }); // so that DuckDB's share of it is what was asked for
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(limit) is { } time)
                stop.CancelAfter(time);
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, run, stop.Token);
            string? part = made?.Part;
            caseFile.Database.Execute("SET arrow_lossless_conversion=true"); // else UHUGEINT, BIT, TIMETZ lose their values on the way
            caseFile.Database.Lock(how == "parquet" ? [part!] : []);
            try
            {
                caseFile.Database.CheckQuestion(sql);
                if (how == "parquet")
                    await ParquetAsync(caseFile, sql, part!, stop.Token);
                else if (how == "arrow")
                    await ArrowAsync(caseFile, sql, part!, stop.Token);
                else if (how == "table")
                    await Answer.TableAsync(caseFile, new Asked(new Question(sql)), shared.Screen(parsed, output), error, parsed.GetValue(all), tz, stop.Token);
                else
                    await Answer.StreamAsync(caseFile, new Question(sql), how, part, parsed.GetValue(spreadsheet), output, tz, stop.Token);
                made?.Commit();
            }
            catch (Exception e) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or DuckDB.NET.Data.DuckDBException)
            {
                throw new WeirException("weir sql", $"the query ran longer than {parsed.GetResult(limit)!.Tokens[0].Value}", "", "Raise --time-limit, or narrow the query.", e);
            }

            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, error);
            return Cli.Clean;
        });
        return command;
    }

    private static Task ParquetAsync(CaseFile caseFile, string sql, string path, CancellationToken cancellationToken) => caseFile.ExecuteAsync(
        $"COPY ({sql.TrimEnd().TrimEnd(';')}\n) TO {Sql.Text(path)} (FORMAT parquet, USE_TMP_FILE false)", cancellationToken);

    /// <summary>Arrow's file format (Feather 2), batch by batch; a result without rows is one batch.</summary>
    private static async Task ArrowAsync(CaseFile caseFile, string sql, string path, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.Create(path);
        ArrowFileWriter? file = null;
        await foreach (RecordBatch batch in caseFile.QueryAsync(sql, [], cancellationToken))
        {
            using (batch)
            {
                file ??= new ArrowFileWriter(stream, batch.Schema);
                await file.WriteRecordBatchAsync(batch, cancellationToken);
            }
        }

        await file!.WriteEndAsync(cancellationToken);
        file.Dispose();
    }
}
