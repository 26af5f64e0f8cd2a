using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.Data.Analysis;

namespace Weir.Engine.Store;

/// <summary>One column of a frame, filled from the columns of batch after batch.</summary>
/// <remarks>Values are copied one by one: what Microsoft.Data.Analysis imports of Arrow itself is borrowed memory, has no lists, decimals or dates, and reads BOOLEAN as bytes.</remarks>
internal abstract class FrameColumn(DataFrameColumn column)
{
    public DataFrameColumn Column => column;

    /// <summary>Bytes that the values take in the frame, about.</summary>
    public abstract long Size(IArrowArray values);

    /// <param name="values">The values; of the type that the column was made for.</param>
    /// <param name="firstRow">0-based row of the result where they begin, for messages.</param>
    public void Append(IArrowArray values, long firstRow)
    {
        int row = 0;
        try
        {
            for (; row < values.Length; row++)
                AppendCell(values, row);
        }
        catch (OverflowException e)
        {
            throw new WeirException(
                string.Create(CultureInfo.InvariantCulture, $"column '{column.Name}', row {firstRow + row + 1} of the result"), e.Message, "", $"Cast it in the query, \"{column.Name}\"::VARCHAR.", e);
        }
    }

    protected abstract void AppendCell(IArrowArray values, int row);

    public static FrameColumn Create(string name, Field field)
    {
        if (CellText.IsExtension(field))
            throw Unsupported(field);
        return field.DataType switch
        {
            BooleanType => new Fixed<bool, BooleanArray>(new BooleanDataFrameColumn(name), static (a, i) => a.GetValue(i)!.Value),
            Int8Type => new Fixed<sbyte, Int8Array>(new SByteDataFrameColumn(name), static (a, i) => a.Values[i]),
            Int16Type => new Fixed<short, Int16Array>(new Int16DataFrameColumn(name), static (a, i) => a.Values[i]),
            Int32Type => new Fixed<int, Int32Array>(new Int32DataFrameColumn(name), static (a, i) => a.Values[i]),
            Int64Type => new Fixed<long, Int64Array>(new Int64DataFrameColumn(name), static (a, i) => a.Values[i]),
            UInt8Type => new Fixed<byte, UInt8Array>(new ByteDataFrameColumn(name), static (a, i) => a.Values[i]),
            UInt16Type => new Fixed<ushort, UInt16Array>(new UInt16DataFrameColumn(name), static (a, i) => a.Values[i]),
            UInt32Type => new Fixed<uint, UInt32Array>(new UInt32DataFrameColumn(name), static (a, i) => a.Values[i]),
            UInt64Type => new Fixed<ulong, UInt64Array>(new UInt64DataFrameColumn(name), static (a, i) => a.Values[i]),
            FloatType => new Fixed<float, FloatArray>(new SingleDataFrameColumn(name), static (a, i) => a.Values[i]),
            DoubleType => new Fixed<double, DoubleArray>(new DoubleDataFrameColumn(name), static (a, i) => a.Values[i]),
            Decimal128Type => new Fixed<decimal, Decimal128Array>(new DecimalDataFrameColumn(name), CellValues.Decimal),
            TimestampType => new Fixed<DateTime, TimestampArray>(new DateTimeDataFrameColumn(name), CellValues.Time),
            Date32Type => new Fixed<DateTime, Date32Array>(new DateTimeDataFrameColumn(name), CellValues.Date),
            _ when CellText.Knows(field) => new Text(new StringDataFrameColumn(name)),
            _ => throw Unsupported(field),
        };
    }

    private static WeirException Unsupported(Field field) => new(
        $"column '{field.Name}'", $"a frame has no column for {field.DataType.Name}", "numbers, text, times, BOOLEAN, or lists and structs of them", $"Cast it in the query, \"{field.Name}\"::VARCHAR, or leave it out.");

    private sealed class Fixed<T, TArray>(PrimitiveDataFrameColumn<T> column, Func<TArray, int, T> read) : FrameColumn(column)
        where T : unmanaged
        where TArray : IArrowArray
    {
        public override long Size(IArrowArray values) => (long)Unsafe.SizeOf<T>() * values.Length;

        protected override void AppendCell(IArrowArray values, int row) => column.Append(values.IsNull(row) ? null : read((TArray)values, row));
    }

    private sealed class Text(StringDataFrameColumn column) : FrameColumn(column)
    {
        // A string has 22 bytes of head and end, in steps of 8, and its place in the column.
        private const int PerCell = 32;

        public override long Size(IArrowArray values) => (long)PerCell * values.Length + 2 * CellText.Bytes(values);

        protected override void AppendCell(IArrowArray values, int row) => column.Append(CellText.Show(values, row));
    }
}
