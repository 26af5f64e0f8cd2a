using System.Text.Json;
using Weir.Perf.Compare;
using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>ClickHouse, embedded in Node.js as chdb, loads the file.</summary>
internal sealed class ClickHouseLoad(NpmPackages packages) : IRunner
{
    public const string RunName = "ClickHouse, CSV to MergeTree";

    private const string Script = "clickhouse.js";

    public string Name => RunName;

    public string Description => "npm's chdb: `CREATE TABLE d.t ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file(F, 'CSVWithNames')`, two threads, types detected, LZ4. A load, no more.";

    public string? Version => packages.Version(NpmPackages.ChDb) is { } version ? $"chdb {version}" : null;

    public string? Missing => packages.Missing(NpmPackages.ChDb);

    public bool Takes(DataKind kind) => kind is DataKind.Wide or DataKind.Narrow;

    public IReadOnlyList<string> Command(DataSet data, string output) => packages.Script(Script, "load", data.Path, output);

    public void Check(Finished run)
    {
        string printed = Launcher.Run(Name, packages.Script(Script, "hold", run.Output)).Printed;
        run.Truth.Check(run, JsonSerializer.Deserialize<Holding>(printed)!);
    }
}
