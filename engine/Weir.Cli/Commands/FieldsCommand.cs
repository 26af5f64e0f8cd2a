using System.CommandLine;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir fields TABLE</c></summary>
internal static class FieldsCommand
{
    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = "The table." };
        var command = new Command("fields", "Says of each column of a table: type, share of empty cells, distinct values, the most frequent ones, the ends.\n\nExample: weir fields signin") { table };
        var answer = new Answer(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            await answer.WriteAsync(caseFile, FieldSummary.Of(CaseTable.Named(caseFile, parsed.GetValue(table)!)), shared, parsed, cancellationToken);
            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, parsed.InvocationConfiguration.Error);
            return Cli.Clean;
        });
        return command;
    }
}
