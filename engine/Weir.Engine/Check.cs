namespace Weir.Engine;

/// <summary>Guards of option values: the range stands in the option's documentation and is enforced here.</summary>
internal static class Check
{
    public static T Within<T>(T value, T low, T high, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
        where T : IComparable<T> =>
        value.CompareTo(low) < 0 || value.CompareTo(high) > 0
            ? throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected {low} to {high}.")
            : value;

    /// <summary>The same for a number of bytes, told as people write them.</summary>
    public static long Bytes(long value, long low, long high, [System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        value < low || value > high
            ? throw new ArgumentOutOfRangeException(name, value, $"{name} is {Size(value)}; expected {Size(low)} to {Size(high)}.")
            : value;

    private static string Size(long bytes) => bytes % (1L << 30) == 0 ? $"{bytes >> 30} GB" : bytes % (1L << 20) == 0 ? $"{bytes >> 20} MB" : bytes % (1L << 10) == 0 ? $"{bytes >> 10} KB" : $"{bytes} B";
}
