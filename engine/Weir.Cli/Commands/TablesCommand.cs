using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir tables</c></summary>
internal static class TablesCommand
{
    public static Command Create()
    {
        var verify = new Option<bool>("--verify") { Description = "Recount and rehash every row of every source." };
        var format = new Option<string>("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("tables", "Lists the tables: rows, span of time, sources, rejects, remarks.\n\nExample: weir tables --verify") { verify, format };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            bool json = parsed.GetValue(format) == "json";
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            if (parsed.GetValue(verify))
            {
                int exit = await VerifyAsync(caseFile, json, output, cancellationToken);
                if (!shared.Quiet(parsed))
                    Shared.WarnOfHoles(caseFile, error);
                return exit;
            }

            IReadOnlyList<TableSummary> tables = caseFile.Tables();
            if (json)
                output.WriteLine(JsonText.Line(tables));
            else
                Print(tables, shared.Screen(parsed, output));
            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, error);
            return Cli.Clean;
        });
        return command;
    }

    private static void Print(IReadOnlyList<TableSummary> tables, Screen console)
    {
        var grid = new ResultTable("table", "rows", "columns", "first", "last", "time", "sources", "rejects", "remarks");
        grid.RightAlign(1, 2, 6, 7, 8);
        grid.KeepWhole(3, 4);
        foreach (TableSummary table in tables)
        {
            grid.Add([
                table.Name, Sizes.Count(table.Rows), Sizes.Count(table.Columns), Times.Show(table.FirstTime), Times.Show(table.LastTime), table.TimeColumn ?? "",
                Sizes.Count(table.Sources), Sizes.Count(table.Rejects), Sizes.Count(table.Remarks),
            ]);
        }

        grid.Write(console);
    }

    private static async Task<int> VerifyAsync(CaseFile caseFile, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        int faulty = 0;
        await foreach (SourceVerification source in caseFile.VerifyAsync(cancellationToken))
        {
            faulty += source.Faults.Count > 0 ? 1 : 0;
            output.WriteLine(json
                ? JsonText.Line(source)
                : $"{(source.Faults.Count == 0 ? "ok   " : "FAULT")} source {source.SourceId}: {Sizes.Count(source.Rows)} rows in {Terminal.Line(source.Table)}, {Terminal.Line(Path.GetFileName(source.Uri))}{string.Concat(source.Faults.Select(f => "\n      " + f))}");
        }

        return faulty == 0 ? Cli.Clean : Cli.NeedsLook;
    }
}
