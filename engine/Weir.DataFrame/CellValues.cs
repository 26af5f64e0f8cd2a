using System.Buffers.Binary;
using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Weir.Engine.Store;

/// <summary>Values of Arrow columns as .NET's, exactly or by an <see cref="OverflowException"/> that says why not.</summary>
internal static class CellValues
{
    private const int MostPlaces = 28; // of System.Decimal, whose digits are a number of 96 bits

    public static decimal Decimal(Decimal128Array values, int index)
    {
        var (negative, digits, places) = Digits(values, index);
        while (places > 0 && (places > MostPlaces || digits >> 96 != 0) && digits % 10 == 0)
            (digits, places) = (digits / 10, places - 1);
        if (places > MostPlaces || digits >> 96 != 0)
            throw new OverflowException($"{DecimalText(values, index)} has more digits than System.Decimal holds");
        return new decimal((int)(uint)(digits & uint.MaxValue), (int)(uint)(digits >> 32 & uint.MaxValue), (int)(uint)(digits >> 64), negative, (byte)places);
    }

    public static string DecimalText(Decimal128Array values, int index)
    {
        var (negative, digits, places) = Digits(values, index);
        string text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return $"{(negative ? "-" : "")}{text[..^places]}{(places == 0 ? "" : ".")}{text[^places..]}";
    }

    public static DateTime Time(TimestampArray values, int index)
    {
        var type = (TimestampType)values.Data.DataType;
        long value = values.Values[index];
        Int128 ticks = type.Unit switch
        {
            TimeUnit.Second => (Int128)value * TimeSpan.TicksPerSecond,
            TimeUnit.Millisecond => (Int128)value * TimeSpan.TicksPerMillisecond,
            TimeUnit.Microsecond => (Int128)value * TimeSpan.TicksPerMicrosecond,
            _ when value % TimeSpan.NanosecondsPerTick != 0 => throw new OverflowException("the time is finer than the 100 ns of System.DateTime"),
            _ => value / TimeSpan.NanosecondsPerTick,
        };
        return FromEpoch(ticks, type.Timezone is null ? DateTimeKind.Unspecified : DateTimeKind.Utc);
    }

    public static DateTime Date(Date32Array values, int index) => FromEpoch((Int128)values.Values[index] * TimeSpan.TicksPerDay, DateTimeKind.Unspecified);

    private static (bool Negative, UInt128 Digits, int Places) Digits(Decimal128Array values, int index)
    {
        Int128 number = BinaryPrimitives.ReadInt128LittleEndian(values.ValueBuffer.Span.Slice((values.Offset + index) * 16, 16));
        return (number < 0, unchecked((UInt128)(number < 0 ? -number : number)), ((Decimal128Type)values.Data.DataType).Scale);
    }

    private static DateTime FromEpoch(Int128 ticks, DateTimeKind kind)
    {
        ticks += DateTime.UnixEpoch.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            throw new OverflowException("the time lies outside the years 1 to 9999 of System.DateTime");
        return new DateTime((long)ticks, kind);
    }
}
