using System.Globalization;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>Gives each input its table: named after its argument's stem, one for each header set, and the one it has in the case if it has one.</summary>
/// <remarks>
/// <para>In this order, each step for all arguments before the next: a file that is known in a table of its stem (<c>logs</c>, <c>logs_2</c>, …) stays there
/// whatever its header is now, and new files of its header set follow it; a header set goes where that set lies already; else it gets the next free number.</para>
/// <para>What a command has landed when it is killed is known to its next run, which must come to the same names: so a table that one header set has
/// taken is closed to the others of the command, and a source is known by its bytes alone only where its path is no input itself.</para>
/// </remarks>
internal sealed class TableNames
{
    private readonly CaseContents contents;
    private readonly IReadOnlyList<PlannedSet> sets;
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> paths;

    private TableNames(IReadOnlyList<PlannedSet> sets, CaseContents contents)
    {
        (this.sets, this.contents) = (sets, contents);
        paths = [.. sets.SelectMany(s => s.Inputs).Select(i => i.Uri)];
    }

    /// <summary>The inputs in their order, each with its table.</summary>
    public static IReadOnlyList<PlannedInput> Assign(IReadOnlyList<PlannedSet> sets, CaseContents contents) => new TableNames(sets, contents).Assign();

    private List<PlannedInput> Assign()
    {
        var known = new Dictionary<PlannedInput, string>(ReferenceEqualityComparer.Instance);
        var headers = new List<HeaderSet>();
        var inputs = new Dictionary<PlannedInput, HeaderSet>(ReferenceEqualityComparer.Instance);
        foreach (PlannedSet set in sets)
        {
            var own = new Dictionary<string, HeaderSet>(StringComparer.Ordinal);
            LandedFile[] family = [.. contents.Files.Where(f => Number(set.Table, f.Table) is not null)];
            ILookup<string, LandedFile> byPath = family.ToLookup(f => f.Uri), byBytes = family.Where(f => f.Fingerprint is not null && !paths.Contains(f.Uri)).ToLookup(f => f.Fingerprint!);
            foreach (PlannedInput input in set.Inputs.Where(i => i.Fault is null))
            {
                string key = KeyOf(input.Info is { OpenColumns: true } ? CaseContents.Open : input.Info?.Columns ?? []);
                if (!own.TryGetValue(key, out HeaderSet? header))
                    headers.Add(own[key] = header = new HeaderSet(set, key));
                inputs[input] = header;
                string? fingerprint = input.Info?.Fingerprint;
                LandedFile? file = byPath[input.Uri].FirstOrDefault(f => f.Fingerprint == fingerprint) ?? byPath[input.Uri].FirstOrDefault()
                    ?? (fingerprint is null ? null : byBytes[fingerprint].FirstOrDefault());
                if (file is null)
                    continue;
                known[input] = file.Table;
                header.Table ??= file.Table;
                taken.Add(file.Table);
            }
        }

        foreach (HeaderSet header in headers.Where(h => h.Table is null))
            Take(header, Alike(header));
        foreach (HeaderSet header in headers.Where(h => h.Table is null))
        {
            header.IsApart = contents.Headers.Contains(header.Set.Table);
            Take(header, Free(header.Set.Table));
        }

        // An input of which nothing lands takes no name: the others keep theirs once it is mended.
        string Spare(PlannedSet set) => headers.Find(h => h.Set == set)?.Table ?? Free(set.Table);
        return
        [
            .. sets.SelectMany(s => s.Inputs.Select(i => i.Fault is not null ? i with { Table = Spare(s) }
                : known.TryGetValue(i, out string? table) ? i with { Table = table }
                : i with { Table = inputs[i].Table!, Apart = inputs[i].IsApart ? s.Table : null })),
        ];
    }

    private void Take(HeaderSet header, string? table)
    {
        header.Table = table;
        if (table is not null)
            taken.Add(table);
    }

    /// <summary>First table of the stem with a source of this header set that no other set of the command has taken.</summary>
    private string? Alike(HeaderSet header) => contents.Headers
        .Where(t => Number(header.Set.Table, t.Key) is not null && !taken.Contains(t.Key) && t.Any(names => KeyOf(names) == header.Key))
        .MinBy(t => Number(header.Set.Table, t.Key))?.Key;

    private string Free(string wanted)
    {
        string name = wanted;
        for (int i = 2; CaseSchema.ReservedTables.Contains(name, StringComparer.OrdinalIgnoreCase) || taken.Contains(name) || contents.Tables.Contains(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
        return name;
    }

    /// <summary>1 for the name itself, N for name_N; null for names that weir did not number so.</summary>
    private static int? Number(string name, string table)
    {
        if (table.Equals(name, StringComparison.OrdinalIgnoreCase))
            return 1;
        return table.StartsWith(name + "_", StringComparison.OrdinalIgnoreCase) && table.AsSpan(name.Length + 1) is ['1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9', ..] digits
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 1 ? number : null;
    }

    private static string KeyOf(IEnumerable<string> columns) => string.Join('\u001f', columns.Distinct().Order(StringComparer.Ordinal));

    /// <summary>The files of one argument that have the same columns.</summary>
    private sealed class HeaderSet(PlannedSet set, string key)
    {
        public PlannedSet Set { get; } = set;

        public string Key { get; } = key;

        public string? Table { get; set; }

        /// <summary>The case has a table of the stem, and it holds other columns.</summary>
        public bool IsApart { get; set; }
    }
}
