using System.Runtime.CompilerServices;

namespace Weir.Engine.Stages;

/// <summary>Text to the 64 bits of a typed value.</summary>
internal interface IValueReader
{
    ColumnType Type { get; }

    /// <summary>False where the text is no value of the type.</summary>
    /// <param name="exact">The column's format gives the text back.</param>
    bool TryRead(ReadOnlySpan<byte> text, out long bits, out bool exact);
}

internal readonly struct BooleanReader(string? format) : IValueReader
{
    private readonly int spelling = Array.IndexOf(BooleanText.Formats, format) is >= 0 and int known
        ? known
        : throw new FormatException($"'{format}' is no format of BOOLEAN; expected one of {string.Join(", ", BooleanText.Formats)}.");

    public ColumnType Type => ColumnType.Boolean;

    public bool TryRead(ReadOnlySpan<byte> text, out long bits, out bool exact)
    {
        int read = BooleanText.Read(text, out bool value);
        bits = value ? 1 : 0;
        exact = read == spelling;
        return read >= 0;
    }
}

internal readonly struct BigIntReader : IValueReader
{
    public ColumnType Type => ColumnType.BigInt;

    public bool TryRead(ReadOnlySpan<byte> text, out long bits, out bool exact)
    {
        bool read = NumberText.TryRead(text, out NumberText number) && number.IsInteger;
        bits = number.Integer;
        exact = number.IsCanonicalInteger;
        return read;
    }
}

internal readonly struct DoubleReader(string? format) : IValueReader
{
    private readonly int decimals = DoubleFormat.DecimalsOf(format);
    private readonly string format = format!;

    public ColumnType Type => ColumnType.Double;

    public bool TryRead(ReadOnlySpan<byte> text, out long bits, out bool exact)
    {
        if (NumberText.TryRead(text, out NumberText number) && NumberText.TryDouble(text, out double value))
        {
            bits = BitConverter.DoubleToInt64Bits(value);
            exact = DoubleFormat.GivesBack(format, decimals, number);
            return true;
        }

        bits = 0;
        exact = false;
        return false;
    }
}

internal struct InstantReader(ColumnHint hint, TimeFormat format) : IValueReader
{
    private readonly EpochNumbers epochs = hint.Epochs;
    private readonly ZoneTable zone = ZoneTable.For(hint.Zone);
    private readonly TimeFormat format = format;

    // Neighbours are mostly spelled alike.
    private ulong lastShape = ulong.MaxValue;
    private bool lastGivenBack = false;

    public readonly ColumnType Type => ColumnType.TimestampTz;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> text, out long bits, out bool exact)
    {
        exact = false;
        if (!TimeText.TryRead(text, epochs, out TimeText time) || !time.IsWithin(zone) || !time.TryMicros(format.Order, zone, out bits))
        {
            bits = 0;
            return false;
        }

        if (time.Exact)
        {
            time.NoteSkipped(zone);
            if (time.Shape.Bits != lastShape)
                (lastShape, lastGivenBack) = (time.Shape.Bits, format.GivesBack(time.Shape));
            exact = lastGivenBack;
        }

        return true;
    }
}
