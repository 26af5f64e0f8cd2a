using System.Text;
using System.Text.Json.Nodes;
using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests.Commands;

/// <summary>Which table an input lands in, and what a repeated run says.</summary>
public sealed class IngestNamesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Folder_OneTableForEachHeaderSet_InAnyOrderOfColumns()
    {
        Write("logs/a.csv", "x,y\n1,2\n");
        Write("logs/b.csv", "x,z\n1,2\n");
        Write("logs/c.csv", "y,x\n1,2\n");
        Assert.Equal(["logs", "logs_2", "logs"], (await IngestAsync(0, folder.File("logs"))).Select(s => (string)s["table"]!));
    }

    [Fact]
    public async Task Folder_EmptyFile_TakesNoNameFromTheOthers()
    {
        Write("logs/a.csv", "");
        Write("logs/b.csv", "x,y\n1,2\n");
        Assert.Equal(["logs", "logs"], (await IngestAsync(1, folder.File("logs"))).Select(s => (string)s["table"]!));
        Write("logs/a.csv", "x,y\n3,4\n");
        JsonObject[] mended = await IngestAsync(0, folder.File("logs"));
        Assert.Equal(["logs", "logs"], mended.Select(s => (string)s["table"]!));
        Assert.Equal([false, true], mended.Select(s => (bool)s["already_landed"]!));
    }

    [Fact]
    public async Task Arguments_OfOneStem_HaveTablesOfTheirOwnAndKeepThem()
    {
        Write("one/signin.csv", "x,y\n1,2\n");
        Write("two/signin.csv", "x,y\n3,4\n");
        string[] both = [folder.File("one/signin.csv"), folder.File("two/signin.csv")];
        Assert.Equal(["signin", "signin_2"], (await IngestAsync(0, both)).Select(s => (string)s["table"]!));
        JsonObject[] again = await IngestAsync(0, both);
        Assert.Equal(["signin", "signin_2"], again.Select(s => (string)s["table"]!));
        Assert.All(again, s => Assert.True((bool)s["already_landed"]!));
    }

    [Fact]
    public async Task RepeatedRun_TellsTheSameAsTheFirst()
    {
        Write("t.csv", "id,day,n\n1,4/2/2021,1\n\n2,5/3/2021\n3,1/1/2021,7\n");
        JsonObject first = (await IngestAsync(1, folder.File("t.csv")))[0], second = (await IngestAsync(1, folder.File("t.csv")))[0];
        Assert.Equal("[\"day\"]", first["undecided_dates"]!.ToJsonString());
        Assert.Equal(1, (long)first["blank_lines"]!);
        Assert.NotEqual("{}", first["remarks"]!.ToJsonString());
        Assert.True((bool)second["already_landed"]!);
        foreach (string key in (string[])["seconds", "already_landed"])
        {
            first.Remove(key);
            second.Remove(key);
        }

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task DryRun_SaysWhatItFoundAndMakesNoCase()
    {
        Write("t.csv", "id;day\n1;2021-04-28\n");
        StringWriter output = new();
        Assert.Equal(0, await Cli.RunAsync(["ingest", folder.File("t.csv"), "--dry-run", "--case", folder.File("case.duckdb")], output, TextWriter.Null));
        Assert.Contains("2021-04-28", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("columns: 2;", output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("case.duckdb")));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        folder.Write(name, Encoding.UTF8.GetBytes(text));
    }

    private async Task<JsonObject[]> IngestAsync(int exit, params string[] inputs)
    {
        StringWriter output = new(), error = new();
        int found = await Cli.RunAsync(["ingest", .. inputs, "--case", folder.File("case.duckdb"), "--format", "json"], output, error);
        Assert.True(exit == found, $"exit {found}: {error}");
        return [.. output.ToString().Trim().Split('\n').Select(l => JsonNode.Parse(l)!.AsObject())];
    }
}
