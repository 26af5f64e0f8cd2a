using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir remove SOURCE</c></summary>
internal static class RemoveCommand
{
    public static Command Create()
    {
        var source = new Argument<int>("SOURCE") { Description = "Number of the source (weir tables, weir.sources)." };
        var compact = new Option<bool>("--compact") { Description = "Rewrite the file: DuckDB neither wipes nor shrinks it by itself." };
        var command = new Command("remove", "Removes a source and all that hangs on it.\n\nExample: weir remove 7 --compact") { source, compact };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int number = parsed.GetValue(source);
            await using CaseFile caseFile = await CaseFile.OpenAsync(shared.Case(parsed), new CaseOptions { Create = false }, cancellationToken);
            long rows = caseFile.Remove(number, parsed.GetValue(compact));
            if (!shared.Quiet(parsed))
                parsed.InvocationConfiguration.Error.WriteLine($"removed source {number}: {Sizes.Count(rows)} rows{(parsed.GetValue(compact) ? "; the file was rewritten" : "; the file keeps its size (--compact rewrites it)")}");
            return Cli.Clean;
        });
        return command;
    }
}
