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
        int letters = three[0] << 16 | three[1] << 8 | three[2];
        exact = (letters & 0x202020) == 0x002020;
        return (letters | 0x202020) switch
        {
            0x6A616E => 1,
            0x666562 => 2,
            0x6D6172 => 3,
            0x617072 => 4,
            0x6D6179 => 5,
            0x6A756E => 6,
            0x6A756C => 7,
            0x617567 => 8,
            0x736570 => 9,
            0x6F6374 => 10,
            0x6E6F76 => 11,
            0x646563 => 12,
            _ => 0,
        };
    }

    /// <summary>1 (Monday) to 7, or 0.</summary>
    public static int Weekday(ReadOnlySpan<byte> three) => (three[0] << 16 | three[1] << 8 | three[2]) switch
    {
        0x4D6F6E => 1,
        0x547565 => 2,
        0x576564 => 3,
        0x546875 => 4,
        0x467269 => 5,
        0x536174 => 6,
        0x53756E => 7,
        _ => 0,
    };

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
