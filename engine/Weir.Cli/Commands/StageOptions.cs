using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;

namespace Weir.Cli.Commands;

/// <summary>Options of every command that lands rows: what they mean for stages, case and run.</summary>
internal sealed class StageOptions
{
    private readonly Option<string?> dateOrder = new("--date-order") { Description = "dmy or mdy: which part of 4/2/2021 is the day, where the data do not tell." };
    private readonly Option<string> timeZone = new("--time-zone") { Description = "What times without a zone mean.", DefaultValueFactory = _ => "UTC", HelpName = "ZONE" };
    private readonly Option<string?> time = new("--time") { Description = "Further columns whose numbers are epoch seconds, comma-separated.", HelpName = "COLS" };
    private readonly Option<string?> multiValue = new("--multivalue") { Description = "Further columns that hold one value a line, comma-separated.", HelpName = "COLS" };
    private readonly Option<string?> collapse = new("--collapse") { Description = "Join the values of multi-value fields by this text instead of listing them; it cannot be undone.", HelpName = "TEXT" };
    private readonly Option<string?> unnest = new("--unnest") { Description = "Columns whose values land one a row in a table TABLE__COLUMN as well, comma-separated.", HelpName = "COLS" };
    private readonly Option<long?> unnestLimit = new("--unnest-limit") { Description = "Rows of such a table that a source may be expected to make; 100000000 by default.", HelpName = "N" };
    private readonly Option<string?> asn = new("--asn") { Description = "Columns whose addresses get AS number and organisation, comma-separated, or none; found by their values by default.", HelpName = "COLS|none" };
    private readonly Option<string?> asnDb = new("--asn-db") { Description = "Table of AS numbers instead of the embedded one (weir asn build, ip2asn, pyasn, .mmdb).", HelpName = "FILE" };
    private readonly Option<string?> ioc = new("--ioc") { Description = "Columns to look for indicators in, comma-separated, all, or none; _raw and what it does not contain by default.", HelpName = "COLS|all|none" };
    private readonly Option<string?> kinds = new("--kinds") { Description = "Folder of .sql files, one a kind of log, beside those that weir knows.", HelpName = "DIR" };
    private readonly Option<bool> keepNames = new("--keep-names") { Description = "Keep column names as they are." };
    private readonly Option<long?> memory = new("--memory") { Description = "Memory for weir and DuckDB together; 512MB by default.", CustomParser = Sizes.Bytes, HelpName = "SIZE" };
    private readonly Option<int?> threads = new("--threads") { Description = "Worker threads; the processors by default.", HelpName = "N" };
    private readonly Option<int?> batchRows = new("--batch-rows") { Description = "Rows of a batch; 8192 by default.", HelpName = "N" };
    private readonly Option<int?> commitRows = new("--commit-rows") { Description = "Rows of a commit interval; 98304 by default.", HelpName = "N" };

    public StageOptions(Command command)
    {
        dateOrder.AcceptOnlyFromAmong("dmy", "mdy");
        foreach (Option option in (Option[])[dateOrder, timeZone, time, multiValue, collapse, unnest, unnestLimit, asn, asnDb, ioc, kinds, keepNames, memory, threads, batchRows, commitRows])
            command.Add(option);
    }

    public IngestStages Make(ParseResult parsed)
    {
        string[] columns = Shared.Names(parsed.GetValue(asn));
        var told = new Dictionary<string, string>();
        if (columns.Length > 0)
            told["asn"] = string.Join(',', columns.Order(StringComparer.Ordinal));
        AsnTable? table = columns is ["none"] ? null : parsed.GetValue(asnDb) is { } file ? AsnTable.Load(file) : AsnTable.Embedded;
        if (table is not null && table != AsnTable.Embedded)
            told["asn_db"] = $"{table.Source} {table.Date:O}".TrimEnd();
        string[] looked = Shared.Names(parsed.GetValue(ioc));
        if (looked.Length > 0)
            told["ioc"] = string.Join(',', looked.Order(StringComparer.Ordinal));
        IocOptions? iocs = looked switch
        {
            ["none"] => null,
            ["all"] => new IocOptions { All = true },
            [] => new IocOptions(),
            _ => new IocOptions { Columns = looked },
        };
        LogKinds known = parsed.GetValue(kinds) is { } folder ? LogKinds.Shipped.With(folder) : LogKinds.Shipped;
        if (known.Own.Count > 0)
            told["kinds"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', known.Own.Select(k => k.Name + k.Text)))))[..16];
        return new IngestStages(Typing(parsed), Unnest(parsed), table, columns.Length == 0 ? null : columns, iocs, known) { Options = told };
    }

    /// <summary>Refuses names of columns that no input has.</summary>
    public void CheckColumns(ParseResult parsed, IReadOnlyList<PlannedSet> sets)
    {
        NamedColumns.Check("--time", Shared.Names(parsed.GetValue(time)), sets);
        NamedColumns.Check("--multivalue", Shared.Names(parsed.GetValue(multiValue)), sets);
        NamedColumns.Check("--unnest", Shared.Names(parsed.GetValue(unnest)), sets);
        NamedColumns.Check("--ioc", [.. Shared.Names(parsed.GetValue(ioc)).Where(c => c is not ("all" or "none"))], sets);
        NamedColumns.Check("--asn", [.. Shared.Names(parsed.GetValue(asn)).Where(c => c != "none")], sets);
    }

    public RunOptions Run(ParseResult parsed)
    {
        RunOptions run = RunOptions.Default;
        if (parsed.GetValue(memory) is { } bytes)
            run = Shared.Checked("--memory", () => run with { Memory = bytes });
        if (parsed.GetValue(threads) is { } workers)
            run = Shared.Checked("--threads", () => run with { Threads = workers });
        if (parsed.GetValue(batchRows) is { } batch)
            run = Shared.Checked("--batch-rows", () => run with { BatchRows = batch });
        return parsed.GetValue(commitRows) is { } commit ? Shared.Checked("--commit-rows", () => run with { CommitRows = commit }) : run;
    }

    private TypingOptions Typing(ParseResult parsed)
    {
        string zone = parsed.GetValue(timeZone)!;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found))
            throw new WeirException($"--time-zone {zone}", "there is no such time zone", "an IANA name", "For example: --time-zone Europe/Berlin.");
        return new TypingOptions
        {
            DateOrder = parsed.GetValue(dateOrder) switch { "dmy" => DateOrder.DayMonth, "mdy" => DateOrder.MonthDay, _ => DateOrder.Auto },
            TimeZone = zone.Equals("UTC", StringComparison.OrdinalIgnoreCase) ? TimeZoneInfo.Utc : found,
            TimeColumns = Shared.Names(parsed.GetValue(time)),
            KeepNames = parsed.GetValue(keepNames),
        };
    }

    private UnnestOptions Unnest(ParseResult parsed)
    {
        var options = new UnnestOptions { MultiValue = Shared.Names(parsed.GetValue(multiValue)), Children = Shared.Names(parsed.GetValue(unnest)), Collapse = parsed.GetValue(collapse) };
        if (options.Collapse is not null && options.Children.Count > 0)
            throw new WeirException("--collapse, --unnest", "both were given", "one of them", "Leave one out: joined values cannot be unnested.");
        return parsed.GetValue(unnestLimit) is { } most ? Shared.Checked("--unnest-limit", () => options with { MostChildren = most }) : options;
    }
}
