using System.Globalization;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>One input and where it goes.</summary>
/// <param name="Path">The file; - for standard input.</param>
/// <param name="Table">Its table.</param>
/// <param name="Info">What a look at it said; null for standard input, and where nothing can land.</param>
/// <param name="Fault">Why nothing of it can land, although other inputs do.</param>
/// <param name="Reasons">What was detected and why.</param>
internal sealed record PlannedInput(string Path, string Table, SourceInfo? Info, WeirException? Fault, IReadOnlyList<string> Reasons)
{
    public CsvSource Open(CsvOptions options) => Path == "-" ? new CsvSource(Console.OpenStandardInput(), "-", options) : new CsvSource(Path, options);
}

/// <summary>Looks at every input before anything lands, and gives each its table.</summary>
internal static class IngestPlan
{
    public static async Task<IReadOnlyList<PlannedInput>> MakeAsync(IEnumerable<string> arguments, string? table, CsvOptions csv, TextWriter error, CancellationToken cancellationToken)
    {
        if (table is not null && CaseSchema.ReservedTables.Contains(table, StringComparer.OrdinalIgnoreCase))
            throw new WeirException($"--table {table}", "the name is reserved for a standard view", "another name", "Name another table.");
        if (table is { Length: 0 })
            throw new WeirException("--table ''", "the name is empty", "a name", "Name a table, or leave the option out.");
        IReadOnlyList<InputSet> sets = InputFiles.Expand(arguments);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var inputs = new List<PlannedInput>();
        foreach (InputSet set in sets)
        {
            if (set.Skipped.Count > 0)
                error.WriteLine($"weir: {Skipped(set)}");
            var looks = new List<(string File, SourceInfo? Info, WeirException? Fault, IReadOnlyList<string> Reasons)>();
            var tables = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string file in set.Files)
            {
                var (info, fault, reasons) = await LookAsync(file, csv, named: file == set.Argument, cancellationToken);
                looks.Add((file, info, fault, reasons));
                if (table is null && fault is null && !tables.ContainsKey(Header(info)))
                    tables[Header(info)] = Free(set.Stem, taken);
            }

            // An input of which nothing lands takes no name: the others keep theirs once it is mended.
            string first = table ?? (tables.Count > 0 ? tables.First().Value : Free(set.Stem, [.. taken]));
            inputs.AddRange(looks.Select(l => new PlannedInput(l.File, table ?? (l.Fault is null ? tables[Header(l.Info)] : first), l.Info, l.Fault, l.Reasons)));
        }

        return inputs.TrueForAll(i => i.Fault is not null) && inputs.Count > 0 ? throw inputs[0].Fault! : inputs;
    }

    /// <param name="named">The user named this file: then only emptiness is passed over. What merely lies in a folder may be anything.</param>
    private static async Task<(SourceInfo? Info, WeirException? Fault, IReadOnlyList<string> Reasons)> LookAsync(string file, CsvOptions csv, bool named, CancellationToken cancellationToken)
    {
        if (file == "-")
            return (null, null, ["standard input: it is read once and cannot be resumed"]);
        await using var source = new CsvSource(file, csv);
        try
        {
            return (await source.OpenAsync(cancellationToken), null, source.Reasons);
        }
        catch (WeirException e) when (e is EmptyInputException || !named)
        {
            return (null, e, []);
        }
    }

    private static string Header(SourceInfo? info) => info is null ? "" : string.Join('\u001f', info.Columns.Distinct().Order(StringComparer.Ordinal));

    private static string Skipped(InputSet set)
    {
        const int named = 3;
        string names = Output.Terminal.Line(string.Join(", ", set.Skipped.Take(named)));
        return set.Skipped.Count == 1
            ? $"skipped {names}: its name is not that of a CSV file; name it to ingest it"
            : $"skipped {Output.Sizes.Count(set.Skipped.Count)} files ({names}{(set.Skipped.Count > named ? ", …" : "")}): their names are not those of CSV files; name them to ingest them";
    }

    private static string Free(string stem, HashSet<string> taken)
    {
        string clean = ColumnNames.Clean(stem);
        if (clean.Length == 0)
            clean = "data";
        string name = clean;
        for (int i = 2; CaseSchema.ReservedTables.Contains(name, StringComparer.OrdinalIgnoreCase) || !taken.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{clean}_{i}");
        return name;
    }
}
