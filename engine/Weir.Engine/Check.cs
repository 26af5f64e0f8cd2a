namespace Weir.Engine;

/// <summary>Guards of option values: the range stands in the option's documentation and is enforced here.</summary>
internal static class Check
{
    public static T Within<T>(T value, T low, T high, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
        where T : IComparable<T> =>
        value.CompareTo(low) < 0 || value.CompareTo(high) > 0
            ? throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected {low} to {high}.")
            : value;
}
