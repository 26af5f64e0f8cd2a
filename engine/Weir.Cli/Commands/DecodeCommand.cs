using System.CommandLine;
using System.Globalization;
using System.Text;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir decode</c>: peels encoded text layer by layer.</summary>
internal static class DecodeCommand
{
    private const int Shown = 4 << 10;

    public static Command Create()
    {
        var text = new Argument<string>("TEXT") { Description = "SOURCE:ROW of the case, the text itself, or - for standard input.", DefaultValueFactory = _ => "-" };
        var format = new Option<string>("--format") { Description = "text or ndjson.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "ndjson");
        var all = new Option<bool>("--all") { Description = $"Print texts whole, not the first {Sizes.Count(Shown)} bytes." };
        var command = new Command("decode", "Peels Base64 and UTF-16, of a row's cells or of any text, and shows each layer with its span.\n\nExample: weir decode 4:34593") { text, format, all };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string wanted = parsed.GetValue(text)!;
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool json = parsed.GetValue(format) == "ndjson";
            int most = parsed.GetValue(all) ? int.MaxValue : Shown;
            int shown = 0;
            if (RowReference.TryRead(wanted, out int source, out long row))
            {
                await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
                LandedRow landed = caseFile.Row(source, row) ?? throw RowReference.Missing(caseFile, source, row);
                foreach (var (column, ordinal, cell) in Cells(caseFile, landed))
                    shown += Peel(Encoding.UTF8.GetBytes(cell), column + (ordinal > 0 ? string.Create(CultureInfo.InvariantCulture, $"[{ordinal}]") : ""), everything: false);
            }
            else
            {
                byte[] bytes = Encoding.UTF8.GetBytes(wanted == "-" ? (await Console.In.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n') : wanted);
                // Who asks says that it is encoded: only what still gives nothing is forced.
                shown = Peel(bytes, null, everything: false);
                if (shown == 0)
                    shown = Peel(bytes, null, everything: true);
            }

            if (shown == 0 && !shared.Quiet(parsed))
                parsed.InvocationConfiguration.Error.WriteLine("weir: nothing in it is Base64 or UTF-16");
            return Cli.Clean;

            int Peel(byte[] cell, string? column, bool everything)
            {
                var extractor = new IndicatorExtractor(new DecodeOptions { Everything = everything });
                extractor.Extract(cell, 0, cell.Length, 0);
                for (int i = 0; i < extractor.Texts.Count; i++)
                {
                    DecodedText layer = extractor.Texts[i];
                    if (!LayerPath.Replay(layer.Layers, cell).AsSpan().SequenceEqual(layer.Bytes))
                        throw new InvalidDataException($"{layer.Layers} does not lead to the same bytes again.");
                    string[] found = [.. Enumerable.Range(0, extractor.Hits.Count).Where(h => extractor.Hits[h].Text == i).Select(h => $"{extractor.Hits[h].Type.Name()} {extractor.Hits.ValueText(h)}")];
                    if (json)
                        output.WriteLine(JsonText.Line(new { Column = column, layer.Layers, ByteOffset = layer.Offset, ByteLength = layer.Length, Text = Encoding.UTF8.GetString(layer.Bytes), Indicators = found }));
                    else
                        Print(column, layer, found);
                }

                return extractor.Texts.Count;
            }

            void Print(string? column, DecodedText layer, string[] found)
            {
                string body = Encoding.UTF8.GetString(layer.Bytes, 0, Math.Min(layer.Bytes.Length, most));
                output.WriteLine($"{(column is null ? "" : Terminal.Line(column) + "  ")}{layer.Layers}  ({Sizes.Count(layer.Bytes.Length)} bytes)");
                output.WriteLine($"  {Terminal.Line(body)}{(layer.Bytes.Length > most ? "… (--all prints it whole)" : "")}");
                foreach (string indicator in found)
                    output.WriteLine($"  → {Terminal.Line(indicator)}");
                output.WriteLine();
            }
        });
        return command;
    }

    /// <summary>Every text of a row: cells, values of lists, companions.</summary>
    private static IEnumerable<(string Column, int Ordinal, string Text)> Cells(CaseFile caseFile, LandedRow row)
    {
        foreach (LandedCell cell in row.Cells.Where(c => c.Type is "VARCHAR" or "VARCHAR[]"))
        {
            string name = Sql.Name(cell.Column), values = cell.Type == "VARCHAR" ? $"[{name}]" : name;
            foreach (var (ordinal, text) in caseFile.Database.Rows(
                $"SELECT generate_subscripts(v, 1), unnest(v) FROM (SELECT {values} AS v FROM {row.Reading} t WHERE source_id = ? AND row_id = ?)",
                r => ((int)r.GetInt64(0), r.IsDBNull(1) ? null : r.GetString(1)), row.SourceId, row.RowId))
            {
                if (text is not null)
                    yield return (cell.Column, cell.Type == "VARCHAR" ? 0 : ordinal, text);
            }
        }
    }
}
