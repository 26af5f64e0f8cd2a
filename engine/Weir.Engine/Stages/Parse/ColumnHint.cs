namespace Weir.Engine.Stages;

/// <summary>What typing knows of a column beside its values.</summary>
/// <param name="Name">Original name.</param>
/// <param name="AlwaysTime">Splunk's <c>_time</c>: TIMESTAMPTZ whatever its values are.</param>
/// <param name="TimeLike">Named like a time, or named by the user: its plain numbers may be epoch seconds.</param>
/// <param name="Zone">What its zoneless times mean.</param>
internal sealed record ColumnHint(string Name, bool AlwaysTime, bool TimeLike, TimeZoneInfo Zone)
{
    // Words that name an instant. A value must be plausible as well, so a word too many here costs little.
    private static readonly HashSet<string> Instants =
    [
        "time", "timestamp", "date", "datetime", "ts", "epoch", "created", "modified", "updated", "seen",
        "indextime", "unixtime", "eventtime", "starttime", "endtime", "createtime", "creationtime", "firsttime", "lasttime",
        "logtime", "updatetime", "localtime", "calendartime", "reporttime", "begintime", "receivetime",
    ];

    // Words that make a span, a part or a property of a time out of it: response_time, time_taken, date_hour, time_zone.
    private static readonly HashSet<string> Spans =
    [
        "taken", "response", "processing", "elapsed", "duration", "run", "up", "cpu", "wait", "idle", "load", "kernel", "ttl",
        "zone", "offset", "delta", "diff", "lag", "total", "avg", "mean", "count", "in", "bytes", "pos",
        "second", "minute", "hour", "day", "mday", "wday", "month", "year",
    ];

    /// <summary>Which of its plain numbers are times.</summary>
    public EpochNumbers Epochs => AlwaysTime ? EpochNumbers.All : TimeLike ? EpochNumbers.Plausible : EpochNumbers.None;

    /// <summary>What name and options say of a column.</summary>
    public static ColumnHint For(string name, TypingOptions options)
    {
        bool always = name == "_time";
        string cleaned = ColumnNames.Clean(name);
        string[] words = cleaned.Split('_', StringSplitOptions.RemoveEmptyEntries);
        bool timeLike = always || name == "_indextime" || options.TimeColumns.Any(wanted => IsNamed(name, wanted)) || NamesInstant(words);
        return new ColumnHint(name, always, timeLike, ZoneInName(name, words) ?? options.TimeZone);
    }

    /// <summary>Whether the user means this column: by its original name, or by that of the table's column.</summary>
    public static bool IsNamed(string name, string wanted) => name == wanted || ColumnNames.Clean(name) == wanted;

    private static bool NamesInstant(string[] words)
    {
        bool instant = words.Length > 1 && words[^1] == "at";
        foreach (string word in words)
        {
            if (Spans.Contains(word))
                return false;
            instant |= Instants.Contains(word);
        }

        return instant;
    }

    /// <summary><c>CreatedDateTime [UTC]</c>, <c>Date (GMT)</c>, <c>when [+02:00]</c>, <c>TimeCreatedUtc</c>.</summary>
    private static TimeZoneInfo? ZoneInName(string name, string[] words)
    {
        string trimmed = name.TrimEnd();
        int open = trimmed.LastIndexOfAny(['[', '(']);
        if (open >= 0 && trimmed[^1] == (trimmed[open] == '[' ? ']' : ')')
            && ZoneTable.Find(trimmed[(open + 1)..^1].Trim()) is { } zone)
        {
            return zone;
        }

        return words.Length > 1 && words[^1] is "utc" or "gmt" ? TimeZoneInfo.Utc : null;
    }
}
