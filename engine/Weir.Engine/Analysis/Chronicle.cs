using Weir.Engine.Kinds;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>The events of all logs in the order of their times; those without one stand last.</summary>
internal static class Chronicle
{
    private const string Order = "ORDER BY time NULLS LAST, source_id, row_id";

    /// <summary>All columns of the view, and where the row is.</summary>
    public static Question Whole(string where) =>
        new($"SELECT {string.Join(", ", StandardView.Timeline.Columns.Select(c => Sql.Name(c.Name)))}, source_id || ':' || row_id AS \"row\" FROM main.timeline WHERE {where} {Order}");

    /// <summary>What a reader needs of it: the detail has the room, so the organisation (<c>weir stack --by src_ip</c> has it) and an action said twice are left out.</summary>
    /// <param name="most">Rows at most: without the rest, DuckDB keeps no more than these while it reads; null: all.</param>
    public static Question OnScreen(string where, int? most) => new(
        $"""
        SELECT time, log, "user", src_ip, action, CASE WHEN starts_with(detail, action || ' ') THEN substr(detail, length(action) + 2) ELSE detail END AS detail, host, source_id || ':' || row_id AS "row"
        FROM main.timeline WHERE {where} {Order}{(most is { } limit ? System.FormattableString.Invariant($" LIMIT {limit}") : "")}
        """);
}
