using System.Text;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>Replaces what is not UTF-8: DuckDB takes nothing else.</summary>
internal static unsafe class Utf8Repair
{
    /// <summary>Appends <paramref name="cell"/> as a cell with U+FFFD for each maximal ill-formed part.</summary>
    /// <returns>0-based offset of the first ill-formed byte.</returns>
    public static int Append(Utf8Builder column, ReadOnlySpan<byte> cell)
    {
        int firstBad = -1;
        int at = 0;
        while (at < cell.Length)
        {
            int good = at;
            int width = 0;
            while (good < cell.Length && Rune.DecodeFromUtf8(cell[good..], out _, out width) == System.Buffers.OperationStatus.Done)
                good += width;
            cell[at..good].CopyTo(new Span<byte>(column.Reserve(good - at), good - at));
            column.Advance(good - at);
            if (good == cell.Length)
                break;
            if (firstBad < 0)
                firstBad = good;
            "\uFFFD"u8.CopyTo(new Span<byte>(column.Reserve(3), 3));
            column.Advance(3);
            at = good + width;
        }

        column.EndCell();
        return firstBad;
    }
}
