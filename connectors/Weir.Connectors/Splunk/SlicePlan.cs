using System.Globalization;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>Events in a stretch of time, its end exclusive.</summary>
internal readonly record struct TimeBin(DateTime Start, DateTime End, long Events)
{
    /// <summary>Time that it has in common with a range; below zero where there is none.</summary>
    public TimeSpan Common(DateTime earliest, DateTime latest) => (End < latest ? End : latest) - (Start > earliest ? Start : earliest);
}

/// <summary>Cuts a range into half-open slices, and finds out what of a range is still to be fetched.</summary>
internal static class SlicePlan
{
    // Guess: what happens is indexed within an hour.
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private const int MostBins = 600, MostSlices = 100_000, SlicesUncounted = 24;

    private static readonly int[] Spans = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

    /// <summary>Seconds of the bins in which a range is counted.</summary>
    public static int SpanFor(TimeSpan range) => Array.Find(Spans, s => range.TotalSeconds / s <= MostBins) is > 0 and var span ? span : 86_400 * (int)Math.Ceiling(range.TotalDays / MostBins);

    /// <summary>The search that counts events over time: by the index alone where its terms allow that.</summary>
    public static string CountSearch(SplText spl, int span) => spl.IndexTerms is { Length: > 0 } terms
        ? string.Create(CultureInfo.InvariantCulture, $"| tstats count where {terms} by _time span={span}s")
        : string.Create(CultureInfo.InvariantCulture, $"{spl.Text} | bin _time span={span}s | stats count by _time");

    /// <summary>Slices of at most so many rows, as far as the count tells; every instant of the range is in exactly one.</summary>
    /// <param name="bins">Counts in order of time; null: nobody counted, and slices are of equal length.</param>
    public static IReadOnlyList<SliceRange> Cut(DateTime earliest, DateTime latest, IReadOnlyList<TimeBin>? bins, int rows)
    {
        if (bins is null)
            return Cut(earliest, latest, TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (latest - earliest).Ticks / SlicesUncounted)));
        var slices = new List<SliceRange>();
        DateTime start = earliest;
        long gathered = 0;
        foreach (TimeBin bin in bins)
        {
            DateTime from = bin.Start < start ? start : bin.Start, to = bin.End > latest ? latest : bin.End; // bins may overlap where a clock changed
            if (to <= start || from >= latest)
                continue;
            if (gathered > 0 && gathered + bin.Events > rows && from > start)
            {
                slices.Add(new SliceRange(start, from));
                (start, gathered) = (from, 0);
            }

            if (bin.Events > rows)
            {
                // As if they were spread evenly: what is not, is cut when it is met.
                if (from > start)
                    slices.Add(new SliceRange(start, from));
                long parts = Math.Min((bin.Events + rows - 1) / rows, Math.Max(1, (to - from).Ticks / TimeSpan.TicksPerMillisecond));
                slices.AddRange(Cut(from, to, Up((to - from).Ticks, parts)));
                (start, gathered) = (to, 0);
                continue;
            }

            gathered += bin.Events;
        }

        if (start < latest)
            slices.Add(new SliceRange(start, latest));
        return slices;
    }

    /// <summary>Events to expect in a slice; those of a bin of which it has a part as if they were spread evenly.</summary>
    public static long EventsIn(SliceRange slice, IReadOnlyList<TimeBin> bins)
    {
        double events = 0;
        foreach (TimeBin bin in bins)
        {
            if (bin.Common(slice.Earliest, slice.Latest) is { Ticks: > 0 } common)
                events += bin.Events * (common / (bin.End - bin.Start));
        }

        return (long)Math.Round(events);
    }

    /// <summary>Slices of equal length, to the millisecond.</summary>
    public static IReadOnlyList<SliceRange> Cut(DateTime earliest, DateTime latest, TimeSpan length)
    {
        long ticks = Math.Max(1, length.Ticks / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond;
        if ((latest - earliest).Ticks / ticks >= MostSlices)
            throw new WeirException("--slice", $"the range would make more than {MostSlices} slices", "longer slices", "Give a longer --slice, or leave it out.");
        var slices = new List<SliceRange>();
        for (DateTime from = earliest; from < latest; from = from.AddTicks(ticks))
            slices.Add(new SliceRange(from, from.AddTicks(ticks) < latest ? from.AddTicks(ticks) : latest));
        return slices;
    }

    /// <summary>Where a slice is cut in two: at a full second if it has one inside. null: it is a millisecond long.</summary>
    public static DateTime? Middle(SliceRecord slice)
    {
        long ticks = (slice.Latest - slice.Earliest).Ticks;
        long unit = ticks >= 2 * TimeSpan.TicksPerSecond ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
        DateTime half = slice.Earliest.AddTicks(ticks / 2);
        half = new DateTime(half.Ticks - half.Ticks % unit, DateTimeKind.Utc);
        return half > slice.Earliest && half < slice.Latest ? half : null;
    }

    /// <summary>Late arrivals that are to be expected: when the range was fetched, its events had only just happened, or were still to come.</summary>
    public static bool StillArrives(SliceRange range) => range.IsLate && range.Earliest >= range.IndexEarliest - Settling;

    /// <summary>What of a range, up to a bound on the index time, no slice has; planned ones and holes have theirs.</summary>
    /// <param name="until">Events indexed from here on are not asked for.</param>
    /// <param name="slices">Those of the search, in any order.</param>
    /// <returns>
    /// In order of time: stretches that were never asked for (without bounds on the index time), late arrivals of those that were (<see cref="SliceRange.IndexEarliest"/>; apart, those that <see cref="StillArrives"/>),
    /// and what lay before late arrivals and was removed (<see cref="SliceRange.IndexLatest"/>).
    /// </returns>
    public static IReadOnlyList<SliceRange> Unplanned(DateTime earliest, DateTime latest, DateTime until, IEnumerable<SliceRecord> slices)
    {
        SliceRecord[] known = [.. slices.Where(s => s.Earliest < latest && s.Latest > earliest).OrderBy(s => s.Earliest)];
        DateTime[] edges = [.. known.SelectMany(s => (DateTime[])[s.Earliest, s.Latest, s.IndexLatest - Settling]).Append(earliest).Append(latest).Where(t => t >= earliest && t <= latest).Distinct().Order()];
        var unplanned = new List<SliceRange>();
        var last = new Dictionary<(DateTime?, DateTime?), int>();
        var here = new List<SliceRecord>();
        int next = 0;
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            while (next < known.Length && known[next].Earliest <= edges[i])
                here.Add(known[next++]);
            here.RemoveAll(s => s.Latest <= edges[i]);
            DateTime? bound = null; // everything indexed before is there
            foreach (SliceRecord slice in here.OrderBy(s => s.IndexEarliest ?? DateTime.MinValue))
            {
                if (slice.IndexEarliest is { } from && (bound is null || from > bound))
                    Add(edges[i], edges[i + 1], bound, from);
                bound = bound is { } before && before > slice.IndexLatest ? before : slice.IndexLatest;
            }

            if (bound is null || bound < until)
                Add(edges[i], edges[i + 1], bound, null);
        }

        return [.. unplanned.OrderBy(r => r.Earliest)];

        void Add(DateTime from, DateTime to, DateTime? indexedFrom, DateTime? indexedTo)
        {
            if (last.TryGetValue((indexedFrom, indexedTo), out int at) && unplanned[at].Latest == from && from != indexedFrom - Settling)
            {
                unplanned[at] = unplanned[at] with { Latest = to };
                return;
            }

            last[(indexedFrom, indexedTo)] = unplanned.Count;
            unplanned.Add(new SliceRange(from, to, indexedFrom, indexedTo));
        }
    }

    private static TimeSpan Up(long ticks, long parts)
    {
        long part = (ticks + parts - 1) / parts;
        return TimeSpan.FromTicks((part + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
    }
}
