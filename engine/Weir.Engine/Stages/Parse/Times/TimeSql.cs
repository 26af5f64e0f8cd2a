using System.Globalization;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Writes times as DuckDB SQL: what <see cref="TimeFormat.Write"/> does.</summary>
/// <remarks>
/// Casts between TIMESTAMPTZ and TIMESTAMP or VARCHAR go by the session's zone, so values pass as microseconds: <c>epoch_us</c> and
/// <c>make_timestamp</c> out, <c>to_timestamp(0) + to_microseconds(…)</c> in. Zones with changing offsets use <c>timezone</c>, whose replay is tested.
/// </remarks>
internal static partial class TimeSql
{
    /// <summary>VARCHAR expression of a TIMESTAMPTZ.</summary>
    public static string Write(string value, TimeFormat format)
    {
        TimeShape shape = format.Shape;
        string micros = $"epoch_us({value})";
        switch (shape.Family)
        {
            case TimeFamily.Epoch:
                return Signed(micros, Calendar.MicrosPerSecond) + Concat(FractionOf($"lpad(CAST(abs({micros} % 1000000) AS VARCHAR), 6, '0')", shape));
            case TimeFamily.EpochMs:
                // Milliseconds are told from seconds by their 13 digits; other values never come from such a text.
                return $"CASE WHEN {micros} // 1000 BETWEEN 1000000000000 AND 9999999999999 THEN {Signed(micros, 1000)} END";
            case TimeFamily.JsonDate:
                return $"'/Date(' || {Signed(micros, 1000)} || '{TimeFormat.ZoneText(shape)})/'";
        }

        string local = Local(value, micros, format);
        var text = new StrftimeBuilder(local);
        text.Codes(shape.Weekday switch { 0 => "", 1 => "%a ", _ => "%a, " });
        WriteDate(text, format);
        if (shape.Gap != TimeGap.None)
            WriteClock(text, shape);
        text.Codes(TimeFormat.ZoneText(shape));
        return text.ToString();
    }

    private static string Local(string value, string micros, TimeFormat format)
    {
        if (format.Shape.Zone == ZoneStyle.None && format.Zone.Offsets.Length > 1)
            return $"timezone('{format.Zone.Name}', {value})";
        long offset = format.Shape.Zone == ZoneStyle.None ? format.Zone.Offsets[0] : format.OffsetMinutes * ZoneTable.MicrosPerMinute;
        return $"make_timestamp({micros}{Plus(offset)})";
    }

    private static void WriteDate(StrftimeBuilder text, TimeFormat format)
    {
        TimeShape shape = format.Shape;
        string first = Part(format.Order == DateOrder.DayMonth ? "d" : "m", shape.FirstWidth);
        string second = Part(format.Order == DateOrder.DayMonth ? "m" : "d", shape.SecondWidth);
        switch (shape.Family)
        {
            case TimeFamily.Iso:
                text.Codes("%Y-%m-%d");
                break;
            case TimeFamily.IsoSlash:
                text.Codes("%Y/%m/%d");
                break;
            case TimeFamily.Slash:
                text.Codes($"{first}/{second}/%Y");
                break;
            case TimeFamily.Dash:
                text.Codes($"{first}-{second}-%Y");
                break;
            case TimeFamily.Dot:
                text.Codes($"{first}.{second}.%Y");
                break;
            case TimeFamily.NameSlash or TimeFamily.NameDash or TimeFamily.NameBlank:
                string mark = shape.Family switch { TimeFamily.NameSlash => "/", TimeFamily.NameDash => "-", _ => " " };
                text.Codes($"{Part("d", shape.SecondWidth)}{mark}%b{mark}%Y");
                break;
            default:
                text.Codes("%b ");
                if (shape.SecondWidth == TimeShape.BlankPadded)
                    text.Sql($"lpad(strftime({text.Local}, '%-d'), 2, ' ')");
                else
                    text.Codes(Part("d", shape.SecondWidth));
                text.Codes(shape.Family == TimeFamily.NameFirst ? ", %Y" : "");
                break;
        }
    }

    private static void WriteClock(StrftimeBuilder text, TimeShape shape)
    {
        text.Codes(shape.Gap switch { TimeGap.T => "T", TimeGap.Blank => " ", TimeGap.CommaBlank => ", ", TimeGap.At => " @ ", _ => ":" });
        text.Codes(Part(shape.HalfDay == 0 ? "H" : "I", shape.HourWidth) + ":%M" + (shape.Seconds ? ":%S" : ""));
        // One strftime where its codes allow: each further piece evaluates the value again.
        if (shape.Fraction is 3 or (>= 6 and <= 9))
            text.Codes((shape.FractionComma ? "," : ".") + (shape.Fraction == 3 ? "%g" : "%f" + new string('0', shape.Fraction - 6)));
        else if (shape.Fraction > 0)
            text.Sql(FractionOf($"strftime({text.Local}, '%f')", shape));
        text.Codes(shape.HalfDay switch { 1 => " %p", 2 => "%p", 3 => " ", _ => "" });
        if (shape.HalfDay >= 3)
            text.Sql($"lower(strftime({text.Local}, '%p'))");
        if (shape.Family == TimeFamily.YearLast)
            text.Codes(" %Y");
    }

    private static string Part(string code, int width) => (width == TimeShape.Short ? "%-" : "%") + code;

    /// <summary>Point and digits of a fraction, from SQL of its six digits.</summary>
    private static string FractionOf(string six, TimeShape shape)
    {
        string point = shape.FractionComma ? "," : ".";
        return shape.Fraction switch
        {
            0 => "",
            TimeShape.Trimmed => $"rtrim(rtrim('{point}' || {six}, '0'), '{point}')",
            <= 6 => $"'{point}' || left({six}, {shape.Fraction})",
            _ => $"'{point}' || {six} || '{new string('0', shape.Fraction - 6)}'",
        };
    }

    private static string Signed(string micros, long unit) =>
        $"CASE WHEN {micros} < 0 THEN '-' ELSE '' END || CAST(abs({micros} // {unit}) AS VARCHAR)";

    private static string Concat(string sql) => sql.Length == 0 ? "" : " || " + sql;

    internal static string Plus(long number) => number == 0 ? "" : number.ToString(" + 0; - 0", CultureInfo.InvariantCulture);

    /// <summary>Joins strftime codes and other SQL, in turn.</summary>
    private sealed class StrftimeBuilder(string local)
    {
        private readonly List<string> pieces = [];
        private readonly StringBuilder codes = new();

        public string Local { get; } = local;

        public void Codes(string more) => codes.Append(more);

        public void Sql(string expression)
        {
            Flush();
            pieces.Add(expression);
        }

        public override string ToString()
        {
            Flush();
            return "(" + string.Join(" || ", pieces) + ")";
        }

        private void Flush()
        {
            if (codes.Length > 0)
                pieces.Add($"strftime({Local}, '{codes}')");
            codes.Clear();
        }
    }
}
