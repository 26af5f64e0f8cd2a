using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace Weir.Cli.Output;

/// <summary>Values of a query result as text and as JSON.</summary>
internal static class ArrowText
{
    /// <summary>The value as text; null for NULL. Nested values come as JSON.</summary>
    public static string? Show(Field field, IArrowArray array, int index, TimeZoneInfo zone)
    {
        if (array.IsNull(index))
            return null;
        if (OpaqueText.NameOf(field) is { } name && Opaque(name, array, index) is { } opaque)
            return opaque;
        switch (array)
        {
            case StringArray text:
                return text.GetString(index);
            case BooleanArray flag:
                return flag.GetValue(index) == true ? "true" : "false";
            case FloatArray number:
                return number.Values[index].ToString("R", CultureInfo.InvariantCulture);
            case DoubleArray number:
                return number.Values[index].ToString("R", CultureInfo.InvariantCulture);
            case TimestampArray time:
                var type = (TimestampType)time.Data.DataType;
                return Times.Instant(time.Values[index], type.Unit, type.Timezone is null ? null : zone);
            case Date32Array date:
                return Times.Date(date.Values[index]);
            case Time64Array time:
                return Times.OfDay(time.Values[index] * (((Time64Type)time.Data.DataType).Unit == TimeUnit.Nanosecond ? 1 : 1_000));
            case BinaryArray bytes:
                return Bytes(bytes.GetBytes(index));
            case DictionaryArray coded:
                return Show(field, coded.Dictionary, Index(coded.Indices, index), zone);
            case UnionArray union when Member(union, index) is var (member, values, at):
                return Show(member, values, at, zone);
            case ListArray or StructArray or FixedSizeListArray:
                using (var buffer = new MemoryStream())
                {
                    using (var json = new Utf8JsonWriter(buffer, JsonText.Writer))
                        Write(json, field, array, index, zone);
                    return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
                }

            default:
                return Number(array, index);
        }
    }

    /// <summary>The value as JSON: numbers as numbers with all digits, nested values as arrays and objects, all else as text.</summary>
    public static void Write(Utf8JsonWriter json, Field field, IArrowArray array, int index, TimeZoneInfo zone)
    {
        if (array.IsNull(index))
        {
            json.WriteNullValue();
            return;
        }

        if (OpaqueText.NameOf(field) is { } name && Opaque(name, array, index) is { } opaque)
        {
            if (OpaqueText.IsNumber(name) || name == "bool8")
                json.WriteRawValue(opaque, skipInputValidation: true);
            else
                json.WriteStringValue(opaque);
            return;
        }

        switch (array)
        {
            case StringArray text:
                json.WriteStringValue(text.GetBytes(index));
                break;
            case BooleanArray flag:
                json.WriteBooleanValue(flag.GetValue(index) == true);
                break;
            case DoubleArray number when double.IsFinite(number.Values[index]):
                json.WriteNumberValue(number.Values[index]);
                break;
            case FloatArray number when float.IsFinite(number.Values[index]):
                json.WriteNumberValue(number.Values[index]);
                break;
            case Int8Array or Int16Array or Int32Array or Int64Array or UInt8Array or UInt16Array or UInt32Array or UInt64Array or Decimal128Array:
                json.WriteRawValue(Number(array, index), skipInputValidation: true);
                break;
            case MapArray map:
                Map(json, map, index, zone);
                break;
            case ListArray list:
                json.WriteStartArray();
                for (int i = list.ValueOffsets[index]; i < list.ValueOffsets[index + 1]; i++)
                    Write(json, ((ListType)list.Data.DataType).ValueField, list.Values, i, zone);
                json.WriteEndArray();
                break;
            case UnionArray union when Member(union, index) is var (member, values, at):
                Write(json, member, values, at, zone);
                break;
            case FixedSizeListArray list:
                int width = ((FixedSizeListType)list.Data.DataType).ListSize;
                json.WriteStartArray();
                for (int i = 0; i < width; i++)
                    Write(json, ((FixedSizeListType)list.Data.DataType).ValueField, list.Values, (list.Offset + index) * width + i, zone);
                json.WriteEndArray();
                break;
            case StructArray record:
                var fields = ((StructType)record.Data.DataType).Fields;
                json.WriteStartObject();
                for (int i = 0; i < fields.Count; i++)
                {
                    json.WritePropertyName(fields[i].Name);
                    Write(json, fields[i], record.Fields[i], index, zone);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(Show(field, array, index, zone));
                break;
        }
    }

    private static void Map(Utf8JsonWriter json, MapArray map, int index, TimeZoneInfo zone)
    {
        var type = (MapType)map.Data.DataType;
        json.WriteStartObject();
        for (int i = map.ValueOffsets[index]; i < map.ValueOffsets[index + 1]; i++)
        {
            json.WritePropertyName(Show(type.KeyField, map.Keys, i, zone) ?? "");
            Write(json, type.ValueField, map.Values, i, zone);
        }

        json.WriteEndObject();
    }

    private static string Number(IArrowArray array, int index) => array switch
    {
        Int8Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Int16Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Int32Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Int64Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt8Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt16Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt32Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        UInt64Array a => a.Values[index].ToString(CultureInfo.InvariantCulture),
        Decimal128Array a => Decimal(a, index),
        MonthDayNanosecondIntervalArray a => Times.Interval(a.Values[index].Months, a.Values[index].Days, a.Values[index].Nanoseconds),
        NullArray => "",
        _ => throw new NotSupportedException($"weir does not print values of type {array.Data.DataType.Name} yet. Cast the column: column::VARCHAR."),
    };

    private static string Decimal(Decimal128Array array, int index)
    {
        int scale = ((Decimal128Type)array.Data.DataType).Scale;
        var value = new BigInteger(array.ValueBuffer.Span.Slice((array.Offset + index) * 16, 16));
        if (scale == 0)
            return value.ToString(CultureInfo.InvariantCulture);
        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(value.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    private static string? Opaque(string type, IArrowArray array, int index) => array switch
    {
        Int8Array flag when type == "bool8" => flag.Values[index] == 0 ? "false" : "true",
        FixedSizeBinaryArray bytes => OpaqueText.Show(type, bytes.GetBytes(index)),
        BinaryArray bytes => OpaqueText.Show(type, bytes.GetBytes(index)),
        _ => null,
    };

    private static (Field Field, IArrowArray Values, int Index) Member(UnionArray union, int index)
    {
        var type = (UnionType)union.Data.DataType;
        int member = type.TypeIds.ToList().IndexOf(union.TypeIds[index]);
        return (type.Fields[member], union.Fields[member], union is DenseUnionArray dense ? dense.ValueOffsets[index] : index);
    }

    private static int Index(IArrowArray indices, int index) => int.Parse(Number(indices, index), CultureInfo.InvariantCulture);

    private static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 16);
        foreach (byte b in bytes)
        {
            if (b is >= 0x20 and < 0x7F and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
        }

        return text.ToString();
    }
}
