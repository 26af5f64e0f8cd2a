using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Weir.Engine.Tests;

/// <summary>The shape of the tree, as far as a machine can hold it.</summary>
public sealed partial class ArchitectureTests
{
    private const string Cli = "Weir.Cli", Connectors = "Weir.Connectors", Engine = "Weir.Engine", Frames = "Weir.DataFrame";

    /// <summary>Files whose public types belong together and would say less apart.</summary>
    private static readonly string[] TogetherByRight =
    [
        "ISink.cs",         // the sink, what it answers to a source, what it says of one that is closed
        "Origin.cs",        // where a batch stands, and the point behind it
        "Remark.cs",        // a remark, a reject
        "RunOptions.cs",    // and the progress it tells of
        "RunReport.cs",     // and its nodes
        "SourceInfo.cs",    // what a source knows before and after
        "TypingOptions.cs", // and the enumeration of one option
    ];

    private static readonly string Root = FindRoot();

    private static readonly (string Path, string Text)[] Sources =
    [
        .. new[] { "engine", "connectors" }.SelectMany(top => Files(top, "*.cs")).Select(f => (f, File.ReadAllText(Path.Combine(Root, f)))),
    ];

    [Fact]
    public void Engine_Assembly_KnowsNoOther() =>
        Assert.DoesNotContain(typeof(Batch).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Weir.", StringComparison.Ordinal));

    [Fact]
    public void Projects_Reference_OnlyWhatLiesBelow()
    {
        Dictionary<string, string[]> references = new[] { "engine", "connectors" }.SelectMany(top => Files(top, "*.csproj")).ToDictionary(
            project => Path.GetFileNameWithoutExtension(project),
            project => XDocument.Load(Path.Combine(Root, project)).Descendants("ProjectReference").Where(r => r.Attribute("ReferenceOutputAssembly")?.Value != "false") // a tool of the build
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))).ToArray());
        Assert.Contains(Cli, references.Keys);
        Assert.Empty(references[Engine]);
        Assert.Equal([Engine], references[Connectors]);
        Assert.Equal([Engine], references[Frames]);
        Assert.DoesNotContain(Frames, references[Cli]);
        foreach ((string project, string[] below) in references)
        {
            Assert.DoesNotContain(Cli, below);
            if (project != Cli)
                Assert.All(below, b => Assert.Equal(Engine, b));
        }
    }

    [Fact]
    public void OldArrow_OnlyTheDataFrame_Brings() => Assert.Equal(
        [$"engine/{Frames}/{Frames}.csproj"],
        new[] { "engine", "connectors" }.SelectMany(top => Files(top, "*.csproj")).Where(f => File.ReadAllText(Path.Combine(Root, f)).Contains("Include=\"Microsoft.Data.Analysis\"", StringComparison.Ordinal)));

    [Fact]
    public void Engine_Text_NamesNoConnector() =>
        Assert.Empty(Sources.Where(s => s.Path.StartsWith($"engine/{Engine}/", StringComparison.Ordinal) && s.Text.Contains(Connectors, StringComparison.Ordinal)).Select(s => s.Path));

    // All connectors share one namespace, so it is their types that must not meet. Files/ is for all of them and knows none; what Splunk sends is read by Json/.
    [Fact]
    public void Connectors_Folders_DoNotSeeEachOther()
    {
        const string top = $"connectors/{Connectors}/";
        ILookup<string, (string Path, string Text)> folders = Sources.Where(s => s.Path.StartsWith(top, StringComparison.Ordinal) && s.Path[top.Length..].Contains('/'))
            .ToLookup(s => s.Path[top.Length..].Split('/')[0]);
        Assert.Contains("Csv", folders.Select(f => f.Key));
        foreach (IGrouping<string, (string Path, string Text)> connector in folders.Where(f => f.Key is not ("Files" or "Formats")))
        {
            string[] types = [.. connector.SelectMany(s => AnyType().Matches(s.Text)).Select(m => m.Groups["name"].Value).Distinct()];
            Assert.NotEmpty(types);
            var names = new Regex($@"\b({string.Join('|', types)})\b");
            foreach ((string path, string text) in folders.Where(f => f.Key != connector.Key && f.Key != "Formats" && (f.Key, connector.Key) != ("Splunk", "Json")).SelectMany(f => f))
                Assert.False(names.IsMatch(Comment().Replace(text, "")), $"{path} sees {names.Match(Comment().Replace(text, "")).Value} of {connector.Key}");
        }
    }

    [Fact]
    public void Dataflow_OnlyThePipeline_Uses() => Assert.Equal(
        [$"engine/{Engine}/Dataflow/Pipeline.cs"],
        Sources.Where(s => s.Text.Contains("System.Threading.Tasks.Dataflow", StringComparison.Ordinal)).Select(s => s.Path));

    [Fact]
    public void Dataflow_BlocksThatLoseItems_AreAbsentAndBanned()
    {
        string pipeline = Sources.Single(s => s.Path.EndsWith("/Pipeline.cs", StringComparison.Ordinal)).Text;
        Assert.Empty(BannedBlock().Matches(pipeline).Select(m => m.Value));
        int blocks = Regex.Count(pipeline, @"new (Action|Transform)Block<");
        Assert.Equal(blocks, Regex.Count(pipeline, @"BoundedCapacity = "));
        Assert.Equal(blocks, Regex.Count(pipeline, @"EnsureOrdered = true"));
        string banned = File.ReadAllText(Path.Combine(Root, "engine/BannedSymbols.txt"));
        Assert.All(["DataflowBlock.Post", "BroadcastBlock", "TransformManyBlock"], b => Assert.Contains(b, banned, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_Lines_AreFewerThan600() =>
        Assert.Empty(Sources.Where(s => s.Text.AsSpan().Count('\n') >= 600).Select(s => s.Path));

    [Fact]
    public void Files_PublicTypes_StandAlone() => Assert.Equal(
        TogetherByRight,
        Sources.Where(s => s.Path.StartsWith("engine/", StringComparison.Ordinal) && PublicType().Count(s.Text) > 1).Select(s => Path.GetFileName(s.Path)).Order(StringComparer.Ordinal));

    [Fact]
    public void PublicTypes_HaveADocumentation()
    {
        var bare = new List<string>();
        foreach ((string path, string text) in Sources)
        {
            // One part of a partial type is enough.
            foreach (Match type in PublicType().Matches(text).Where(t => !t.Value.Contains("partial", StringComparison.Ordinal)))
            {
                string above = text[..type.Index].TrimEnd('\n').Split('\n').Last(line => !line.StartsWith('['));
                if (!above.StartsWith("///", StringComparison.Ordinal))
                    bare.Add($"{path}: {type.Value}");
            }
        }

        Assert.Empty(bare);
    }

    private static IEnumerable<string> Files(string top, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, top), pattern, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Engine.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Engine.sln above the tests: run them from the source tree.");
    }

    [GeneratedRegex(@"^public [a-z ]*(class|record struct|record|interface|enum|struct) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^(public|internal) [a-z ]*(class|record struct|record|interface|enum|struct) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex AnyType();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(BroadcastBlock|TransformManyBlock|WriteOnceBlock|BatchBlock|BatchedJoinBlock|JoinBlock|BufferBlock|Post|TryReceive)\b\s*[<(]")]
    private static partial Regex BannedBlock();
}
