using System.Globalization;
using Weir.Perf.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>pandas reads the file into memory and stores nothing.</summary>
internal sealed class PandasRead : IRunner
{
    // Of several Pythons on a machine the system's is the one that packages of the distribution belong to.
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3"];

    private readonly string? python;
    private readonly string? version;

    public PandasRead()
    {
        foreach (string candidate in Pythons)
        {
            version = Launcher.Ask("", candidate, "-c", "import pandas; print(pandas.__version__)");
            if (version is null)
                continue;
            python = candidate;
            break;
        }
    }

    public string Name => "pandas, read_csv";

    public string Description => "`pandas.read_csv(F, dtype=str, engine=\"c\")` into a data frame in memory; nothing is stored.";

    public string? Version => version is null ? null : $"pandas {version}";

    public string? Missing => python is null ? "no Python with pandas on the path" : null;

    public bool Takes(DataKind kind) => kind == DataKind.Wide;

    public IReadOnlyList<string> Command(DataSet data, string output) => [python!, PeerFile.Path("pandas_read.py"), data.Path];

    public void Check(Finished run)
    {
        string expected = run.Data.Facts.Rows.ToString(CultureInfo.InvariantCulture), printed = run.Printed.Trim();
        if (printed != expected)
            throw run.Differs($"rows: {expected} generated, {printed} read");
    }
}
