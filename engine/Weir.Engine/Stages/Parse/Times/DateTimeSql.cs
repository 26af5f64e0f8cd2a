using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>Reads one family of dates as DuckDB SQL: one pattern with the parts that occur in the column, rewritten into <c>y-m-d h:mm:ss.f</c>.</summary>
/// <remarks>
/// ALTER does not share common expressions, so each use of the pattern costs about a third of a microsecond a value: the fewer the better.
/// DuckDB's cast to TIMESTAMP is the same in every session; it cuts digits past the sixth, as we do, but it takes more texts than we do and drops offsets.
/// </remarks>
internal sealed class DateTimeSql
{
    private const string MonthNames = "((?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))";
    private const string Year = @"(\d\d\d[1-9]|\d\d[1-9]\d|\d[1-9]\d\d|[1-9]\d\d\d)";      // not 0000

    private static readonly string ZoneNames = string.Join('|', TimeWords.Zones.Select(z => z.Name));

    private readonly string text;
    private readonly TimeFamily family;
    private readonly ColumnTally.Parts parts;
    private readonly ZoneTable zone;
    private readonly string pattern;
    private readonly int month, hour, half;                             // groups; 0: not in the pattern
    private readonly int zoneText;
    private readonly string beforeMonth, behindMonth;                   // templates
    private int groups;

    /// <param name="order">Of a family whose day and month are figures.</param>
    /// <param name="parts">What occurs in the column.</param>
    /// <param name="zone">Of what has none of its own.</param>
    public DateTimeSql(string text, TimeFamily family, DateOrder order, ColumnTally.Parts parts, ZoneTable zone)
    {
        (this.text, this.family, this.parts, this.zone) = (text, family, parts, zone);
        int year = 3, day = 2, minute = 0, second = 0, fraction = 0;
        string date;
        switch (family)
        {
            case TimeFamily.Iso or TimeFamily.IsoSlash:
                (year, month, day) = (1, 2, 3);
                date = family == TimeFamily.Iso ? Year + @"-(\d\d)-(\d\d)" : Year + @"/(\d\d)/(\d\d)";
                break;
            case TimeFamily.Slash or TimeFamily.Dash or TimeFamily.Dot:
                (day, month) = order == DateOrder.DayMonth ? (1, 2) : (2, 1);
                string mark = family switch { TimeFamily.Slash => "/", TimeFamily.Dash => "-", _ => @"\." };
                date = $@"(\d{{1,2}}){mark}(\d{{1,2}}){mark}{Year}";
                break;
            case TimeFamily.NameSlash or TimeFamily.NameDash or TimeFamily.NameBlank:
                (day, month) = (1, 2);
                string between = family switch { TimeFamily.NameSlash => "/", TimeFamily.NameDash => "-", _ => " " };
                date = $@"(\d{{1,2}}){between}{MonthNames}{between}{Year}";
                break;
            default:
                month = 1;
                date = MonthNames + @"  ?(\d{1,2})" + (family == TimeFamily.NameFirst ? ", " + Year : "");
                break;
        }

        groups = family == TimeFamily.YearLast ? 2 : 3;
        string clock = "";
        if (Has(ColumnTally.Parts.Clock))
        {
            clock = Gaps() + Capture(@"(?:[01]?\d|2[0-3]):", ref hour) + Capture(@"[0-5]\d", ref minute);
            if (Has(ColumnTally.Parts.Seconds))
                clock += $"(?:{Capture(@":[0-5]\d", ref second)}{(Has(ColumnTally.Parts.Fraction) ? Capture($@"[.,]\d{{1,{TimeText.MostFractionDigits}}}", ref fraction) + "?" : "")})?";
            if (Has(ColumnTally.Parts.HalfDay))
                clock += Capture(" ?(?:AM|PM|am|pm)", ref half) + "?";
            if (family == TimeFamily.YearLast)
            {
                clock += " " + Year;
                year = ++groups;
            }

            clock += Zones(ref zoneText);
            if (Has(ColumnTally.Parts.NoZone) && family != TimeFamily.YearLast)
                clock = $"(?:{clock})?";
        }

        string weekday = Has(ColumnTally.Parts.Weekday) ? "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?" : "";
        pattern = "^" + weekday + date + clock + "$";
        beforeMonth = $@"\{year}-";
        behindMonth = $@"-\{day}" + (hour == 0 ? "" : $@" \{hour}\{minute}")
            + (second == 0 ? "" : $@"\{second}") + (fraction == 0 ? "" : $@"\{fraction}");
    }

    /// <summary>Microseconds UTC, or NULL.</summary>
    public string Micros()
    {
        string local = Local();
        string micros;
        if (zoneText == 0)
            micros = Zoneless(local);
        else
        {
            // A missing zone has no offset, which is UTC.
            string zoned = $"{local} - ({OffsetMinutes()}) * {ZoneTable.MicrosPerMinute}";
            bool both = Has(ColumnTally.Parts.NoZone) && zone != ZoneTable.Utc;
            micros = both ? $"CASE WHEN {TimeSql.Group(text, pattern, zoneText)} = '' THEN {Zoneless(local)} ELSE {zoned} END" : zoned;
        }

        return $"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {micros} END";
    }

    private string Local()
    {
        bool named = family is TimeFamily.NameSlash or TimeFamily.NameDash or TimeFamily.NameBlank or TimeFamily.NameFirst or TimeFamily.YearLast;
        string canonical = named
            ? $"{Rewritten(beforeMonth)} || (strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower({TimeSql.Group(text, pattern, month)})) + 2) // 3 || {Rewritten(behindMonth)}"
            : Rewritten($@"{beforeMonth}\{month}{behindMonth}");
        if (Has(ColumnTally.Parts.Clock) && Has(ColumnTally.Parts.NoZone))
            canonical = $"rtrim({canonical})";      // a date alone leaves a blank, which the cast refuses
        if (Has(ColumnTally.Parts.Fraction))
            canonical = $"replace({canonical}, ',', '.')";
        string local = $"epoch_us(TRY_CAST({canonical} AS TIMESTAMP))";
        return half == 0 ? local : $"({local} + {HalfDay()} * 3600000000)";
    }

    // The cast has taken the hour for one of 24.
    private string HalfDay()
    {
        string h = TimeSql.Number($"rtrim({TimeSql.Group(text, pattern, hour)}, ':')"), name = TimeSql.Group(text, pattern, half);
        return $"CASE WHEN {name} = '' THEN 0 WHEN {h} BETWEEN 1 AND 12 THEN {h} % 12 - {h} + CASE WHEN lower({name}) LIKE '%pm' THEN 12 ELSE 0 END END";
    }

    private string Zoneless(string local)
    {
        if (zone.Offsets.Length == 1)
            return local + TimeSql.Plus(-zone.Offsets[0]);
        long first = Calendar.Days(ZoneTable.FirstYear, 1, 1) * Calendar.MicrosPerDay;
        long last = Calendar.Days(ZoneTable.LastYear + 1, 1, 1) * Calendar.MicrosPerDay - 1;
        return $"CASE WHEN {local} BETWEEN {first} AND {last} THEN epoch_us(timezone('{zone.Name}', make_timestamp({local}))) END";
    }

    // ' -03:30' becomes -0330, which is -3 hours and -30 minutes: both // and % keep the sign. 'Z' and no zone become 00000.
    private string OffsetMinutes()
    {
        string spelled = TimeSql.Group(text, pattern, zoneText);
        string number = TimeSql.Number($"rpad(translate({spelled}, 'Z: ', ''), 5, '0')");
        string minutes = $"{number} // 100 * 60 + {number} % 100";
        if (!Has(ColumnTally.Parts.NamedZone))
            return minutes;
        IEnumerable<string> named = TimeWords.Zones.Select(n => $"WHEN ' {n.Name}' THEN {n.Minutes.ToString(CultureInfo.InvariantCulture)}");
        return $"CASE {spelled} {string.Join(' ', named)} ELSE {minutes} END";
    }

    private string Gaps() => family switch
    {
        TimeFamily.NameSlash => ":",
        TimeFamily.YearLast => " ",
        _ => "(?:T|, | @ | )",
    };

    private string Zones(ref int group)
    {
        var kinds = new List<string>();
        if (Has(ColumnTally.Parts.OffsetZone))
            kinds.Add(@"Z| ?[+-](?:0\d|1[0-4])(?::?[0-5]\d)?");
        if (Has(ColumnTally.Parts.NamedZone))
            kinds.Add($" (?:{ZoneNames})");
        return kinds.Count == 0 ? "" : Capture(string.Join('|', kinds), ref group) + (Has(ColumnTally.Parts.NoZone) ? "?" : "");
    }

    // At most nine in all: DuckDB has no names for more.
    private string Capture(string part, ref int group)
    {
        group = ++groups;
        return $"({part})";
    }

    private string Rewritten(string template) => $"regexp_replace({text}, '{pattern}', '{template}')";

    private bool Has(ColumnTally.Parts part) => (parts & part) != 0;
}
