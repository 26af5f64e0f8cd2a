using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Store;

/// <summary>What a frame holds as text: VARCHAR and ENUM as they are, lists, arrays and structs as JSON.</summary>
internal static class CellText
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static bool Knows(Field field) => !IsExtension(field) && field.DataType switch
    {
        StringType => true,
        DictionaryType coded => coded.ValueType is StringType,
        MapType => false,
        ListType list => KnowsMember(list.ValueField),
        FixedSizeListType list => KnowsMember(list.ValueField),
        StructType record => record.Fields.All(KnowsMember),
        _ => false,
    };

    /// <summary>What DuckDB calls a type that Arrow has not stands in the metadata; its bytes mean nothing to a frame.</summary>
    public static bool IsExtension(Field field) => field.Metadata is { } metadata && metadata.ContainsKey("ARROW:extension:name");

    /// <summary>UTF-8 bytes of the column's texts; of JSON, about.</summary>
    public static long Bytes(IArrowArray values) => values switch
    {
        StringArray { Length: 0 } => 0,
        StringArray text => text.ValueOffsets[text.Length] - text.ValueOffsets[0],
        ListArray { Length: 0 } => 0,
        ListArray list => Members(list.Values, list.ValueOffsets[list.Length] - list.ValueOffsets[0]),
        FixedSizeListArray list => Members(list.Values, list.Values.Length),
        StructArray record => record.Fields.Sum(f => Members(f, f.Length)),
        _ => 8L * values.Length,
    };

    public static string? Show(IArrowArray values, int index)
    {
        if (values.IsNull(index))
            return null;
        switch (values)
        {
            case StringArray text:
                return text.GetString(index);
            case DictionaryArray coded:
                return ((StringArray)coded.Dictionary).GetString(Code(coded.Indices, index));
            default:
                using (var buffer = new MemoryStream())
                {
                    using (var json = new Utf8JsonWriter(buffer, Readable))
                        Write(json, values, index);
                    return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
                }
        }
    }

    private static bool KnowsMember(Field field) =>
        Knows(field) || (!IsExtension(field) && field.DataType is BooleanType or NumberType or Decimal128Type or TimestampType or Date32Type);

    private static long Members(IArrowArray values, long count) => 4 * count + Bytes(values);

    private static void Write(Utf8JsonWriter json, IArrowArray values, int index)
    {
        if (values.IsNull(index))
        {
            json.WriteNullValue();
            return;
        }

        switch (values)
        {
            case BooleanArray flag:
                json.WriteBooleanValue(flag.GetValue(index)!.Value);
                break;
            case DoubleArray number when !double.IsFinite(number.Values[index]):
                json.WriteStringValue(number.Values[index].ToString(CultureInfo.InvariantCulture));
                break;
            case FloatArray number when !float.IsFinite(number.Values[index]):
                json.WriteStringValue(number.Values[index].ToString(CultureInfo.InvariantCulture));
                break;
            case ListArray list:
                Array(json, list.Values, list.ValueOffsets[index], list.ValueOffsets[index + 1]);
                break;
            case FixedSizeListArray list:
                int width = ((FixedSizeListType)list.Data.DataType).ListSize;
                Array(json, list.Values, (list.Offset + index) * width, (list.Offset + index + 1) * width);
                break;
            case StructArray record:
                json.WriteStartObject();
                for (int i = 0; i < record.Fields.Count; i++)
                {
                    json.WritePropertyName(((StructType)record.Data.DataType).Fields[i].Name);
                    Write(json, record.Fields[i], index);
                }

                json.WriteEndObject();
                break;
            case TimestampArray time:
                json.WriteStringValue(CellValues.Time(time, index));
                break;
            case Date32Array date:
                json.WriteStringValue(CellValues.Date(date, index).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case StringArray or DictionaryArray:
                json.WriteStringValue(Show(values, index));
                break;
            default:
                json.WriteRawValue(Number(values, index), skipInputValidation: true);
                break;
        }
    }

    private static void Array(Utf8JsonWriter json, IArrowArray values, int from, int to)
    {
        json.WriteStartArray();
        for (int i = from; i < to; i++)
            Write(json, values, i);
        json.WriteEndArray();
    }

    private static string Number(IArrowArray values, int index) => values switch
    {
        Int8Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Int16Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Int32Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Int64Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt8Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt16Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt32Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt64Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        FloatArray a => a.Values[index].ToString("R", CultureInfo.InvariantCulture),
        DoubleArray a => a.Values[index].ToString("R", CultureInfo.InvariantCulture),
        Decimal128Array a => CellValues.DecimalText(a, index),
        _ => throw new InvalidOperationException($"No text for {values.Data.DataType.Name}, although the column was accepted."),
    };

    private static int Code(IArrowArray indices, int index) => int.Parse(Number(indices, index), CultureInfo.InvariantCulture);
}
