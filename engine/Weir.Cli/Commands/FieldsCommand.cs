using System.CommandLine;
using Weir.Engine.Analysis;

namespace Weir.Cli.Commands;

/// <summary><c>weir fields TABLE</c></summary>
internal static class FieldsCommand
{
    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = "The table." };
        var command = new Command("fields", "Says of each column of a table: type, share of empty cells, distinct values, the most frequent ones, the ends.\n\nExample: weir fields signin") { table };
        Answer.Give(command, (caseFile, parsed) => new Asked(FieldSummary.Of(CaseTable.Named(caseFile, parsed.GetValue(table)!))));
        return command;
    }
}
