using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir show SOURCE:ROW</c></summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var reference = new Argument<string>("REF") { Description = "SOURCE:ROW, for example 7:34593." };
        var command = new Command("show", "Shows one row as landed, with its remarks and its original bytes.\n\nExample: weir show 1:1024") { reference };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (source, number) = Reference(parsed.GetValue(reference)!);
            TextWriter output = parsed.InvocationConfiguration.Output;
            IAnsiConsole console = shared.Console(parsed, output);
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            LandedRow row = caseFile.Row(source, number)
                ?? throw new WeirException($"{source}:{number}", $"{shared.Case(parsed)} has no such row", "", "See its sources with: weir sql \"SELECT source_id, uri, rows_read FROM weir.sources\".");
            output.WriteLine($"{Terminal.Line(row.Uri)}, row {number}, table {Terminal.Line(row.Table)}");
            Print(row, console);
            output.WriteLine(await OriginalAsync(row, cancellationToken));
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

    private static void Print(LandedRow row, IAnsiConsole console)
    {
        if (row.Cells.Count > 0)
        {
            var cells = new ResultTable("column", "type", "value") { FoldLast = true };
            foreach (LandedCell cell in row.Cells)
                cells.Add([cell.Column, cell.Type, cell.Text]);
            cells.Write(console);
        }

        foreach (RowRemark remark in row.Remarks)
            console.WriteLine(Terminal.Line($"remark {remark.Code}{(remark.Column is null ? "" : " in " + remark.Column)}: {remark.Detail}{(remark.Raw is null ? "" : "; as read: " + Text(remark.Raw))}"));
        foreach (RowReject reject in row.Rejects)
            console.WriteLine(Terminal.Line($"rejected {reject.Code}: {reject.Detail}; {Sizes.Count(reject.Raw.Length)} bytes: {Text(reject.Raw)}"));
    }

    private static async Task<string> OriginalAsync(LandedRow row, CancellationToken cancellationToken)
    {
        if (row.Connector != "csv" || row.Uri == "-")
            return "original: not available, the source cannot be read again";
        if (!File.Exists(row.Uri))
            return $"original: not available, {Terminal.Line(row.Uri)} is gone";
        await using var source = new CsvSource(row.Uri, Options(row.Options));
        string changed = $"original: not available, {Terminal.Line(row.Uri)} has changed since it landed";
        try
        {
            SourceInfo now = await source.OpenAsync(cancellationToken);
            if (row.Fingerprint is not null && now.Fingerprint != row.Fingerprint)
                return changed;
        }
        catch (WeirException)
        {
            return changed; // empty by now, or no text
        }

        byte[]? bytes = row.Interval is null ? null : await source.FindRowAsync(row.Interval, row.RowId, cancellationToken);
        return bytes is null ? changed : $"original: {Terminal.Line(Text(bytes))}";
    }

    private static CsvOptions Options(string json)
    {
        using var options = JsonDocument.Parse(json);
        JsonElement set = options.RootElement;
        string? Get(string key) => set.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
        var read = new CsvOptions { Delimiter = Get("delimiter"), Quote = Get("quote"), Escape = Get("escape"), Header = set.TryGetProperty("header", out JsonElement header) ? header.GetBoolean() : null };
        return set.TryGetProperty("max_row", out JsonElement longest) ? read with { MaxRow = longest.GetInt64() } : read;
    }

    private static string Text(byte[] bytes)
    {
        const int shown = 4000;
        return bytes.Length <= shown ? Encoding.UTF8.GetString(bytes) : Encoding.UTF8.GetString(bytes, 0, shown) + $"… ({Sizes.Count(bytes.Length)} bytes)";
    }
}
