using System.CommandLine;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir iocs</c></summary>
internal static class IocsCommand
{
    public static readonly string[] Types = [.. Enum.GetValues<IndicatorType>().Select(t => t.Name())];

    private static readonly string[] Scopes = [.. Enum.GetValues<AddressScope>().Select(s => s.Name())];

    public static Command Create()
    {
        var type = new Option<string?>("--type") { Description = $"Only these types, comma-separated: {string.Join(", ", Types)}.", HelpName = "TYPES" };
        var scope = new Option<string?>("--scope") { Description = $"Only addresses of these scopes, comma-separated: {string.Join(", ", Scopes)}.", HelpName = "SCOPES" };
        var decoded = new Option<bool>("--decoded") { Description = "Only what stands in encoded text, with its layers." };
        var command = new Command("iocs", "Lists the indicators found, one line each, by events.\n\nExample: weir iocs --decoded") { type, scope, decoded };
        var answer = new Answer(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Question question = IndicatorList.Of(Chosen("--type", parsed.GetValue(type), Types), Chosen("--scope", parsed.GetValue(scope), Scopes), parsed.GetValue(decoded));
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            await answer.WriteAsync(caseFile, question, shared, parsed, cancellationToken, IndicatorList.OnScreen(question), whole: 1);
            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, parsed.InvocationConfiguration.Error);
            return Cli.Clean;
        });
        return command;
    }

    public static string[] Chosen(string option, string? list, string[] known)
    {
        string[] chosen = list?.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return Array.Find(chosen, c => !known.Contains(c)) is { } unknown
            ? throw new WeirException($"{option} {unknown}", "there is no such value", $"one of {string.Join(", ", known)}", "Spell it as the list does.")
            : chosen;
    }
}
