using System.Collections;
using System.Globalization;
using Weir.Botsv3;

namespace Weir.SplunkServer;

/// <summary>What the server has indexed, newest event first, as Splunk gives them.</summary>
internal sealed class Corpus
{
    /// <param name="events">In any order.</param>
    /// <param name="index">The index they are in.</param>
    public Corpus(IEnumerable<Event> events, string index = "botsv3")
    {
        Events = [.. events.OrderByDescending(e => e.Time)];
        Index = index;
        LastIndexed = Events.Count == 0 ? DateTime.MinValue : Events.Max(e => e.Indexed);
    }

    private Corpus(BulkEvents events, DateTime last) => (Events, Index, LastIndexed) = (events, "bulk", last);

    public IReadOnlyList<Event> Events { get; }

    public string Index { get; }

    /// <summary>Index time of the event that came last.</summary>
    public DateTime LastIndexed { get; }

    /// <summary>The example case: the events of the incident in index <c>botsv3</c>.</summary>
    public static Corpus Botsv3()
    {
        var events = new List<Event>();
        foreach (Export export in Incident.All(Path.Combine(AppContext.BaseDirectory, "quoted")))
        {
            foreach (var (time, cells) in export.Events)
            {
                var fields = new List<KeyValuePair<string, string>>();
                for (int i = 0; i < cells.Length; i++)
                {
                    if (cells[i].Length > 0 && export.Columns[i] != "_time")
                        fields.Add(KeyValuePair.Create(export.Columns[i], cells[i]));
                }

                events.Add(Make(time, events.Count, fields, "botsv3"));
            }
        }

        return new Corpus(events);
    }

    /// <summary>Any number of events, made as they are asked for: for measuring.</summary>
    public static Corpus Bulk(int count, DateTime from, TimeSpan range) => new(new BulkEvents(count, from, range), from + range + TimeSpan.FromSeconds(2));

    /// <summary>An event as the indexer keeps it: its identity, its times, and what the fields say.</summary>
    public static Event Make(DateTime time, int number, IReadOnlyList<KeyValuePair<string, string>> fields, string index, DateTime? indexed = null)
    {
        DateTime arrived = indexed ?? time.AddSeconds(2);
        arrived = new DateTime(arrived.Ticks - arrived.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        string raw = fields.FirstOrDefault(f => f.Key == "_raw").Value ?? string.Join(' ', fields.Where(f => f.Key is not ("host" or "source" or "sourcetype" or "provenance")).Select(f => $"{f.Key}=\"{f.Value}\""));
        string sourcetype = fields.FirstOrDefault(f => f.Key == "sourcetype").Value ?? "text";
        return new Event(
            time, arrived,
            [
                KeyValuePair.Create("_bkt", (object?)$"{index}~{number / 1000}~B7D4A5C2-39F1-4A52-9D3B-7C0E5A1F6E21"),
                KeyValuePair.Create("_cd", (object?)string.Create(CultureInfo.InvariantCulture, $"{number / 1000}:{number % 1000 * 173}")),
                KeyValuePair.Create("_indextime", (object?)((arrived - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture)),
                KeyValuePair.Create("_raw", (object?)raw),
                KeyValuePair.Create("_serial", (object?)"0"),
                KeyValuePair.Create("_si", (object?)(string[])["idx1", index]),
                KeyValuePair.Create("_sourcetype", (object?)sourcetype),
                KeyValuePair.Create("_time", (object?)Event.Iso(time)),
                .. fields.Where(f => f.Key != "_raw").Select(f => KeyValuePair.Create(f.Key, (object?)f.Value)),
                KeyValuePair.Create("index", (object?)index),
                KeyValuePair.Create("linecount", (object?)(raw.Count(c => c == '\n') + 1).ToString(CultureInfo.InvariantCulture)),
                KeyValuePair.Create("splunk_server", (object?)"idx1"),
            ]);
    }

    private sealed class BulkEvents(int count, DateTime from, TimeSpan range) : IReadOnlyList<Event>
    {
        private static readonly string[] Si = ["idx1", "bulk"];
        private static readonly string[] Hosts = ["FYODOR-L", "ABUNGST-L", "BSTOLL-L", "hoth", "matar", "SEPM"];

        public int Count => count;

        public Event this[int index]
        {
            get
            {
                int number = count - 1 - index;
                DateTime time = from.AddTicks(range.Ticks / count * number);
                return new Event(time, new DateTime(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc).AddSeconds(2), new Lazily(() => Make(number, time)));
            }
        }

        private static IReadOnlyList<KeyValuePair<string, object?>> Make(int number, DateTime time)
        {
            uint mixed = (uint)number * 2_654_435_761u;
            string host = Hosts[mixed % 6], user = string.Create(CultureInfo.InvariantCulture, $"user{mixed % 500}"), action = mixed % 7 == 0 ? "blocked" : "allowed", bytes = (mixed % 100_000).ToString(CultureInfo.InvariantCulture);
            string ip = string.Create(CultureInfo.InvariantCulture, $"{11 + mixed % 180}.{mixed >> 8 & 255}.{mixed >> 16 & 255}.{mixed >> 24}"), shown = Event.Iso(time);
            string raw = string.Create(CultureInfo.InvariantCulture, $"{shown} {host} proxy[{mixed % 9_999}]: src={ip} user={user} action={action} bytes={bytes} url=https://host{mixed % 3_000}.example.net/path/{mixed:x8}?q={number} agent=\"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/68.0.3440.106 Safari/537.36\"");
            return
            [
                new("_bkt", string.Create(CultureInfo.InvariantCulture, $"bulk~{number / 1000}~B7D4A5C2-39F1-4A52-9D3B-7C0E5A1F6E21")), new("_cd", string.Create(CultureInfo.InvariantCulture, $"{number / 1000}:{number % 1000 * 173}")),
                new("_indextime", ((time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond + 2).ToString(CultureInfo.InvariantCulture)), new("_raw", raw), new("_serial", "0"), new("_si", Si), new("_sourcetype", "proxy"), new("_time", shown),
                new("host", host), new("source", "/var/log/proxy.log"), new("sourcetype", "proxy"), new("src", ip), new("user", user), new("action", action), new("bytes", bytes), new("index", "bulk"), new("linecount", "1"), new("splunk_server", "idx1"),
            ];
        }

        public IEnumerator<Event> GetEnumerator()
        {
            for (int i = 0; i < count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Fields that are made when somebody looks at them.</summary>
    private sealed class Lazily(Func<IReadOnlyList<KeyValuePair<string, object?>>> make) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private IReadOnlyList<KeyValuePair<string, object?>>? made;

        public int Count => (made ??= make()).Count;

        public KeyValuePair<string, object?> this[int index] => (made ??= make())[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => (made ??= make()).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
