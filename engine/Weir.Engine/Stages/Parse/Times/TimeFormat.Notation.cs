using System.Collections.Concurrent;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>The notation of formats, as <c>weir.columns.format</c> keeps it.</summary>
/// <remarks>
/// A spelling is written with the letters that .NET uses for it, everything else stands for itself:
/// <code>
/// yyyy            year, four digits
/// MM M MMM        month: two digits, as few as it takes, Jan … Dec
/// dd d _d ddd     day: two digits, as few as it takes, padded with a blank; Mon … Sun
/// HH H hh h       hour of 24, hour of 12
/// mm ss           minute, second
/// .fff .FFFFFF    fraction of exactly so many digits (the seventh to ninth are zeros); of up to six without trailing zeros
/// tt aa           AM PM, am pm
/// 'Z' '+01:00'    the zone as it stands in each text (quoted, with its blank where it has one): times are written with this offset
/// [Europe/Berlin] behind a blank, at the end: the texts have no zone and mean this one ([UTC], [+02:00])
/// (dmy) (mdy)     behind a blank, at the very end: other texts of the column, such as 4/2/2021, are read day or month first
/// epoch epoch.ff  seconds since 1970, and with a fraction; epoch-ms: milliseconds; /Date(epoch-ms)/, /Date(epoch-ms'+0000')/
/// </code>
/// Examples: <c>M/d/yyyy, h:mm:ss.fff tt [UTC]</c>, <c>yyyy-MM-ddTHH:mm:ss.fff'-0700'</c>, <c>ddd MMM _d HH:mm:ss yyyy' UTC'</c>.
/// </remarks>
internal sealed partial class TimeFormat
{
    private const string Epoch = "epoch", EpochMs = "epoch-ms", JsonDate = "/Date(epoch-ms";

    // A memo of a pure function; a case has few formats. Bounded, as formats come from log text in the end.
    private static readonly ConcurrentDictionary<string, TimeFormat> Known = new();
    private const int MostKnown = 1024;

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such text, or names a zone that this system does not have.</exception>
    public static TimeFormat Parse(string text)
    {
        if (Known.TryGetValue(text, out TimeFormat? format))
            return format;
        format = new NotationReader(text).Read();
        if (Known.Count < MostKnown)
            Known.TryAdd(text, format);
        return format;
    }

    private static string Notation(TimeShape shape, DateOrder order, ZoneTable zone)
    {
        var text = new StringBuilder();
        switch (shape.Family)
        {
            case TimeFamily.Epoch:
                text.Append(Epoch).Append(FractionNotation(shape));
                break;
            case TimeFamily.EpochMs:
                text.Append(EpochMs);
                break;
            case TimeFamily.JsonDate:
                text.Append(JsonDate).Append(ZoneNotation(shape)).Append(")/");
                break;
            default:
                text.Append(shape.Weekday switch { 0 => "", 1 => "ddd ", _ => "ddd, " }).Append(DateNotation(shape, order));
                if (shape.Gap != TimeGap.None)
                    text.Append(ClockNotation(shape));
                text.Append(ZoneNotation(shape));
                if (shape.Zone == ZoneStyle.None)
                    text.Append(" [").Append(zone.Name).Append(']');
                break;
        }

        if (order != DateOrder.Auto && !shape.HasOrder)
            text.Append(order == DateOrder.DayMonth ? " (dmy)" : " (mdy)");
        return text.ToString();
    }

    private static string DateNotation(TimeShape shape, DateOrder order)
    {
        string day = shape.SecondWidth switch { TimeShape.Short => "d", TimeShape.Padded => "dd", _ => "_d" };
        switch (shape.Family)
        {
            case TimeFamily.Iso:
                return "yyyy-MM-dd";
            case TimeFamily.IsoSlash:
                return "yyyy/MM/dd";
            case TimeFamily.Slash or TimeFamily.Dash or TimeFamily.Dot:
                string mark = shape.Family switch { TimeFamily.Slash => "/", TimeFamily.Dash => "-", _ => "." };
                string letters = order == DateOrder.DayMonth ? "dM" : "Md";
                return new string(letters[0], shape.FirstWidth) + mark + new string(letters[1], shape.SecondWidth) + mark + "yyyy";
            case TimeFamily.NameSlash:
                return day + "/MMM/yyyy";
            case TimeFamily.NameBlank:
                return day + " MMM yyyy";
            case TimeFamily.NameDash:
                return day + "-MMM-yyyy";
            case TimeFamily.NameFirst:
                return "MMM " + day + ", yyyy";
            default:
                return "MMM " + day;
        }
    }

    private static string ClockNotation(TimeShape shape)
    {
        string gap = shape.Gap switch { TimeGap.T => "T", TimeGap.Blank => " ", TimeGap.CommaBlank => ", ", TimeGap.At => " @ ", _ => ":" };
        string half = shape.HalfDay switch { 0 => "", 1 => " tt", 2 => "tt", 3 => " aa", _ => "aa" };
        return gap + new string(shape.HalfDay == 0 ? 'H' : 'h', shape.HourWidth) + ":mm" + (shape.Seconds ? ":ss" : "")
            + FractionNotation(shape) + half + (shape.Family == TimeFamily.YearLast ? " yyyy" : "");
    }

    private static string FractionNotation(TimeShape shape) => shape.Fraction switch
    {
        0 => "",
        TimeShape.Trimmed => (shape.FractionComma ? "," : ".") + "FFFFFF",
        int digits => (shape.FractionComma ? "," : ".") + new string('f', digits),
    };

    private static string ZoneNotation(TimeShape shape) => shape.Zone == ZoneStyle.None ? "" : $"'{ZoneText(shape)}'";
}
