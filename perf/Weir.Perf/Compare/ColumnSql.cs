using Weir.Perf.Runners;

namespace Weir.Perf.Compare;

/// <summary>SQL that brings a column of both tables to one form.</summary>
/// <param name="Bare">Over the text of the bare load.</param>
/// <param name="Landed">Over the column of the case and its companion.</param>
/// <param name="IsText">Both are the file's text, so lengths are compared too.</param>
/// <param name="BareFilled">The cell holds something, in the bare load.</param>
/// <param name="LandedFilled">The same in the case: a value, or the text of one that did not fit the type.</param>
internal sealed record ColumnSql(string Bare, string Landed, bool IsText, string BareFilled, string LandedFilled)
{
    /// <param name="companion">Name of the column that keeps the text of misfits; null where there is none.</param>
    public static ColumnSql For(string bareName, string landedName, string type, string? companion)
    {
        string bare = Sql.Name(bareName), landed = Sql.Name(landedName);
        string bareFilled = $"coalesce({bare}, '') <> ''";
        string landedFilled = companion is null ? $"{landed} IS NOT NULL" : $"({landed} IS NOT NULL OR coalesce({Sql.Name(companion)}, '') <> '')";

        // NULL and '' are one here: read_csv makes NULL of a quoted empty cell, a case keeps them apart.
        if (type == "VARCHAR")
        {
            return new($"coalesce({bare}, '')", $"coalesce({landed}, '')", true, bareFilled, $"coalesce({landed}, '') <> ''");
        }

        if (type == "VARCHAR[]")
        {
            string joined = $"array_to_string({landed}, chr(10))";
            string text = companion is null ? $"coalesce({joined}, '')" : $"coalesce({Sql.Name(companion)}, {joined}, '')";
            return new($"coalesce({bare}, '')", text, true, bareFilled, $"{text} <> ''");
        }

        if (type == "TIMESTAMP WITH TIME ZONE")
        {
            // Numbers are times by their digits: ten are seconds, thirteen milliseconds.
            string ofNumber = $"TRY_CAST({bare} AS BIGINT) * CASE length({bare}) WHEN 10 THEN 1000000 WHEN 13 THEN 1000 END";
            return new($"coalesce(epoch_us(TRY_CAST({bare} AS TIMESTAMPTZ)), {ofNumber})", $"epoch_us({landed})", false, bareFilled, landedFilled);
        }

        return new($"TRY_CAST({bare} AS {type})", landed, false, bareFilled, landedFilled);
    }
}
