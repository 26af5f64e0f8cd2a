using System.CommandLine;

namespace Weir.Cli.Commands;

/// <summary><c>weir splunk search</c></summary>
internal static class SplunkSearchCommand
{
    public static Command Create()
    {
        var command = new Command("search", "Runs a small search and prints its first rows; no case is needed.\n\nExample: weir splunk search --url https://splunk:8089 --user me --spl 'index=main | stats count by host' --earliest -24h");
        var search = new SearchOptions(command) { DefaultEarliest = "-24h" };
        var printed = new SearchTable(command, limit: 100);
        command.SetAction((parsed, cancellationToken) => printed.RunAsync(
            parsed,
            async client =>
            {
                var (spl, earliest, latest, notes) = await search.ReadAsync(parsed, client, cancellationToken);
                foreach (string note in notes)
                    parsed.InvocationConfiguration.Error.WriteLine($"weir: {Output.Terminal.Line(note)}");
                return (spl, earliest, latest, search.Zone(parsed));
            },
            [],
            cancellationToken,
            hint: true));
        return command;
    }
}
