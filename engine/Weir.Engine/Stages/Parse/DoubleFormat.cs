using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>The spellings of DOUBLE: <c>shortest</c> (1, 1.5), <c>point</c> (1.0, 1.5), <c>fixed:2</c> (1.00, 1.50).</summary>
internal static class DoubleFormat
{
    public const string Shortest = "shortest", Point = "point";
    private const string FixedPrefix = "fixed:";

    /// <summary>Bounds within which both .NET and DuckDB write plain decimals; values beyond always have a companion.</summary>
    public const double Smallest = 1e-4, Beyond = 1e15;

    private static readonly string[] FixedNames = [.. Enumerable.Range(0, NumberText.MostDecimals + 1).Select(n => FixedPrefix + n.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Name of the format with exactly so many decimals.</summary>
    public static string Fixed(int decimals) => FixedNames[decimals];

    /// <summary>Decimals of a fixed format; 0 for <c>shortest</c> and <c>point</c>.</summary>
    /// <exception cref="FormatException">It is no format of DOUBLE.</exception>
    public static int DecimalsOf(string? format)
    {
        if (format is Shortest or Point)
            return 0;
        int decimals = Array.IndexOf(FixedNames, format);
        return decimals > 0 ? decimals : throw new FormatException($"'{format}' is no format of DOUBLE; expected {Shortest}, {Point} or {FixedPrefix}1 to {FixedPrefix}{NumberText.MostDecimals}.");
    }

    /// <summary>Whether the format gives the number's text back.</summary>
    public static bool GivesBack(string format, int decimals, in NumberText number) =>
        decimals > 0 ? number.Decimals == decimals : format == Shortest ? number.Shortest : number.Point;

    /// <summary>Text of a value; beyond the bounds .NET's own, which no cell without a companion needs.</summary>
    public static string Write(double value, string? format)
    {
        int decimals = DecimalsOf(format);
        if (value == 0)
            value = 0.0;    // minus zero has a companion
        if (decimals > 0)
            return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return format == Point && !text.AsSpan().ContainsAny('.', 'E') ? text + ".0" : text;
    }
}
