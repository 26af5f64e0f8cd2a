using System.Globalization;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Cleans column names to <c>snake_case</c> and makes them distinct.</summary>
internal static class ColumnNames
{
    // Long enough for real flattened JSON paths, short enough for a terminal; guess.
    private const int Longest = 120;

    private static readonly string[] Lineage = ["source_id", Batch.RowId];

    /// <summary>The name in snake_case: letters, digits and single underscores; empty where nothing is left.</summary>
    /// <remarks>Leading underscores are Splunk's own and stay. What is neither letter nor digit separates words, so that neither
    /// quotes nor control characters get into an identifier.</remarks>
    public static string Clean(string original)
    {
        var cleaned = new StringBuilder(original.Length + 8);
        int at = 0;
        while (at < original.Length && original[at] == '_')
            at++;
        cleaned.Append('_', at);
        int prefix = at;
        bool separated = true;
        Rune before = default;
        while (at < original.Length && cleaned.Length < Longest)
        {
            if (Rune.DecodeFromUtf16(original.AsSpan(at), out Rune rune, out int used) != System.Buffers.OperationStatus.Done || !IsWord(rune))
            {
                separated = true;
                before = default;
                at += used;
                continue;
            }

            bool splits = separated || StartsWord(before, rune, original.AsSpan(at + used));
            if (splits && cleaned.Length > prefix)
                cleaned.Append('_');
            cleaned.Append(Rune.ToLowerInvariant(rune).ToString());
            separated = false;
            before = rune;
            at += used;
        }

        return cleaned.Length == prefix ? "" : cleaned.ToString();
    }

    /// <summary>One distinct name a column, without regard to case: duplicates get <c>_2</c>, <c>_3</c>…, an empty name <c>column_N</c>.</summary>
    /// <param name="reserved">Names that no column may take; the lineage columns are reserved in any case.</param>
    public static string[] Unique(IReadOnlyList<string> originals, bool keepNames, IEnumerable<string> reserved)
    {
        var taken = new HashSet<string>(reserved, StringComparer.OrdinalIgnoreCase);
        taken.UnionWith(Lineage);
        var names = new string[originals.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Free(Of(originals[i], i, keepNames), name => !taken.Add(name));
        }

        return names;
    }

    /// <summary>The name of one column, not yet made distinct; <c>column_N</c> where nothing is left of it.</summary>
    /// <param name="position">0-based position in the source.</param>
    /// <param name="keep">As it is, but for NUL: an identifier would end there.</param>
    public static string Of(string original, int position, bool keep)
    {
        string name = keep ? original.Replace('\0', '\uFFFD') : Clean(original);
        return name.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"column_{position + 1}") : name;
    }

    /// <summary>The name, or the first of <c>_2</c>, <c>_3</c>… that is not taken.</summary>
    public static string Free(string wanted, Predicate<string> isTaken)
    {
        string name = wanted;
        for (int n = 2; isTaken(name); n++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{n}");
        return name;
    }

    /// <summary>A lineage column, whose name no column of an input takes.</summary>
    public static bool IsLineage(string name) => Lineage.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    // clientIp|Address, IP|Address, but IPs, URLs and IPv4 are one word each.
    private static bool StartsWord(Rune before, Rune rune, ReadOnlySpan<char> rest)
    {
        if (!Rune.IsUpper(rune))
            return false;
        if (!Rune.IsUpper(before))
            return before != default;
        if (rest.IsEmpty || !char.IsLower(rest[0]))
            return false;
        bool plural = rest[0] == 's' && (rest.Length == 1 || !char.IsLower(rest[1]));
        bool version = rune.Value == 'P' && before.Value == 'I' && rest.Length > 1 && rest[0] == 'v' && char.IsAsciiDigit(rest[1]);
        return !plural && !version;
    }
}
