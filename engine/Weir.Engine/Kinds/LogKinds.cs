using System.Reflection;
using Weir.Engine.Stages;

namespace Weir.Engine.Kinds;

/// <summary>The kinds of logs that a run knows.</summary>
internal sealed class LogKinds
{
    private const string Prefix = "kinds/";

    private static readonly Lazy<LogKinds> Shared = new(() => new LogKinds(ReadEmbedded(), []));

    // A question reads the files of the kinds that its case holds, not of all.
    private readonly IReadOnlyList<Entry> entries;
    private IReadOnlyList<LogKind>? all;

    private LogKinds(IReadOnlyList<Entry> entries, IReadOnlyList<LogKind> own) => (this.entries, Own) = (entries, own);

    /// <summary>Those that come with weir.</summary>
    public static LogKinds Shipped => Shared.Value;

    /// <summary>All of them; where several fit a row, the first counts: the user's own, then by name.</summary>
    public IReadOnlyList<LogKind> All => all ??= [.. entries.Select(e => e.Kind.Value)];

    /// <summary>Those of the user, which the case keeps.</summary>
    public IReadOnlyList<LogKind> Own { get; }

    /// <summary>Those of these names, in the same order.</summary>
    public IEnumerable<LogKind> Named(IReadOnlySet<string> names) => entries.Where(e => names.Contains(e.Name)).Select(e => e.Kind.Value);

    /// <summary>What becomes of the cells of all of them.</summary>
    public IReadOnlyList<PayloadRule> Payloads => [.. All.SelectMany(k => k.Payloads)];

    /// <summary>With the files <c>*.sql</c> of a folder; one of the same name takes the place of a shipped kind.</summary>
    /// <exception cref="WeirException">There is no such folder, no file in it, or one that cannot be read.</exception>
    public LogKinds With(string folder)
    {
        if (!Directory.Exists(folder))
            throw new WeirException($"--kinds {folder}", "there is no such folder", "a folder of .sql files, one a log kind", "Name another folder.");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.sql").Order(StringComparer.Ordinal)];
        return files.Length == 0
            ? throw new WeirException($"--kinds {folder}", "there is no .sql file in it", "one file a log kind", "See the kinds that come with weir for how they are written (engine/Weir.Engine/Kinds).")
            : With([.. files.Select(f => KindFile.Read(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f), f))]);
    }

    /// <summary>With further kinds before those that are there.</summary>
    public LogKinds With(IReadOnlyList<LogKind> further)
    {
        HashSet<string> names = [.. further.Select(k => k.Name)];
        LogKind[] own = [.. further, .. Own.Where(k => !names.Contains(k.Name))];
        names.UnionWith(own.Select(k => k.Name));
        return new LogKinds([.. own.Select(k => new Entry(k.Name, new Lazy<LogKind>(k))), .. entries.Where(e => !names.Contains(e.Name))], own);
    }

    private static List<Entry> ReadEmbedded()
    {
        Assembly assembly = typeof(LogKinds).Assembly;
        var kinds = new List<Entry>();
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);
            kinds.Add(new Entry(name, new Lazy<LogKind>(() =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                return KindFile.Read(name, reader.ReadToEnd(), resource, shipped: true);
            })));
        }

        return kinds;
    }

    private sealed record Entry(string Name, Lazy<LogKind> Kind);
}

