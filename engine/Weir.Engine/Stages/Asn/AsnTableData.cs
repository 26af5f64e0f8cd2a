namespace Weir.Engine.Stages;

/// <summary>A table as it lies in memory: address space cut into segments, each of a holder or of nobody.</summary>
/// <remarks>A holder is an AS number with one name. Segment <c>i</c> reaches from <c>Starts[i]</c> to the address before <c>Starts[i + 1]</c>; the first starts at 0.</remarks>
internal sealed class AsnTableData
{
    /// <summary>The holder of a segment that nobody announces.</summary>
    public const int Nobody = -1;

    public required string Source { get; init; }

    public required DateOnly? Date { get; init; }

    /// <summary>Per holder, ordered by number and name.</summary>
    public required uint[] Asns { get; init; }

    /// <summary>Where each holder's name starts in <see cref="Names"/>, and the end; an empty name is none.</summary>
    public required int[] NameOffsets { get; init; }

    /// <summary>All names, UTF-8.</summary>
    public required byte[] Names { get; init; }

    public required uint[] Starts4 { get; init; }

    public required int[] Holders4 { get; init; }

    public required UInt128[] Starts6 { get; init; }

    public required int[] Holders6 { get; init; }

    /// <summary>A holder's name; empty where it has none.</summary>
    public ReadOnlySpan<byte> NameOf(int holder) => Names.AsSpan(NameOffsets[holder]..NameOffsets[holder + 1]);
}
