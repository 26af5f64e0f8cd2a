using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Buffers;

/// <summary>Columns without a row, so that a result that has none still says its columns and their types.</summary>
internal static class EmptyColumn
{
    public static RecordBatch Batch(Schema schema) =>
        new(schema, schema.FieldsList.Select(f => ArrowArrayFactory.BuildArray(Data(f.DataType))), 0);

    private static ArrayData Data(IArrowType type) => type switch
    {
        NullType => new ArrayData(type, 0, 0, 0, []),
        StringType or BinaryType => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty, Offsets, ArrowBuffer.Empty]),
        MapType map => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty, Offsets], [Data(map.KeyValueType)]),
        ListType list => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty, Offsets], [Data(list.ValueDataType)]),
        FixedSizeListType list => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty], [Data(list.ValueDataType)]),
        StructType record => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty], record.Fields.Select(f => Data(f.DataType))),
        UnionType union => new ArrayData(
            type, 0, 0, 0, union.Mode == UnionMode.Dense ? [ArrowBuffer.Empty, ArrowBuffer.Empty] : [ArrowBuffer.Empty], union.Fields.Select(f => Data(f.DataType))),
        DictionaryType coded => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty, ArrowBuffer.Empty], null, Data(coded.ValueType)),
        _ => new ArrayData(type, 0, 0, 0, [ArrowBuffer.Empty, ArrowBuffer.Empty]), // validity, values of a fixed width
    };

    // One offset more than rows.
    private static ArrowBuffer Offsets => new(new byte[sizeof(int)]);
}
