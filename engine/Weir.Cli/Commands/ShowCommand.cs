using System.CommandLine;
using System.Text;
using Apache.Arrow;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir show SOURCE:ROW</c></summary>
internal static class ShowCommand
{
    private const int ShownBytes = 64 << 10; // a long _raw is whole, and a reject of 16 MB does not flood the terminal

    public static Command Create()
    {
        var reference = new Argument<string>("REF") { Description = "SOURCE:ROW, for example 7:34593." };
        var all = new Option<bool>("--all") { Description = $"Print original bytes whole, not the first {Sizes.Count(ShownBytes)}." };
        var command = new Command("show", "Shows one row as landed, with its remarks, its indicators and its original bytes.\n\nExample: weir show 1:1024") { reference, all };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string wanted = parsed.GetValue(reference)!;
            if (!RowReference.TryRead(wanted, out int source, out long number))
                throw new WeirException($"'{wanted}'", "it is no row reference", "SOURCE:ROW", "For example: weir show 7:34593.");
            TextWriter output = parsed.InvocationConfiguration.Output;
            Screen console = shared.Screen(parsed, output);
            int most = parsed.GetValue(all) ? int.MaxValue : ShownBytes;
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            LandedRow row = caseFile.Row(source, number) ?? throw RowReference.Missing(caseFile, source, number);
            output.WriteLine($"{Terminal.Line(row.Uri)}, row {number}, table {Terminal.Line(row.Table)}");
            await PrintCellsAsync(caseFile, row, console, cancellationToken);
            foreach (RowRemark remark in row.Remarks)
                output.WriteLine($"remark {remark.Code}{(remark.Column is null ? "" : " in " + Terminal.Line(remark.Column))}: {Terminal.Line(remark.Detail)}{(remark.Raw is null ? "" : "; as read: " + Text(remark.Raw, most))}");
            foreach (string hit in Hits(caseFile, row))
                output.WriteLine(Terminal.Line(hit));
            foreach (RowReject reject in row.Rejects)
                output.WriteLine($"rejected {reject.Code}: {Terminal.Line(reject.Detail)}; {Sizes.Count(reject.Raw.Length)} bytes: {Text(reject.Raw, most)}");
            if (row.Rejects.Count == 0)
                output.WriteLine(await OriginalRow.TellAsync(row, bytes => Text(bytes, most), cancellationToken));
            if (!shared.Quiet(parsed))
                Shared.WarnOfHoles(caseFile, parsed.InvocationConfiguration.Error);
            return Cli.Clean;
        });
        return command;
    }

    /// <summary>The row's indicators, each with its place.</summary>
    private static IEnumerable<string> Hits(CaseFile caseFile, LandedRow row) => caseFile.Database.Rows(
        """
        SELECT format('{} {} in {}{} at {}+{}', type, value, column_name, CASE WHEN ordinal IS NULL THEN '' ELSE '[' || ordinal || ']' END, byte_offset, byte_length)
            || CASE WHEN table_name LIKE 'weir.%' THEN ' of ' || table_name ELSE '' END || coalesce(', under ' || layers, '')
        FROM weir.ioc_hits WHERE source_id = ? AND row_id = ? ORDER BY column_name, ordinal, byte_offset, layers NULLS FIRST, type, value
        """,
        r => r.GetString(0), row.SourceId, row.RowId);

    private static async Task PrintCellsAsync(CaseFile caseFile, LandedRow row, Screen console, CancellationToken cancellationToken)
    {
        if (row.Cells.Count == 0)
            return;
        var cells = new ResultTable("column", "type", "value") { FoldLast = true };
        var blank = new List<string>();
        string columns = string.Join(", ", row.Cells.Select(c => Sql.Name(c.Column)));
        await foreach (RecordBatch batch in caseFile.QueryAsync($"SELECT {columns} FROM {row.Reading} t WHERE source_id = ? AND row_id = ?", [row.SourceId, row.RowId], cancellationToken))
        {
            using (batch)
            {
                for (int i = 0; i < row.Cells.Count && batch.Length > 0; i++)
                {
                    if (ArrowText.Show(batch.Schema.GetFieldByIndex(i), batch.Column(i), 0, TimeZoneInfo.Utc) is { } value)
                        cells.Add([row.Cells[i].Column, row.Cells[i].Type, value]);
                    else
                        blank.Add(Terminal.Line(row.Cells[i].Column));
                }
            }
        }

        cells.Write(console);
        if (blank.Count == 0)
            return;
        foreach (string line in Screen.Fold($"NULL in this row: {string.Join(", ", blank)}", console.Width, words: true))
            console.WriteLine(line);
        console.WriteLine();
    }

    private static string Text(byte[] bytes, int most) => bytes.Length <= most
        ? Terminal.Line(Encoding.UTF8.GetString(bytes))
        : $"{Terminal.Line(Encoding.UTF8.GetString(bytes, 0, most))}… ({Sizes.Count(bytes.Length)} bytes; --all prints them all)";
}
