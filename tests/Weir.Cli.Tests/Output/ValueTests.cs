using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests;

/// <summary>Values of every type DuckDB has come out as they are, whatever Arrow makes of them on the way.</summary>
public class ValueTests
{
    // Per value: SQL, its JSON.
    private static readonly (string Sql, string Json)[] Values =
    [
        ("true", "true"),
        ("(-128)::TINYINT", "-128"),
        ("255::UTINYINT", "255"),
        ("18446744073709551615::UBIGINT", "18446744073709551615"),
        ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
        ("(-1)::HUGEINT", "-1"),
        ("340282366920938463463374607431768211455::UHUGEINT", "340282366920938463463374607431768211455"),
        ("12345678901234567890123::BIGNUM", "12345678901234567890123"),
        ("(-5)::BIGNUM", "-5"),
        ("1.50::DECIMAL(38,2)", "1.50"),
        ("-0.05::DECIMAL(9,2)", "-0.05"),
        ("0.1::FLOAT", "0.1"),
        ("'nan'::DOUBLE", "\"NaN\""),
        ("'-inf'::DOUBLE", "\"-Infinity\""),
        ("'101'::BIT", "\"101\""),
        ("'0000000011111111'::BIT", "\"0000000011111111\""),
        ("'00000000-0000-0000-0000-00000000000a'::UUID", "\"00000000-0000-0000-0000-00000000000a\""),
        ("'\\xAA\\x00b'::BLOB", "\"\\\\xAA\\\\x00b\""),
        ("'a'::ENUM('b', 'a')", "\"a\""),
        ("'{\"a\":1}'::JSON", "\"{\\\"a\\\":1}\""),
        ("chr(0) || 'x'", "\"\\u0000x\""),
        ("TIME '12:34:56.123456'", "\"12:34:56.123456\""),
        ("TIME '24:00:00'", "\"24:00:00\""),
        ("TIME_NS '12:34:56.123456789'", "\"12:34:56.123456789\""),
        ("'12:34:56+02'::TIMETZ", "\"12:34:56+02:00\""),
        ("'12:34:56.5-03:30'::TIMETZ", "\"12:34:56.5-03:30\""),
        ("DATE '2021-04-28'", "\"2021-04-28\""),
        ("DATE 'infinity'", "\"infinity\""),
        ("DATE '-infinity'", "\"-infinity\""),
        ("DATE '290000-01-01'", "\"+290000-01-01\""),
        ("DATE '0001-01-01'", "\"0001-01-01\""),
        ("DATE '0001-12-31 (BC)'", "\"0000-12-31\""),
        ("TIMESTAMPTZ '2021-04-28 14:08:45.221+02'", "\"2021-04-28T12:08:45.221Z\""),
        ("TIMESTAMPTZ '1960-01-01 00:00:00.000001+00'", "\"1960-01-01T00:00:00.000001Z\""),
        ("TIMESTAMPTZ '0044-03-15 (BC) 00:00:00+00'", "\"-0043-03-15T00:00:00Z\""),
        ("TIMESTAMP '2021-04-28 14:08:45'", "\"2021-04-28T14:08:45\""),
        ("TIMESTAMP 'infinity'", "\"infinity\""),
        ("TIMESTAMP '290000-01-01'", "\"+290000-01-01T00:00:00\""),
        ("TIMESTAMP_S '2021-01-01 00:00:01'", "\"2021-01-01T00:00:01\""),
        ("TIMESTAMP_MS '2021-01-01 00:00:00.5'", "\"2021-01-01T00:00:00.5\""),
        ("TIMESTAMP_NS '1900-01-01 00:00:00.000000001'", "\"1900-01-01T00:00:00.000000001\""),
        ("INTERVAL '14 months 2 days 27 hours 4.5 seconds'", "\"1 year 2 months 2 days 27:00:04.5\""),
        ("INTERVAL '-1 second'", "\"-00:00:01\""),
        ("INTERVAL '0 seconds'", "\"00:00:00\""),
        ("NULL", "null"),
        ("[]", "[]"),
        ("[[1], [NULL], NULL]", "[[1],[null],null]"),
        ("[true, NULL]", "[true,null]"),
        ("['101'::BIT]", "[\"101\"]"),
        ("[1, 2]::INT[2]", "[1,2]"),
        ("{'a': 1::UHUGEINT, 'b': [NULL, 'x']}", "{\"a\":1,\"b\":[null,\"x\"]}"),
        ("MAP {'k': 1, 'l': NULL}", "{\"k\":1,\"l\":null}"),
        ("union_value(number := 2)", "2"),
        ("union_value(number := NULL::INT)", "null"),
        ("[union_value(number := 2), NULL]", "[2,null]"),
    ];

    [Fact]
    public async Task Sql_ValueOfAnyType_IsPrintedAsItIs()
    {
        using var folder = new TempFolder();
        string path = await CaseAsync(folder);
        string columns = string.Join(", ", Values.Select((v, i) => $"{v.Sql} AS v{i}"));
        // Twice, with NULLs between: rows at other places than the first are read as well.
        string query = $"FROM (SELECT {columns} UNION ALL SELECT {string.Join(", ", Values.Select(_ => "NULL"))} UNION ALL SELECT {columns})";
        string[] lines = (await SqlAsync(path, query, "ndjson")).TrimEnd('\n').Split('\n');
        string expected = $"{{{string.Join(',', Values.Select((v, i) => $"\"v{i}\":{v.Json}"))}}}";
        Assert.Equal(expected, lines[0]);
        Assert.Equal($"{{{string.Join(',', Values.Select((_, i) => $"\"v{i}\":null"))}}}", lines[1]);
        Assert.Equal(expected, lines[2]);
    }

    [Fact]
    public async Task Sql_Zone_MovesTimesThatHaveOneOnly()
    {
        using var folder = new TempFolder();
        const string query = "SELECT TIMESTAMPTZ '2021-07-01 12:00:00+00' AS summer, TIMESTAMPTZ '2021-12-01 12:00:00.5+00' AS winter, TIMESTAMP '2021-07-01 12:00:00' AS nowhere";
        Assert.Equal("summer,winter,nowhere\n2021-07-01T08:00:00-04:00,2021-12-01T07:00:00.5-05:00,2021-07-01T12:00:00\n", await SqlAsync(await CaseAsync(folder), query, "csv", "--tz", "America/New_York"));
    }

    [Fact]
    public async Task Sql_TwoColumnsOfOneName_BothStandInJson()
    {
        using var folder = new TempFolder();
        Assert.Equal("{\"a\":1,\"a_2\":2,\"a_3\":3}\n", await SqlAsync(await CaseAsync(folder), "SELECT 1 AS a, 2 AS a, 3 AS a", "ndjson"));
    }

    private static async Task<string> CaseAsync(TempFolder folder)
    {
        string path = folder.File("case.duckdb");
        Assert.Equal(0, await Cli.RunAsync(["ingest", folder.Write("t.csv", "id\n1\n"u8.ToArray()), "--case", path, "--quiet"], TextWriter.Null, TextWriter.Null));
        return path;
    }

    private static async Task<string> SqlAsync(string path, string query, string format, params string[] more)
    {
        StringWriter output = new(), error = new();
        int exit = await Cli.RunAsync(["sql", query, "--case", path, "--format", format, .. more], output, error);
        Assert.True(exit == 0, error.ToString());
        return output.ToString();
    }
}
