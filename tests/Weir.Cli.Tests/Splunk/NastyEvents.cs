using System.Text;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary>Events as unpleasant as real ones, and what must be in the table afterwards.</summary>
internal static class NastyEvents
{
    public static readonly DateTime Start = new(2018, 8, 20, 10, 0, 0, DateTimeKind.Utc);

    public static readonly DateTime End = Start.AddHours(1);

    /// <summary>When the server believes it is.</summary>
    public static readonly DateTimeOffset Now = new(2018, 8, 21, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When late events are indexed: far off, as the clock of the tests runs fast.</summary>
    public static readonly DateTime Late = Now.UtcDateTime.AddDays(30);

    /// <inheritdoc cref="NastyCorpus.Make"/>
    public static Corpus Make(int count, DateTime? lateFrom = null) => NastyCorpus.Make(count, Start, lateFrom);

    /// <summary>The rows that an export of the hour must land: cells by original name, those without text left out.</summary>
    public static List<string> Expected(Corpus corpus, DateTime indexedBefore) =>
    [
        .. corpus.Events.Where(e => e.Time >= Start && e.Time < End && e.Indexed < indexedBefore)
            .Select(e => string.Join('\n', e.Fields.Select(f => (f.Key, Text: Text(f.Value))).Where(f => f.Text.Length > 0).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Text}"))).Order(StringComparer.Ordinal),
    ];

    /// <summary>The first rows in which two tables differ; empty where they are the same.</summary>
    public static string Difference(List<string> expected, List<string> found)
    {
        string[] lacking = [.. expected.Except(found)], strange = [.. found.Except(expected)];
        return lacking.Length + strange.Length == 0 ? expected.Count == found.Count ? "" : $"{found.Count} rows for {expected.Count}"
            : $"{lacking.Length} rows are lacking, {strange.Length} are strange:\n{lacking.FirstOrDefault()}\n----\n{strange.FirstOrDefault()}";
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        RawText raw => raw.Bytes.Contains((byte)'\\') ? "\uFFFD!" : Encoding.UTF8.GetString(raw.Bytes),
        string[] many => Array(many),
        _ => (string)value,
    };

    private static string Array(string[] many)
    {
        using var text = new MemoryStream();
        Json.Value(text, many);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
