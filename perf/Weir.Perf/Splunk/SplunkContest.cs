using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Weir.Perf.Measure;
using Weir.Perf.Report;
using Weir.Perf.Runners;
using Weir.SplunkServer;

namespace Weir.Perf.Splunk;

/// <summary>The <c>splunk</c> command: what an export costs beside an ingest of the same rows from a file, and its memory over sizes.</summary>
internal sealed class SplunkContest(string root, string weir)
{
    private const int BytesOfRow = 694; // of the made-up events, as NDJSON
    private const string Ingest = "weir ingest, NDJSON", Job = "weir splunk export", Stream = "weir splunk export --method export";
    private static readonly DateTime Day = new(2018, 8, 20, 0, 0, 0, DateTimeKind.Utc);

    /// <param name="root">The repository.</param>
    /// <param name="args"><c>--mb N</c> (repeatable; 1000 and 5000), <c>--rounds N</c> (3), <c>--weir PATH</c>.</param>
    public static async Task<int> RunAsync(string root, string[] args)
    {
        var sizes = new List<int>();
        int rounds = 3;
        string? given = null;
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool number = int.TryParse(value, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= 100_000;
            switch (args[i])
            {
                case "--mb" when number:
                    sizes.Add(n);
                    break;
                case "--rounds" when number:
                    rounds = n;
                    break;
                case "--weir" when value.Length > 0:
                    given = value;
                    break;
                default:
                    throw new PerfException(2, "usage: perf/splunk [--mb N]... [--rounds N] [--weir PATH]; 1000 and 5000 MB, 3 rounds; sizes above the first are exported once, for their memory");
            }

            i++;
        }

        var contest = new SplunkContest(root, given is null ? WeirBuild.Build(root) : WeirBuild.Find(given));
        string report = await contest.ReportAsync(sizes.Count == 0 ? [1_000, 5_000] : sizes, rounds, $"perf/splunk {string.Join(' ', args)}".TrimEnd());
        string folder = ResultFolder.Create(Path.Combine(root, "perf", "results"), "-splunk");
        await File.WriteAllTextAsync(Path.Combine(folder, "README.md"), report);
        Console.Out.WriteLine(report);
        Console.Error.WriteLine($"written: {folder}");
        return 0;
    }

    private async Task<string> ReportAsync(IReadOnlyList<int> sizes, int rounds, string command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Exports from a Splunk server\n\n```\n{command}\n```\n\n");
        text.Append(Table.Lines([["", ""], .. Machine.Describe(root).Select(p => new[] { p.Name, p.Value })]));
        text.Append("\nThe server is `examples/splunk-server` (TLS, index `bulk`) on the same machine, in another process; its own work is not counted, but takes a processor away. Whole processes, medians (least–most); cpu seconds a million rows.\n");
        for (int i = 0; i < sizes.Count; i++)
        {
            int rows = (int)(sizes[i] * 1_000_000L / BytesOfRow);
            await using KestrelFront server = await KestrelFront.StartAsync(new ServerOptions { Corpus = Corpus.Bulk(rows, Day, TimeSpan.FromDays(1)), Certificate = Certificates.SelfSigned("127.0.0.1") });
            List<(string Name, Usage Usage)> runs = i == 0 ? Compare(server.Port, rows, rounds) : [(Job, Export(server.Port, rows, Job))];
            text.Append(CultureInfo.InvariantCulture, $"\n## {sizes[i]} MB, {rows:N0} rows\n\n");
            var lines = new List<string[]> { new[] { "run", "cpu s", "x ingest", "wall s", "peak MB" } };
            foreach (IGrouping<string, (string Name, Usage Usage)> own in runs.GroupBy(r => r.Name))
            {
                Usage[] usages = [.. own.Select(r => r.Usage)], ingests = [.. runs.Where(r => r.Name == Ingest).Select(r => r.Usage)];
                string ratio = ingests.Length == 0 ? "" : Summary.Of(usages.Zip(ingests, (u, a) => u.CpuSeconds / a.CpuSeconds)).Text("F2");
                lines.Add([own.Key, Summary.Of(usages.Select(u => u.CpuSeconds * 1e6 / rows)).Text("F1"), ratio, Summary.Of(usages.Select(u => u.WallSeconds)).Text("F1"), Summary.Of(usages.Select(u => u.PeakBytes / 1e6)).Text("F0")]);
            }

            text.Append(Table.Lines([.. lines]));
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private List<(string, Usage)> Compare(int port, int rows, int rounds)
    {
        string file = Path.Combine(root, "perf", "data", "bulk.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Write(file, rows);
        var runs = new List<(string, Usage)>();
        for (int round = 0; round <= rounds; round++)
        {
            (string, Usage)[] measured = [(Ingest, Measure(Ingest, ["ingest", file, "--table", "events"], rows)), (Job, Export(port, rows, Job)), (Stream, Export(port, rows, Stream))];
            if (round > 0)
                runs.AddRange(measured);
        }

        File.Delete(file);
        return runs;
    }

    private Usage Export(int port, int rows, string name)
    {
        Environment.SetEnvironmentVariable("SPLUNK_PASSWORD", "changeme");
        return Measure(
            name,
            [
                "splunk", "export", "--url", string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"), "--user", "admin", "--insecure", "--spl", "index=bulk", "--earliest", "2018-08-20", "--latest", "2018-08-21", "--table", "events",
                .. name == Stream ? (string[])["--method", "export"] : [],
            ],
            rows);
    }

    private Usage Measure(string name, string[] arguments, int rows)
    {
        string database = Path.Combine(root, "perf", "data", "splunk.duckdb");
        File.Delete(database);
        LibC.Sync();
        IReadOnlyList<string> start = WeirBuild.Start(weir);
        Usage usage = Launcher.Run(name, [.. start, .. arguments, "--case", database, "--quiet"]);
        using (var connection = new DuckDBConnection($"Data Source={database};ACCESS_MODE=READ_ONLY"))
        {
            connection.Open();
            using DuckDBCommand count = connection.CreateCommand();
            count.CommandText = "SELECT count(*) = count(DISTINCT (_cd)) AND count(*) = " + rows.ToString(CultureInfo.InvariantCulture) + " FROM events";
            if (count.ExecuteScalar() is not true)
                throw new PerfException(1, $"{name}: the table does not hold each of {rows} events once.");
        }

        File.Delete(database);
        Console.Error.WriteLine($"  {name,-40} {usage.WallSeconds,8:F2} s {usage.CpuSeconds,8:F2} cpu s {usage.PeakBytes / 1e6,7:F0} MB");
        return usage;
    }

    private static void Write(string file, int rows)
    {
        using FileStream target = File.Create(file);
        using var text = new MemoryStream();
        foreach (Event row in Corpus.Bulk(rows, Day, TimeSpan.FromDays(1)).Events)
        {
            row.Write(text, _ => true, Event.Iso);
            text.WriteByte((byte)'\n');
            if (text.Length < 1 << 20)
                continue;
            text.WriteTo(target);
            text.SetLength(0);
        }

        text.WriteTo(target);
    }
}
