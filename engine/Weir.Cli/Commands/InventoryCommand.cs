using System.CommandLine;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir inventory</c></summary>
internal static class InventoryCommand
{
    public static Command Create()
    {
        var by = new Option<string?>("--by") { Description = "Columns to count by instead, comma-separated.", HelpName = "COLS" };
        var command = new Command("inventory", "Counts events with first and last time by host and sourcetype; by table and source where there is no host.\n\nExample: weir inventory") { by };
        var answer = new Answer(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            string[] columns = parsed.GetValue(by)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
            await answer.WriteAsync(caseFile, Inventory.Of(caseFile, columns), shared, parsed, cancellationToken);
            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, parsed.InvocationConfiguration.Error);
            return Cli.Clean;
        });
        return command;
    }
}
