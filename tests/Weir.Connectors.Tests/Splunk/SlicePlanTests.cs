using CsCheck;
using Weir.Engine.Store;

namespace Weir.Connectors.Tests.Splunk;

/// <summary>Slices cover a range: every instant is in exactly one.</summary>
public sealed class SlicePlanTests
{
    private static readonly DateTime Start = new(2018, 8, 20, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Cut_AnyCounts_CoversTheRangeOnce() =>
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[1, 400_000_000], Gen.Int[0, 100_000].Array[0, 40], Gen.Int[1, 60_000], Gen.Int[1, 6]).Sample((offset, length, counts, rows, step) =>
        {
            DateTime earliest = Start.AddMilliseconds(offset), latest = earliest.AddMilliseconds(length);
            int span = SlicePlan.SpanFor(latest - earliest);
            TimeBin[] bins = [.. counts.Select((c, i) => (Start: Start.AddSeconds((double)span * i * step / 2), c)).Select(b => new TimeBin(b.Start, b.Start.AddSeconds(span), b.c))]; // apart, or over one another
            IReadOnlyList<SliceRange> slices = SlicePlan.Cut(earliest, latest, bins, rows);
            Assert.Equal(earliest, slices[0].Earliest);
            Assert.Equal(latest, slices[^1].Latest);
            Assert.All(slices, s => Assert.True(s.Earliest < s.Latest));
            Assert.All(slices.Zip(slices.Skip(1)), pair => Assert.Equal(pair.First.Latest, pair.Second.Earliest));
            Assert.All(slices.Skip(1), s => Assert.Equal(0, s.Earliest.Ticks % TimeSpan.TicksPerMillisecond));
        });

    [Fact]
    public void EventsIn_SlicesOfACountedRange_ShareItsEvents()
    {
        TimeBin[] bins = [new TimeBin(At(0), At(4), 10), new TimeBin(At(4), At(8), 5_003), new TimeBin(At(8), At(9), 7)];
        IReadOnlyList<SliceRange> slices = SlicePlan.Cut(At(0), At(9), bins, 2_502);
        Assert.Equal([new SliceRange(At(0), At(4)), new SliceRange(At(4), At(6)), new SliceRange(At(6), At(8)), new SliceRange(At(8), At(9))], slices);
        Assert.Equal([10L, 2_502, 2_502, 7], slices.Select(s => SlicePlan.EventsIn(s, bins)));
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(600, 1)]
    [InlineData(3_600, 10)]
    [InlineData(86_400, 300)]
    [InlineData(86_400 * 30, 7_200)]
    [InlineData(86_400 * 3_650, 86_400 * 7)]
    public void SpanFor_Range_MakesAFewHundredBins(int seconds, int span) => Assert.Equal(span, SlicePlan.SpanFor(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Unplanned_SlicesAndHoles_AreWhatNobodyPlanned()
    {
        SliceRecord[] slices = [Slice(2, 4), Slice(4, 5), Slice(8, 9)];
        Assert.Equal([new SliceRange(At(0), At(2)), new SliceRange(At(5), At(8)), new SliceRange(At(9), At(10))], SlicePlan.Unplanned(At(0), At(10), At(100), slices));
        Assert.Empty(SlicePlan.Unplanned(At(2), At(5), At(100), slices));
        Assert.Equal([new SliceRange(At(5), At(6))], SlicePlan.Unplanned(At(3), At(6), At(100), slices));
    }

    [Fact]
    public void Unplanned_RangesOfSeveralRuns_ComeLateFromWhereTheirsEnded()
    {
        SliceRecord[] slices = [Slice(0, 4, until: 100), Slice(4, 8, until: 200), Slice(0, 2, since: 100, until: 300)];
        Assert.Equal([new SliceRange(At(0), At(2), At(300)), new SliceRange(At(2), At(4), At(100)), new SliceRange(At(4), At(8), At(200))], SlicePlan.Unplanned(At(0), At(8), At(400), slices));
        Assert.Equal([new SliceRange(At(2), At(4), At(100))], SlicePlan.Unplanned(At(0), At(8), At(150), slices));
    }

    [Fact]
    public void Unplanned_RemovedBeforeItsLateArrivals_IsOnlyWhatTheyDoNotHold()
    {
        Assert.Equal([new SliceRange(At(0), At(4), null, At(100)), new SliceRange(At(0), At(4), At(200))], SlicePlan.Unplanned(At(0), At(4), At(300), [Slice(0, 4, since: 100, until: 200)]));
        Assert.Equal([new SliceRange(At(0), At(4), At(100), At(200))], SlicePlan.Unplanned(At(0), At(4), At(300), [Slice(0, 4), Slice(0, 4, since: 200, until: 300)]));
    }

    /// <summary>Over the hours of events and the hours of their indexing: what is known and what is planned fill the plane, and nothing of what is planned is there twice.</summary>
    [Fact]
    public void Unplanned_AnySlices_FillThePlaneOnce() =>
        Gen.Select(Gen.Select(Gen.Int[0, 9], Gen.Int[1, 4], Gen.Int[-5, 8], Gen.Int[1, 4]).Array[0, 8], Gen.Int[1, 14]).Sample((boxes, until) =>
        {
            SliceRecord[] known = [.. boxes.Select(b => Slice(b.Item1, b.Item1 + b.Item2, b.Item3 < 0 ? null : b.Item3, Math.Max(b.Item3, 0) + b.Item4))];
            IReadOnlyList<SliceRange> planned = SlicePlan.Unplanned(At(1), At(9), At(until), known);
            Assert.Equal(planned.OrderBy(r => r.Earliest), planned);
            for (int hour = 0; hour < 12; hour++)
            {
                for (int indexed = -1; indexed < 16; indexed++)
                {
                    bool Within(DateTime from, DateTime to, DateTime? since, DateTime before) => At(hour) >= from && At(hour) < to && (since is null || At(indexed) >= since) && At(indexed) < before;
                    int times = planned.Count(r => Within(r.Earliest, r.Latest, r.IndexEarliest, r.IndexLatest ?? At(until)));
                    bool asked = hour is >= 1 and < 9 && indexed < until, there = known.Any(s => Within(s.Earliest, s.Latest, s.IndexEarliest, s.IndexLatest));
                    if (asked)
                        Assert.Equal(there ? 0 : 1, times);
                    else if (hour is < 1 or >= 9 || there)
                        Assert.Equal(0, times);
                }
            }
        });

    [Theory]
    [InlineData(0, 10_000, 5_000)]
    [InlineData(0, 3_001, 1_000)]
    [InlineData(500, 1_500, 1_000)]
    [InlineData(0, 2, 1)]
    [InlineData(7, 8, null)]
    public void Middle_Slice_IsCutInsideIt(int from, int to, int? middle)
    {
        SliceRecord slice = Slice(0, 1) with { Earliest = Start.AddMilliseconds(from), Latest = Start.AddMilliseconds(to) };
        Assert.Equal(middle is { } at ? Start.AddMilliseconds(at) : null, SlicePlan.Middle(slice));
    }

    private static DateTime At(int hours) => Start.AddHours(hours);

    private static SliceRecord Slice(int from, int to, int? since = null, int until = 100) =>
        new(1, 1, "t", "", "", At(from), At(to), since is { } hours ? At(hours) : null, At(until), SliceRecord.Complete, null, 0, 0, 1, null, null);
}
