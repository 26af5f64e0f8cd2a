using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>Reads times as DuckDB SQL: the grammar of <see cref="TimeText"/> as patterns.</summary>
internal static partial class TimeSql
{
    /// <summary>TIMESTAMPTZ expression of a text.</summary>
    /// <param name="format">Says in which order dates in figures are read.</param>
    public static string Parse(string text, TimeFormat format, ColumnTally tally)
    {
        var families = new List<string>();
        for (int f = 0; f < ColumnTally.Families; f++)
        {
            var family = (TimeFamily)f;
            bool ordered = new TimeShape { Family = family }.HasOrder;
            if (tally.Times(family, 0) + tally.Times(family, 1) + tally.Times(family, 2) > 0 && !(ordered && format.Order == DateOrder.Auto))
                families.Add(Micros(text, family, format.Order, tally.PartsOf(family), ZoneTable.For(tally.Hint.Zone), tally.Hint.Epochs));
        }

        return Instants(families);
    }

    /// <summary>TIMESTAMPTZ expression of a text, by what is known of its column without its counts.</summary>
    public static string Read(string text, TimeSpellings times) =>
        Instants([.. times.Families.Select(f => Micros(text, f.Family, times.Order, f.Parts, times.Zone, EpochNumbers.Plausible))]);

    private static string Instants(List<string> families) => families.Count switch
    {
        0 => "CAST(NULL AS TIMESTAMP WITH TIME ZONE)",
        1 => Instant(families[0]),
        _ => Instant($"COALESCE({string.Join(", ", families)})"),
    };

    private static string Instant(string micros) => $"to_timestamp(0) + to_microseconds({micros})";

    private static string Micros(string text, TimeFamily family, DateOrder order, ColumnTally.Parts parts, ZoneTable zone, EpochNumbers epochs) => family switch
    {
        TimeFamily.Epoch => Epoch(text, epochs),
        TimeFamily.EpochMs => EpochMs(text),
        TimeFamily.JsonDate => JsonDate(text),
        _ => new DateTimeSql(text, family, order, parts, zone).Micros(),
    };

    private static string Epoch(string text, EpochNumbers numbers)
    {
        bool all = numbers == EpochNumbers.All;
        string pattern = (all ? @"^(-?)(\d{1,12})" : @"^()([1-9]\d{8,9})") + $@"(?:\.(\d{{1,{TimeText.MostFractionDigits}}}))?$";
        string whole = Number(Group(text, pattern, 2));
        string sum = $"({whole} * 1000000 + {Fraction(Group(text, pattern, 3))})";
        if (!all)
            return $"CASE WHEN {whole} BETWEEN {TimeText.PlausibleFirst} AND {TimeText.PlausibleLast} THEN {sum} END";
        return $"CASE WHEN {Group(text, pattern, 1)} = '-' AND {whole} <= {-Calendar.FirstSecond} THEN -{sum} "
            + $"WHEN {Group(text, pattern, 1)} = '' AND {whole} <= {Calendar.LastSecond} THEN {sum} END";
    }

    private static string EpochMs(string text)
    {
        string whole = Number(Group(text, @"^([1-9]\d{12})$", 1));
        return $"CASE WHEN {whole} // 1000 <= {TimeText.PlausibleLast} THEN {whole} * 1000 END";
    }

    private static string JsonDate(string text)
    {
        const string pattern = @"^/Date\((-?)(\d{1,15})(?:[+-](?:0\d|1[0-4])[0-5]\d)?\)/$";
        string whole = Number(Group(text, pattern, 2));
        return $"CASE WHEN {Group(text, pattern, 1)} = '-' AND {whole} // 1000 <= {-Calendar.FirstSecond} THEN -{whole} * 1000 "
            + $"WHEN {Group(text, pattern, 1)} = '' AND {whole} // 1000 <= {Calendar.LastSecond} THEN {whole} * 1000 END";
    }

    internal static string Group(string text, string pattern, int group) =>
        string.Create(CultureInfo.InvariantCulture, $"regexp_extract({text}, '{pattern}', {group})");

    internal static string Number(string digits) => $"TRY_CAST({digits} AS BIGINT)";

    // No digits are none of a microsecond; those past the sixth are cut off.
    private static string Fraction(string digits) => $"CAST(left(rpad({digits}, 6, '0'), 6) AS BIGINT)";
}
