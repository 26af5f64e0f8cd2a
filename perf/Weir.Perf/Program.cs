using System.Globalization;
using DuckDB.NET.Data;
using Weir.Engine;
using Weir.Perf;
using Weir.Perf.Components;
using Weir.Perf.Measure;
using Weir.Perf.Questions;
using Weir.Perf.Runners;
using Weir.Perf.Splunk;
using Weir.Perf.Text;

try
{
    return args switch
    {
        ["side-by-side", .. var rest] => SideBySide.Run(rest),
        ["splunk", .. var rest] => await SplunkContest.RunAsync(SideBySide.Root(), rest),
        ["questions", .. var rest] => QuestionContest.Run(SideBySide.Root(), rest),
        ["text"] => HostileText.Run(Console.Out),
        [Sql.Verb, var database, var script] => Sql.Run(database, script),   // started by side-by-side
        [ComponentProcess.Verb, var name, var threads, var file, var warm] => ComponentProcess.Run(name, int.Parse(threads, CultureInfo.InvariantCulture), file, warm),   // likewise
        ["bare-query", var database, var sql] => QuestionContest.Ask(database, sql),   // started by questions
        ["measure", .. var command] when command.Length > 0 => Launcher.Measure(command),   // started by side-by-side
        _ => throw new PerfException(2, Options.Usage),
    };
}
catch (PerfException e)
{
    Console.Error.WriteLine(e.Message);
    return e.ExitCode;
}
catch (Exception e) when (e is DuckDBException or WeirException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
    return 2;
}
