using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Gathers ranges and names and makes a table of them.</summary>
/// <remarks>Where ranges overlap, the narrowest counts (the longest prefix), of equal ones the last. Of addresses that are not public, no range counts.</remarks>
internal sealed class AsnTableBuilder
{
    private readonly Dictionary<(uint Asn, string? Name), int> holders = [];
    private readonly Dictionary<uint, string> names = [];
    private readonly List<AddedRange> ranges4 = [];
    private readonly List<AddedRange> ranges6 = [];

    public int Ranges => ranges4.Count + ranges6.Count;

    public int Names => names.Count;

    /// <param name="name">Null: the name that <see cref="AddName"/> gives the number, if any. Empty: none.</param>
    public void Add(Address first, Address last, uint asn, string? name)
    {
        List<AddedRange> ranges = first.IsIPv4 ? ranges4 : ranges6;
        if (!holders.TryGetValue((asn, name), out int holder))
            holders.Add((asn, name), holder = holders.Count);
        ranges.Add(new AddedRange(first.Value, last.Value, holder, ranges.Count));
    }

    public void AddName(uint asn, string name) => names[asn] = name;

    public AsnTableData Build(string source, DateOnly? date)
    {
        // Every name is kept, also of numbers that announce nothing today: another table may know them.
        Dictionary<(uint Asn, string Name), int> order = [];
        IEnumerable<(uint Asn, string Name)> all = holders.Keys.Select(Named).Concat(names.Select(n => (n.Key, n.Value)));
        foreach ((uint Asn, string Name) holder in all.Distinct().OrderBy(h => h.Asn).ThenBy(h => h.Name, StringComparer.Ordinal))
            order.Add(holder, order.Count);
        var place = new int[holders.Count];
        foreach (var (holder, number) in holders)
            place[number] = order[Named(holder)];

        var blob = new MemoryStream();
        var offsets = new List<int> { 0 };
        foreach ((uint Asn, string Name) holder in order.Keys)
        {
            blob.Write(Encoding.UTF8.GetBytes(holder.Name));
            offsets.Add((int)blob.Length);
        }

        List<(UInt128 Start, int Holder)> ipv4 = Segments(ranges4, place, SpecialAddresses.NotPublic(ipv4: true), uint.MaxValue);
        List<(UInt128 Start, int Holder)> ipv6 = Segments(ranges6, place, SpecialAddresses.NotPublic(ipv4: false), UInt128.MaxValue);
        return new AsnTableData
        {
            Source = source,
            Date = date,
            Asns = [.. order.Keys.Select(h => h.Asn)],
            NameOffsets = [.. offsets],
            Names = blob.ToArray(),
            Starts4 = [.. ipv4.Select(s => (uint)s.Start)],
            Holders4 = [.. ipv4.Select(s => s.Holder)],
            Starts6 = [.. ipv6.Select(s => s.Start)],
            Holders6 = [.. ipv6.Select(s => s.Holder)],
        };
    }

    private (uint Asn, string Name) Named((uint Asn, string? Name) holder) => (holder.Asn, holder.Name ?? names.GetValueOrDefault(holder.Asn, ""));

    /// <summary>The whole space in order: what of each range is covered by no narrower one, and the gaps.</summary>
    private static List<(UInt128 Start, int Holder)> Segments(List<AddedRange> ranges, int[] place, IReadOnlyList<(UInt128 First, UInt128 Last)> closed, UInt128 end)
    {
        const int nobody = AsnTableData.Nobody;
        var blocked = closed.Select((c, i) => new AddedRange(c.First, c.Last, nobody, i));
        AddedRange[] sorted = [.. ranges.Concat(blocked).OrderBy(r => r.First)];
        // Ranges over the place, the one that counts first. Those that have ended stay until they come to the top.
        var open = new PriorityQueue<AddedRange, (bool Counts, UInt128 Size, int Order)>();
        var segments = new List<(UInt128 Start, int Holder)> { (0, nobody) };
        AddedRange? top = null;
        int next = 0;
        UInt128 at = 0;
        while (true)
        {
            while (next < sorted.Length && sorted[next].First == at)
            {
                AddedRange range = sorted[next++];
                open.Enqueue(range, (range.Holder != nobody, range.Last - range.First, -range.Order));
            }

            while (open.Count > 0 && open.Peek().Last < at)
                open.Dequeue();
            AddedRange? now = open.Count > 0 ? open.Peek() : null;
            int holder = now is { Holder: >= 0 and var number } ? place[number] : nobody;
            if (!ReferenceEquals(now, top) && !(holder == nobody && segments[^1].Holder == nobody))
            {
                if (segments[^1].Start == at)
                    segments[^1] = (at, holder);
                else
                    segments.Add((at, holder));
            }

            top = now;
            UInt128? change = next < sorted.Length ? sorted[next].First : null;
            if (now is not null && now.Last < end && !(change <= now.Last))
                change = now.Last + 1;
            if (change is not { } further)
                return segments;
            at = further;
        }
    }

    private sealed record AddedRange(UInt128 First, UInt128 Last, int Holder, int Order);
}
