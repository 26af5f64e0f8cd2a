using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Apache.Arrow;

namespace Weir.Cli.Output;

/// <summary>Types of DuckDB that Arrow has no type for; with <c>arrow_lossless_conversion</c> the field's metadata names them.</summary>
internal static class OpaqueText
{
    private const string Extension = "ARROW:extension:name", Metadata = "ARROW:extension:metadata";

    private static readonly ConditionalWeakTable<Field, StrongBox<string?>> Names = []; // asked for every cell

    /// <summary>DuckDB's name of the type (<c>hugeint</c>, <c>bit</c>, <c>uuid</c>, <c>bool8</c>, …); null for types that Arrow has.</summary>
    public static string? NameOf(Field field) =>
        field.Metadata is { Count: > 0 } ? Names.GetValue(field, static f => new StrongBox<string?>(Read(f))).Value : null;

    public static bool IsNumber(string type) => type is "hugeint" or "uhugeint" or "bignum";

    /// <summary>The value as DuckDB would cast it to text; null for a type this does not know.</summary>
    public static string? Show(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "hugeint" => new BigInteger(bytes).ToString(CultureInfo.InvariantCulture),
        "uhugeint" => new BigInteger(bytes, isUnsigned: true).ToString(CultureInfo.InvariantCulture),
        "bignum" => Bignum(bytes),
        "uuid" => new Guid(bytes, bigEndian: true).ToString(),
        "bit" => Bits(bytes),
        "time_tz" => ZonedTime(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        _ => null,
    };

    private static string? Read(Field field)
    {
        if (!field.Metadata.TryGetValue(Extension, out string? extension))
            return null;
        if (extension != "arrow.opaque")
            return extension.StartsWith("arrow.", StringComparison.Ordinal) ? extension[6..] : null;
        if (!field.Metadata.TryGetValue(Metadata, out string? json))
            return null;
        using var parsed = System.Text.Json.JsonDocument.Parse(json);
        return parsed.RootElement.TryGetProperty("type_name", out var name) ? name.GetString() : null;
    }

    // Three bytes of head (sign, length), then the magnitude, big-endian; all of it complemented where it is negative.
    private static string Bignum(ReadOnlySpan<byte> bytes)
    {
        bool negative = (bytes[0] & 0x80) == 0;
        byte[] magnitude = bytes[3..].ToArray();
        for (int i = 0; negative && i < magnitude.Length; i++)
            magnitude[i] = (byte)~magnitude[i];
        var value = new BigInteger(magnitude, isUnsigned: true, isBigEndian: true);
        return (negative ? -value : value).ToString(CultureInfo.InvariantCulture);
    }

    // The first byte says how many bits of the second are padding.
    private static string Bits(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length - 1) * 8);
        for (int bit = bytes[0]; bit < (bytes.Length - 1) * 8; bit++)
            text.Append((bytes[1 + bit / 8] >> (7 - bit % 8) & 1) == 1 ? '1' : '0');
        return text.ToString();
    }

    // Microseconds above 24 bits that hold 15:59:59 less the offset, so that they sort by instant.
    private static string ZonedTime(ulong bits)
    {
        int offset = 15 * 3600 + 59 * 60 + 59 - (int)(bits & 0xFFFFFF);
        string seconds = offset % 60 == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{Math.Abs(offset) % 60:00}");
        return string.Create(CultureInfo.InvariantCulture, $"{Times.OfDay((long)(bits >> 24) * 1000)}{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 3600:00}:{Math.Abs(offset) / 60 % 60:00}{seconds}");
    }
}
