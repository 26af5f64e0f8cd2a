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
        var value = new Argument<string>("VALUE") { Description = "Text to look for, in any case." };
        var rows = new Option<bool>("--rows") { Description = "The events themselves, in order of time." };
        var command = new Command("find", "Finds a value everywhere: cells of all tables, decoded text, remarks and rejects. Counts events.\n\nExample: weir find 45.77.53.176") { value, rows };
        command.Aliases.Add("pivot");
        Answer.Give(command, (caseFile, parsed) =>
        {
            string wanted = parsed.GetValue(value)!;
            if (wanted.Length == 0)
                throw new WeirException("VALUE", "it is empty", "text to look for", "For example: weir find 45.77.53.176.");
            var (events, tables) = Pivot.Find(caseFile, wanted);
            string note = $"{Sizes.Count(events)} event{(events == 1 ? "" : "s")} in {Sizes.Count(tables)} table{(tables == 1 ? "" : "s")}";
            return parsed.GetValue(rows) ? new Asked(Pivot.Rows, Note: note) : new Asked(Pivot.ByHost, Pivot.OnScreen, Note: note);
        });
        return command;
    }
}
