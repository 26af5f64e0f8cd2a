using System.CommandLine;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Stages;

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
        Answer.Give(command, (_, parsed) =>
        {
            Question question = IndicatorList.Of(Chosen("--type", parsed.GetValue(type), Types), Chosen("--scope", parsed.GetValue(scope), Scopes), parsed.GetValue(decoded));
            return new Asked(question, IndicatorList.OnScreen(question), Whole: 1);
        });
        return command;
    }

    public static string[] Chosen(string option, string? list, string[] known)
    {
        string[] chosen = Shared.Names(list?.ToLowerInvariant());
        return Array.Find(chosen, c => !known.Contains(c)) is { } unknown
            ? throw new WeirException($"{option} {unknown}", "there is no such value", $"one of {string.Join(", ", known)}", "Spell it as the list does.")
            : chosen;
    }
}
