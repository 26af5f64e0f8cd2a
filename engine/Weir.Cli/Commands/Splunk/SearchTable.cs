using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Weir.Cli.Output;
using Weir.Connectors;

namespace Weir.Cli.Commands;

/// <summary>Runs a search whose first rows go straight to the screen.</summary>
internal sealed class SearchTable
{
    private readonly Option<int> limit;
    private readonly Option<string> format = new("--format") { Description = "table, or ndjson: the rows as the server gave them.", DefaultValueFactory = _ => "table" };
    private readonly SplunkConnection connection;
    private readonly Shared shared;

    public SearchTable(Command command, int limit)
    {
        this.limit = new Option<int>("--limit") { Description = $"Rows to print; {limit} by default.", DefaultValueFactory = _ => limit, HelpName = "N" };
        this.limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit takes a number from 1 on.");
        });
        format.AcceptOnlyFromAmong("table", "ndjson");
        command.Add(this.limit);
        command.Add(format);
        connection = new SplunkConnection(command);
        shared = new Shared(command);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="read">What is searched, over which range, and the zone of its times.</param>
    /// <param name="times">Columns of epoch seconds that are shown as times.</param>
    /// <param name="hint">Say what to do where nothing is found.</param>
    public async Task<int> RunAsync(ParseResult parsed, Func<SplunkClient, Task<(SplText Spl, string Earliest, string Latest, TimeZoneInfo Zone)>> read, string[] times, CancellationToken cancellationToken, bool hint = false)
    {
        TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
        using SplunkClient client = connection.Open(parsed, error);
        await client.ConnectAsync(cancellationToken);
        var (spl, earliest, latest, zone) = await read(client);
        DateTimeOffset now = client.ServerTime;
        DateTime from = SplunkTime.Resolve("--earliest", earliest, now, zone), to = SplunkTime.Resolve("--latest", latest, now, zone);
        int most = parsed.GetValue(limit);
        var fetcher = new SliceFetcher(client, new ExportOptions { Spl = spl, Earliest = earliest, Latest = latest, Table = "" }, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)), "");
        SearchAnswer answer = await fetcher.SearchAsync("search", new SearchRequest(spl.Text, from, to) { Identities = false }, cancellationToken, most);
        if (parsed.GetValue(format) == "ndjson")
        {
            foreach (byte[] row in answer.Rows)
                output.WriteLine(Terminal.Json(System.Text.Encoding.UTF8.GetString(row)));
        }
        else if (answer.Rows.Count > 0)
        {
            Table(answer.Rows, times).Write(shared.Screen(parsed, output));
        }

        if (shared.Quiet(parsed))
            return Cli.Clean;
        foreach (SplunkMessage message in answer.Messages.Where(m => m.Type is "WARN" or "ERROR").Distinct())
            error.WriteLine($"weir: the server says: {Terminal.Line(message.ToString())}");
        error.WriteLine(answer.Rows.Count < answer.Count
            ? $"weir: the first {Sizes.Count(answer.Rows.Count)} of {Sizes.Count(answer.Count)} rows ({SplunkExportCommand.Range(from, to)}); --limit shows more, 'weir splunk export' fetches all"
            : $"weir: {Sizes.Count(answer.Count)} rows ({SplunkExportCommand.Range(from, to)})");
        if (answer.Count == 0 && hint)
            error.WriteLine($"weir: {ExportSummary.NothingFound}");
        return Cli.Clean;
    }

    private static ResultTable Table(IReadOnlyList<byte[]> rows, string[] times)
    {
        var columns = new List<string>();
        var cells = new List<Dictionary<string, string?>>();
        foreach (byte[] row in rows)
        {
            var values = new Dictionary<string, string?>(StringComparer.Ordinal);
            using JsonDocument json = SplunkMessage.Parse(row);
            foreach (JsonProperty field in json.RootElement.EnumerateObject())
            {
                string name = SplunkMessage.NameOf(field);
                if (!columns.Contains(name))
                    columns.Add(name);
                values[name] = Show(field.Value, times.Contains(name));
            }

            cells.Add(values);
        }

        var table = new ResultTable([.. columns]);
        table.RightAlign([.. columns.Select((c, i) => (c, i)).Where(c => c.c is "count" or "events").Select(c => c.i)]);
        foreach (Dictionary<string, string?> row in cells)
            table.Add(columns.Select(row.GetValueOrDefault));
        return table;
    }

    private static string? Show(JsonElement value, bool isTime)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return string.Join(" | ", value.EnumerateArray().Select(SplunkMessage.TextOf));
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        string text = SplunkMessage.TextOf(value);
        return isTime && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 253_402_300_800
            ? Times.Show(DateTime.UnixEpoch.AddTicks((long)(decimal.Floor(seconds * 1_000_000) * 10))) : text;
    }
}
