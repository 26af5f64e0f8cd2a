using BenchmarkDotNet.Attributes;
using Weir.Engine.Stages;
using Weir.Perf.Data;

namespace Weir.Benchmarks;

/// <summary>A thousand records with an encoded command each: what is decoded, and what looking for it costs where there is nothing.</summary>
public class DecodingBenchmarks
{
    private const int Records = 1_000;

    private readonly IndicatorExtractor extractor = new();
    private byte[] encoded = [], plain = [];

    [GlobalSetup]
    public void Write()
    {
        encoded = Write(WideText.Encoded);
        plain = Write(WideText.Process);
    }

    [Benchmark]
    public int Encoded() => Extract(encoded);

    [Benchmark]
    public int Plain() => Extract(plain);

    private static byte[] Write(Template record)
    {
        var row = new Row(new Rng(1), growing: false);
        var text = new Utf8Text(Records * 8_192);
        for (int i = 0; i < Records; i++)
        {
            row.Next();
            record.Write(text, row);
            text.Add((byte)'\n');
        }

        return text.Written.ToArray();
    }

    private int Extract(byte[] text)
    {
        extractor.Extract(text, 0, text.Length, 0);
        int found = extractor.Texts.Count;
        extractor.Clear();
        return found;
    }
}
