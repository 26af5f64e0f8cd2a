using Apache.Arrow;
using Apache.Arrow.Ipc;
using Weir.Engine.Store;

namespace Weir.Engine.Tests.Store;

/// <summary>A result without rows is one batch without rows, of the types that a row would have had.</summary>
public sealed class EmptyResultTests
{
    [Fact]
    public async Task Query_NoRows_GivesColumnsOfAllTypes()
    {
        const string every = """
            SELECT true AS flag, 1::TINYINT AS i1, 1::SMALLINT AS i2, 1::INTEGER AS i4, 1::BIGINT AS i8, 1::UTINYINT AS u1, 1::USMALLINT AS u2, 1::UINTEGER AS u4, 1::UBIGINT AS u8, 1::HUGEINT AS i16,
                1::FLOAT AS f4, 1::DOUBLE AS f8, 1.5::DECIMAL(4,2) AS d, 'x' AS s, 'x'::BLOB AS raw, now() AS tz, now()::TIMESTAMP AS ts, '2018-08-20'::DATE AS day, '10:00'::TIME AS t, INTERVAL 1 DAY AS span,
                uuid() AS id, ['a'] AS list, [[1]] AS lists, [1, 2]::INTEGER[2] AS pair, {'a': 1, 'b': ['x']} AS record, MAP {'a': [1]} AS map, 'a'::ENUM('a', 'b') AS coded, union_value(a := 1) AS one_of, NULL AS nothing
            """;
        string path = Path.Combine(Path.GetTempPath(), $"weir-empty-{Guid.NewGuid():N}.duckdb");
        try
        {
            await using CaseFile caseFile = await CaseFile.OpenAsync(path);
            foreach (string lossless in (string[])["false", "true"]) // weir sql has it on: types that Arrow has not are then bytes
            {
                caseFile.Database.Execute($"SET arrow_lossless_conversion={lossless}");
                using RecordBatch full = Assert.Single(await ReadAsync(caseFile, every)), empty = Assert.Single(await ReadAsync(caseFile, $"FROM ({every}) WHERE false"));
                Assert.Equal(1, full.Length);
                Assert.Equal(0, empty.Length);
                Assert.Equal(full.Schema.FieldsList.Select(f => (f.Name, f.DataType.Name)), empty.Schema.FieldsList.Select(f => (f.Name, f.DataType.Name)));
                for (int i = 0; i < full.ColumnCount; i++)
                    Assert.Equal((full.Column(i).GetType(), 0, 0), (empty.Column(i).GetType(), empty.Column(i).Length, empty.Column(i).NullCount));

                using var file = new MemoryStream();
                using (var writer = new ArrowFileWriter(file, empty.Schema, leaveOpen: true))
                {
                    writer.WriteRecordBatch(empty);
                    writer.WriteEnd();
                }

                file.Position = 0;
                using var reader = new ArrowFileReader(file, leaveOpen: true);
                using RecordBatch back = reader.ReadNextRecordBatch();
                Assert.Equal(empty.ColumnCount, back.ColumnCount);
                Assert.Equal(0, back.Length);
            }
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".wal");
        }
    }

    private static async Task<List<RecordBatch>> ReadAsync(CaseFile caseFile, string sql)
    {
        var batches = new List<RecordBatch>();
        await foreach (RecordBatch batch in caseFile.QueryAsync(sql))
            batches.Add(batch);
        return batches;
    }
}
