using System.Globalization;

namespace Weir.Perf.Report;

/// <summary>A figure that is wanted: at most so much.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Beside">By what it is divided, or its unit.</param>
/// <param name="Must">What it must not exceed.</param>
/// <param name="Aim">Where it is going; null where there is no further aim.</param>
/// <param name="Measure">The figure of a session; null where a run that it needs is not in it.</param>
internal sealed record Goal(string What, string Beside, double Must, double? Aim, Func<Session, Summary?> Measure)
{
    public static readonly string[] Header = ["figure", "beside, or unit", "measured", "must", "goal", "met"];

    public string[] Row(Session session)
    {
        var found = Measure(session);
        return [What, Beside, found?.Text("F3") ?? "-", Bound(Must), Aim is { } aim ? Bound(aim) : "-", Verdict(found)];
    }

    private static string Bound(double most) => string.Create(CultureInfo.InvariantCulture, $"≤ {most:0.##}");

    private string Verdict(Summary? found) => found is null ? "not measured"
        : found.Median > Must ? "**no**"
        : Aim is { } aim ? found.Median <= aim ? "goal" : "must" : "yes";
}
