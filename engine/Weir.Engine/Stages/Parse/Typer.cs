using System.Globalization;
using System.Text;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>A typed column of one batch.</summary>
/// <param name="Values">BooleanArray, Int64Array, DoubleArray, TimestampArray (microseconds, UTC) or ListArray of text.</param>
/// <param name="Text">The companion: exact text where <paramref name="Values"/> does not give it back, NULL elsewhere; null where there is none.</param>
/// <param name="Misfits">Values in the companion, empty ones apart.</param>
internal sealed record TypedColumn(IArrowArray Values, StringArray? Text, long Misfits);

/// <summary>Text to typed values and back, exactly.</summary>
internal static class Typer
{
    /// <summary>Types the cells under a verdict that may come from other cells.</summary>
    /// <remarks>A value that is one but is not given back (<c>+1</c>, a seventh fraction digit) keeps its typed value beside its text; what is none is NULL beside its text.</remarks>
    /// <param name="keepEmpty">Keep the quoted empty string in the companion, so that the column can still become text.</param>
    /// <param name="twin">Cells of the <c>__mv_</c> twin, for lists.</param>
    /// <exception cref="ArgumentException">The verdict is text.</exception>
    public static TypedColumn Convert(StringArray cells, ColumnHint hint, Verdict verdict, bool keepEmpty, StringArray? twin = null) => verdict.Type switch
    {
        ColumnType.Boolean => Convert(cells, keepEmpty, new BooleanReader(verdict.Format)),
        ColumnType.BigInt => Convert(cells, keepEmpty, default(BigIntReader)),
        ColumnType.Double => Convert(cells, keepEmpty, new DoubleReader(verdict.Format)),
        ColumnType.TimestampTz => Convert(cells, keepEmpty, new InstantReader(hint, TimeFormat.Parse(verdict.Format!))),
        ColumnType.VarcharList => ListTyper.Convert(cells, twin, verdict.Format!, keepEmpty),
        _ => throw new ArgumentException($"Text is not typed as {verdict.Type}.", nameof(verdict)),
    };

    /// <summary>Text of one typed value under a format; the inverse of <see cref="Convert"/> for every value without a companion. The value must not be NULL.</summary>
    public static string Write(IArrowArray values, int index, string? format) => values switch
    {
        BooleanArray booleans => format!.Split('|')[booleans.GetValue(index)!.Value ? 0 : 1],
        Int64Array integers => integers.Values[index].ToString(CultureInfo.InvariantCulture),
        DoubleArray doubles => DoubleFormat.Write(doubles.Values[index], format),
        TimestampArray times => Write(times.Values[index], TimeFormat.Parse(format!)),
        ListArray lists => Encoding.UTF8.GetString(ListText.Write(lists, index, format!)),
        _ => throw new ArgumentException($"Values of {values.Data.DataType.Name} have no format.", nameof(values)),
    };

    private static string Write(long micros, TimeFormat format)
    {
        Span<byte> text = stackalloc byte[TimeFormat.LongestText];
        return Encoding.ASCII.GetString(text[..format.Write(micros, text)]);
    }

    // Generic over structs: one loop a type, without a call per value.
    private static TypedColumn Convert<TReader>(StringArray cells, bool keepEmpty, TReader reader)
        where TReader : struct, IValueReader
    {
        var column = new TextCells(cells);
        using var typed = new TypedColumnBuilder(column.Count, reader.Type);
        for (int i = 0; i < column.Count; i++)
        {
            ReadOnlySpan<byte> text = column[i];
            if (text.IsEmpty || column.IsNull(i))
            {
                typed.SetNull(i);
                if (keepEmpty && !column.IsNull(i))
                    typed.Companion.SetEmpty(i);
                continue;
            }

            if (reader.TryRead(text, out long bits, out bool exact))
                typed.Set(i, bits);
            else
                typed.SetNull(i);
            if (!exact)
                typed.Companion.SetMisfit(i, text);
        }

        return typed.Build();
    }
}
