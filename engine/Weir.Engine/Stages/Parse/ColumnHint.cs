namespace Weir.Engine.Stages;

/// <summary>What typing knows of a column beside its values.</summary>
/// <param name="Name">Original name.</param>
/// <param name="AlwaysTime">Splunk's <c>_time</c>: TIMESTAMPTZ whatever its values are.</param>
/// <param name="TimeLike">Named like a time, or named by the user: its plain numbers may be epoch seconds.</param>
/// <param name="Zone">What its zoneless times mean.</param>
internal sealed record ColumnHint(string Name, bool AlwaysTime, bool TimeLike, TimeZoneInfo Zone)
{
    public static ColumnHint For(string name, TypingOptions options) => throw new NotImplementedException();
}
