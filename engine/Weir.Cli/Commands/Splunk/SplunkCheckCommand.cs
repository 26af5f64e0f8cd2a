using System.CommandLine;
using System.Text.Json;
using Weir.Cli.Output;
using Weir.Connectors;

namespace Weir.Cli.Commands;

/// <summary><c>weir splunk check</c></summary>
internal static class SplunkCheckCommand
{
    public static Command Create()
    {
        var format = new Option<string>("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("check", "Logs in and tells version, user, roles, quotas and caps of the server.\n\nExample: weir splunk check --url https://splunk:8089 --user me") { format };
        var connection = new SplunkConnection(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            using SplunkClient client = connection.Open(parsed, parsed.InvocationConfiguration.Error);
            JsonElement server = await client.ConnectAsync(cancellationToken);
            JsonElement user = await TellAsync("authentication/current-context"), results = await TellAsync("configs/conf-limits/restapi"), search = await TellAsync("configs/conf-limits/search");
            var facts = new List<(string Name, string? Value)>
            {
                ("server", client.Options.Name),
                ("version", Text(server, "version")),
                ("name", Text(server, "serverName")),
                ("endpoints", client.ServerVersion >= new Version(9, 0, 2) ? "version 2" : "version 1 (before 9.0.2)"),
                ("login", client.Credential.Kind.ToString().ToLowerInvariant() + (client.Credential.Expires is { } end ? $", until {Times.Show(end.UtcDateTime)}" : "")),
                ("user", Text(user, "username")),
                ("roles", Text(user, "roles")),
                ("time zone", Text(user, "tz")),
                ("searches at once", Text(user, "srchJobsQuota")),
                ("disk for searches, MB", Text(user, "srchDiskQuota")),
                ("rows of a page", Text(results, "maxresultrows")),
                ("results of a job", Text(search, "max_count")),
                ("seconds a finished job stays", Text(search, "ttl")),
            };
            if (parsed.GetValue(format) == "json")
            {
                output.WriteLine(JsonText.Line(facts.Where(f => f.Value is not null).ToDictionary(f => f.Name.Replace(' ', '_').Replace(",", "", StringComparison.Ordinal), f => f.Value)));
                return Cli.Clean;
            }

            Screen console = shared.Screen(parsed, output);
            foreach ((string name, string? value) in facts)
                console.WriteLine($"  {name,-30}{(value is null ? "not told to this user" : Terminal.Line(value))}");
            return Cli.Clean;

            // A user may lack the right to see limits; that is an answer too.
            async Task<JsonElement> TellAsync(string call)
            {
                try
                {
                    return SplunkClient.Content(await client.GetAsync(call, [], cancellationToken) ?? default);
                }
                catch (SplunkStatusException)
                {
                    return default;
                }
            }
        });
        return command;
    }

    private static string? Text(JsonElement content, string key) => content.ValueKind == JsonValueKind.Object && content.TryGetProperty(key, out JsonElement value)
        ? value.ValueKind == JsonValueKind.Array ? string.Join(", ", value.EnumerateArray().Select(v => v.ToString())) : value.ToString() : null;
}
