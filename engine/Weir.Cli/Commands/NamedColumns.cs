using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Cli.Commands;

/// <summary>Refuses an option that names no column: what was meant would be left undone, without a word.</summary>
internal static class NamedColumns
{
    private const int Named = 8;

    public static void Check(string option, IReadOnlyList<string> names, IReadOnlyList<PlannedSet> sets)
    {
        PlannedInput[] inputs = [.. sets.SelectMany(s => s.Inputs).Where(i => i.Fault is null)];
        if (names.Count == 0 || inputs.Any(i => i.Info is null or { OpenColumns: true })) // standard input and JSON: their columns are not known yet
            return;
        string[] columns = [.. inputs.SelectMany(i => i.Info!.Columns).Distinct()];
        foreach (string wanted in names)
        {
            if (columns.Any(c => ColumnHint.IsNamed(c, wanted)))
                continue;
            string[] near = [.. columns.Where(c => IsNear(c, wanted))];
            string[] told = near.Length > 0 ? near : columns;
            string list = Terminal.Line(string.Join(", ", told.Take(Named))) + (told.Length > Named ? $", … ({Sizes.Count(told.Length - Named)} more)" : "");
            throw new WeirException(
                $"{option} {wanted}", inputs.Length == 1 ? $"{inputs[0].Path} has no such column" : $"none of the {Sizes.Count(inputs.Length)} inputs has such a column",
                near.Length > 0 ? $"a column that is there, perhaps {list}" : $"one of {list}", $"Name a column as it stands in the file, or leave {option} out; --dry-run shows them.");
        }
    }

    private static bool IsNear(string column, string wanted)
    {
        string one = ColumnNames.Clean(column), two = ColumnNames.Clean(wanted);
        return two.Length > 2 && (one.Contains(two, StringComparison.Ordinal) || (one.Length > 2 && two.Contains(one, StringComparison.Ordinal)))
            || Distance(one, two) <= Math.Max(1, two.Length / 4);
    }

    /// <summary>Letters to change, add or leave out.</summary>
    public static int Distance(string one, string two)
    {
        int[] before = [.. Enumerable.Range(0, two.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int[] row = new int[two.Length + 1];
            row[0] = i;
            for (int k = 1; k <= two.Length; k++)
                row[k] = Math.Min(Math.Min(row[k - 1], before[k]) + 1, before[k - 1] + (one[i - 1] == two[k - 1] ? 0 : 1));
            before = row;
        }

        return before[^1];
    }
}
