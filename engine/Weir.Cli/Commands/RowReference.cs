using System.Globalization;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>A row as users name it: <c>SOURCE:ROW</c>.</summary>
internal static class RowReference
{
    public static bool TryRead(string text, out int source, out long row)
    {
        (source, row) = (0, 0);
        string[] parts = text.Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out source)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out row);
    }

    /// <summary>What to say of a row that is not there.</summary>
    public static WeirException Missing(CaseFile caseFile, int source, long number)
    {
        const int named = 5;
        var sources = caseFile.Database.Rows("SELECT source_id, uri, rows_read FROM weir.sources ORDER BY source_id", r => (Id: r.GetInt32(0), Uri: r.GetString(1), Rows: r.GetInt64(2)));
        const string remedy = "See its sources with: weir sql \"SELECT source_id, uri, rows_read FROM weir.sources\".";
        string where = string.Create(CultureInfo.InvariantCulture, $"{source}:{number}");
        if (sources.Find(s => s.Id == source) is { Uri: { } uri } found)
        {
            string rows = found.Rows == 0 ? "has no rows" : found.Rows == 1 ? "has row 1 only" : $"has rows 1 to {Sizes.Count(found.Rows)}";
            return new WeirException(where, $"there is no such row: source {source} ({uri}) {rows}", "", remedy);
        }

        string list = string.Join(", ", sources.Take(named).Select(s => $"{s.Id} ({Path.GetFileName(s.Uri)})"));
        string more = sources.Count > named ? $" and {Sizes.Count(sources.Count - named)} more" : "";
        return new WeirException(where, sources.Count == 0 ? "the case holds no sources" : $"there is no such source; the case holds {list}{more}", "", remedy);
    }
}
