using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine.Analysis;

namespace Weir.Cli.Commands;

/// <summary><c>weir inventory</c></summary>
internal static class InventoryCommand
{
    public static Command Create()
    {
        var by = new Option<string?>("--by") { Description = "Columns to count by instead, comma-separated.", HelpName = "COLS" };
        var command = new Command("inventory", "Counts events with first and last time by host and sourcetype; by source and table where there is none.\n\nExample: weir inventory --user bgist@froth.ly") { by };
        var options = new EventFilterOptions(command);
        Answer.Give(command, (caseFile, parsed) =>
        {
            EventFilter filter = options.Read(parsed, caseFile);
            TimeZoneInfo zone = options.Zone(parsed);
            var (tables, leftOut) = Inventory.Tables(caseFile, filter);
            return new Asked(Inventory.Of(caseFile, tables, filter, Shared.Names(parsed.GetValue(by))))
            {
                Zone = zone,
                Footer = seen => Footer.Lines(Sizes.Count(seen.Events, "event"), seen.Span(zone), Ledgered.Of(caseFile, tables, filter), view: false, filter, leftOut),
            };
        });
        return command;
    }
}
