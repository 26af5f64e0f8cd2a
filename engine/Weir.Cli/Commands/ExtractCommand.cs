using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine.Stages;

namespace Weir.Cli.Commands;

/// <summary><c>weir extract</c>: indicators of any text, without a case.</summary>
internal static class ExtractCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Text files (also .gz); standard input by default or for -.", Arity = ArgumentArity.ZeroOrMore };
        var type = new Option<string?>("--type") { Description = "Only these types, comma-separated.", HelpName = "TYPES" };
        var command = new Command("extract", "Finds indicators in any text, line by line, also in what is encoded in it; writes one JSON object a hit. No case is needed.\n\nExample: weir extract alert.txt") { files, type };
        _ = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] types = IocsCommand.Chosen("--type", parsed.GetValue(type), IocsCommand.Types);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string[] inputs = parsed.GetValue(files) is { Length: > 0 } named ? named : ["-"];
            var extractor = new IndicatorExtractor();
            var buffer = new ArrayBufferWriter<byte>();
            await using var json = new Utf8JsonWriter(buffer, JsonText.Writer);
            foreach (string file in inputs)
            {
                await foreach (var (line, offset, bytes) in TextLines.ReadAsync(file, cancellationToken))
                {
                    extractor.Clear();
                    extractor.Extract(bytes.Span, 0, bytes.Length, 0);
                    for (int i = 0; i < extractor.Hits.Count; i++)
                    {
                        if (types.Length > 0 && !types.Contains(extractor.Hits[i].Type.Name()))
                            continue;
                        buffer.ResetWrittenCount();
                        json.Reset(buffer);
                        Write(json, extractor, i, inputs.Length > 1 ? file : null, line, offset);
                        json.Flush();
                        output.WriteLine(Terminal.Json(Encoding.UTF8.GetString(buffer.WrittenSpan)));
                    }

                    foreach (FlaggedCell cell in extractor.Flagged)
                        parsed.InvocationConfiguration.Error.WriteLine($"weir: {Terminal.Line(file)}, line {line}: a bound was met ({cell.Flags}); there may be more");
                }
            }

            return Cli.Clean;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, IndicatorExtractor extractor, int index, string? file, long line, long offset)
    {
        IndicatorHit hit = extractor.Hits[index];
        DecodedText? text = extractor.TextOf(index);
        json.WriteStartObject();
        json.WriteString("type", hit.Type.Name());
        json.WriteString("value", extractor.Hits.ValueText(index));
        if (file is not null)
            json.WriteString("file", file);
        json.WriteNumber("line", line);
        json.WriteNumber("byte_offset", offset + (text?.Offset ?? hit.Offset));
        json.WriteNumber("byte_length", text?.Length ?? hit.Length);
        json.WriteString("layers", text?.Layers);
        json.WriteString("scope", hit.Scope?.Name());
        json.WriteString("part_of", extractor.Hits.PartOf(index));
        json.WriteEndObject();
    }
}
