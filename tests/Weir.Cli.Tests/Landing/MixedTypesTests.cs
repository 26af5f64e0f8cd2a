using System.Text;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>Sources of one table with conflicting types, one of them killed on the way: every cell stays.</summary>
public class MixedTypesTests
{
    public static TheoryData<string, string, string, string> Cases => new()
    {
        // name, first source (killed after two intervals), second source, third source
        { "misfit of an unfinished source", Ints(400, (150, "N/A")), Ints(50), Ints(60) },
        { "integers that DOUBLE does not write back", Ints(400, (3, "5000000000000000"), (4, "9007199254740993")), "x\n0.5\n1.5\n2.5\n", "x\nword\nother\n" },
        { "doubles with one large integer", "x\n0.5\n9007199254740993\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"{i}.25\n")), Ints(50), "x\n7\n" },
        { "long text that becomes numbers", "x\n" + string.Concat(Enumerable.Range(0, 100).Select(i => i < 3 ? new string('t', 9000) + "\n" : $"{i}\n")) + string.Concat(Enumerable.Range(0, 900).Select(i => $"{i}\n")), Ints(50), Ints(60) },
        { "empty strings", "x,y\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"{(i % 9 == 0 ? "\"\"" : i > 300 ? "word" : i)},1\n")), Ints(50), Ints(60) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Ingest_ConflictingSourcesAndAKill_KeepEveryCell(string name, string first, string second, string third)
    {
        using var folder = new TempFolder();
        string a = folder.Write("a.csv", Encoding.UTF8.GetBytes(first)), b = folder.Write("b.csv", Encoding.UTF8.GetBytes(second)), c = folder.Write("c.csv", Encoding.UTF8.GetBytes(third));
        string path = folder.File("case.duckdb");
        string[] Command(string file) => ["ingest", file, "--table", "t", "--case", path, "--commit-rows", "100", "--batch-rows", "50", "--quiet"];
        Assert.Equal(137, (await WeirProcess.RunAsync(Command(a), "committed:2")).Exit);
        foreach (string file in (string[])[b, a, c, b, a])
            Assert.True(await Cli.RunAsync(Command(file), TextWriter.Null, TextWriter.Null) is 0 or 1, name);
        Assert.Equal("", await CaseDump.FaultsAsync(path));
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        Assert.Equal(3, caseFile.Database.Count("SELECT count(*) FROM weir.sources WHERE state = 'complete'"));
    }

    [Fact]
    public async Task Ingest_ManyColumns_LandAtTheDefaultMemory()
    {
        using var folder = new TempFolder();
        string path = folder.File("case.duckdb");
        for (int file = 0; file < 2; file++)
        {
            string wide = folder.Write($"wide{file}.csv", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 1200).Select(i => $"c{i}")) + "\n"
                + string.Concat(Enumerable.Range(0, 30).Select(r => string.Join(',', Enumerable.Range(0, 1200).Select(i => i * r + file)) + "\n"))));
            var error = new StringWriter();
            Assert.True(await Cli.RunAsync(["ingest", wide, "--table", "wide", "--case", path], TextWriter.Null, error) == 0, error.ToString());
        }

        Assert.Equal("", await CaseDump.FaultsAsync(path));
    }

    [Fact]
    public async Task Ingest_TableInAnotherCase_IsTheSameTable()
    {
        using var folder = new TempFolder();
        string path = folder.File("case.duckdb"), a = folder.Write("a.csv", "x\n1\n"u8.ToArray()), b = folder.Write("b.csv", "x\n2\n"u8.ToArray());
        foreach (string[] command in (string[][])[[a, "--table", "Foo"], [b, "--table", "foo"], [a, "--table", "FOO"]])
            Assert.Equal(0, await Cli.RunAsync(["ingest", .. command, "--case", path, "--quiet"], TextWriter.Null, TextWriter.Null));
        Assert.Equal("", await CaseDump.FaultsAsync(path));
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        Assert.Equal(2, caseFile.Database.Count("SELECT count(*) FROM foo"));
    }

    private static string Ints(int rows, params (int Row, string Text)[] others)
    {
        var text = new StringBuilder("x\n");
        for (int i = 0; i < rows; i++)
            text.Append(others.FirstOrDefault(o => o.Row == i).Text ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }
}
