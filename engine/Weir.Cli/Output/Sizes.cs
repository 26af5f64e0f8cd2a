using System.CommandLine.Parsing;
using System.Globalization;

namespace Weir.Cli.Output;

/// <summary>Sizes and durations as people write them: 512MB, 2GiB, 30s.</summary>
internal static class Sizes
{
    private static readonly (string Unit, long Bytes)[] Units =
        [("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("B", 1)];

    private const double MaxSeconds = 24 * 86_400; // what a timer takes

    public static long? Bytes(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value.Trim().ToUpperInvariant();
        var (unit, factor) = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        if (double.TryParse(unit is null ? text : text[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0)
            return (long)(number * (unit is null ? 1 : factor));
        argument.AddError($"'{argument.Tokens[0].Value}' is no size; expected a number with a unit, for example 512MB.");
        return null;
    }

    public static TimeSpan? Duration(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value.Trim();
        double factor = text is [.., var unit] ? unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 } : 0;
        if (factor > 0 && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && number * factor <= MaxSeconds)
            return TimeSpan.FromSeconds(number * factor);
        argument.AddError($"'{text}' is no duration; expected seconds, minutes, hours or days, for example 30s.");
        return null;
    }

    public static string Show(double bytes) => bytes switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number and what it counts: "1 row", "2,000 rows".</summary>
    /// <param name="many">The plural where it is not the noun with an s.</param>
    public static string Count(long number, string one, string? many = null) => $"{Count(number)} {(number == 1 ? one : many ?? one + "s")}";
}
