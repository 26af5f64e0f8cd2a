using System.CommandLine;
using Weir.Cli.Output;
using Weir.Engine.Analysis;

namespace Weir.Cli.Commands;

/// <summary><c>weir fields TABLE</c></summary>
internal static class FieldsCommand
{
    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = "A table or standard view." };
        var command = new Command("fields", "Says of each column of a table or view: type, share of empty cells, distinct values, the most frequent ones, the ends.\n\nExample: weir fields signins --ip 104.207.83.63") { table };
        var options = new EventFilterOptions(command);
        Answer.Give(command, async (caseFile, parsed, cancellationToken) =>
        {
            CaseTable asked = CaseTable.Named(caseFile, parsed.GetValue(table)!);
            EventFilter filter = options.Read(parsed, caseFile);
            TimeZoneInfo zone = options.Zone(parsed);
            string? where = filter.IsEmpty ? null : filter.Condition(caseFile, asked);
            var (rows, blank, constant) = await FieldSummary.MeasureAsync(caseFile, asked, where, cancellationToken);
            var folded = new List<string>();
            if (blank.Count > 0)
                folded.Add($"empty: {string.Join(", ", blank)}");
            if (constant.Count > 0)
                folded.Add($"constant: {string.Join(", ", constant.Select(c => $"{c.Column} = {c.Value}"))}");
            return new Asked(FieldSummary.All, FieldSummary.Telling)
            {
                Zone = zone,
                Below = folded,
                Footer = _ => Footer.Lines(Sizes.Count(rows, "event"), "", Ledgered.Of(caseFile, asked, filter), asked.View is not null, filter),
            };
        });
        return command;
    }
}
