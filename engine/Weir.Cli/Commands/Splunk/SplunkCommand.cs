using System.CommandLine;

namespace Weir.Cli.Commands;

/// <summary><c>weir splunk</c>: what concerns a Splunk server.</summary>
internal static class SplunkCommand
{
    public static Command Create()
    {
        var command = new Command("splunk", "Exports searches from a Splunk server, completely or with every hole named.\n\nExample: weir splunk export --url https://splunk:8089 --user me --spl 'index=main' --earliest -7d@d --latest @d");
        foreach (Command part in (Command[])[SplunkExportCommand.Create(), SplunkCheckCommand.Create(), SplunkSourcetypesCommand.Create(), SplunkSearchCommand.Create()])
            command.Add(part);
        return command;
    }
}
