using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Cli.Commands;

/// <summary>What <c>weir ingest --dry-run</c> prints of an input: how it is read, and what its columns are by its first batch of rows.</summary>
internal static class IngestPreview
{
    private const int ShownColumns = 100;
    private const int WideTerminal = 120;

    public static async Task WriteAsync(PlannedInput input, InputOptions reading, IngestStages stages, Screen console, TextWriter output, CancellationToken cancellationToken)
    {
        output.WriteLine($"{Terminal.Line(input.Path)} → table {Terminal.Line(input.Table)}");
        if (input.Apart is { } other)
            output.WriteLine($"  {Terminal.Line(other)} holds other columns; --table {Terminal.Line(other)} puts it there all the same");
        if (input.Fault is { } fault)
            output.WriteLine($"  {Terminal.Line(fault.Message)}");
        foreach (string reason in input.Reasons)
            output.WriteLine($"  {Terminal.Line(reason)}");
        if (input.Info is null)
            return;
        await using FileSource source = input.Open(reading);
        await foreach (Batch text in source.ReadAsync(null, RunOptions.Default, cancellationToken))
        {
            using Batch batch = stages.Process(text);
            Write(batch, stages.Typing, console, output);
            break;
        }
    }

    private static void Write(Batch batch, TypingOptions typing, Screen console, TextWriter output)
    {
        SourceVerdict verdict = SourceVerdict.Decide(batch.Tallies, typing);
        string[] originals = [.. batch.Tallies.Select(t => t.Hint.Name)];
        string[] names = [.. batch.Events.Schema.FieldsList.Where(f => f.Metadata?.GetValueOrDefault(ParseStage.RoleKey) is "source" or UnnestStage.TwinRole).Select(f => f.Name)];
        string whose = batch.End is not null ? "its" : "the first";
        output.WriteLine($"  columns: {Sizes.Count(originals.Length)}; types by {whose} {Sizes.Count(batch.Rows, "row")}{(batch.End is null ? ", all of them decide when it lands" : "")}");

        bool twice = console.Width >= WideTerminal && names.Zip(originals).Any(n => n.First != n.Second);
        var table = new ResultTable(["column", .. twice ? (string[])["in the file"] : [], "type", "spelled", "first value"]);
        table.KeepWhole(twice ? 2 : 1);
        for (int i = 0; i < Math.Min(names.Length, ShownColumns); i++)
        {
            Verdict column = verdict.Columns[i];
            table.Add([names[i], .. twice ? (string[])[originals[i]] : [], batch.Tallies[i].Lists is { TwinOf: >= 0 and var of } ? $"in {names[of]}" : TypeOf(column.Type), column.Format ?? "", FirstValue((Apache.Arrow.StringArray)batch.Cells!.Column(i))]);
        }

        table.Write(console);
        if (names.Length > ShownColumns)
            output.WriteLine($"  … {Sizes.Count(names.Length - ShownColumns)} more columns");
        if (verdict.UndecidedDates.Count > 0)
            output.WriteLine($"  not decided: {Terminal.Line(string.Join(", ", verdict.UndecidedDates.Select(i => names[i])))}: nothing in these rows tells day from month; --date-order dmy or mdy says it");
        if (verdict.MisfitDates.Count > 0)
            output.WriteLine($"  not typed: {Terminal.Line(string.Join(", ", verdict.MisfitDates.Select(i => names[i])))}: the dates of these rows are in the other order than --date-order says");
    }

    private static string? FirstValue(Apache.Arrow.StringArray cells)
    {
        for (int row = 0; row < cells.Length; row++)
        {
            if (cells.GetBytes(row).Length > 0)
                return cells.GetString(row);
        }

        return null;
    }

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.TimestampTz => "TIMESTAMPTZ",
        ColumnType.VarcharList => "VARCHAR[]",
        _ => type.ToString().ToUpperInvariant(),
    };
}
