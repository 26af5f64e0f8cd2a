using System.Reflection;
using Weir.Engine.Stages;

namespace Weir.Engine.Kinds;

/// <summary>The kinds of logs that a run knows.</summary>
internal sealed class LogKinds
{
    private const string Prefix = "kinds/";

    private static readonly Lazy<LogKinds> Shared = new(() => new LogKinds(ReadEmbedded(), []));

    private LogKinds(IReadOnlyList<LogKind> all, IReadOnlyList<LogKind> own) => (All, Own) = (all, own);

    /// <summary>Those that come with weir.</summary>
    public static LogKinds Shipped => Shared.Value;

    /// <summary>All of them; where several fit a row, the first counts: the user's own, then by name.</summary>
    public IReadOnlyList<LogKind> All { get; }

    /// <summary>Those of the user, which the case keeps.</summary>
    public IReadOnlyList<LogKind> Own { get; }

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
        return new LogKinds([.. own, .. All.Where(k => !names.Contains(k.Name))], own);
    }

    private static List<LogKind> ReadEmbedded()
    {
        Assembly assembly = typeof(LogKinds).Assembly;
        var kinds = new List<LogKind>();
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            kinds.Add(KindFile.Read(Path.GetFileNameWithoutExtension(resource[Prefix.Length..]), reader.ReadToEnd(), resource, shipped: true));
        }

        return kinds;
    }
}
