using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Weir.Cli.Commands;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;

namespace Weir.Cli;

/// <summary>Parses, runs, prints, exits.</summary>
internal static class Cli
{
    public const int Clean = 0, NeedsLook = 1, Failed = 2, Interrupted = 130;

    /// <summary>Every command under its names. Only the one that is asked for is made: to make all takes longer than many an answer.</summary>
    internal static readonly (string[] Names, Func<Command> Create)[] Commands =
    [
        (["ingest"], IngestCommand.Create), (["sql"], SqlCommand.Create), (["tables"], TablesCommand.Create), (["show"], ShowCommand.Create), (["remove"], RemoveCommand.Create),
        (["inventory"], InventoryCommand.Create), (["timeline"], TimelineCommand.Create), (["stack"], StackCommand.Create), (["fields"], FieldsCommand.Create), (["find", "pivot"], FindCommand.Create),
        (["iocs"], IocsCommand.Create), (["extract"], ExtractCommand.Create), (["decode"], DecodeCommand.Create), (["asn"], AsnCommand.Create), (["demo"], DemoCommand.Create),
        (["splunk"], SplunkCommand.Create), (["coverage"], CoverageCommand.Create), (["plot"], PlotCommand.Create),
    ];

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("weir lands log exports in a case (one DuckDB file) without losing a row, and answers SQL over it.");
        string first = args.Count > 0 ? args[0] : "";
        foreach (var (_, create) in Commands.Any(c => c.Names.Contains(first)) ? Commands.Where(c => c.Names.Contains(first)) : Commands)
            root.Add(create());
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // "@d" is a time
        if (parsed.Errors.Count > 0)
        {
            Command asked = parsed.CommandResult.Command;
            if (asked.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && parsed.Errors.All(e => e.SymbolResult is CommandResult))
            {
                // Nothing was asked for: what there is to ask.
                await root.Parse([.. args, "--help"]).InvokeAsync(new InvocationConfiguration { Output = error, Error = error }, cancellationToken);
                return Failed;
            }

            string fault = Explain(parsed.Errors.FirstOrDefault(e => e.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? parsed.Errors[0]);
            // An option that there is not may have passed for an argument, and what stands behind it is at fault then.
            if (parsed.Tokens.FirstOrDefault(t => t.Type == TokenType.Argument && t.Value is ['-', '-', _, ..] && !t.Value.Any(char.IsWhiteSpace)) is { } odd && !fault.Contains(odd.Value, StringComparison.Ordinal))
                fault = $"There is no option '{odd.Value}'.";
            error.WriteLine($"weir: {Terminal.Line(fault)}{(Meant(fault, asked) is { } meant ? $" Did you mean {meant}?" : "")} See '{Name(asked)} --help'.");
            return Failed;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            error.WriteLine(parsed.CommandResult.Command.Name is "ingest" or "export" ? "weir: interrupted. What was committed stays; the same command goes on from there." : "weir: interrupted.");
            return Interrupted;
        }
        catch (Exception failure)
        {
            error.WriteLine($"weir: {Terminal.Line(Explain(failure, parsed.CommandResult.Command))}");
            foreach (string line in failure is DuckDBException && failure.Message.StartsWith("Parser Error", StringComparison.Ordinal) && parsed.CommandResult.Command.Name == "sql" ? Place(failure.Message) : [])
                error.WriteLine(line);
            return Failed;
        }
    }

    /// <summary>The first signal asks; a second one is left to the system, which ends the process.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }

    /// <summary>The option at fault and what is wrong with it, in one line.</summary>
    private static string Explain(ParseError fault)
    {
        string text = fault.Message.Replace("\n\t", " ", StringComparison.Ordinal);
        if (fault.SymbolResult is OptionResult { Option: { } option } && !text.Contains(option.Name, StringComparison.Ordinal))
            text = $"{option.Name}: {text}";
        return text.EndsWith('.') ? text : text + ".";
    }

    /// <summary>The option or command that was meant by one that there is not; null: none is near.</summary>
    private static string? Meant(string fault, Command command)
    {
        if (fault.Split('\'') is not [_, var given, ..] || given.Length < 3 || !fault.StartsWith("Unrecognized", StringComparison.Ordinal) && !fault.StartsWith("There is no option", StringComparison.Ordinal))
            return null;
        given = given.Split('=')[0];
        IEnumerable<string> known = given.StartsWith('-') ? command.Options.Where(o => !o.Hidden).Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
        return known.Select(k => (Name: k, Distance: k.StartsWith(given, StringComparison.OrdinalIgnoreCase) ? 0 : NamedColumns.Distance(k, given.ToLowerInvariant()))).Where(k => k.Distance <= Math.Max(1, given.Length / 3)).OrderBy(k => k.Distance).Select(k => k.Name).FirstOrDefault();
    }

    /// <summary>Where DuckDB begins to draw the place of an error; the end where it does not.</summary>
    private static int PlaceOf(string message) => message.LastIndexOf("\n\nLINE ", StringComparison.Ordinal) is >= 0 and var at ? at : message.Length;

    /// <summary>The line of the query at fault and the arrow under it, both harmless on a terminal, the arrow still at its place.</summary>
    private static string[] Place(string message)
    {
        string[] lines = message[PlaceOf(message)..].TrimStart('\n').Split('\n');
        if (lines is not [var line, var arrow] || arrow.TrimStart(' ') != "^")
            return [];
        if (!System.Text.Ascii.IsValid(line))
            return [Terminal.Line(line)]; // DuckDB's arrow stands elsewhere then: seen behind wide and accented letters
        int at = 0;
        for (int column = 0; at < line.Length && column < arrow.Length - 1; at++)
            column += char.IsControl(line[at]) ? 0 : 1; // DuckDB counts columns, in which a control character takes none
        while (at < line.Length && line[at] == '\t')
            at++;
        return [Terminal.Line(line), new string(' ', Terminal.Line(line[..at]).Length) + "^"];
    }

    private static string Name(Command command) => command is RootCommand ? "weir" : command.Parents.OfType<Command>().Select(Name).FirstOrDefault("weir") + " " + command.Name;

    private static string Explain(Exception failure, Command command) => failure switch
    {
        DuckDBException => failure.Message[..PlaceOf(failure.Message)].Replace('\n', ' '), // what follows draws an arrow under the query
        WeirException or PipelineException => failure.Message,
        SplunkAttemptException => $"the server: {failure.Message.TrimEnd('.')}. Try again later{(command.Name == "check" ? "" : ", or see 'weir splunk check'")}.",
        ArgumentException or IOException or UnauthorizedAccessException => failure.Message,
        _ => $"{failure.GetType().Name}: {failure.Message}",
    };
}
