using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.Data.Analysis;

namespace Weir.Engine.Store;

/// <summary>Query results as a frame of Microsoft.Data.Analysis, which was built against an Arrow of years ago.</summary>
public sealed class DataFrameTests(EmptyCase empty) : IClassFixture<EmptyCase>
{
    private readonly CaseFile caseFile = empty.CaseFile;

    public static TheoryData<string, Type, object> Types => new()
    {
        { "true", typeof(BooleanDataFrameColumn), true },
        { "(-7)::TINYINT", typeof(SByteDataFrameColumn), (sbyte)-7 },
        { "(-7)::SMALLINT", typeof(Int16DataFrameColumn), (short)-7 },
        { "(-7)::INTEGER", typeof(Int32DataFrameColumn), -7 },
        { "9223372036854775807", typeof(Int64DataFrameColumn), long.MaxValue },
        { "200::UTINYINT", typeof(ByteDataFrameColumn), (byte)200 },
        { "60000::USMALLINT", typeof(UInt16DataFrameColumn), (ushort)60000 },
        { "4000000000::UINTEGER", typeof(UInt32DataFrameColumn), 4000000000u },
        { "18446744073709551615::UBIGINT", typeof(UInt64DataFrameColumn), ulong.MaxValue },
        { "1.5::FLOAT", typeof(SingleDataFrameColumn), 1.5f },
        { "1.1::DOUBLE", typeof(DoubleDataFrameColumn), 1.1 },
        { "'nan'::DOUBLE", typeof(DoubleDataFrameColumn), double.NaN },
        { "'Grüße 🙂'", typeof(StringDataFrameColumn), "Grüße 🙂" },
        { "''", typeof(StringDataFrameColumn), "" },
        { "'b'::ENUM('a', 'b')", typeof(StringDataFrameColumn), "b" },
        { "'0b3f0c1e-93ab-4b9c-8c6e-0a3f6f0f2a11'::UUID", typeof(StringDataFrameColumn), "0b3f0c1e-93ab-4b9c-8c6e-0a3f6f0f2a11" },
        { "'{\"a\":1}'::JSON", typeof(StringDataFrameColumn), "{\"a\":1}" },
        { "-1.05::DECIMAL(4,2)", typeof(DecimalDataFrameColumn), -1.05m },
        { "1.5::DECIMAL(38,30)", typeof(DecimalDataFrameColumn), 1.5m },
        { "79228162514264337593543950335::DECIMAL(38,0)", typeof(DecimalDataFrameColumn), decimal.MaxValue },
        { "7::HUGEINT", typeof(DecimalDataFrameColumn), 7m },
        { "(SELECT sum(i) FROM range(4) t(i))", typeof(DecimalDataFrameColumn), 6m },
        { "'2018-08-20 09:06:07.123456+00'::TIMESTAMPTZ", typeof(DateTimeDataFrameColumn), new DateTime(2018, 8, 20, 9, 6, 7, 123, 456, DateTimeKind.Utc) },
        { "'1601-01-01 00:00:00.000001+00'::TIMESTAMPTZ", typeof(DateTimeDataFrameColumn), new DateTime(1601, 1, 1, 0, 0, 0, 0, 1, DateTimeKind.Utc) },
        { "'9999-12-31 23:59:59.999999+00'::TIMESTAMPTZ", typeof(DateTimeDataFrameColumn), new DateTime(9999, 12, 31, 23, 59, 59, 999, 999, DateTimeKind.Utc) },
        { "'2018-08-20 09:06:07.5'::TIMESTAMP", typeof(DateTimeDataFrameColumn), new DateTime(2018, 8, 20, 9, 6, 7, 500, DateTimeKind.Unspecified) },
        { "'2018-08-20 09:06:07.1234567'::TIMESTAMP_NS", typeof(DateTimeDataFrameColumn), new DateTime(2018, 8, 20, 9, 6, 7, DateTimeKind.Unspecified).AddTicks(1234567) },
        { "'1969-12-31'::DATE", typeof(DateTimeDataFrameColumn), new DateTime(1969, 12, 31, 0, 0, 0, DateTimeKind.Unspecified) },
        { "['a', NULL, 'c\"d', '<ü>']", typeof(StringDataFrameColumn), "[\"a\",null,\"c\\\"d\",\"<ü>\"]" },
        { "[1.5, 2]", typeof(StringDataFrameColumn), "[1.5,2.0]" },
        { "[true, false]", typeof(StringDataFrameColumn), "[true,false]" },
        { "[]::BIGINT[]", typeof(StringDataFrameColumn), "[]" },
        { "[[1, 2], [3]]", typeof(StringDataFrameColumn), "[[1,2],[3]]" },
        { "[1, 2]::INTEGER[2]", typeof(StringDataFrameColumn), "[1,2]" },
        { "['inf'::DOUBLE, 0.1]", typeof(StringDataFrameColumn), "[\"Infinity\",0.1]" },
        { "{'n': 1, 't': '2018-08-20 09:06:07.5+00'::TIMESTAMPTZ, 'd': '2018-08-20'::DATE}", typeof(StringDataFrameColumn), "{\"n\":1,\"t\":\"2018-08-20T09:06:07.5Z\",\"d\":\"2018-08-20\"}" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task ToDataFrame_Type_HasItsColumnAndKeepsNull(string sql, Type type, object value)
    {
        DataFrame frame = await caseFile.QueryAsync($"SELECT v FROM (SELECT 0 AS n, {sql} AS v UNION ALL SELECT 1, NULL UNION ALL SELECT 2, {sql}) ORDER BY n").ToDataFrameAsync(CancellationToken.None);
        DataFrameColumn column = Assert.Single(frame.Columns);
        Assert.IsType(type, column);
        Assert.Equal([value, null, value], Enumerable.Range(0, 3).Select(i => column[i]));
        Assert.Equal(1, column.NullCount);
        if (value is DateTime time)
            Assert.Equal(time.Kind, ((DateTime)column[0]).Kind);

        DataFrame none = await caseFile.QueryAsync($"SELECT {sql} AS v WHERE false").ToDataFrameAsync();
        Assert.Equal(0, none.Rows.Count);
        Assert.IsType(type, none["v"]);
    }

    [Theory]
    [InlineData("'x'::BLOB", "a frame has no column for binary", "\"v\"::VARCHAR")]
    [InlineData("'10:00'::TIME", "a frame has no column for time64", "\"v\"::VARCHAR")]
    [InlineData("INTERVAL 1 DAY", "a frame has no column for interval", "\"v\"::VARCHAR")]
    [InlineData("MAP {'a': 1}", "a frame has no column for map", "\"v\"::VARCHAR")]
    [InlineData("['x'::BLOB]", "a frame has no column for list", "\"v\"::VARCHAR")]
    [InlineData("99999999999999999999999::BIGNUM", "a frame has no column for", "\"v\"::VARCHAR")]
    [InlineData("'infinity'::TIMESTAMPTZ", "column 'v', row 1 of the result: the time lies outside the years 1 to 9999", "\"v\"::VARCHAR")]
    [InlineData("'infinity'::DATE", "row 1 of the result: the time lies outside the years 1 to 9999", "\"v\"::VARCHAR")]
    [InlineData("['infinity'::DATE]", "row 1 of the result: the time lies outside the years 1 to 9999", "\"v\"::VARCHAR")]
    [InlineData("'2018-08-20 09:06:07.123456789'::TIMESTAMP_NS", "the time is finer than the 100 ns", "\"v\"::VARCHAR")]
    [InlineData("79228162514264337593543950336::HUGEINT", "79228162514264337593543950336 has more digits", "\"v\"::VARCHAR")]
    [InlineData("'-170141183460469231731687303715884105728'::HUGEINT", "-170141183460469231731687303715884105728 has more digits", "\"v\"::VARCHAR")]
    [InlineData("0.00000000000000000000000000001::DECIMAL(38,29)", "0.00000000000000000000000000001 has more digits", "\"v\"::VARCHAR")]
    public async Task ToDataFrame_WhatAFrameCannotHold_IsRefusedByName(string sql, string found, string remedy)
    {
        WeirException refused = await Assert.ThrowsAsync<WeirException>(() => caseFile.QueryAsync($"SELECT {sql} AS v").ToDataFrameAsync());
        Assert.Contains("column 'v'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(found, refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        Assert.IsType<StringDataFrameColumn>((await caseFile.QueryAsync($"SELECT \"v\"::VARCHAR FROM (SELECT {sql} AS v)").ToDataFrameAsync()).Columns[0]); // the remedy
    }

    [Fact]
    public async Task ToDataFrame_ManyBatches_KeepsOrderAndNulls()
    {
        DataFrame frame = await caseFile.QueryAsync("SELECT i, CASE WHEN i % 3 > 0 THEN i::VARCHAR END AS s, CASE WHEN i % 7 > 0 THEN i % 2 = 0 END AS b FROM range(100000) t(i) ORDER BY i").ToDataFrameAsync();
        Assert.Equal(100_000, frame.Rows.Count);
        var (number, text, flag) = ((Int64DataFrameColumn)frame["i"], (StringDataFrameColumn)frame["s"], (BooleanDataFrameColumn)frame["b"]);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.Equal(i, number[i]);
            Assert.Equal(i % 3 > 0 ? i.ToString(CultureInfo.InvariantCulture) : null, text[i]);
            Assert.Equal(i % 7 > 0 ? i % 2 == 0 : null, flag[i]);
        }
    }

    [Fact]
    public async Task ToDataFrame_SameNameTwice_LaterOnesAreNumbered()
    {
        DataFrame frame = await caseFile.QueryAsync("SELECT 1 AS a, 2 AS a, 3 AS A, 4 AS a_2, 5 AS a").ToDataFrameAsync();
        Assert.Equal(["a", "a_3", "A", "a_2", "a_4"], frame.Columns.Select(c => c.Name));
        Assert.Equal([1, 2, 3, 4, 5], frame.Columns.Select(c => (int)c[0]));
    }

    // Microsoft.Data.Analysis was compiled against Apache.Arrow 14 and runs on the one that weir brings.
    [Fact]
    public async Task ToDataFrame_OrdinaryWorkOnIt_Runs()
    {
        Assert.True(typeof(RecordBatch).Assembly.GetName().Version!.Major > 14);
        DataFrame frame = await caseFile.QueryAsync(
            "SELECT * FROM (VALUES ('ann', 3, '2018-08-20 09:00:00+00'::TIMESTAMPTZ), ('bob', 4, NULL), ('ann', NULL, '2018-08-20 10:00:00+00')) t(\"user\", n, seen)").ToDataFrameAsync();
        DataFrame sums = frame.GroupBy("user").Sum("n");
        Assert.Equal(2, sums.Rows.Count);
        Assert.Equal(2, frame.Filter(frame["user"].ElementwiseEquals("ann")).Rows.Count);
        Assert.Equal("bob", frame.OrderByDescending("n")["user"][0]);
        Assert.Equal(4, frame.Merge(frame, ["user"], ["user"]).Filter(((StringDataFrameColumn)frame["user"]).ElementwiseEquals("ann")).Rows.Count + 2);
        Assert.Contains("ann", frame.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToDataFrame_MoreThanItMayTake_IsRefusedWhileItIsRead()
    {
        const string sql = "SELECT i, repeat('x', 100) AS s FROM range(100000000) t(i)"; // 27 GB, were it read
        WeirException refused = await Assert.ThrowsAsync<WeirException>(() => caseFile.QueryAsync(sql).ToDataFrameAsync(maxBytes: 4 << 20));
        Assert.StartsWith("ToDataFrameAsync: the result takes more than 4 MiB as a frame after 18,432 rows; expected at most 4 MiB.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(10_000, (await caseFile.QueryAsync($"{sql} LIMIT 10000").ToDataFrameAsync(maxBytes: 4 << 20)).Rows.Count);
    }

    [Fact]
    public async Task ToDataFrame_Cancelled_EndsTheQuery()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caseFile.QueryAsync("SELECT sum(a.i * b.i % 7) FROM range(1000000) a(i), range(1000000) b(i)").ToDataFrameAsync(stop.Token));
    }

    [Fact]
    public async Task ToDataFrame_NoBatches_IsAFrameWithoutColumns() => Assert.Empty((await Batches().ToDataFrameAsync()).Columns);

    [Fact]
    public async Task ToDataFrame_Batches_AreDisposedAlsoWhereOneIsRefused()
    {
        RecordBatch[] batches = [Batch(1, 2), Batch(3, null)];
        DataFrame frame = await Batches(batches).ToDataFrameAsync();
        Assert.Equal([1L, 2L, 3L, null], (Int64DataFrameColumn)frame["n"]);
        Assert.All(batches, b => Assert.ThrowsAny<Exception>(() => ((Int64Array)b.Column(0)).GetValue(0)));

        RecordBatch refused = Batch(1, 2);
        await Assert.ThrowsAsync<WeirException>(() => Batches(refused).ToDataFrameAsync(maxBytes: 1));
        Assert.ThrowsAny<Exception>(() => ((Int64Array)refused.Column(0)).GetValue(0));
    }

    // Slices of a larger column, as a batch that was cut in two has them.
    [Fact]
    public async Task ToDataFrame_SlicedColumns_AreReadFromTheirStart()
    {
        var text = new StringArray.Builder().Append("a").Append("b").AppendNull().Append("d").Build();
        var flag = new BooleanArray.Builder().Append(true).Append(false).AppendNull().Append(true).Build();
        var schema = new Schema([new Field("s", StringType.Default, true), new Field("b", BooleanType.Default, true)], null);
        DataFrame frame = await Batches(new RecordBatch(schema, [text.Slice(1, 3), flag.Slice(1, 3)], 3)).ToDataFrameAsync();
        Assert.Equal(["b", null, "d"], (StringDataFrameColumn)frame["s"]);
        Assert.Equal([false, null, true], (BooleanDataFrameColumn)frame["b"]);
    }

    private static RecordBatch Batch(params long?[] values)
    {
        var numbers = new Int64Array.Builder();
        foreach (long? value in values)
        {
            if (value is { } number)
                numbers.Append(number);
            else
                numbers.AppendNull();
        }

        return new RecordBatch(new Schema([new Field("n", Int64Type.Default, true)], null), [numbers.Build()], values.Length);
    }

    private static async IAsyncEnumerable<RecordBatch> Batches(params RecordBatch[] batches)
    {
        await Task.Yield();
        foreach (RecordBatch batch in batches)
            yield return batch;
    }
}
