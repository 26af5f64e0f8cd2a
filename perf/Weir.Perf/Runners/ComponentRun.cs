using System.Globalization;
using System.Text.Json;
using Weir.Perf.Components;
using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>A component as a contestant: in a process of its own, which times itself; its peak memory is the whole process's.</summary>
internal sealed class ComponentRun(Component component, int threads, params DataKind[] kinds) : IRunner
{
    private const int WarmMegabytes = 5;

    public string Name => NameOf(component.Name, threads);

    public string Description => $"{component.Description}.";

    public bool IsOurs => component.IsOurs;

    public bool IsComponent => true;

    public static string NameOf(string component, int threads) => string.Create(CultureInfo.InvariantCulture, $"{component}, T{threads}");

    public bool Takes(DataKind kind) => kinds.Contains(kind);

    public IReadOnlyList<string> Command(DataSet data, string output)
    {
        var warm = DataSet.Ensure(Path.GetDirectoryName(data.Path)!, data.Kind, WarmMegabytes);
        return [.. Launcher.Self, ComponentProcess.Verb, component.Name, threads.ToString(CultureInfo.InvariantCulture), data.Path, warm.Path];
    }

    public Usage Clocked(Usage process)
    {
        var result = Result(process.Printed);
        return process with { WallSeconds = result.WallSeconds, UserSeconds = result.UserSeconds, SystemSeconds = result.SystemSeconds };
    }

    public void Check(Finished run)
    {
        var found = Result(run.Printed);
        if (component.Unit != TextUnit.File && found.Rows != run.Data.Facts.Rows)
            throw run.Differs($"rows: {run.Data.Facts.Rows} generated, {found.Rows} read");
        long? expected = component.Unit switch
        {
            TextUnit.Bytes => run.Truth.Held.Columns.Values.Sum(c => c.Bytes),
            TextUnit.Characters => run.Truth.Held.Columns.Values.Sum(c => c.Characters),
            TextUnit.File => run.Data.Facts.Bytes,
            _ => null,
        };
        if (expected is { } size && size != found.Size)
            throw run.Differs($"summed lengths: {size} in the {DuckDbLoad.AnchorName}, {found.Size} here ({component.Unit})");
    }

    private static ComponentResult Result(string printed) => JsonSerializer.Deserialize<ComponentResult>(printed)!;
}
