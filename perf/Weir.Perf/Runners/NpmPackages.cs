using System.Text.Json;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>Peers that come as npm packages, in a folder of their own; they are fetched when the user asks for it and never otherwise.</summary>
internal sealed class NpmPackages(string folder)
{
    /// <summary>The option that installs them.</summary>
    public const string Option = "--install-peers";

    public const string ChDb = "chdb", Polars = "nodejs-polars";

    // nodejs-polars loads its native part from a package of its own, which npm passes over where optional packages are left out.
    private static readonly string[] Wanted = ["chdb@3.4.0", "nodejs-polars@0.26.1", "nodejs-polars-linux-x64-gnu@0.26.1"];

    /// <summary>Fetches the packages into the folder.</summary>
    /// <exception cref="PerfException">npm is not there, or failed.</exception>
    public void Install()
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "package.json"), "{\"private\":true}\n");
        Console.Error.WriteLine($"installing {string.Join(", ", Wanted)} into {folder} ...");
        if (Launcher.Ask(folder, ["npm", "install", "--no-fund", "--no-audit", "--save-exact", .. Wanted]) is null)
            throw new PerfException(2, $"npm install failed in {folder}: Node.js with npm and a network are needed. Without {Option} these peers are left out.");
    }

    /// <summary>The version that is there; null where the package is not.</summary>
    public string? Version(string package)
    {
        string manifest = Path.Combine(folder, "node_modules", package, "package.json");
        if (!File.Exists(manifest))
            return null;
        using var parsed = JsonDocument.Parse(File.ReadAllText(manifest));
        return parsed.RootElement.GetProperty("version").GetString();
    }

    /// <summary>Why the package cannot be used; null where it can.</summary>
    public string? Missing(string package) => Version(package) is null ? $"npm package {package} is not installed: perf/run {Option}"
        : Launcher.Ask(folder, "node", "--version") is null ? "node is not on the path"
        : null;

    /// <summary>A script beside this program, with these packages and two threads.</summary>
    public IReadOnlyList<string> Script(string name, params string[] arguments) =>
        ["env", $"NODE_PATH={Path.Combine(folder, "node_modules")}", "POLARS_MAX_THREADS=2", "node", PeerFile.Path(name), .. arguments];
}
