using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>Options that every command has.</summary>
internal sealed class Shared
{
    private readonly Option<string?> path = new("--case") { Description = "The case file; else $WEIR_CASE, else case.duckdb here.", HelpName = "PATH" };
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no summary." };
    private readonly Option<bool> plain = new("--no-color") { Description = "No colours (also with NO_COLOR set)." };

    public Shared(Command command)
    {
        command.Add(path);
        command.Add(quiet);
        command.Add(plain);
    }

    public string Case(ParseResult parsed) =>
        Named(parsed) ?? "case.duckdb";

    /// <summary>The case that was named by option or environment; null where none was.</summary>
    public string? Named(ParseResult parsed) =>
        parsed.GetValue(path) ?? (Environment.GetEnvironmentVariable("WEIR_CASE") is { Length: > 0 } named ? named : null);

    public bool Quiet(ParseResult parsed) => parsed.GetValue(quiet);

    /// <summary>A screen over a writer; colours only where it is a terminal that wants them.</summary>
    /// <param name="wrap">Lines are fitted to the width; else each stays one line, whatever the terminal makes of it.</param>
    public Screen Screen(ParseResult parsed, TextWriter writer, bool wrap = true)
    {
        TextWriter end = writer is CutWriter cut ? cut.Inner : writer;
        bool terminal = ReferenceEquals(end, Console.Out) ? !Console.IsOutputRedirected : ReferenceEquals(end, Console.Error) && !Console.IsErrorRedirected;
        bool colour = terminal && !parsed.GetValue(plain) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        int? width = !wrap ? 100_000 : terminal ? null : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns > 20 ? columns : 160;
        return colour ? Output.Screen.Coloured(writer, width) : Output.Screen.Plain(writer, width ?? (Console.WindowWidth is > 20 and var seen ? seen : 80));
    }

    public Task<CaseFile> OpenToReadAsync(ParseResult parsed, RunOptions run, CancellationToken cancellationToken) =>
        CaseFile.OpenAsync(Case(parsed), new CaseOptions { ReadOnly = true, Run = run }, cancellationToken);

    /// <summary>The names of a comma-separated list; none where it is absent.</summary>
    public static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A zone by its name.</summary>
    public static TimeZoneInfo Zone(string option, string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? found)
        ? found : throw new WeirException($"{option} {id}", "there is no such time zone", "an IANA name", $"For example: {option} Europe/Berlin.");

    /// <summary>Makes something of an option's value; a value out of its range is told by the option's name.</summary>
    public static T Checked<T>(string option, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            string text = e.Message.Split(" (Parameter ")[0].TrimEnd('.');
            throw new WeirException(option, text, "", "Give another value, or leave it out.", e);
        }
    }

    /// <summary>Says which sources are not whole: an answer over them may lack rows.</summary>
    public static void WarnOfHoles(CaseFile caseFile, TextWriter error)
    {
        IReadOnlyList<OpenSource> open = caseFile.OpenSources();
        if (open.Count == 0)
            return;
        OpenSource first = open[0];
        string more = open.Count > 1 ? $" and {open.Count - 1} more" : "";
        string why = first.Missing is null ? "run its ingest again to complete it; until then the views have none of its rows" : first.Missing;
        error.WriteLine($"weir: the case is not whole: source {first.SourceId} ({Terminal.Line(first.Uri)}) is {first.State}{more}: {Terminal.Line(why)}");
    }
}
