using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Cli.Output;

/// <summary>Values of a query result as text and as JSON.</summary>
internal static class ArrowText
{
    /// <summary>The value as text; null for NULL. Nested values come as JSON.</summary>
    public static string? Show(IArrowArray array, int index, TimeZoneInfo zone)
    {
        if (array.IsNull(index))
            return null;
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
                return Times.Micros(Micros(time.Values[index], type.Unit), type.Timezone is null ? null : zone);
            case Date32Array date:
                return DateOnly.FromDayNumber(date.Values[index] + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case Time64Array time:
                return new TimeOnly(time.Values[index] * (((Time64Type)time.Data.DataType).Unit == TimeUnit.Nanosecond ? 1 : 10) / (((Time64Type)time.Data.DataType).Unit == TimeUnit.Nanosecond ? 100 : 1)).ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
            case BinaryArray bytes:
                return Bytes(bytes.GetBytes(index));
            case DictionaryArray coded:
                return Show(coded.Dictionary, Index(coded.Indices, index), zone);
            case ListArray or MapArray or StructArray or FixedSizeListArray:
                using (var buffer = new MemoryStream())
                {
                    using (var json = new Utf8JsonWriter(buffer, JsonText.Writer))
                        Write(json, array, index, zone);
                    return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
                }

            default:
                return Number(array, index);
        }
    }

    /// <summary>The value as JSON: numbers as numbers with all digits, nested values as arrays and objects, all else as text.</summary>
    public static void Write(Utf8JsonWriter json, IArrowArray array, int index, TimeZoneInfo zone)
    {
        if (array.IsNull(index))
        {
            json.WriteNullValue();
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
                    Write(json, list.Values, i, zone);
                json.WriteEndArray();
                break;
            case FixedSizeListArray list:
                int width = ((FixedSizeListType)list.Data.DataType).ListSize;
                json.WriteStartArray();
                for (int i = 0; i < width; i++)
                    Write(json, list.Values, (list.Offset + index) * width + i, zone);
                json.WriteEndArray();
                break;
            case StructArray record:
                var fields = ((StructType)record.Data.DataType).Fields;
                json.WriteStartObject();
                for (int i = 0; i < fields.Count; i++)
                {
                    json.WritePropertyName(fields[i].Name);
                    Write(json, record.Fields[i], index, zone);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(Show(array, index, zone));
                break;
        }
    }

    private static void Map(Utf8JsonWriter json, MapArray map, int index, TimeZoneInfo zone)
    {
        json.WriteStartObject();
        for (int i = map.ValueOffsets[index]; i < map.ValueOffsets[index + 1]; i++)
        {
            json.WritePropertyName(Show(map.Keys, i, zone) ?? "");
            Write(json, map.Values, i, zone);
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
        MonthDayNanosecondIntervalArray a => Interval(a.Values[index]),
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

    private static string Interval(Apache.Arrow.Scalars.MonthDayNanosecondInterval value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Months} months {value.Days} days {TimeSpan.FromTicks(value.Nanoseconds / 100)}");

    private static long Micros(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => value * 1_000_000,
        TimeUnit.Millisecond => value * 1_000,
        TimeUnit.Nanosecond => value / 1_000,
        _ => value,
    };

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
