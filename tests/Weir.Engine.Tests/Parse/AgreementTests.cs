using DuckDB.NET.Data;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

/// <summary>C# and DuckDB read, write and judge alike.</summary>
public class AgreementTests
{
    private static readonly string[] Seeds =
    [
        "2021-06-22T11:17:29Z", "2021-06-22T11:17:29.492996300Z", "2021-06-22 11:17:29.4-0700", "2014-06-11T08:19:59.000+05:45", "2021-04-28", "2021-04-28 10:11",
        "2021/04/28 10:11:12,125", "4/28/2021, 2:08:45.221 PM", "7/8/2019 9:05", "12/08/2019 09:05:00 am", "28.04.2021 10:11:12", "28-4-2021 1:11PM +01",
        "20/Aug/2018:11:21:40 +0000", "Mon Aug 20 11:21:40 2018 UTC", "Mon Aug  6 11:21:40 2018", "Aug 06 11:21:40 2018 PST", "Mon, 20 Aug 2018 11:21:40 +0000",
        "6 Aug 2018 11:21:40", "28-Apr-2021 10:11:12", "Apr 28, 2021 2:08:45 PM", "Apr  3, 2021 @ 14:08:45.221 EDT", "/Date(1600000000000)/", "/Date(-1600000000001+0130)/",
        "1600000000", "1599593544.737", "1443140226.100000000", "1600000000123", "-5.25", "-0", "0.000001", "253402300799", "2021-03-28 02:30:00", "2021-10-31 02:30:00.5",
        "2021-11-07 01:30", "3/14/2021 2:59:59 AM", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "1969-12-31T23:59:59.9Z",
        "0", "1", "-1", "007", "+1", "1e5", "1.5", "-1.50", "0.001", "0.00001", "1.0", "100.00", "123456789012345", "1234567890123456", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "12345678901234567890", "0.1234567890123456", "0.12345678901234567", "1.7976931348623159e308", "4.9e-324", "1e-400", ".5", "5.", "-0.0", "-0.00",
        "99999999999999.5", "999999999999999.9", "0.30000000000000004", "1e999", "1E+05", "00.5", "000000000000000000000000000000000000001", "true", "False", "TRUE", "fALSE", "inf", "nan", "1_000", " 1", "1 ",
    ];

    private const string Alphabet = "0123456789:./-+, TZAPMapmUCeE@";

    /// <summary>Seeds; <c>WEIR_FUZZ_ROUNDS</c> asks for more.</summary>
    public static TheoryData<int> Rounds =>
        [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("WEIR_FUZZ_ROUNDS"), out int rounds) ? rounds : 4)];

    [Theory]
    [MemberData(nameof(Rounds))]
    public void RandomTexts_AgreeUnderEveryVerdict(int seed)
    {
        var random = new Random(seed);
        string[] cells = [.. Enumerable.Range(0, 1200).Select(_ => Mutate(random, Seeds[random.Next(Seeds.Length)]))];
        using DuckDBConnection connection = Open();
        foreach (ColumnHint hint in (ColumnHint[])[Hint("_time"), Hint("created"), Hint("x"), Hint("when [Europe/Berlin]"), Hint("when [America/New_York]"), Hint("when [-03:30]")])
        {
            foreach (DateOrder order in Enum.GetValues<DateOrder>())
            {
                ColumnTally tally = Tally(hint, cells);
                foreach (string format in FormatsOf(tally, order).Where(_ => random.Next(24) == 0))
                    AssertAgrees(connection, cells, hint, new Verdict(ColumnType.TimestampTz, format, 0), $"seed {seed}, {hint.Name}, {order}");
            }
        }

        foreach (string format in (string[])["shortest", "point", "fixed:1", "fixed:2", "fixed:9", "fixed:15"])
            AssertAgrees(connection, cells, Hint(), new Verdict(ColumnType.Double, format, 0), $"seed {seed}");
        foreach (string format in BooleanText.Formats)
            AssertAgrees(connection, cells, Hint(), new Verdict(ColumnType.Boolean, format, 0), $"seed {seed}");
        AssertAgrees(connection, cells, Hint(), new Verdict(ColumnType.BigInt, null, 0), $"seed {seed}");
    }

    /// <summary>Columns of few spellings: SQL leaves out what does not occur in them.</summary>
    [Theory]
    [MemberData(nameof(Rounds))]
    public void SmallColumns_AgreeUnderTheirOwnVerdict(int seed)
    {
        var random = new Random(seed);
        using DuckDBConnection connection = Open();
        for (int n = 0; n < 150; n++)
        {
            string[] seeds = random.GetItems(Seeds, random.Next(1, 3));
            string[] cells = [.. Enumerable.Range(0, 30).Select(_ => Mutate(random, seeds[random.Next(seeds.Length)]))];
            ColumnHint hint = Hint(random.Next(3) == 0 ? "when [Europe/Berlin]" : "_time");
            if (n % 2 == 0)
                hint = hint with { AlwaysTime = true, TimeLike = true };
            Verdict verdict = Decide(hint, new TypingOptions { DateOrder = (DateOrder)random.Next(3) }, cells);
            if (verdict.Type != ColumnType.Varchar)
                AssertAgrees(connection, cells, hint, verdict, $"seed {seed}, column {n}");
        }
    }

    [Theory]
    [MemberData(nameof(Rounds))]
    public void RandomDoubles_AgreeInBothWriters(int seed)
    {
        var random = new Random(seed);
        string[] cells = [.. Enumerable.Range(0, 4000).Select(i => (i % 4) switch
        {
            0 => (random.NextDouble() * Math.Pow(10, random.Next(-6, 18))).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            1 => random.NextInt64(1L << random.Next(1, 62)).ToString(System.Globalization.CultureInfo.InvariantCulture),
            2 => (random.NextInt64(1L << 53) / Math.Pow(2, random.Next(50))).ToString("F" + random.Next(1, 16), System.Globalization.CultureInfo.InvariantCulture),
            _ => new decimal(random.Next(), random.Next(), 0, random.Next(2) == 0, (byte)random.Next(19)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        })];
        using DuckDBConnection connection = Open();
        for (int n = 0; n <= NumberText.MostDecimals; n++)
            AssertAgrees(connection, cells, Hint(), new Verdict(ColumnType.Double, n == 0 ? "shortest" : DoubleFormat.Fixed(n), 0), $"seed {seed}");
        AssertAgrees(connection, cells, Hint(), new Verdict(ColumnType.Double, "point", 0), $"seed {seed}");
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Australia/Sydney")]
    [InlineData("Pacific/Auckland")]
    [InlineData("Europe/Dublin")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/St_Johns")]
    public void Zones_OfSystemAndDuckDB_ReadAlike(string zone)
    {
        var random = new Random(5);
        string[] cells = [.. Enumerable.Range(0, 20000).Select(_ => new DateTime(1990, 1, 1).AddMinutes(15 * random.Next(35040 * 45)).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture))];
        using DuckDBConnection connection = Open();
        ColumnHint hint = Hint($"when [{zone}]");
        AssertAgrees(connection, cells, hint, Decide(hint, cells), zone);
    }

    private static IEnumerable<string> FormatsOf(ColumnTally tally, DateOrder order)
    {
        foreach (ulong bits in tally.Shapes.Keys.Order())
        {
            var shape = new TimeShape(bits);
            if (shape.HasOrder && order == DateOrder.Auto)
                continue;
            yield return TimeFormat.Create(shape, order, ZoneTable.For(tally.Hint.Zone)).Text;
            if (shape.Fraction > 0)
                yield return TimeFormat.Create(shape with { Fraction = TimeShape.Trimmed, FirstWidth = 1, SecondWidth = 1, HourWidth = 1 }, order, ZoneTable.For(tally.Hint.Zone)).Text;
        }
    }

    private static string Mutate(Random random, string text)
    {
        var letters = text.ToList();
        for (int n = random.Next(4); n > 0 && letters.Count > 0; n--)
        {
            int at = random.Next(letters.Count);
            switch (random.Next(6))
            {
                case 0:
                    letters.RemoveAt(at);
                    break;
                case 1:
                    letters.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                case 2:
                    letters[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                default:
                    if (char.IsAsciiDigit(letters[at]))
                        letters[at] = (char)('0' + random.Next(10));
                    break;
            }
        }

        return letters.Count == 0 ? "x" : new string([.. letters]);
    }
}
