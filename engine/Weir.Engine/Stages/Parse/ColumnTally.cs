using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>How many values of one column of a source fit which type and format. Sums are free of order.</summary>
internal sealed partial class ColumnTally(ColumnHint hint)
{
    /// <summary>Distinct spellings of times that are kept apart: more than honest logs have (M/d/yyyy h:mm:ss alone has 54), few enough for every checkpoint.</summary>
    /// <remarks>Those with the smallest numbers stay, whatever order they come in. Spellings beyond them count as misfits even where the format
    /// gives them back: with more than so many spellings, <see cref="Verdict.Misfits"/> is an upper bound.</remarks>
    public const int MostShapes = 512;

    /// <summary>What occurs within a family of times; tells SQL which parts of its pattern it can leave out.</summary>
    [Flags]
    public enum Parts
    {
        None = 0,
        Clock = 1,
        Seconds = 2,
        Fraction = 4,
        HalfDay = 8,
        NoZone = 16,
        OffsetZone = 32,
        NamedZone = 64,
        Weekday = 128,
    }

    public const int Families = (int)TimeFamily.JsonDate + 1;

    private readonly long[] booleans = new long[BooleanText.Formats.Length];
    private readonly long[] decimals = new long[NumberText.MostDecimals + 1];
    private readonly long[] times = new long[Families * 3];
    private readonly Parts[] parts = new Parts[Families];
    private readonly Dictionary<ulong, long> shapes = [];
    private readonly ZoneTable zone = ZoneTable.For(hint.Zone);
    private ulong biggestShape = ulong.MaxValue;    // once MostShapes are known

    public ColumnHint Hint { get; } = hint;

    /// <summary>Cells that are neither NULL nor empty.</summary>
    public long Values { get; private set; }

    /// <summary>Cells that are the quoted empty string.</summary>
    public long Empty { get; private set; }

    /// <summary>Values that BIGINT gives back. Numbers are not counted where every number is a time.</summary>
    public long Integers { get; private set; }

    /// <summary>Some of <see cref="Integers"/> are 1e15 or more: the text of a DOUBLE ends there, so it would not give them back.</summary>
    public bool BeyondDouble { get; private set; }

    /// <summary>Values that DOUBLE <c>shortest</c> gives back.</summary>
    public long Shortest { get; private set; }

    /// <summary>Values that DOUBLE <c>point</c> gives back.</summary>
    public long Point { get; private set; }

    /// <summary>By position in <see cref="BooleanText.Formats"/>.</summary>
    public ReadOnlySpan<long> Booleans => booleans;

    /// <summary>By N of <c>fixed:N</c>.</summary>
    public ReadOnlySpan<long> Decimals => decimals;

    /// <summary>Values by spelling: those that some format gives back.</summary>
    public IReadOnlyDictionary<ulong, long> Shapes => shapes;

    /// <summary>What of them are lists; null where no unnest stage looked.</summary>
    public ListTally? Lists { get; set; }

    /// <summary>What of them are addresses; null where no ASN stage looked.</summary>
    public AddressTally? Addresses { get; set; }

    /// <summary>Whether they were looked through for indicators.</summary>
    public IocLook Look { get; set; }

    /// <summary>Takes over how far another part of the column was looked through.</summary>
    public void NoteLook(IocLook look) => Look = look > Look ? look : Look;

    /// <summary>Values that are times of that family, by <see cref="TimeShape.Evidence"/>.</summary>
    public long Times(TimeFamily family, int evidence) => times[(int)family * 3 + evidence];

    /// <summary>What occurs within a family.</summary>
    public Parts PartsOf(TimeFamily family) => parts[(int)family];

    public void Add(StringArray cells)
    {
        var column = new TextCells(cells);
        EpochNumbers epochs = Hint.Epochs;
        ulong lastShape = ulong.MaxValue;
        long sameShape = 0;
        for (int i = 0; i < column.Count; i++)
        {
            ReadOnlySpan<byte> text = column[i];
            if (text.IsEmpty)
            {
                Empty += column.IsNull(i) ? 0 : 1;
                continue;
            }

            if (column.IsNull(i))
                continue;
            Values++;
            switch (text[0])
            {
                case (byte)'t' or (byte)'T' or (byte)'f' or (byte)'F' when BooleanText.Read(text, out _) is >= 0 and int spelling:
                    booleans[spelling]++;
                    continue;
                case (byte)'+' or (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') when epochs != EpochNumbers.All && NumberText.TryRead(text, out NumberText number):
                    AddNumber(number);
                    if (epochs == EpochNumbers.None)
                        continue;
                    break;
            }

            if (!TimeText.TryRead(text, epochs, out TimeText time) || !time.IsWithin(zone))
                continue;
            TimeShape shape = time.Shape;
            times[(int)shape.Family * 3 + shape.Evidence]++;
            parts[(int)shape.Family] |= PartsIn(shape);
            if (!time.Exact)
                continue;
            time.NoteSkipped(zone);
            if (time.Shape.Bits == lastShape)
            {
                sameShape++;
                continue;
            }

            AddShape(lastShape, sameShape);
            (lastShape, sameShape) = (time.Shape.Bits, 1);
        }

        AddShape(lastShape, sameShape);
    }

    public void Merge(ColumnTally other)
    {
        Values += other.Values;
        Empty += other.Empty;
        Integers += other.Integers;
        BeyondDouble |= other.BeyondDouble;
        Shortest += other.Shortest;
        Point += other.Point;
        Sum(booleans, other.booleans);
        Sum(decimals, other.decimals);
        Sum(times, other.times);
        for (int i = 0; i < parts.Length; i++)
            parts[i] |= other.parts[i];
        foreach ((ulong shape, long count) in other.shapes)
            AddShape(shape, count);
        if (Lists is null && other.Lists is { } first)
            Lists = new ListTally { Lines = first.Lines, Twin = first.Twin, TwinOf = first.TwinOf };
        if (other.Lists is { } lists)
            Lists!.Merge(lists);
        NoteLook(other.Look);
        if (other.Addresses is { } addresses)
            Addresses = Addresses.GetValueOrDefault() + addresses;
    }

    /// <summary>Parts of a spelling, as <see cref="PartsOf"/> gathers them.</summary>
    internal static Parts PartsIn(TimeShape shape)
    {
        Parts found = shape.Gap == TimeGap.None ? Parts.None : Parts.Clock;
        if (shape.Seconds)
            found |= Parts.Seconds;
        if (shape.Fraction > 0)
            found |= Parts.Fraction;
        if (shape.HalfDay != 0)
            found |= Parts.HalfDay;
        if (shape.Weekday != 0)
            found |= Parts.Weekday;
        return found | shape.Zone switch { ZoneStyle.None => Parts.NoZone, ZoneStyle.Name => Parts.NamedZone, _ => Parts.OffsetZone };
    }

    private static void Sum(long[] into, long[] from)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] += from[i];
    }

    private void AddNumber(in NumberText number)
    {
        Integers += number.IsCanonicalInteger ? 1 : 0;
        BeyondDouble |= number.BeyondDouble;
        Shortest += number.Shortest ? 1 : 0;
        Point += number.Point ? 1 : 0;
        decimals[number.Decimals] += number.Decimals == 0 ? 0 : 1;
    }

    // A shape that was put out is bigger than MostShapes others, so it can never come back: what stays has its true count.
    private void AddShape(ulong shape, long count)
    {
        if (count == 0 || shape > biggestShape)
            return;
        CollectionsMarshal.GetValueRefOrAddDefault(shapes, shape, out _) += count;
        if (shapes.Count <= MostShapes)
            return;
        shapes.Remove(Biggest());
        biggestShape = Biggest();
    }

    private ulong Biggest()
    {
        ulong biggest = 0;
        foreach (ulong shape in shapes.Keys)
            biggest = Math.Max(biggest, shape);
        return biggest;
    }
}
