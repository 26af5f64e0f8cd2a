using System.CommandLine;
using Weir.Engine.Analysis;

namespace Weir.Cli.Commands;

/// <summary><c>weir inventory</c></summary>
internal static class InventoryCommand
{
    public static Command Create()
    {
        var by = new Option<string?>("--by") { Description = "Columns to count by instead, comma-separated.", HelpName = "COLS" };
        var command = new Command("inventory", "Counts events with first and last time by host and sourcetype; by source and table where there is none.\n\nExample: weir inventory") { by };
        Answer.Give(command, (caseFile, parsed) => new Asked(Inventory.Of(caseFile, Shared.Names(parsed.GetValue(by)))));
        return command;
    }
}
