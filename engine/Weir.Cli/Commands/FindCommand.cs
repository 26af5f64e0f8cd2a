using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Analysis;

namespace Weir.Cli.Commands;

/// <summary><c>weir find VALUE</c></summary>
internal static class FindCommand
{
    public static Command Create()
    {
        var value = new Argument<string>("VALUE") { Description = "Text to look for, in any case; a number, a time or true and false are compared as such where a column holds such." };
        var regex = new Option<bool>("--regex") { Description = "VALUE is a pattern (RE2), in any case unless it says (?-i)." };
        var rows = new Option<bool>("--rows") { Description = "The events themselves, in order of time." };
        var command = new Command("find", "Finds a value everywhere: cells of all tables, decoded text, remarks and rejects. Counts events.\n\nExample: weir find 45.77.53.176") { value, regex, rows };
        command.Aliases.Add("pivot");
        var options = new EventFilterOptions(command);
        Answer.Give(command, async (caseFile, parsed, cancellationToken) =>
        {
            string wanted = parsed.GetValue(value)!;
            if (wanted.Length == 0)
                throw new WeirException("VALUE", "it is empty", "text to look for", "For example: weir find 45.77.53.176.");
            EventFilter filter = options.Read(parsed, caseFile);
            TimeZoneInfo zone = options.Zone(parsed);
            var sought = new PivotValue(wanted, parsed.GetValue(regex)) { Times = SpelledTime.Of(wanted, zone) is var (first, last) ? (first, last) : null };
            var (tables, leftOut) = Pivot.Tables(caseFile, filter);
            PivotFinds finds = await Pivot.FindAsync(caseFile, sought, tables, filter, cancellationToken);
            return new Asked(parsed.GetValue(rows) ? Pivot.Rows : Pivot.ByHost, parsed.GetValue(rows) ? null : Pivot.OnScreen, Whole: 0)
            {
                Zone = zone,
                Footer = seen =>
                [
                    .. Footer.Lines(
                        $"{Sizes.Count(finds.Events, "event")} in {Sizes.Count(finds.Tables, "table")}{(finds.Rejects > 0 ? $" and {Sizes.Count(finds.Rejects, "reject")}" : "")}",
                        seen.Span(zone), Ledgered.Of(caseFile, tables, filter) with { Duplicates = finds.Twice }, view: false, filter, leftOut),
                    .. Beside(caseFile.Database.Count("SELECT count(*) FROM weir.remarks"), caseFile.Database.Count("SELECT count(*) FROM weir.rejects"), filter),
                ],
            };
        });
        return command;
    }

    /// <summary>What was looked into beside the tables.</summary>
    private static IEnumerable<string> Beside(long remarks, long rejects, EventFilter filter)
    {
        string[] looked = [.. ((string?[])[remarks > 0 ? Sizes.Count(remarks, "remark") : null, rejects > 0 && filter.IsEmpty ? Sizes.Count(rejects, "reject") : null]).OfType<string>()];
        if (looked.Length > 0)
            yield return $"looked into {string.Join(" and ", looked)} too";
        if (rejects > 0 && !filter.IsEmpty)
            yield return $"{Sizes.Count(rejects, "reject")} left out, for what is no row cannot answer the filter";
    }
}
