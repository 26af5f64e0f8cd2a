using System.Text.Json.Serialization;

namespace Weir.Perf.Data;

/// <summary>What is known of a generated file; kept beside it.</summary>
/// <param name="Quotes">Bytes that are quotes.</param>
internal sealed record DataFacts(int Version, ulong Seed, long Rows, long Bytes, long Quotes, string Sha256)
{
    [JsonIgnore]
    public double QuoteShare => (double)Quotes / Bytes;
}
