using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Writes one list column of a batch, and its companion as soon as a cell needs one.</summary>
internal sealed unsafe class ListColumnBuilder : IDisposable
{
    /// <summary>VARCHAR[] in Arrow.</summary>
    public static readonly ListType Type = new(new Field("item", StringType.Default, true));

    private readonly int count;
    private readonly NativeBuffer offsets;
    private readonly NativeBuffer validity;
    private int cells;
    private int nulls;
    private bool built;

    public ListColumnBuilder(int count, int bytes)
    {
        this.count = count;
        Companion = new CompanionBuilder(count);
        Values = new Utf8Builder(count, Math.Max(64, bytes));
        offsets = new NativeBuffer((count + 1L) * sizeof(int)) { Length = (count + 1) * sizeof(int) };
        validity = new NativeBuffer((count + 7) / 8) { Length = (count + 7) / 8 };
        validity.GetSpan().Fill(0xFF);
        *(int*)offsets.Pointer = 0;
    }

    /// <summary>The values of all lists so far; the caller appends those of the current one.</summary>
    public Utf8Builder Values { get; }

    /// <summary>Exact text of cells that their list does not give back.</summary>
    public CompanionBuilder Companion { get; }

    /// <summary>Closes the current list.</summary>
    public void End() => ((int*)offsets.Pointer)[++cells] = Values.Count;

    public void AddNull()
    {
        validity.Pointer[cells >> 3] &= (byte)~(1 << (cells & 7));
        nulls++;
        End();
    }

    public TypedColumn Build()
    {
        StringArray? companion = Companion.Build();
        built = true;
        if (nulls == 0)
            ((IDisposable)validity).Dispose();
        ArrowBuffer bits = nulls == 0 ? ArrowBuffer.Empty : validity.ToArrow();
        var data = new ArrayData(Type, count, nulls, 0, [bits, offsets.ToArrow()], [Values.BuildData()]);
        return new TypedColumn(new ListArray(data), companion, Companion.Misfits);
    }

    public void Dispose()
    {
        if (built)
            return;
        ((IDisposable)offsets).Dispose();
        ((IDisposable)validity).Dispose();
        Values.Dispose();
        Companion.Dispose();
    }
}
