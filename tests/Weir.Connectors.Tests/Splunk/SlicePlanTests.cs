using CsCheck;
using Weir.Engine.Store;

namespace Weir.Connectors.Tests.Splunk;

/// <summary>Slices cover a range: every instant is in exactly one.</summary>
public sealed class SlicePlanTests
{
    private static readonly DateTime Start = new(2018, 8, 20, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Cut_AnyCounts_CoversTheRangeOnce() =>
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[1, 400_000_000], Gen.Int[0, 100_000].Array[0, 40], Gen.Int[1, 60_000]).Sample((offset, length, counts, rows) =>
        {
            DateTime earliest = Start.AddMilliseconds(offset), latest = earliest.AddMilliseconds(length);
            int span = SlicePlan.SpanFor(latest - earliest);
            TimeBin[] bins = [.. counts.Select((c, i) => new TimeBin(Start.AddSeconds((long)span * i * 3), Start.AddSeconds((long)span * (i * 3 + 1)), c))];
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
    public void Gaps_SlicesAndHoles_AreWhatNobodyPlanned()
    {
        SliceRecord[] slices = [Slice(2, 4), Slice(4, 5), Slice(8, 9), Slice(0, 10, since: 1)];
        Assert.Equal([(At(0), At(2)), (At(5), At(8)), (At(9), At(10))], SlicePlan.Gaps(At(0), At(10), slices));
        Assert.Empty(SlicePlan.Gaps(At(2), At(5), slices));
        Assert.Equal([(At(5), At(6))], SlicePlan.Gaps(At(3), At(6), slices));
    }

    [Fact]
    public void Late_RangesOfSeveralRuns_EachBeginWhereTheirsEnded()
    {
        SliceRecord[] slices = [Slice(0, 4, until: 100), Slice(4, 8, until: 200), Slice(0, 2, since: 100, until: 300)];
        Assert.Equal([new SliceRange(At(0), At(2), At(300)), new SliceRange(At(2), At(4), At(100)), new SliceRange(At(4), At(8), At(200))], SlicePlan.Late(At(0), At(10), At(400), slices));
        Assert.Equal([new SliceRange(At(2), At(4), At(100))], SlicePlan.Late(At(0), At(10), At(150), slices));
    }

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
