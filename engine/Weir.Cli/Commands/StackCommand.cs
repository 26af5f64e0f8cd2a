using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine.Analysis;

namespace Weir.Cli.Commands;

/// <summary><c>weir stack TABLE --by COLUMN</c></summary>
internal static class StackCommand
{
    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = "A table or standard view." };
        var by = new Option<string>("--by") { Description = "Column whose values are counted; several, comma-separated, count together.", HelpName = "COLS", Required = true };
        var command = new Command("stack", "Counts a table or view by the values of a column, with what goes with each, and says what makes some odd; these come first.\n\nExample: weir stack signins --by src_ip") { table, by };
        var options = new EventFilterOptions(command);
        Answer.Give(command, (caseFile, parsed) =>
        {
            CaseTable asked = CaseTable.Named(caseFile, parsed.GetValue(table)!);
            EventFilter filter = options.Read(parsed, caseFile);
            TimeZoneInfo zone = options.Zone(parsed);
            var (whole, onScreen) = Stack.Of(asked, Shared.Names(parsed.GetValue(by)), filter.Condition(caseFile, asked));
            return new Asked(whole, onScreen, Whole: 0)
            {
                Zone = zone,
                FoldLast = true,
                Footer = seen =>
                [
                    .. Footer.Lines(
                        $"{Sizes.Count(seen.Rows, "value")} in {Sizes.Count(seen.Events, "event")}", seen.Span(zone), Ledgered.Of(caseFile, asked, filter), asked.View is not null, filter),
                    .. Footer.Near(seen.Events, caseFile, filter),
                ],
            };
        });
        return command;
    }
}
