using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>One input and where it goes.</summary>
/// <param name="Path">The file; - for standard input.</param>
/// <param name="Info">What a look at it said; null for standard input, and where nothing can land.</param>
/// <param name="Fault">Why nothing of it can land, although other inputs do.</param>
/// <param name="Reasons">What was detected and why.</param>
internal sealed record PlannedInput(string Path, SourceInfo? Info, WeirException? Fault, IReadOnlyList<string> Reasons)
{
    /// <summary>Its table, once the case was asked.</summary>
    public string Table { get; init; } = "";

    /// <summary>The table of the same stem that it does not go to, as other columns lie there; null where there is none.</summary>
    public string? Apart { get; init; }

    /// <summary>What the ledger calls it.</summary>
    public string Uri => Info?.Uri ?? (Path == "-" ? Path : ZipFiles.FullPath(Path));

    public FileSource Open(InputOptions options) => Path == "-" ? new FileSource(Console.OpenStandardInput(), "-", options) : new FileSource(Path, options);
}

/// <summary>The inputs of one argument.</summary>
/// <param name="Table">Name of its first table: its stem, cleaned.</param>
/// <param name="Inputs">In a fixed order.</param>
internal sealed record PlannedSet(string Table, IReadOnlyList<PlannedInput> Inputs);

/// <summary>Looks at every input before anything lands, and gives each its table.</summary>
internal static class IngestPlan
{
    /// <summary>Looks at the files; the case is not touched.</summary>
    /// <param name="casePath">The case: where it lies among the inputs it is none.</param>
    public static async Task<IReadOnlyList<PlannedSet>> LookAsync(IEnumerable<string> arguments, string casePath, InputOptions reading, TextWriter error, CancellationToken cancellationToken)
    {
        var sets = new List<PlannedSet>();
        foreach (InputSet set in InputFiles.Expand(arguments))
        {
            if (set.Skipped.Count > 0)
                error.WriteLine($"weir: {Skipped(set)}");
            bool inFolder = Directory.Exists(set.Argument);
            var inputs = new List<PlannedInput>();
            foreach (string file in set.Files.Where(f => f == set.Argument || !IsOfCase(f, casePath)))
                inputs.AddRange(await UnpackAsync(file, reading, named: file == set.Argument, inFolder, cancellationToken));
            string name = ColumnNames.Clean(set.Stem);
            sets.Add(new PlannedSet(name.Length == 0 ? "data" : name, inputs));
        }

        PlannedInput[] all = [.. sets.SelectMany(s => s.Inputs)];
        return all.Length > 0 && Array.TrueForAll(all, i => i.Fault is not null) ? throw all[0].Fault! : sets;
    }

    /// <summary>Gives each input its table.</summary>
    /// <param name="table">The one that was asked for, for all of them.</param>
    public static IReadOnlyList<PlannedInput> Assign(IReadOnlyList<PlannedSet> sets, string? table, CaseContents contents) =>
        table is null ? TableNames.Assign(sets, contents) : [.. sets.SelectMany(s => s.Inputs).Select(i => i with { Table = table })];

    /// <summary>The file; or the entries of an archive, which may be anything.</summary>
    private static async Task<IReadOnlyList<PlannedInput>> UnpackAsync(string file, InputOptions reading, bool named, bool inFolder, CancellationToken cancellationToken)
    {
        try
        {
            // A pipe or a device would keep us waiting when it is opened; like an empty file it has no length.
            if (inFolder && new FileInfo(file).Length == 0)
                throw new EmptyInputException(file, "it is empty");
            if (!ZipFiles.IsZip(file))
                return [await LookAsync(file, reading, named, cancellationToken)];
            var inputs = new List<PlannedInput>();
            foreach (string entry in ZipFiles.Entries(file))
                inputs.Add(await LookAsync(entry, reading, named: false, cancellationToken));
            return inputs;
        }
        catch (WeirException e) when (e is EmptyInputException || !named)
        {
            return [new PlannedInput(file, null, e, [])];
        }
    }

    /// <param name="named">The user named this file: then only emptiness is passed over. What merely lies in a folder may be anything.</param>
    private static async Task<PlannedInput> LookAsync(string file, InputOptions reading, bool named, CancellationToken cancellationToken)
    {
        if (file == "-")
            return new PlannedInput(file, null, null, ["standard input: it is read once and cannot be resumed"]);
        await using var source = new FileSource(file, reading);
        try
        {
            // What was said of the others that lie there does not make text of this one.
            if (!named && (reading.Format ?? reading.Csv.Delimiter?.ToString()) is not null)
            {
                await using var unbiased = new FileSource(file, reading with { Format = null, Csv = reading.Csv with { Delimiter = null } });
                await unbiased.OpenAsync(cancellationToken);
            }

            return new PlannedInput(file, await source.OpenAsync(cancellationToken), null, source.Reasons);
        }
        catch (WeirException e) when (e is EmptyInputException || !named)
        {
            return new PlannedInput(file, null, e, []);
        }
    }

    /// <summary>The case itself, or a file that DuckDB or weir keeps beside it.</summary>
    private static bool IsOfCase(string file, string casePath)
    {
        string path = ZipFiles.FullPath(file), whole = Path.GetFullPath(casePath);
        return path == whole || Array.Exists((string[])[".wal", ".tmp", ".new-", ".spool-"], end => path.StartsWith(whole + end, StringComparison.Ordinal));
    }

    private static string Skipped(InputSet set)
    {
        const int named = 3;
        string names = Output.Terminal.Line(string.Join(", ", set.Skipped.Take(named)));
        return set.Skipped.Count == 1
            ? $"skipped {names}: it is a link, which is not followed; name it to ingest it"
            : $"skipped {Output.Sizes.Count(set.Skipped.Count)} links ({names}{(set.Skipped.Count > named ? ", …" : "")}), which are not followed; name them to ingest them";
    }
}
