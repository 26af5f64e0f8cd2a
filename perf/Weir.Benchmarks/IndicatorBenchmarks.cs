using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Weir.Engine.Stages;
using Weir.Perf.Runners;

namespace Weir.Benchmarks;

/// <summary>Indicators in the <c>_raw</c> of 8,192 rows: weir decodes as well and keeps hits, the expressions count matches.</summary>
public class IndicatorBenchmarks
{
    private readonly IndicatorExtractor extractor = new();
    private byte[] text = [];
    private string characters = "";
    private Regex? alternation;

    [GlobalSetup]
    public void Open()
    {
        text = BenchmarkData.RawText();
        characters = Encoding.UTF8.GetString(text);
        string[] patterns = File.ReadAllLines(PeerFile.Path("patterns.txt"));
        alternation = new Regex(string.Join('|', patterns.Select(p => $"(?:{p})")), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>Bytes in, normal forms out, with what is under Base64 and UTF-16.</summary>
    [Benchmark]
    public int Weir()
    {
        extractor.Extract(text, 0, text.Length, 0);
        int found = extractor.Hits.Count;
        extractor.Clear();
        return found;
    }

    [Benchmark(Baseline = true)]
    public int RegexNonBacktracking() => alternation!.Count(characters);
}
