using System.Globalization;
using System.Text.RegularExpressions;

namespace Weir.SplunkServer;

/// <summary>What a search gives over a range.</summary>
/// <param name="Rows">The result, in its order.</param>
/// <param name="Scanned">Events looked at.</param>
/// <param name="Events">Events that matched.</param>
/// <param name="IsTransforming">Its rows are made of many events each.</param>
internal sealed record SearchResult(IReadOnlyList<Event> Rows, long Scanned, long Events, bool IsTransforming);

/// <summary>Bounds of a search: event time, and index time.</summary>
internal readonly record struct SearchBounds(DateTime Earliest, DateTime Latest, DateTime IndexEarliest, DateTime IndexLatest)
{
    public static SearchBounds All { get; } = new(DateTime.MinValue, DateTime.MaxValue, DateTime.MinValue, DateTime.MaxValue);

    public bool Holds(Event e) => e.Time >= Earliest && e.Time < Latest && e.Indexed >= IndexEarliest && e.Indexed < IndexLatest;
}

/// <summary>Evaluates the few commands that the walk through the example and weir itself need; others are unknown, as Splunk would say.</summary>
internal static partial class Search
{
    /// <exception cref="SplException">It cannot be evaluated; the message is Splunk's.</exception>
    public static SearchResult Run(Corpus corpus, string spl, SearchBounds bounds)
    {
        string[] pipes = [.. SplitPipes(spl.Trim())];
        int first = 0;
        IEnumerable<Event> rows;
        IReadOnlyList<Event> indexed = InRange(corpus, bounds);
        long scanned = indexed.Count;
        bool transforming = false;
        if (pipes[0].Length == 0)
        {
            (string command, string rest) = Command(pipes.Length > 1 ? pipes[1] : "");
            if (command != "tstats")
                throw Unknown(command);
            (rows, first, transforming) = (Tstats(indexed, rest), 2, true);
        }
        else
        {
            (string command, string rest) = Command(pipes[0]);
            if (command != "search")
                throw Unknown(command);
            Func<Event, bool>? terms = IndexOnly().Match(rest) is { Success: true } only && (only.Groups[1].Value == corpus.Index || only.Groups[1].Value == "*") ? null : Terms.Read(rest);
            rows = terms is null ? indexed : (IReadOnlyList<Event>)[.. indexed.Where(terms)];
            first = 1;
        }

        long events = rows is IReadOnlyList<Event> known ? known.Count : 0;
        for (int i = first; i < pipes.Length; i++)
        {
            (string command, string rest) = Command(pipes[i]);
            rows = Apply(rows, command, rest, ref transforming);
        }

        return new SearchResult(rows as IReadOnlyList<Event> ?? [.. rows], scanned, events, transforming);
    }

    private static IEnumerable<Event> Apply(IEnumerable<Event> rows, string command, string rest, ref bool transforming)
    {
        switch (command)
        {
            case "search":
                Func<Event, bool>? terms = Terms.Read(rest);
                return terms is null ? rows : rows.Where(terms);
            case "head" or "tail":
                int count = int.TryParse(rest.Replace("limit=", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 10;
                return command == "head" ? rows.Take(count) : rows.TakeLast(count).Reverse();
            case "fields" or "table":
                string[] names = Names(rest.TrimStart('+', ' '));
                return rows.Select(r => r with { Fields = [.. command == "table" ? names.Select(n => KeyValuePair.Create(n, r.Fields.FirstOrDefault(f => Like(f.Key, n)).Value)) : r.Fields.Where(f => f.Key.StartsWith('_') || names.Any(n => Like(f.Key, n)))] });
            case "dedup":
                return rows.DistinctBy(r => string.Join('\u0001', Names(rest).Select(r.Text)));
            case "sort":
                string[] keys = Names(rest);
                return keys.Reverse().Aggregate(rows, (sorted, key) => key.StartsWith('-')
                    ? sorted.OrderByDescending(r => Ordered(r.Text(key.TrimStart('-', '+', ' ')))) : sorted.OrderBy(r => Ordered(r.Text(key.TrimStart('-', '+', ' ')))));
            case "bin" or "bucket":
                int span = Span(rest);
                return rows.Select(r => r with { Time = Floor(r.Time, span), Fields = [.. r.Fields.Select(f => f.Key == "_time" ? KeyValuePair.Create("_time", (object?)Event.Iso(Floor(r.Time, span))) : f)] });
            case "stats":
                transforming = true;
                return Stats(rows, rest);
            case "fieldsummary":
                transforming = true;
                return FieldSummary(rows);
            default:
                throw Unknown(command);
        }
    }

    // tstats count [where terms] [by fields] [span=…]
    private static IEnumerable<Event> Tstats(IReadOnlyList<Event> events, string rest)
    {
        Match parts = TstatsParts().Match(rest);
        if (!parts.Success)
            throw new SplException("Error in 'TsidxStats': the arguments to the 'tstats' command are invalid.");
        Func<Event, bool>? terms = Terms.Read(parts.Groups["where"].Value);
        IEnumerable<Event> matched = terms is null ? events : events.Where(terms);
        string by = parts.Groups["by"].Value;
        int span = by.Contains("span=", StringComparison.Ordinal) ? Span(by) : 0;
        if (span > 0 && SpanPart().Replace(by, "").Trim() == "_time" && parts.Groups["what"].Value.Trim() == "count")
        {
            // Counted by their times alone: a large corpus makes its fields only when they are looked at.
            return matched.GroupBy(e => Floor(e.Time, span)).OrderBy(g => g.Key).Select(g => new Event(g.Key, default, [KeyValuePair.Create("_time", (object?)Event.Iso(g.Key)), KeyValuePair.Create("count", (object?)Number(g.Count()))]));
        }

        if (span > 0)
            matched = matched.Select(e => e with { Time = Floor(e.Time, span), Fields = [.. e.Fields.Select(f => f.Key == "_time" ? KeyValuePair.Create("_time", (object?)Event.Iso(Floor(e.Time, span))) : f)] });
        string fields = SpanPart().Replace(by, "");
        return Stats(matched, $"{parts.Groups["what"].Value.Trim()}{(fields.Trim().Length > 0 ? $" by {fields}" : "")}");
    }

    private static IEnumerable<Event> Stats(IEnumerable<Event> rows, string text)
    {
        Match parts = StatsParts().Match(text);
        string[] by = Names(parts.Groups["by"].Value);
        var groups = new Dictionary<string, List<Event>>();
        var order = new List<string>();
        foreach (Event row in rows)
        {
            string?[] key = [.. by.Select(row.Text)];
            if (key.Any(k => k is null))
                continue; // a row without the field belongs to no group
            string name = string.Join('\u0001', key);
            if (!groups.TryGetValue(name, out List<Event>? group))
            {
                groups[name] = group = [];
                order.Add(name);
            }

            group.Add(row);
        }

        if (by.Length == 0 && order.Count == 0)
        {
            groups[""] = [];
            order.Add("");
        }

        var results = new List<Event>();
        foreach (string name in order.Order(StringComparer.Ordinal))
        {
            List<Event> group = groups[name];
            var fields = new List<KeyValuePair<string, object?>>();
            for (int i = 0; i < by.Length; i++)
                fields.Add(KeyValuePair.Create(by[i], (object?)name.Split('\u0001')[i]));
            foreach (Match function in Function().Matches(parts.Groups["what"].Value))
                fields.AddRange(Aggregate(group, function, by));
            results.Add(new Event(by.Contains("_time") ? group[0].Time : default, default, fields));
        }

        return results;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Aggregate(List<Event> group, Match function, string[] by)
    {
        string name = function.Groups["name"].Value, field = function.Groups["field"].Value;
        string shown = function.Groups["as"].Success ? function.Groups["as"].Value.Trim('"') : field.Length > 0 ? $"{name}({field})" : name;
        if (field == "*")
        {
            foreach (string each in group.SelectMany(e => e.Fields.Select(f => f.Key)).Where(f => !f.StartsWith('_') && !by.Contains(f)).Distinct().Order(StringComparer.Ordinal))
                yield return KeyValuePair.Create($"{name}({each})", (object?)Distinct(group, each));
            yield break;
        }

        object? value = name switch
        {
            "count" or "c" => Number(field.Length == 0 ? group.Count : group.Count(e => e.Values(field).Any())),
            "dc" or "distinct_count" => Number(group.SelectMany(e => e.Values(field)).Distinct().Count()),
            "values" => group.Count == 0 ? null : Distinct(group, field),
            "list" => (string[])[.. group.SelectMany(e => e.Values(field)).Take(100)],
            "min" or "max" when field == "_time" => group.Count == 0 ? null : Epoch(name == "min" ? group.Min(e => e.Time) : group.Max(e => e.Time)),
            "earliest" or "latest" or "first" or "last" => Pick(group, name, field),
            "min" => group.SelectMany(e => e.Values(field)).OrderBy(Ordered).FirstOrDefault(),
            "max" => group.SelectMany(e => e.Values(field)).OrderBy(Ordered).LastOrDefault(),
            _ => throw new SplException($"Error in 'stats' command: The aggregation specifier '{function.Value}' is invalid."),
        };
        if (value is not null)
            yield return KeyValuePair.Create(shown, (object?)value);
    }

    private static string? Pick(List<Event> group, string name, string field)
    {
        Event? one = group.Count == 0 ? null : name switch
        {
            "earliest" => group.MinBy(e => e.Time),
            "latest" => group.MaxBy(e => e.Time),
            "first" => group[0],
            _ => group[^1],
        };
        return one is null ? null : field == "_time" ? Epoch(one.Time) : one.Text(field);
    }

    private static IEnumerable<Event> FieldSummary(IEnumerable<Event> rows)
    {
        List<Event> all = [.. rows];
        foreach (string field in all.SelectMany(e => e.Fields.Select(f => f.Key)).Where(f => !f.StartsWith('_')).Distinct().Order(StringComparer.Ordinal))
        {
            string[] values = [.. all.SelectMany(e => e.Values(field))];
            string top = string.Join(',', values.GroupBy(v => v).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(10)
                .Select(g => $"{{\"value\":{System.Text.Json.JsonSerializer.Serialize(g.Key)},\"count\":{g.Count()}}}"));
            yield return new Event(default, default,
            [
                KeyValuePair.Create("field", (object?)field), KeyValuePair.Create("count", (object?)Number(values.Length)), KeyValuePair.Create("distinct_count", (object?)Number(values.Distinct().Count())),
                KeyValuePair.Create("values", (object?)$"[{top}]"),
            ]);
        }
    }

    /// <summary>The stretch of a list by descending time that lies in the bounds.</summary>
    private static IReadOnlyList<Event> InRange(Corpus corpus, SearchBounds bounds)
    {
        int from = FirstBelow(corpus.Events, bounds.Latest), to = FirstBelow(corpus.Events, bounds.Earliest);
        var range = new Slice(corpus.Events, from, to - from);
        return bounds.IndexEarliest == DateTime.MinValue && bounds.IndexLatest > corpus.LastIndexed ? range : [.. range.Where(bounds.Holds)];
    }

    private static int FirstBelow(IReadOnlyList<Event> events, DateTime time)
    {
        int low = 0, high = events.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (events[middle].Time >= time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static IEnumerable<string> SplitPipes(string spl)
    {
        int start = 0, depth = 0;
        bool quoted = false;
        for (int i = 0; i < spl.Length; i++)
        {
            char c = spl[i];
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = !quoted;
            else if (!quoted && c is '[' or ']')
                depth += c == '[' ? 1 : -1;
            else if (!quoted && depth == 0 && c == '|')
            {
                yield return spl[start..i].Trim();
                start = i + 1;
            }
        }

        yield return spl[start..].Trim();
    }

    private static (string Name, string Arguments) Command(string text)
    {
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? (text.ToLowerInvariant(), "") : (text[..blank].ToLowerInvariant(), text[(blank + 1)..].Trim());
    }

    private static SplException Unknown(string command) => new($"Unknown search command '{command}'.");

    private static string[] Names(string text) => [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => n.Trim('"'))];

    private static bool Like(string name, string pattern) => pattern.Contains('*', StringComparison.Ordinal)
        ? Regex.IsMatch(name, "^" + string.Join(".*", pattern.Split('*').Select(Regex.Escape)) + "$") : name == pattern;

    private static string[] Distinct(List<Event> group, string field) => [.. group.SelectMany(e => e.Values(field)).Distinct().Order(StringComparer.Ordinal)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Epoch(DateTime time) => ((time - DateTime.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.000000", CultureInfo.InvariantCulture);

    private static (int, decimal, string) Ordered(string? text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? (0, number, "") : (1, 0, text ?? "");

    private static int Span(string text)
    {
        Match span = SpanPart().Match(text);
        return !span.Success ? 60 : int.Parse(span.Groups["n"].Value, CultureInfo.InvariantCulture) * span.Groups["u"].Value switch { "m" => 60, "h" => 3_600, "d" => 86_400, _ => 1 };
    }

    private static DateTime Floor(DateTime time, int seconds) => time == default ? time : DateTime.UnixEpoch.AddSeconds((time - DateTime.UnixEpoch).Ticks / (TimeSpan.TicksPerSecond * seconds) * seconds);

    /// <summary>A part of a list, without a copy.</summary>
    private sealed class Slice(IReadOnlyList<Event> events, int from, int count) : IReadOnlyList<Event>
    {
        public int Count => count;

        public Event this[int index] => events[from + index];

        public IEnumerator<Event> GetEnumerator()
        {
            for (int i = 0; i < count; i++)
                yield return events[from + i];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [GeneratedRegex(@"^index=""?([\w*]+)""?$")]
    private static partial Regex IndexOnly();

    [GeneratedRegex(@"^(?<what>.*?)(\swhere\s(?<where>.*?))?(\sby\s(?<by>.*))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex TstatsParts();

    [GeneratedRegex(@"^(?<what>.*?)(\sby\s(?<by>.*))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex StatsParts();

    [GeneratedRegex(@"(?<name>[a-z_]+)(\((?<field>[^)]*)\))?(\s+as\s+(?<as>""[^""]*""|\S+?)(?=[,\s]|$))?", RegexOptions.IgnoreCase)]
    private static partial Regex Function();

    [GeneratedRegex(@"span=(?<n>\d+)(?<u>[smhd])\w*")]
    private static partial Regex SpanPart();
}
