using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>Reads times as DuckDB SQL: the grammar of <see cref="TimeText"/> as patterns.</summary>
internal static partial class TimeSql
{
    private const string MonthNames = "((?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))";

    private static readonly string ZoneNames = string.Join('|', TimeWords.Zones.Select(z => z.Name));

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
                families.Add(Micros(text, family, format.Order, tally));
        }

        return families.Count switch
        {
            0 => "CAST(NULL AS TIMESTAMP WITH TIME ZONE)",
            1 => Instant(families[0]),
            _ => Instant($"COALESCE({string.Join(", ", families)})"),
        };
    }

    private static string Instant(string micros) => $"to_timestamp(0) + to_microseconds({micros})";

    private static string Micros(string text, TimeFamily family, DateOrder order, ColumnTally tally) => family switch
    {
        TimeFamily.Epoch => Epoch(text, tally.Hint.Epochs),
        TimeFamily.EpochMs => EpochMs(text),
        TimeFamily.JsonDate => JsonDate(text),
        _ => new Calendrical(text, family, order, tally).Micros(),
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

    private static string Group(string text, string pattern, int group) =>
        string.Create(CultureInfo.InvariantCulture, $"regexp_extract({text}, '{pattern}', {group})");

    private static string Number(string digits) => $"TRY_CAST({digits} AS BIGINT)";

    // No digits are none of a microsecond; those past the sixth are cut off.
    private static string Fraction(string digits) => $"CAST(left(rpad({digits}, 6, '0'), 6) AS BIGINT)";

    /// <summary>A family with a date: one pattern, with the parts that occur in the column only.</summary>
    private sealed class Calendrical
    {
        private readonly string text;
        private readonly TimeFamily family;
        private readonly ColumnTally.Parts parts;
        private readonly ZoneTable zone;
        private readonly string pattern;
        private readonly int year, month, day;
        private readonly int hour, minute, second, fraction, half, offset;  // groups; 0: not in the pattern
        private int groups;

        public Calendrical(string text, TimeFamily family, DateOrder order, ColumnTally tally)
        {
            (this.text, this.family) = (text, family);
            parts = tally.PartsOf(family);
            zone = ZoneTable.For(tally.Hint.Zone);
            string clock = "";
            string weekday = Has(ColumnTally.Parts.Weekday) ? "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?" : "";
            string date;
            switch (family)
            {
                case TimeFamily.Iso or TimeFamily.IsoSlash:
                    (year, month, day) = (1, 2, 3);
                    date = family == TimeFamily.Iso ? @"(\d{4})-(\d\d)-(\d\d)" : @"(\d{4})/(\d\d)/(\d\d)";
                    break;
                case TimeFamily.Slash or TimeFamily.Dash or TimeFamily.Dot:
                    (day, month, year) = order == DateOrder.DayMonth ? (1, 2, 3) : (2, 1, 3);
                    string mark = family switch { TimeFamily.Slash => "/", TimeFamily.Dash => "-", _ => @"\." };
                    date = $@"(\d{{1,2}}){mark}(\d{{1,2}}){mark}(\d{{4}})";
                    break;
                case TimeFamily.NameSlash or TimeFamily.NameDash or TimeFamily.NameBlank:
                    (day, month, year) = (1, 2, 3);
                    string between = family switch { TimeFamily.NameSlash => "/", TimeFamily.NameDash => "-", _ => " " };
                    date = $@"(\d{{1,2}}){between}{MonthNames}{between}(\d{{4}})";
                    break;
                default:
                    (month, day, year) = (1, 2, 3);
                    date = MonthNames + @"  ?(\d{1,2})" + (family == TimeFamily.NameFirst ? @", (\d{4})" : "");
                    break;
            }

            groups = family == TimeFamily.YearLast ? 2 : 3;
            if (Has(ColumnTally.Parts.Clock))
            {
                (hour, minute) = (++groups, ++groups);
                clock = Gaps() + @"([01]?\d|2[0-3]):([0-5]\d)";
                if (Has(ColumnTally.Parts.Seconds))
                    clock += "(?::" + Seconds(ref second, ref fraction) + ")?";
                if (Has(ColumnTally.Parts.HalfDay))
                    clock += Capture(" ?(?:AM|PM|am|pm)", ref half) + "?";
                if (family == TimeFamily.YearLast)
                    clock += " " + Capture(@"\d{4}", ref year);
                clock += Zones(ref offset);
                if (Has(ColumnTally.Parts.NoZone) && family != TimeFamily.YearLast)
                    clock = $"(?:{clock})?";
            }

            pattern = "^" + weekday + date + clock + "$";
        }

        public string Micros()
        {
            string local = Local();
            string zoneless = Zoneless(local);
            if (offset == 0)
                return zoneless;
            string zoned = $"{local} - {OffsetMinutes()} * {ZoneTable.MicrosPerMinute}";
            return Has(ColumnTally.Parts.NoZone) ? $"CASE WHEN {Part(offset)} = '' THEN {zoneless} ELSE {zoned} END" : zoned;
        }

        private string Local()
        {
            string m = family is TimeFamily.NameSlash or TimeFamily.NameDash or TimeFamily.NameBlank or TimeFamily.NameFirst or TimeFamily.YearLast
                ? $"CAST((strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower({Part(month)})) + 2) // 3 AS VARCHAR)"
                : Part(month);
            string local = $"epoch_us(TRY_CAST(nullif({Part(year)}, '0000') || '-' || {m} || '-' || {Part(day)} AS DATE))";
            if (hour == 0)
                return local;
            local += $" + {Hour()} * 3600000000 + {Zero(minute)} * 60000000";
            if (second != 0)
                local += $" + {Zero(second)} * 1000000";
            return fraction == 0 ? $"({local})" : $"({local} + {Fraction(Part(fraction))})";
        }

        private string Hour()
        {
            if (half == 0)
                return Zero(hour);
            string h = Zero(hour);
            return $"CASE WHEN {Part(half)} = '' THEN {h} WHEN {h} BETWEEN 1 AND 12 THEN {h} % 12 + CASE WHEN lower({Part(half)}) LIKE '%pm' THEN 12 ELSE 0 END END";
        }

        private string Zoneless(string local)
        {
            if (zone.Offsets.Length == 1)
                return local + Plus(-zone.Offsets[0]);
            long first = Calendar.Days(ZoneTable.FirstYear, 1, 1) * Calendar.MicrosPerDay;
            long last = Calendar.Days(ZoneTable.LastYear + 1, 1, 1) * Calendar.MicrosPerDay - 1;
            return $"CASE WHEN {local} BETWEEN {first} AND {last} THEN epoch_us(timezone('{zone.Name}', make_timestamp({local}))) END";
        }

        private string OffsetMinutes()
        {
            string z = Part(offset);
            string digits = $"replace(ltrim({z}), ':', '')";
            string signed = $"CASE WHEN {digits}[1] = '-' THEN -1 ELSE 1 END * (TRY_CAST({digits}[2:3] AS BIGINT) * 60 + COALESCE(TRY_CAST({digits}[4:5] AS BIGINT), 0))";
            IEnumerable<string> named = TimeWords.Zones.Select(n => $"WHEN ' {n.Name}' THEN {n.Minutes.ToString(CultureInfo.InvariantCulture)}");
            return $"CASE {z} WHEN 'Z' THEN 0 {(Has(ColumnTally.Parts.NamedZone) ? string.Join(' ', named) : "")} ELSE {signed} END";
        }

        private string Gaps() => family switch
        {
            TimeFamily.NameSlash => ":",
            TimeFamily.YearLast => " ",
            _ => "(?:T|, | @ | )",
        };

        private string Seconds(ref int seconds, ref int fractions) =>
            Capture(@"[0-5]\d", ref seconds)
            + (Has(ColumnTally.Parts.Fraction) ? $"(?:[.,]{Capture($@"\d{{1,{TimeText.MostFractionDigits}}}", ref fractions)})?" : "");

        private string Zones(ref int zones)
        {
            if (!Has(ColumnTally.Parts.OffsetZone) && !Has(ColumnTally.Parts.NamedZone))
                return "";
            string offsets = Has(ColumnTally.Parts.OffsetZone) ? @"Z| ?[+-](?:0\d|1[0-4])(?::?[0-5]\d)?" : "";
            string names = Has(ColumnTally.Parts.NamedZone) ? $" (?:{ZoneNames})" : "";
            return Capture(offsets + (offsets.Length > 0 && names.Length > 0 ? "|" : "") + names, ref zones)
                + (Has(ColumnTally.Parts.NoZone) ? "?" : "");
        }

        private string Capture(string part, ref int group)
        {
            group = ++groups;
            return $"({part})";
        }

        private string Part(int group) => Group(text, pattern, group);

        private string Zero(int group) => $"COALESCE({Number(Part(group))}, 0)";

        private bool Has(ColumnTally.Parts part) => (parts & part) != 0;
    }
}
