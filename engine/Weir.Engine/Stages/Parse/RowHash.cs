using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>The order-free hash of landed rows that <c>weir.batches.rows_hash</c> keeps and <c>weir tables --verify</c> recounts.</summary>
/// <remarks>
/// A cell is XXH3 of its text, seeded with XXH3 of its column's original name; a row is a mix of the sum of its cells; a set
/// of rows is the sum of its rows (modulo 2^64). NULL and empty cells count for nothing, so neither the order of rows or columns nor a
/// change of type changes it, while moving a cell to another row does.
/// </remarks>
internal static class RowHash
{
    /// <summary>Seed of a column.</summary>
    public static long Seed(string originalName) => (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(originalName));

    public static ulong Cell(long seed, ReadOnlySpan<byte> text) => text.IsEmpty ? 0 : XxHash3.HashToUInt64(text, seed);

    /// <summary>One row, from the sum of its cells.</summary>
    public static ulong Row(ulong cells)
    {
        // The finaliser of MurmurHash3: sums of rows must not equal sums of their cells.
        cells ^= cells >> 33;
        cells *= 0xFF51AFD7ED558CCD;
        cells ^= cells >> 33;
        cells *= 0xC4CEB9FE1A85EC53;
        return cells ^ (cells >> 33);
    }

    /// <summary>Adds a text column to the sums of a batch's rows.</summary>
    public static void Add(Span<ulong> rows, string originalName, StringArray cells)
    {
        long seed = Seed(originalName);
        ReadOnlySpan<byte> text = cells.Values;
        ReadOnlySpan<int> offsets = cells.ValueOffsets;
        for (int i = 0; i < rows.Length; i++)
        {
            int from = offsets[i], to = offsets[i + 1];
            if (to > from)
                rows[i] += Cell(seed, text[from..to]);
        }
    }

    /// <summary>Adds a list column: the place of a value in its list counts.</summary>
    public static void Add(Span<ulong> rows, string originalName, ListArray cells)
    {
        long seed = Seed(originalName);
        var items = (StringArray)cells.Values;
        for (int i = 0; i < rows.Length; i++)
        {
            if (cells.IsNull(i))
                continue;
            int from = cells.ValueOffsets[i];
            for (int k = from; k < cells.ValueOffsets[i + 1]; k++)
                rows[i] += Cell(ItemSeed(seed, k - from), items.GetBytes(k));
        }
    }

    /// <summary>Seed of one place in a list.</summary>
    public static long ItemSeed(long seed, int ordinal)
    {
        Span<byte> key = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(key, seed);
        BinaryPrimitives.WriteInt32LittleEndian(key[8..], ordinal);
        return (long)XxHash3.HashToUInt64(key);
    }

    /// <summary>The sum over rows.</summary>
    public static ulong Sum(ReadOnlySpan<ulong> rows)
    {
        ulong sum = 0;
        foreach (ulong cells in rows)
            sum += Row(cells);
        return sum;
    }
}
