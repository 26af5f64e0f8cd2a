using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>Options that narrow a question to some events, the same for every command that reads events.</summary>
internal sealed class EventFilterOptions
{
    private static readonly TimeSpan DefaultWithin = TimeSpan.FromMinutes(15);

    private readonly Option<string[]> user = new("--user") { Description = "Only events of this user, in any case; repeat it for several.", HelpName = "NAME" };
    private readonly Option<string[]> ip = new("--ip") { Description = "Only events of this address or prefix (192.0.2.0/24), however it is spelled; repeat it for several.", HelpName = "IP" };
    private readonly Option<string[]> log = new("--log") { Description = "Only events of this log, such as signin or audit; repeat it for several.", HelpName = "LOG" };
    private readonly Option<string?> from = new("--from") { Description = "Only events from this time on, ISO 8601.", HelpName = "TIME" };
    private readonly Option<string?> to = new("--to") { Description = "Only events up to this time and with it: a date stands for its day, a minute for its minute.", HelpName = "TIME" };
    private readonly Option<string?> around = new("--around") { Description = "Only events near this time.", HelpName = "TIME" };
    private readonly Option<TimeSpan?> within = new("--within") { Description = "How near: 15m by default.", CustomParser = Sizes.Duration, HelpName = "SPAN" };
    private readonly Option<string[]> session = new("--session") { Description = "Only events of this session, correlation or request; repeat it for several.", HelpName = "ID" };
    private readonly Option<string> zone = new("--tz") { Description = "Zone in which times are printed, and read where they name none.", DefaultValueFactory = _ => "UTC", HelpName = "ZONE" };

    public EventFilterOptions(Command command)
    {
        foreach (Option option in (Option[])[user, ip, log, from, to, around, within, session, zone])
            command.Add(option);
        _ = Task.Run(static () => LogKinds.Shipped.All); // read while DuckDB opens the case: the question has not to wait for them
    }

    /// <summary>The zone of the command's times.</summary>
    public TimeZoneInfo Zone(ParseResult parsed) => Shared.Zone("--tz", parsed.GetValue(zone)!);

    /// <summary>What was asked for, held against the logs that the case has.</summary>
    /// <exception cref="WeirException">A value is none of its option's.</exception>
    public EventFilter Read(ParseResult parsed, CaseFile caseFile)
    {
        var (first, last) = Times(parsed);
        return new EventFilter
        {
            Users = Filled(parsed, user),
            Addresses = [.. Filled(parsed, ip).Select(Range)],
            Logs = Filled(parsed, log) is { Length: > 0 } wanted ? Known(wanted, EventFilter.LogsOf(caseFile)) : [],
            Sessions = Filled(parsed, session),
            From = first,
            To = last,
        };
    }

    private (DateTime? First, DateTime? Last) Times(ParseResult parsed)
    {
        TimeZoneInfo local = Zone(parsed);
        string? start = parsed.GetValue(from), end = parsed.GetValue(to);
        if (parsed.GetValue(around) is { } moment)
        {
            if (start is not null || end is not null)
                throw new WeirException("--around", $"it stands beside {(start is null ? "--to" : "--from")}", "either the one or the other", "Leave one of them out; --within says how near to --around is meant.");
            SpelledTime near = SpelledTime.Read("--around", moment, local).Widened(parsed.GetValue(within) ?? DefaultWithin);
            return (near.First, near.Last);
        }

        if (parsed.GetValue(within) is not null)
            throw new WeirException("--within", "there is no --around", "a time that it is about", "For example: --around 2018-08-20T10:48 --within 15m.");
        DateTime? first = start is null ? null : SpelledTime.Read("--from", start, local).First, last = end is null ? null : SpelledTime.Read("--to", end, local).Last;
        return first > last ? throw new WeirException($"--to {end}", $"it lies before --from {start}", "a later time", "Exchange them.") : (first, last);
    }

    private static AddressRange Range(string text)
    {
        if (AddressRange.TryRead(text, out AddressRange range))
            return range;
        string? begins = AddressRange.Enclosing(text);
        throw new WeirException(
            $"--ip {text}", begins is null ? "it is no address" : "bits behind the prefix are set", begins ?? "an address or a prefix of IPv4 or IPv6", $"For example: --ip {begins ?? "192.0.2.7, --ip 192.0.2.0/24 or --ip 2001:db8::/32"}.");
    }

    private static string[] Known(string[] wanted, IReadOnlyList<string> logs) =>
    [
        .. wanted.Select(w => logs.FirstOrDefault(l => l.Equals(w, StringComparison.OrdinalIgnoreCase))
            ?? throw new WeirException(
                $"--log {w}", "the case has no such log", logs.Count == 0 ? "a log, and it has none that weir knows" : $"one of {string.Join(", ", logs)}", logs.Count == 0 ? "Leave --log out." : "Spell it as the list does.")),
    ];

    /// <summary>Values of an option; an empty one is a mistake (of a script, mostly), and would match everything or nothing.</summary>
    private static string[] Filled(ParseResult parsed, Option<string[]> option)
    {
        string[] values = [.. parsed.GetValue(option) ?? []];
        return Array.Exists(values, string.IsNullOrWhiteSpace) ? throw new WeirException(option.Name, "its value is empty", "a value", "Give one, or leave it out.") : [.. values.Select(v => v.Trim())];
    }
}
