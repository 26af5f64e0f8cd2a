using System.Text;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>A row that is broken is found afterwards by its text: nobody can hide one by breaking it.</summary>
public class DamageTests
{
    [Theory]
    [InlineData("stray comma", "5,nee,dle,x\n")]
    [InlineData("byte that is no UTF-8", "5,nee\u0001dle,x\n")]
    [InlineData("NUL", "5,nee\0dle,x\n")]
    [InlineData("unclosed quote", "5,\"needle,x\n")]
    [InlineData("text after a quote", "5,\"nee\"dle,x\n")]
    [InlineData("missing field", "5,needle\n")]
    public async Task Ingest_BrokenRow_IsFoundByItsText(string damage, string row)
    {
        using var folder = new TempFolder();
        var file = new StringBuilder("id,word,rest\n");
        for (int i = 0; i < 40; i++)
            file.Append(i == 20 ? row : $"{i},word{i},\"rest {i}\"\n");
        byte[] bytes = Encoding.UTF8.GetBytes(file.ToString());
        bytes.AsSpan().Replace((byte)1, (byte)0xFF);
        string input = folder.Write("damaged.csv", bytes), path = folder.File("case.duckdb");
        Assert.InRange(await Cli.RunAsync(["ingest", input, "--case", path, "--quiet"], TextWriter.Null, TextWriter.Null), 0, 1);

        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        Assert.Equal(40, caseFile.Database.Count("SELECT count(*) FROM damaged"));
        string found = string.Join('\n', caseFile.Database.Rows("SELECT d::VARCHAR FROM damaged d WHERE row_id = 21", r => r.GetString(0)));
        Assert.True(found.Contains("nee", StringComparison.Ordinal) && found.Contains("dle", StringComparison.Ordinal), $"{damage}: {found}");
        Assert.Equal(1, caseFile.Database.Count("SELECT count(*) FROM damaged d WHERE d::VARCHAR LIKE '%nee%dle%'"));
        if (damage is not "NUL")
            Assert.Equal(1, caseFile.Database.Count("SELECT count(*) FROM weir.remarks WHERE row_id = 21"));
        if (damage is "byte that is no UTF-8")
            Assert.Equal(1, caseFile.Database.Count("SELECT count(*) FROM weir.remarks WHERE raw = '\\x6E\\x65\\x65\\xFF\\x64\\x6C\\x65'::BLOB"));
        Assert.Equal(["word19", "word21"], caseFile.Database.Rows("SELECT word FROM damaged WHERE row_id IN (20, 22) ORDER BY row_id", r => r.GetString(0)));
    }

    [Fact]
    public async Task Ingest_RowThatIsTooLong_IsFoundInRejects()
    {
        using var folder = new TempFolder();
        string input = folder.Write("long.csv", Encoding.UTF8.GetBytes($"id,word\n1,a\n2,{new string('x', 70_000)}needle{new string('y', 70_000)}\n3,c\n")), path = folder.File("case.duckdb");
        Assert.Equal(1, await Cli.RunAsync(["ingest", input, "--case", path, "--quiet", "--max-row", "64KB"], TextWriter.Null, TextWriter.Null));
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        Assert.Equal([1L, 3L], caseFile.Database.Rows("SELECT row_id FROM long ORDER BY 1", r => r.GetInt64(0)));
        Assert.Equal(1, caseFile.Database.Count("SELECT count(*) FROM weir.rejects WHERE row_id = 2 AND decode(raw) LIKE '%needle%'"));
        Assert.Equal("", await CaseDump.FaultsAsync(path));
    }

    [Theory]
    [InlineData("long.csv", "id,word\n1,a\n2,", "\n3,c\n")]
    [InlineData("long.ndjson", "{\"id\":1}\n{\"id\":\"", "\"}\n{\"id\":3}\n")]
    public async Task Ingest_RowOfManyPieces_IsOneRejectedRow(string name, string head, string tail)
    {
        using var folder = new TempFolder();
        string input = folder.Write(name, [.. Encoding.UTF8.GetBytes(head), .. Enumerable.Repeat((byte)'x', 40_000_000), .. Encoding.UTF8.GetBytes(tail)]), path = folder.File("case.duckdb");
        Assert.Equal(1, await Cli.RunAsync(["ingest", input, "--case", path, "--quiet", "--max-row", "64KB", "--memory", "128MB"], TextWriter.Null, TextWriter.Null));
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        Assert.Equal([1L, 3L], caseFile.Database.Rows("SELECT row_id FROM long ORDER BY 1", r => r.GetInt64(0)));
        Assert.Equal(1, caseFile.Database.Count("SELECT count(*) FROM (SELECT 1 FROM weir.rejects WHERE row_id = 2 HAVING count(*) > 2 AND sum(octet_length(raw)) > 40000000)"));
        Assert.Equal("", await CaseDump.FaultsAsync(path));
    }
}
