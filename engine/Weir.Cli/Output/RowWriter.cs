using System.Buffers;
using System.Text;
using System.Text.Json;
using Apache.Arrow;

namespace Weir.Cli.Output;

/// <summary>Streams a query result in one of the text formats, in constant memory.</summary>
internal abstract class RowWriter(TextWriter output, TimeZoneInfo zone)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    protected TextWriter Output { get; } = output;

    protected TimeZoneInfo Zone { get; } = zone;

    /// <param name="harmless">The output is a terminal: what could steer it is shown escaped. Else bytes are true.</param>
    /// <param name="spreadsheet">Cells that a spreadsheet would run as formulas get a quote in front.</param>
    public static RowWriter Create(string format, TextWriter output, TimeZoneInfo zone, bool harmless, bool spreadsheet) => format switch
    {
        "markdown" => new Markdown(output, zone),
        "csv" => new Csv(output, zone, harmless, spreadsheet),
        "ndjson" => new Json(output, zone, lines: true),
        _ => new Json(output, zone, lines: false),
    };

    public virtual void Begin(Schema schema)
    {
    }

    public abstract void Write(RecordBatch batch);

    public virtual void End()
    {
    }

    private sealed class Csv(TextWriter output, TimeZoneInfo zone, bool harmless, bool spreadsheet) : RowWriter(output, zone)
    {
        public override void Begin(Schema schema) => Line(schema.FieldsList.Select(f => (string?)f.Name));

        public override void Write(RecordBatch batch)
        {
            for (int row = 0; row < batch.Length; row++)
                Line(batch.Schema.FieldsList.Zip(batch.Arrays, (field, column) => ArrowText.Show(field, column, row, Zone)));
        }

        private void Line(IEnumerable<string?> cells)
        {
            bool first = true;
            foreach (string? cell in cells)
            {
                if (!first)
                    Output.Write(',');
                first = false;
                if (cell is null)
                    continue;
                string text = harmless ? Terminal.Line(cell) : cell;
                if (spreadsheet && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\0')
                    text = "'" + text;
                if (text.Length == 0 || text.AsSpan().ContainsAny(Special))
                    Output.Write($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
                else
                    Output.Write(text);
            }

            Output.Write('\n');
        }
    }

    /// <summary>A table of GitHub's Markdown. Text from logs is no markup and no link: what could be either is escaped, or stands as code.</summary>
    private sealed class Markdown(TextWriter output, TimeZoneInfo zone) : RowWriter(output, zone)
    {
        private static readonly SearchValues<char> Marks = SearchValues.Create("\\`*_<>|[]~&#");

        public override void Begin(Schema schema)
        {
            Line(schema.FieldsList.Select(f => (string?)f.Name));
            Line(schema.FieldsList.Select(f => f.DataType is Apache.Arrow.Types.NumberType ? "---:" : "---"), raw: true);
        }

        public override void Write(RecordBatch batch)
        {
            for (int row = 0; row < batch.Length; row++)
                Line(batch.Schema.FieldsList.Zip(batch.Arrays, (field, column) => ArrowText.Show(field, column, row, Zone)));
        }

        private void Line(IEnumerable<string?> cells, bool raw = false)
        {
            foreach (string? cell in cells)
                Output.Write($"| {(cell is null ? "" : raw ? cell : Safe(Terminal.Line(cell)))} ");
            Output.Write("|\n");
        }

        private static string Safe(string text)
        {
            if (text.Contains("://", StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase) || text.Contains('@', StringComparison.Ordinal))
                return Code(text); // else a link to wherever the log says
            if (!text.AsSpan().ContainsAny(Marks))
                return text;
            var safe = new StringBuilder(text.Length + 8);
            foreach (char c in text)
                safe.Append(c == '&' ? "&amp;" : c == '<' ? "&lt;" : Marks.Contains(c) ? $"\\{c}" : c.ToString());
            return safe.ToString();
        }

        private static string Code(string text)
        {
            int longest = 0, run = 0;
            foreach (char c in text)
                longest = Math.Max(longest, run = c == '`' ? run + 1 : 0);
            string fence = new('`', longest + 1), blank = longest > 0 ? " " : "";
            return fence + blank + text.Replace("|", "\\|", StringComparison.Ordinal) + blank + fence;
        }
    }

    private sealed class Json(TextWriter output, TimeZoneInfo zone, bool lines) : RowWriter(output, zone)
    {
        private readonly ArrayBufferWriter<byte> buffer = new();
        private readonly List<string> names = [];
        private bool any;

        public override void Begin(Schema schema)
        {
            foreach (Field field in schema.FieldsList)
                names.Add(Free(field.Name)); // SELECT a.id, b.id: of two equal keys, readers of JSON keep one
            if (!lines)
                Output.Write('[');
        }

        public override void Write(RecordBatch batch)
        {
            using var json = new Utf8JsonWriter(buffer, JsonText.Writer);
            for (int row = 0; row < batch.Length; row++)
            {
                buffer.ResetWrittenCount();
                json.Reset(buffer);
                json.WriteStartObject();
                for (int column = 0; column < batch.ColumnCount; column++)
                {
                    json.WritePropertyName(names[column]);
                    ArrowText.Write(json, batch.Schema.GetFieldByIndex(column), batch.Column(column), row, Zone);
                }

                json.WriteEndObject();
                json.Flush();
                if (any)
                    Output.Write(lines ? "" : ",\n");
                any = true;
                Output.Write(Terminal.Json(Encoding.UTF8.GetString(buffer.WrittenSpan)));
                if (lines)
                    Output.Write('\n');
            }
        }

        private string Free(string wanted)
        {
            string name = wanted;
            for (int i = 2; names.Contains(name); i++)
                name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wanted}_{i}");
            return name;
        }

        public override void End()
        {
            if (!lines)
                Output.Write("]\n");
        }
    }
}
