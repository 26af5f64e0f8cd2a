using System.Globalization;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Times inside cells: every spelling that columns may have, and that of web servers; zoneless is UTC.</summary>
internal static class PayloadTime
{
    // Apache's %t: [10/Oct/2000:13:55:36 -0700]
    private const string Server = "dd/MMM/yyyy:HH:mm:ss zzz";

    /// <param name="micros">Microseconds since 1970, UTC.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (TimeText.TryRead(text, EpochNumbers.Plausible, out TimeText time) && time.TryMicros(DateOrder.Auto, ZoneTable.Utc, out micros))
            return true;
        if (text.Length != 26 || text[2] != '/')
            return false;
        if (!DateTimeOffset.TryParseExact(Encoding.UTF8.GetString(text).Insert(24, ":"), Server, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset server))
            return false;
        micros = (server.UtcTicks - DateTime.UnixEpoch.Ticks) / 10;
        return true;
    }
}
