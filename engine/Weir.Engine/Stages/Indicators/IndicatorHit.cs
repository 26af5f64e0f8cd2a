namespace Weir.Engine.Stages;

/// <summary>One occurrence of an indicator. Its value and the values around it are held by the <see cref="IndicatorHits"/> it came from.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Cell">0-based number of the cell among those scanned into the same <see cref="IndicatorHits"/>.</param>
/// <param name="Text">0-based index of the decoded text that holds it; -1 for the cell's own text.</param>
/// <param name="Offset">0-based byte offset in that text.</param>
/// <param name="Length">Bytes as they stand in that text.</param>
/// <param name="ValueAt">Where the value begins among all values.</param>
/// <param name="ValueLength">Bytes of the value.</param>
/// <param name="Scope">Range of an address, or of a host that is one; null otherwise.</param>
/// <param name="PartOf">Index of the hit around it (a URL, an e-mail address, an IPv6 address); -1 where it stands alone.</param>
internal readonly record struct IndicatorHit(
    IndicatorType Type, int Cell, int Text, int Offset, int Length, int ValueAt, int ValueLength, AddressScope? Scope, int PartOf);
