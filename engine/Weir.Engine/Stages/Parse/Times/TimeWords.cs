namespace Weir.Engine.Stages;

/// <summary>The words in times: months, weekdays, zones. English only, as logs are written.</summary>
internal static class TimeWords
{
    public static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>From Monday.</summary>
    public static ReadOnlySpan<byte> Weekdays => "MonTueWedThuFriSatSun"u8;

    /// <summary>Zones with a fixed meaning, in minutes; the position goes into checkpoints: append only.</summary>
    public static readonly (string Name, int Minutes)[] Zones =
    [
        ("UTC", 0), ("GMT", 0), ("Z", 0),
        ("EST", -300), ("EDT", -240), ("CST", -360), ("CDT", -300), ("MST", -420), ("MDT", -360), ("PST", -480), ("PDT", -420),
    ];

    /// <summary>1 to 12, or 0; <paramref name="exact"/> where it is spelled with one capital.</summary>
    public static int Month(ReadOnlySpan<byte> three, out bool exact)
    {
        for (int i = 0; i < 12; i++)
        {
            ReadOnlySpan<byte> month = Months.Slice(i * 3, 3);
            if ((three[0] | 0x20) == (month[0] | 0x20) && (three[1] | 0x20) == month[1] && (three[2] | 0x20) == month[2])
            {
                exact = three.SequenceEqual(month);
                return i + 1;
            }
        }

        exact = false;
        return 0;
    }

    /// <summary>1 (Monday) to 7, or 0.</summary>
    public static int Weekday(ReadOnlySpan<byte> three)
    {
        for (int i = 0; i < 7; i++)
        {
            if (three.SequenceEqual(Weekdays.Slice(i * 3, 3)))
                return i + 1;
        }

        return 0;
    }

    /// <summary>Position in <see cref="Zones"/>, or -1.</summary>
    public static int Zone(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Zones.Length; i++)
        {
            if (name.Length == Zones[i].Name.Length && System.Text.Ascii.Equals(name, Zones[i].Name))
                return i;
        }

        return -1;
    }
}
