using System.CommandLine;
using Weir.Connectors;

namespace Weir.Cli.Commands;

/// <summary><c>weir splunk sourcetypes</c></summary>
internal static class SplunkSourcetypesCommand
{
    public static Command Create()
    {
        var index = new Option<string>("--index") { Description = "Indexes to look at; all by default.", DefaultValueFactory = _ => "*", HelpName = "NAME" };
        var earliest = new Option<string>("--earliest") { Description = "Start of the range; all time by default.", DefaultValueFactory = _ => "0", HelpName = "TIME" };
        var latest = new Option<string>("--latest") { Description = "End of the range; now by default.", DefaultValueFactory = _ => "now", HelpName = "TIME" };
        var command = new Command("sourcetypes", "Lists what the server holds by index and sourcetype: events, first, last; by the index alone (tstats).\n\nExample: weir splunk sourcetypes --url https://splunk:8089 --user me --earliest -30d") { index, earliest, latest };
        var printed = new SearchTable(command, limit: 10_000);
        command.SetAction((parsed, cancellationToken) => printed.RunAsync(
            parsed,
            _ => Task.FromResult((SplText.Read($"| tstats count as events min(_time) as first max(_time) as last where index={Quote(parsed.GetValue(index)!)} by index sourcetype", []), parsed.GetValue(earliest)!, parsed.GetValue(latest)!, TimeZoneInfo.Utc)),
            ["first", "last"],
            cancellationToken));
        return command;
    }

    private static string Quote(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
