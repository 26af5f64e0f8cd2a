using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>Single fields of a result as it came, without reading it whole.</summary>
internal static class ResultRow
{
    /// <summary>Bytes of a field's text between its quotes; empty where it has none or is a list.</summary>
    /// <param name="key">With its quotes and colon: <c>"_time":</c>. Inside a text its quotes would be escaped.</param>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> row, ReadOnlySpan<byte> key)
    {
        int at = row.IndexOf(key);
        if (at < 0)
            return default;
        ReadOnlySpan<byte> value = row[(at + key.Length)..].TrimStart(" "u8);
        if (value.IsEmpty || value[0] != '"')
            return default;
        int end = value[1..].IndexOf((byte)'"');
        return end < 0 ? default : value.Slice(1, end);
    }

    public static long? Number(ReadOnlySpan<byte> row, string field) => Field(row, field) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>A field of a small row.</summary>
    public static string? Field(ReadOnlySpan<byte> row, string field)
    {
        var reader = new Utf8JsonReader(row);
        using JsonDocument json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
    }

    /// <summary>A time as the results endpoint writes it (ISO with an offset), or epoch seconds.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out DateTime utc)
    {
        utc = default;
        if (TryPlain(text, out utc))
            return true;
        if (text.Length is 0 or > 40)
            return false;
        Span<char> chars = stackalloc char[40];
        for (int i = 0; i < text.Length; i++)
            chars[i] = (char)text[i];
        ReadOnlySpan<char> time = chars[..text.Length];
        if (text.Length > 10 && text[4] == '-' && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-' || text[^5] is (byte)'+' or (byte)'-'))
        {
            bool known = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset at);
            utc = at.UtcDateTime;
            return known;
        }

        if (!decimal.TryParse(time, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) || seconds > 253_402_300_799)
            return false;
        utc = DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>The spelling of nearly all rows: <c>2018-08-20T10:00:00.000+00:00</c>.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> text, out DateTime utc)
    {
        utc = default;
        if (text.Length != 29 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != ':' || text[23] is not ((byte)'+' or (byte)'-'))
            return false;
        int year = Digits(text[..4]), month = Digits(text.Slice(5, 2)), day = Digits(text.Slice(8, 2)), hour = Digits(text.Slice(11, 2)), minute = Digits(text.Slice(14, 2)), second = Digits(text.Slice(17, 2)), part = Digits(text.Slice(20, 3));
        int zone = Digits(text.Slice(24, 2)) * 60 + Digits(text.Slice(27, 2));
        if ((year | month | day | hour | minute | second | part | zone) < 0 || year is < 2 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59 || zone > 14 * 60)
            return false;
        utc = new DateTime(year, month, day, hour, minute, second, part, DateTimeKind.Utc).AddMinutes(text[23] == '-' ? zone : -zone);
        return true;
    }

    /// <returns>Negative where one is no digit.</returns>
    private static int Digits(ReadOnlySpan<byte> text)
    {
        int number = 0;
        foreach (byte c in text)
            number = c is >= (byte)'0' and <= (byte)'9' && number >= 0 ? number * 10 + (c - '0') : -1_000_000;
        return number;
    }
}

/// <summary>What every event must hold to: it lies in its slice, and comes once.</summary>
/// <remarks>As far as the search leaves events as they are; where it changes times or multiplies events, only counts are checked.</remarks>
internal sealed class RowCheck(SliceRecord slice, SplText spl, bool identities)
{
    private readonly HashSet<UInt128> seen = [];
    private readonly List<UInt128> page = [];

    public void Row(ReadOnlySpan<byte> row)
    {
        // Times are shown to the millisecond: one that is rounded up may show the end.
        if (spl.KeepsTimes && ResultRow.TryTime(ResultRow.Text(row, "\"_time\":"u8), out DateTime time) && (time < slice.Earliest || time > slice.Latest))
            throw new SplunkAttemptException($"an event of {time:O} came, outside of the slice");
        if (!identities || !spl.KeepsEvents)
            return;
        ReadOnlySpan<byte> bucket = ResultRow.Text(row, "\"_bkt\":"u8), address = ResultRow.Text(row, "\"_cd\":"u8);
        if (bucket.IsEmpty || address.IsEmpty)
            return;
        UInt128 identity = XxHash128.HashToUInt128(bucket) ^ XxHash128.HashToUInt128(address, seed: 1);
        if (!seen.Add(identity))
            throw new SplunkAttemptException("an event came twice (same _bkt and _cd): pages overlap");
        page.Add(identity);
    }

    /// <summary>The export endpoint may write times as the user's settings say, not as it was asked to: names of zones cannot be read without guessing.</summary>
    public static void Time(ReadOnlySpan<byte> row)
    {
        ReadOnlySpan<byte> text = ResultRow.Text(row, "\"_time\":"u8);
        if (!text.IsEmpty && !(text.Contains((byte)'T') && ResultRow.TryTime(text, out _)))
            throw new SplunkAttemptException($"the export writes times as '{System.Text.Encoding.UTF8.GetString(text[..Math.Min(40, text.Length)])}', not in ISO 8601 as it was asked to: leave --method out");
    }

    public void Keep() => page.Clear();

    /// <summary>The page comes once more.</summary>
    public void Undo()
    {
        foreach (UInt128 identity in page)
            seen.Remove(identity);
        page.Clear();
    }
}
