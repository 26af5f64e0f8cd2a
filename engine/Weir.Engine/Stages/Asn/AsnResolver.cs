using System.Buffers;
using System.IO.Hashing;
using System.Numerics;
using Apache.Arrow;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Looks up the addresses of a text column, each distinct value once. Safe from several threads.</summary>
/// <remarks>For a list column, give its values: the result has one entry a value and goes under the same offsets.</remarks>
internal sealed class AsnResolver(AsnTable table)
{
    private const int NoAddress = -2;

    public (Int64Array Asn, StringArray Organisation) Resolve(StringArray column)
    {
        var cells = new TextCells(column);
        int[] holders = ArrayPool<int>.Shared.Rent(cells.Count);
        try
        {
            Find(cells, holders);
            using var asns = new TypedColumnBuilder(cells.Count, ColumnType.BigInt);
            using var organisations = new Utf8Builder(cells.Count, Math.Max(64, cells.Count * 16));
            AsnTableData data = table.Data;
            for (int i = 0; i < cells.Count; i++)
            {
                int holder = holders[i];
                ReadOnlySpan<byte> name = holder < 0 ? default : data.NameOf(holder);
                if (holder < 0)
                    asns.SetNull(i);
                else
                    asns.Set(i, data.Asns[holder]);
                if (name.IsEmpty)
                    organisations.AppendNull();
                else
                    organisations.Append(name);
            }

            return ((Int64Array)asns.Build().Values, organisations.Build());
        }
        finally
        {
            ArrayPool<int>.Shared.Return(holders);
        }
    }

    /// <summary>The holder of each cell's address, or why there is none.</summary>
    private void Find(TextCells cells, int[] holders)
    {
        // Open addressing over the first cell of each distinct value (plus one; 0 is free), at most half full.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, cells.Count * 2L));
        int[] slots = ArrayPool<int>.Shared.Rent(size);
        slots.AsSpan(0, size).Clear();
        for (int i = 0; i < cells.Count; i++)
        {
            ReadOnlySpan<byte> text = cells[i];
            if (text.IsEmpty || cells.IsNull(i))
            {
                holders[i] = NoAddress;
                continue;
            }

            int slot = (int)XxHash3.HashToUInt64(text) & (size - 1);
            while (slots[slot] != 0 && !cells[slots[slot] - 1].SequenceEqual(text))
                slot = (slot + 1) & (size - 1);
            if (slots[slot] == 0)
            {
                slots[slot] = i + 1;
                holders[i] = !AddressText.TryReadCell(text, out Address address) ? NoAddress : table.Holder(address);
            }
            else
            {
                holders[i] = holders[slots[slot] - 1];
            }
        }

        ArrayPool<int>.Shared.Return(slots);
    }
}
