using System.Text;
using Apache.Arrow;
using CsCheck;
using DuckDB.NET.Data;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Tests.Payload;

/// <summary>A value that is kept beside its cell is given back by SQL as it was, whatever its text and its path are.</summary>
public sealed class KeptValuesTests : IDisposable
{
    private static readonly string[] Paths = ["UserId", "[UserAgent]", "*", "a/b", "~1", "a~/b", "q\"uote", "back\\slash", "dot.ted", "é", ""];

    private static readonly string[] Odd = ["", " ", "{\"a\":1}", "null", "\\u0041", "C:\\Users\\a", "\"", "\\", "é😀\u2028\u2029\ufeff", "\u0000", "<script>'&"];

    private readonly DuckDBConnection connection = new("DataSource=:memory:");

    public KeptValuesTests() => connection.Open();

    public void Dispose() => connection.Dispose();

    [Fact]
    public void Sql_GivesEachValueAsItWas()
    {
        Gen<string> text = Gen.Frequency(
            (3, Gen.String[Gen.Char['\0', '\u007f'], 0, 12]),
            (1, Gen.Int[0, Odd.Length - 1].Select(i => Odd[i])));
        Gen.Dictionary(Gen.Int[0, Paths.Length - 1], text)[0, 6].Array[40].Sample(rows =>
        {
            using var kept = new KeptValues(rows.Length, Paths.Length);
            for (int row = 0; row < rows.Length; row++)
            {
                foreach (var (field, value) in rows[row])
                {
                    kept.Set(row, field, KeptValues.Key(Paths[field]), Encoding.UTF8.GetBytes(value));
                    kept.Set(row, field, KeptValues.Key(Paths[field]), "a second value does not count"u8);
                }
            }

            using StringArray values = kept.Build();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT {PayloadSql.Kept("v", Paths)}, len({PayloadSql.AllKept("v")}) FROM (SELECT unnest($1::VARCHAR[]) AS v)";
            command.Parameters.Add(new DuckDBParameter(Enumerable.Range(0, rows.Length).Select(r => values.IsNull(r) ? null : values.GetString(r)).ToList()));
            using DuckDBDataReader reader = command.ExecuteReader();
            foreach (Dictionary<int, string> row in rows)
            {
                Assert.True(reader.Read());
                Assert.Equal(row.Count, reader.IsDBNull(1) ? 0 : reader.GetInt32(1));
                List<string?> found = reader.IsDBNull(0) ? [.. Paths.Select(_ => (string?)null)] : reader.GetFieldValue<List<string?>>(0);
                for (int i = 0; i < Paths.Length; i++)
                    Assert.Equal(row.GetValueOrDefault(i), found[i]);
            }
        }, iter: 60, threads: 1);
    }
}
