using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine.Analysis;
using Weir.Engine.Kinds;

namespace Weir.Cli.Commands;

/// <summary><c>weir timeline</c></summary>
internal static class TimelineCommand
{
    public static Command Create()
    {
        var command = new Command("timeline", "Prints the events of all logs in one table, in order of time.\n\nExample: weir timeline --ip 104.207.83.63 --log audit");
        var options = new EventFilterOptions(command);
        Answer.Give(command, (caseFile, parsed) =>
        {
            EventFilter filter = options.Read(parsed, caseFile);
            TimeZoneInfo zone = options.Zone(parsed);
            CaseTable table = CaseTable.Of(StandardView.Timeline);
            string where = filter.Condition(caseFile, table);
            return new Asked(Chronicle.Whole(where), Chronicle.OnScreen(where, Answer.All(parsed) ? null : Answer.TableRows + 1), Whole: 0)
            {
                Ends = true,
                Zone = zone,
                Footer = seen =>
                [
                    .. Footer.Lines(
                        seen.IsCut ? $"the first {Answer.TableRows} of {Sizes.Count(caseFile.Database.Count($"SELECT count(*) FROM {table.From} WHERE {where}"), "event")}" : Sizes.Count(seen.Events, "event"), seen.Span(zone), Ledgered.Of(caseFile, table, filter), view: true, filter),
                    .. Footer.Near(seen.Events, caseFile, filter),
                ],
            };
        });
        return command;
    }
}
