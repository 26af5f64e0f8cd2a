using System.CommandLine;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;

namespace Weir.Cli.Commands;

/// <summary>The options of <c>weir ingest</c>, and what they mean for its sources.</summary>
internal sealed class IngestOptions
{
    private readonly Option<string?> table = new("--table") { Description = "Put every input into this table, by column name.", HelpName = "NAME" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print what is detected and why; land nothing." };
    private readonly Option<string> format = new("--format") { Description = "Summary as text or json.", DefaultValueFactory = _ => "text" };
    private readonly Option<string?> inputFormat = new("--input-format") { Description = "Format of the inputs: csv, json, ndjson or text (one row a line); detected by default." };
    private readonly Option<string?> encoding = new("--encoding") { Description = "Encoding of the inputs: utf-8, utf-16le, utf-16be, windows-1252 or latin-1; detected by default." };
    private readonly Option<string?> records = new("--records") { Description = "Keys under which the records of JSON documents stand, such as hits.hits; empty: the documents are records. Detected by default.", HelpName = "PATH" };
    private readonly Option<int?> maxColumns = new("--max-columns") { Description = "Columns that JSON may make; keys beyond them are kept in _extra_json. 1024 by default.", HelpName = "N" };
    private readonly Option<string?> delimiter = new("--delimiter") { Description = "Text between fields (\\t for a tab); detected by default.", HelpName = "TEXT" };
    private readonly Option<string?> quote = new("--quote") { Description = "Character around fields, empty for none; detected by default.", HelpName = "CHAR" };
    private readonly Option<string?> escape = new("--escape") { Description = "Character before a quote inside a field; doubled quotes by default.", HelpName = "CHAR" };
    private readonly Option<bool> header = new("--header") { Description = "The first row names the columns." };
    private readonly Option<bool> noHeader = new("--no-header") { Description = "The first row is data." };
    private readonly Option<long?> maxRow = new("--max-row") { Description = "Longest row; longer ones are rejected. 64MB by default.", CustomParser = Sizes.Bytes, HelpName = "SIZE" };
    private readonly Option<bool> profile = new("--profile") { Description = "Print how long each node of the pipeline was busy, and how much waited in front of it." };
    private readonly Option<bool> again = new("--again") { Description = "Land inputs once more that the case holds already." };

    public IngestOptions(Command command)
    {
        format.AcceptOnlyFromAmong("text", "json");
        inputFormat.AcceptOnlyFromAmong([.. FileSource.Formats]);
        encoding.AcceptOnlyFromAmong([.. Enum.GetValues<TextEncoding>().Select(EncodingGuess.NameOf)]);
        foreach (Option option in (Option[])[table, dryRun, format, inputFormat, encoding, records, maxColumns, delimiter, quote, escape, header, noHeader, maxRow, again, profile])
            command.Add(option);
        Stages = new StageOptions(command);
    }

    /// <summary>What stages and run are told.</summary>
    public StageOptions Stages { get; }

    public bool Profile(ParseResult parsed) => parsed.GetValue(profile);

    public bool Again(ParseResult parsed) => parsed.GetValue(again);

    public string? Table(ParseResult parsed) => parsed.GetValue(table);

    public bool DryRun(ParseResult parsed) => parsed.GetValue(dryRun);

    public bool Json(ParseResult parsed) => parsed.GetValue(format) == "json";

    public InputOptions Reading(ParseResult parsed)
    {
        var json = new JsonOptions { Records = parsed.GetValue(records) };
        return new InputOptions
        {
            Format = parsed.GetValue(inputFormat),
            Encoding = parsed.GetValue(encoding) is { } named ? Enum.GetValues<TextEncoding>().First(e => EncodingGuess.NameOf(e) == named) : null,
            Csv = Csv(parsed),
            Json = parsed.GetValue(maxColumns) is { } most ? Shared.Checked("--max-columns", () => json with { MaxColumns = most }) : json,
        };
    }

    private CsvOptions Csv(ParseResult parsed)
    {
        if (parsed.GetValue(header) && parsed.GetValue(noHeader))
            throw new WeirException("--header, --no-header", "both were given", "one of them", "Leave one out.");
        var options = new CsvOptions { Header = parsed.GetValue(header) ? true : parsed.GetValue(noHeader) ? false : null };
        options = Shared.Checked("--delimiter", () => options with { Delimiter = parsed.GetValue(delimiter)?.Replace("\\t", "\t", StringComparison.Ordinal) });
        options = Shared.Checked("--quote", () => options with { Quote = parsed.GetValue(quote) });
        options = Shared.Checked("--escape", () => options with { Escape = parsed.GetValue(escape) });
        return parsed.GetValue(maxRow) is { } longest ? Shared.Checked("--max-row", () => options with { MaxRow = longest }) : options;
    }
}
