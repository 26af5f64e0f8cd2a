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

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("weir lands log exports in a case (one DuckDB file) without losing a row, and answers SQL over it.");
        foreach (Command command in (Command[])[IngestCommand.Create(), SqlCommand.Create(), TablesCommand.Create(), ShowCommand.Create(), RemoveCommand.Create(), InventoryCommand.Create(), FieldsCommand.Create(), StackCommand.Create(), TimelineCommand.Create(), FindCommand.Create(), IocsCommand.Create(), ExtractCommand.Create(), DecodeCommand.Create(), AsnCommand.Create(), DemoCommand.Create(), SplunkCommand.Create(), CoverageCommand.Create()])
            root.Add(command);
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // "@d" is a time
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"weir: {Terminal.Line(Explain(parsed.Errors.FirstOrDefault(e => e.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? parsed.Errors[0]))} See '{Name(parsed.CommandResult.Command)} --help'.");
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
            error.WriteLine($"weir: {Terminal.Line(Explain(failure))}");
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

    private static string Name(Command command) => command is RootCommand ? "weir" : command.Parents.OfType<Command>().Select(Name).FirstOrDefault("weir") + " " + command.Name;

    private static string Explain(Exception failure) => failure switch
    {
        DuckDBException => failure.Message.Split("\n\nLINE ")[0].Replace('\n', ' '), // what follows draws an arrow under the query
        WeirException or PipelineException => failure.Message,
        SplunkAttemptException => $"the server: {failure.Message.TrimEnd('.')}. Try again later, or see 'weir splunk check'.",
        ArgumentException or IOException or UnauthorizedAccessException => failure.Message,
        _ => $"{failure.GetType().Name}: {failure.Message}",
    };
}
