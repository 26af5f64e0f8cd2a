using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir remove SOURCE</c></summary>
internal static class RemoveCommand
{
    public static Command Create()
    {
        var source = new Argument<int?>("SOURCE") { Description = "Number of the source (weir tables, weir.sources).", Arity = ArgumentArity.ZeroOrOne };
        var missing = new Option<string?>("--missing") { Description = "Forget the slices of a table that have not landed: nobody wants them any more.", HelpName = "TABLE" };
        var compact = new Option<bool>("--compact") { Description = "Rewrite the file: DuckDB neither wipes nor shrinks it by itself." };
        var command = new Command("remove", "Removes a source and all that hangs on it.\n\nExample: weir remove 7 --compact") { source, missing, compact };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(source) is null == parsed.GetValue(missing) is null)
                throw new WeirException("weir remove", "it takes a source, or --missing with a table", "one of them", "See the sources with 'weir tables', slices with 'weir coverage'.");
            await using CaseFile caseFile = await CaseFile.OpenAsync(shared.Case(parsed), new CaseOptions { Create = false }, cancellationToken);
            if (parsed.GetValue(missing) is { } table)
            {
                if (!caseFile.Slices().Any(s => s.Table.Equals(table, StringComparison.OrdinalIgnoreCase)))
                    throw new WeirException($"--missing {table}", "no slice goes to a table of that name", "a table that was exported", "See them with 'weir coverage'.");
                int slices = caseFile.ForgetMissing(table);
                if (!shared.Quiet(parsed))
                    parsed.InvocationConfiguration.Error.WriteLine($"forgot {(slices == 1 ? "1 slice" : $"{Sizes.Count(slices)} slices")} of {Terminal.Line(table)} that had not landed");
                return Cli.Clean;
            }

            int number = parsed.GetValue(source)!.Value;
            long rows = caseFile.Remove(number, parsed.GetValue(compact));
            if (!shared.Quiet(parsed))
                parsed.InvocationConfiguration.Error.WriteLine($"removed source {number}: {Sizes.Count(rows)} rows{(parsed.GetValue(compact) ? "; the file was rewritten" : "; the file keeps its size (--compact rewrites it)")}");
            return Cli.Clean;
        });
        return command;
    }
}
