using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Writes one typed column of a batch, and its companion as soon as a value needs one.</summary>
internal sealed unsafe class TypedColumnBuilder : IDisposable
{
    private static readonly TimestampType Instant = new(TimeUnit.Microsecond, "UTC");

    private readonly int count;
    private readonly ColumnType type;
    private readonly NativeBuffer values;
    private readonly NativeBuffer validity;
    private int nulls;
    private bool built;

    public TypedColumnBuilder(int count, ColumnType type)
    {
        (this.count, this.type) = (count, type);
        Companion = new CompanionBuilder(count);
        int bits = (count + 7) / 8;
        int bytes = type == ColumnType.Boolean ? bits : count * sizeof(long);
        values = new NativeBuffer(bytes) { Length = bytes };
        validity = new NativeBuffer(bits) { Length = bits };
        validity.GetSpan().Fill(0xFF);
        if (type == ColumnType.Boolean)
            values.GetSpan().Clear();
    }

    /// <summary>Exact text of cells that their value does not give back.</summary>
    public CompanionBuilder Companion { get; }

    public void Set(int cell, long bits)
    {
        if (type != ColumnType.Boolean)
            ((long*)values.Pointer)[cell] = bits;
        else if (bits != 0)
            values.Pointer[cell >> 3] |= (byte)(1 << (cell & 7));
    }

    public void SetNull(int cell)
    {
        if (type != ColumnType.Boolean)
            ((long*)values.Pointer)[cell] = 0;
        validity.Pointer[cell >> 3] &= (byte)~(1 << (cell & 7));
        nulls++;
    }

    public TypedColumn Build()
    {
        StringArray? companion = Companion.Build();
        built = true;
        if (nulls == 0)
            ((IDisposable)validity).Dispose();
        ArrowBuffer bits = nulls == 0 ? ArrowBuffer.Empty : validity.ToArrow();
        IArrowType arrow = type switch
        {
            ColumnType.Boolean => BooleanType.Default,
            ColumnType.BigInt => Int64Type.Default,
            ColumnType.Double => DoubleType.Default,
            _ => Instant,
        };
        var data = new ArrayData(arrow, count, nulls, 0, [bits, values.ToArrow()]);
        return new TypedColumn(ArrowArrayFactory.BuildArray(data), companion, Companion.Misfits);
    }

    public void Dispose()
    {
        if (built)
            return;
        ((IDisposable)values).Dispose();
        ((IDisposable)validity).Dispose();
        Companion.Dispose();
    }
}
