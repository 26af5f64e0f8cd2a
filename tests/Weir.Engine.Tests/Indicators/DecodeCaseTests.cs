using System.Text;
using System.Text.Json;
using Weir.Engine.Stages;
using Xunit.Abstractions;

namespace Weir.Engine.Tests.Indicators;

/// <summary>Published encoded texts: those whose layers are Base64 and UTF-16 alone must all be decoded, those that are no encoding must not.</summary>
public class DecodeCaseTests(ITestOutputHelper output)
{
    private static readonly string[] Layers = ["base64", "base64url", "utf-16le", "utf-8", "base64+utf-16le", "charset:UTF-16LE (1200)"];

    /// <summary>Their bytes are no text: only somebody who says that they are encoded can want them decoded.</summary>
    private static readonly string[] Binary = ["d-0038", "d-0094"];

    [Theory]
    [InlineData("ioc/decode.jsonl", 49)]
    [InlineData("ioc/decode-powershell.jsonl", 242)]
    [InlineData("ioc/decode-atomic-red-team.jsonl", 13)]
    [InlineData("ioc/decode-wrapped.jsonl", 36)]
    public void PublishedCases_OfBase64AndUtf16_AreDecoded(string file, int expected)
    {
        if (SharedData.File(file) is not { } path)
        {
            output.WriteLine($"skipped: no {file} (set WEIR_SHARED to the folder of the sample data)");
            return;
        }

        JsonElement[] cases = [.. IocCases.Read(path).Where(c => Chain(c) is { } chain && chain.All(Layers.Contains))];
        var failures = new List<string>();
        foreach (JsonElement one in cases)
        {
            if (Fault(one) is { } fault)
                failures.Add($"{IocCases.Text(one, "id")}: {fault}; {JsonSerializer.Serialize(IocCases.Text(one, "input")[..Math.Min(120, IocCases.Text(one, "input").Length)])}");
        }

        output.WriteLine($"{cases.Length - failures.Count} of {cases.Length} cases");
        failures.ForEach(output.WriteLine);
        Assert.Empty(failures);
        Assert.Equal(expected, cases.Length);
    }

    private static string[]? Chain(JsonElement one) =>
        one.GetProperty("chain") is { ValueKind: JsonValueKind.Array } chain ? [.. chain.EnumerateArray().Select(c => c.GetString()!)] : null;

    private static string? Fault(JsonElement one)
    {
        byte[] cell = IocCases.Input(one);
        var extractor = new IndicatorExtractor(new DecodeOptions { Everything = Binary.Contains(IocCases.Text(one, "id")) });
        extractor.Extract(cell, 0, cell.Length, 0);
        if (Chain(one)!.Length == 0)
            return extractor.Texts.Count == 0 ? null : $"decoded as '{Encoding.UTF8.GetString(extractor.Texts[0].Bytes)}'";
        foreach (DecodedText text in extractor.Texts)
        {
            if (!LayerPath.Replay(text.Layers, cell).AsSpan().SequenceEqual(text.Bytes))
                return $"{text.Layers} gives other bytes again";
        }

        if (one.GetProperty("decoded").GetString() is { } decoded)
        {
            string[] found = [.. extractor.Texts.SelectMany(t => new[] { Encoding.UTF8.GetString(t.Bytes), Encoding.Latin1.GetString(t.Bytes) })];
            if (!found.Contains(decoded))
                return $"not decoded; found {string.Join(" | ", found)}";
        }

        HashSet<string> urls = [.. Enumerable.Range(0, extractor.Hits.Count).Where(i => extractor.Hits[i].Text >= 0).Select(i => $"{extractor.Hits[i].Type.Name()} {extractor.Hits.ValueText(i)}")];
        string[] missing = [.. IocCases.Expected(one).SelectMany(e => e.Value.Select(v => $"{e.Key} {Normal(v)}")).Where(v => !urls.Contains(v))];
        return missing.Length == 0 ? null : $"missing {string.Join(", ", missing)}";
    }

    private static string Normal(string value)
    {
        IndicatorHits hits = Scan.Hits(value);
        return hits.Count > 0 && hits[0].Length == Encoding.UTF8.GetByteCount(value) ? hits.ValueText(0) : value;
    }
}
