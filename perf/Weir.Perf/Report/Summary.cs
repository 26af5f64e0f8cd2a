using System.Globalization;

namespace Weir.Perf.Report;

/// <summary>Median with the range it comes from.</summary>
internal sealed record Summary(double Median, double Low, double High)
{
    public static Summary Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[^1]);
    }

    public string Text(string format)
    {
        string median = Median.ToString(format, CultureInfo.InvariantCulture);
        return Low == High ? median : $"{median} ({Low.ToString(format, CultureInfo.InvariantCulture)}–{High.ToString(format, CultureInfo.InvariantCulture)})";
    }
}
