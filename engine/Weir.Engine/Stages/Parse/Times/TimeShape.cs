namespace Weir.Engine.Stages;

/// <summary>How the date of a time is spelled. The numbers go into checkpoints: append only.</summary>
internal enum TimeFamily
{
    /// <summary><c>2021-04-28</c></summary>
    Iso = 0,

    /// <summary><c>2021/04/28</c></summary>
    IsoSlash = 1,

    /// <summary><c>4/28/2021</c> or <c>28/4/2021</c></summary>
    Slash = 2,

    /// <summary><c>4-28-2021</c> or <c>28-4-2021</c></summary>
    Dash = 3,

    /// <summary><c>28.4.2021</c> or <c>4.28.2021</c></summary>
    Dot = 4,

    /// <summary><c>20/Aug/2018</c></summary>
    NameSlash = 5,

    /// <summary><c>20 Aug 2018</c></summary>
    NameBlank = 6,

    /// <summary><c>28-Apr-2021</c></summary>
    NameDash = 7,

    /// <summary><c>Apr 28, 2021</c></summary>
    NameFirst = 8,

    /// <summary><c>Aug 20 11:21:40 2018</c></summary>
    YearLast = 9,

    /// <summary>Seconds since 1970.</summary>
    Epoch = 10,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMs = 11,

    /// <summary><c>/Date(1600000000000)/</c></summary>
    JsonDate = 12,
}

/// <summary>What stands between date and time.</summary>
internal enum TimeGap
{
    /// <summary>No time at all.</summary>
    None = 0,
    T = 1,
    Blank = 2,
    CommaBlank = 3,
    At = 4,
    Colon = 5,
}

/// <summary>How a zone is spelled; <see cref="TimeShape.ZoneValue"/> says which.</summary>
internal enum ZoneStyle
{
    None = 0,
    Z = 1,
    Colon = 2,
    Plain = 3,
    Hours = 4,
    BlankColon = 5,
    BlankPlain = 6,
    BlankHours = 7,
    Name = 8,
}

/// <summary>The spelling of one time, or of a format, in 42 bits: what is certain, and what one value shows of widths.</summary>
/// <remarks>
/// A width of a text is 0 where two digits leave it open (<c>11</c> is both <c>M</c> and <c>MM</c>), 1 for one digit, 2 for a leading zero, 3
/// for a leading blank; of a format it is 1, 2 or 3. The layout goes into checkpoints: do not move bits.
/// </remarks>
internal readonly record struct TimeShape(ulong Bits)
{
    public const int Short = 1, Padded = 2, BlankPadded = 3;
    public const int NegativeZero = 127, ZoneBias = 64;

    /// <summary>Fraction of a format that drops trailing zeros.</summary>
    public const int Trimmed = 15;

    // What formats share with the texts they may give back: everything but widths and fraction.
    private const ulong LayoutMask = (1UL << 26) - 1;

    public TimeFamily Family { get => (TimeFamily)Get(0, 4); init => Bits = Set(0, 4, (int)value); }

    /// <summary>0: none; 1: <c>Mon </c>; 2: <c>Mon, </c></summary>
    public int Weekday { get => Get(4, 2); init => Bits = Set(4, 2, value); }

    public TimeGap Gap { get => (TimeGap)Get(6, 3); init => Bits = Set(6, 3, (int)value); }

    public bool Seconds { get => Get(9, 1) != 0; init => Bits = Set(9, 1, value ? 1 : 0); }

    /// <summary>0: 24 hours; 1: <c> PM</c>; 2: <c>PM</c>; 3: <c> pm</c>; 4: <c>pm</c></summary>
    public int HalfDay { get => Get(10, 3); init => Bits = Set(10, 3, value); }

    public ZoneStyle Zone { get => (ZoneStyle)Get(13, 4); init => Bits = Set(13, 4, (int)value); }

    /// <summary>Quarter hours + <see cref="ZoneBias"/>, <see cref="NegativeZero"/>, or the position in <see cref="TimeWords.Zones"/>.</summary>
    public int ZoneValue { get => Get(17, 8); init => Bits = Set(17, 8, value); }

    /// <summary>Width of the first part of a numeric date; of formats of two-part dates: 1 or 2.</summary>
    public int FirstWidth { get => Get(26, 2); init => Bits = Set(26, 2, value); }

    /// <summary>Width of the second part of a numeric date, or of the day beside a month's name.</summary>
    public int SecondWidth { get => Get(28, 2); init => Bits = Set(28, 2, value); }

    public int HourWidth { get => Get(30, 2); init => Bits = Set(30, 2, value); }

    /// <summary>0: says nothing of the order; 1: the first part is over 12 (day first); 2: the second part is (month first).</summary>
    public int Evidence { get => Get(32, 2); init => Bits = Set(32, 2, value); }

    /// <summary>Fraction digits, 0 to 9; of a format also <see cref="Trimmed"/>.</summary>
    public int Fraction { get => Get(34, 4); init => Bits = Set(34, 4, value); }

    public bool FractionComma { get => Get(38, 1) != 0; init => Bits = Set(38, 1, value ? 1 : 0); }

    /// <summary>The last fraction digit is no zero: a trimmed format may have written it.</summary>
    public bool FractionEndsInDigit { get => Get(39, 1) != 0; init => Bits = Set(39, 1, value ? 1 : 0); }

    /// <summary>1: a zoneless local time that its zone's clocks never showed, month first (or not in question); 2: the same, day first.</summary>
    public int Skipped { get => Get(40, 2); init => Bits = Set(40, 2, value); }

    public TimeShape Layout => new(Bits & LayoutMask);

    /// <summary>Whether day and month are both numbers and stand in an order of their own.</summary>
    public bool HasOrder => Family is TimeFamily.Slash or TimeFamily.Dash or TimeFamily.Dot;

    public bool IsNumber => Family is TimeFamily.Epoch or TimeFamily.EpochMs;

    private int Get(int at, int bits) => (int)(Bits >> at) & ((1 << bits) - 1);

    private ulong Set(int at, int bits, int value) => Bits & ~(((1UL << bits) - 1) << at) | (ulong)(uint)value << at;
}
