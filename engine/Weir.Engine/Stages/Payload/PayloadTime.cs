namespace Weir.Engine.Stages;

/// <summary>Times inside cells, in every spelling that columns may have; zoneless is UTC.</summary>
internal static class PayloadTime
{
    /// <param name="micros">Microseconds since 1970, UTC.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        return TimeText.TryRead(text, EpochNumbers.Plausible, out TimeText time) && time.TryMicros(DateOrder.Auto, ZoneTable.Utc, out micros);
    }
}
