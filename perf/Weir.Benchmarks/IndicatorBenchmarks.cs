using System.Text;
using System.Text.RegularExpressions;
using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Perf.Runners;

namespace Weir.Benchmarks;

/// <summary>Indicators in the <c>_raw</c> of 8,192 rows: weir decodes as well and keeps hits, the expressions count matches.</summary>
public class IndicatorBenchmarks
{
    private readonly IndicatorExtractor extractor = new();
    private Batch? batch;
    private StringArray? raw;
    private string characters = "";
    private Regex? alternation;

    [GlobalSetup]
    public void Open()
    {
        batch = BenchmarkData.Batch("wide");
        raw = (StringArray)batch.Events.Column(ExtractIocsStage.Raw);
        characters = string.Join('\n', Enumerable.Range(0, raw.Length).Select(row => Encoding.UTF8.GetString(raw.GetBytes(row))));
        string[] patterns = File.ReadAllLines(PeerFile.Path("patterns.txt"));
        alternation = new Regex(string.Join('|', patterns.Select(p => $"(?:{p})")), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    [GlobalCleanup]
    public void Close() => batch?.Dispose();

    /// <summary>Bytes in, normal forms out, with what is under Base64 and UTF-16.</summary>
    [Benchmark]
    public int Weir()
    {
        extractor.ExtractColumn(raw!.Values, raw.ValueOffsets);
        int found = extractor.Hits.Count;
        extractor.Clear();
        return found;
    }

    [Benchmark(Baseline = true)]
    public int RegexNonBacktracking() => alternation!.Count(characters);
}
