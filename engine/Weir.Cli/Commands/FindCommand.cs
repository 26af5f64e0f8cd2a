using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir find VALUE</c></summary>
internal static class FindCommand
{
    public static Command Create()
    {
        var value = new Argument<string>("VALUE") { Description = "Text to look for, in any case." };
        var rows = new Option<bool>("--rows") { Description = "The events themselves, in order of time." };
        var command = new Command("find", "Finds a value everywhere: cells of all tables, decoded text, remarks and rejects. Counts events.\n\nExample: weir find 45.77.53.176") { value, rows };
        command.Aliases.Add("pivot");
        var answer = new Answer(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string wanted = parsed.GetValue(value)!;
            if (wanted.Length == 0)
                throw new WeirException("VALUE", "it is empty", "text to look for", "For example: weir find 45.77.53.176.");
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            if (parsed.GetValue(rows))
                await answer.WriteAsync(caseFile, Pivot.Rows(caseFile, wanted), shared, parsed, cancellationToken);
            else
                await answer.WriteAsync(caseFile, Pivot.ByHost(caseFile, wanted), shared, parsed, cancellationToken, Pivot.OnScreen(caseFile, wanted));
            if (shared.Quiet(parsed))
                return Cli.Clean;
            Question total = Pivot.Total(caseFile, wanted);
            var (events, tables) = caseFile.Database.Rows(total.Sql, r => (r.GetInt64(0), r.GetInt64(1)), total.Values)[0];
            parsed.InvocationConfiguration.Error.WriteLine($"{Sizes.Count(events)} event{(events == 1 ? "" : "s")} in {Sizes.Count(tables)} table{(tables == 1 ? "" : "s")}");
            Shared.WarnOfHoles(caseFile, parsed.InvocationConfiguration.Error);
            return Cli.Clean;
        });
        return command;
    }
}
