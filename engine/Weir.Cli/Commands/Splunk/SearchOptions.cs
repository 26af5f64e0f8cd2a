using System.CommandLine;
using System.Text.Json;
using Weir.Connectors;
using Weir.Engine;

namespace Weir.Cli.Commands;

/// <summary>Options that say what is searched, and over which range.</summary>
internal sealed class SearchOptions
{
    private readonly Option<string?> spl = new("--spl") { Description = "The search.", HelpName = "TEXT" };
    private readonly Option<string?> splFile = new("--spl-file") { Description = "File that holds the search.", HelpName = "FILE" };
    private readonly Option<string?> saved = new("--saved-search") { Description = "Name of a saved search; its range counts where none is given.", HelpName = "NAME" };
    private readonly Option<string?> earliest = new("--earliest") { Description = "Start of the range, inclusive: -24h, -7d@d, 2018-08-20T00:00:00Z, epoch seconds.", HelpName = "TIME" };
    private readonly Option<string?> latest = new("--latest") { Description = "End of the range, exclusive; now by default.", HelpName = "TIME" };
    private readonly Option<string> zone = new("--tz") { Description = "Zone in which @d snaps, and of times without one.", DefaultValueFactory = _ => "UTC", HelpName = "ZONE" };
    private readonly Option<string[]> allow = new("--allow-command") { Description = "A command that acts on the server and may be used (delete, collect, outputlookup, …).", HelpName = "NAME" };

    private readonly Option<bool> rowWise = new("--row-wise") { Description = "Macros of the search hold no command that looks at more than one row, and no subsearch: it may be cut into slices." };

    public SearchOptions(Command command)
    {
        foreach (Option option in (Option[])[spl, splFile, saved, earliest, latest, zone, allow, rowWise])
            command.Add(option);
    }

    /// <summary>Start of the range where none is given; null: one must be.</summary>
    public string? DefaultEarliest { get; init; }

    public TimeZoneInfo Zone(ParseResult parsed) => TimeZoneInfo.TryFindSystemTimeZoneById(parsed.GetValue(zone)!, out TimeZoneInfo? found)
        ? found : throw new WeirException($"--tz {parsed.GetValue(zone)}", "there is no such time zone", "an IANA name", "For example: --tz Europe/Berlin.");

    /// <summary>The search and its range, wherever they stand: a range at the start of the search is lifted out of it.</summary>
    public async Task<(SplText Spl, string Earliest, string Latest, IReadOnlyList<string> Notes)> ReadAsync(ParseResult parsed, SplunkClient client, CancellationToken cancellationToken)
    {
        string?[] given = [parsed.GetValue(spl), parsed.GetValue(splFile), parsed.GetValue(saved)];
        if (given.Count(g => g is not null) != 1)
            throw new WeirException("--spl, --spl-file, --saved-search", given.All(g => g is null) ? "no search is given" : "several searches are given", "one of them", "For example: --spl 'search index=main'.");
        string? from = null, to = null;
        string text = given[0] ?? (given[1] is { } file ? FromFile(file) : "");
        if (given[2] is { } name)
            (text, from, to) = await SavedAsync(client, name, cancellationToken);
        SplText read = SplText.Read(text, parsed.GetValue(allow) ?? [], parsed.GetValue(rowWise));
        var notes = new List<string>();
        foreach ((string option, string? lifted, string? told) in ((string, string?, string?)[])[("earliest", read.Earliest, parsed.GetValue(earliest)), ("latest", read.Latest, parsed.GetValue(latest))])
        {
            if (lifted is null)
                continue;
            if (told is not null && told != lifted)
                throw new WeirException($"--{option} {told}", $"the search says {option}={lifted}", "one of them", $"Leave --{option} out, or take {option}= out of the search.");
            notes.Add($"{option}={lifted} was lifted out of the search into the range");
        }

        return (read, parsed.GetValue(earliest) ?? read.Earliest ?? from ?? DefaultEarliest ?? throw new WeirException("--earliest", "no start of the range is given", "a time", "For example: --earliest -24h, or --earliest 2018-08-20T00:00:00Z."), parsed.GetValue(latest) ?? read.Latest ?? to ?? "now", notes);
    }

    private static string FromFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeirException(path, "it cannot be read", "a file with a search", "Check --spl-file.", e);
        }
    }

    private static async Task<(string Text, string? Earliest, string? Latest)> SavedAsync(SplunkClient client, string name, CancellationToken cancellationToken)
    {
        await client.ConnectAsync(cancellationToken);
        JsonElement content = SplunkClient.Content(await client.GetAsync("saved/searches/" + Uri.EscapeDataString(name), [], cancellationToken) ?? default);
        string? Part(string key) => content.ValueKind == JsonValueKind.Object && content.TryGetProperty(key, out JsonElement value) && value.GetString() is { Length: > 0 } text ? text : null;
        return (Part("search") ?? throw new WeirException($"--saved-search {name}", "the server has no saved search of that name", "", "Check the spelling, and --app and --owner."), Part("dispatch.earliest_time"), Part("dispatch.latest_time"));
    }
}
