using System.CommandLine;
using System.Globalization;
using System.Text;
using Apache.Arrow;
using Spectre.Console;
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
        var command = new Command("show", "Shows one row as landed, with its remarks and its original bytes.\n\nExample: weir show 1:1024") { reference, all };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (source, number) = Reference(parsed.GetValue(reference)!);
            TextWriter output = parsed.InvocationConfiguration.Output;
            IAnsiConsole console = shared.Console(parsed, output);
            int most = parsed.GetValue(all) ? int.MaxValue : ShownBytes;
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            LandedRow row = caseFile.Row(source, number) ?? throw Missing(caseFile, source, number);
            output.WriteLine($"{Terminal.Line(row.Uri)}, row {number}, table {Terminal.Line(row.Table)}");
            await PrintCellsAsync(caseFile, row, console, cancellationToken);
            foreach (RowRemark remark in row.Remarks)
                output.WriteLine($"remark {remark.Code}{(remark.Column is null ? "" : " in " + Terminal.Line(remark.Column))}: {Terminal.Line(remark.Detail)}{(remark.Raw is null ? "" : "; as read: " + Text(remark.Raw, most))}");
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

    private static (int Source, long Row) Reference(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int source)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long row))
            return (source, row);
        throw new WeirException($"'{text}'", "it is no row reference", "SOURCE:ROW", "For example: weir show 7:34593.");
    }

    private static WeirException Missing(CaseFile caseFile, int source, long number)
    {
        const int named = 5;
        var sources = caseFile.Database.Rows("SELECT source_id, uri, rows_read FROM weir.sources ORDER BY source_id", r => (Id: r.GetInt32(0), Uri: r.GetString(1), Rows: r.GetInt64(2)));
        const string remedy = "See its sources with: weir sql \"SELECT source_id, uri, rows_read FROM weir.sources\".";
        string where = string.Create(CultureInfo.InvariantCulture, $"{source}:{number}");
        if (sources.Find(s => s.Id == source) is { Uri: { } uri } found)
        {
            string rows = found.Rows == 0 ? "has no rows" : found.Rows == 1 ? "has row 1 only" : $"has rows 1 to {Sizes.Count(found.Rows)}";
            return new WeirException(where, $"there is no such row: source {source} ({uri}) {rows}", "", remedy);
        }

        string list = string.Join(", ", sources.Take(named).Select(s => $"{s.Id} ({Path.GetFileName(s.Uri)})"));
        string more = sources.Count > named ? $" and {Sizes.Count(sources.Count - named)} more" : "";
        return new WeirException(where, sources.Count == 0 ? "the case holds no sources" : $"there is no such source; the case holds {list}{more}", "", remedy);
    }

    private static async Task PrintCellsAsync(CaseFile caseFile, LandedRow row, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (row.Cells.Count == 0)
            return;
        var cells = new ResultTable("column", "type", "value") { FoldLast = true };
        string columns = string.Join(", ", row.Cells.Select(c => Sql.Name(c.Column)));
        await foreach (RecordBatch batch in caseFile.QueryAsync($"SELECT {columns} FROM main.{Sql.Name(row.Table)} WHERE source_id = ? AND row_id = ?", [row.SourceId, row.RowId], cancellationToken))
        {
            using (batch)
            {
                for (int i = 0; i < row.Cells.Count && batch.Length > 0; i++)
                    cells.Add([row.Cells[i].Column, row.Cells[i].Type, ArrowText.Show(batch.Schema.GetFieldByIndex(i), batch.Column(i), 0, TimeZoneInfo.Utc)]);
            }
        }

        cells.Write(console);
    }

    private static string Text(byte[] bytes, int most) => bytes.Length <= most
        ? Terminal.Line(Encoding.UTF8.GetString(bytes))
        : $"{Terminal.Line(Encoding.UTF8.GetString(bytes, 0, most))}… ({Sizes.Count(bytes.Length)} bytes; --all prints them all)";
}
