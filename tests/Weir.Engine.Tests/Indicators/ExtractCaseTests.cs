using System.Text;
using System.Text.Json;
using Weir.Engine.Stages;
using Xunit.Abstractions;

namespace Weir.Engine.Tests.Indicators;

/// <summary>What seven other extractors expect of 2,800 texts.</summary>
public class ExtractCaseTests(ITestOutputHelper output)
{
    private static readonly string[] Types = [.. Enum.GetValues<IndicatorType>().Select(t => t.Name())];

    [Fact]
    public void PublishedCases_RecallAndPrecision_AreHigh()
    {
        if (SharedData.File("ioc/extract.jsonl") is not { } path || SharedData.File("ioc/conflicts.jsonl") is not { } conflictPath)
        {
            output.WriteLine("skipped: no ioc/extract.jsonl (set WEIR_SHARED to the folder of the sample data)");
            return;
        }

        HashSet<string> conflicts = [.. IocCases.Read(conflictPath).SelectMany(c => c.GetProperty("cases").EnumerateArray().Select(e => e[0].GetString()!))];
        int cases = 0, expected = 0, found = 0, judged = 0, wrong = 0;
        foreach (JsonElement one in IocCases.Read(path))
        {
            string text = IocCases.Text(one, "input"), check = IocCases.Text(one, "check");
            if (conflicts.Contains(IocCases.Text(one, "id")) || IocCases.Text(one, "notes").Contains("ARGUABLE", StringComparison.Ordinal)
                || one.TryGetProperty("options", out _) || check is not ("exact" or "contains"))
                continue;
            List<(string Type, string Value)> values = Values(text);
            var missing = new List<string>();
            var extra = new List<string>();
            bool counted = false;
            foreach (var (type, wanted) in IocCases.Expected(one).Where(e => Types.Contains(e.Key)))
            {
                // A value that does not stand in the text as it is has been rewritten by its source: refanged, unescaped, given another scheme.
                if (wanted.Any(w => !Stands(text, type, w)))
                    continue;
                counted = true;
                HashSet<string> want = [.. wanted.Select(w => Normal(type, w))];
                HashSet<string> have = [.. values.Where(v => v.Type == type).Select(v => v.Value)];
                expected += want.Count;
                found += want.Count(have.Contains);
                missing.AddRange(want.Where(w => !have.Contains(w)).Select(w => $"{type} {w}"));
                if (check != "exact" || (want.Count == 0 && IocCases.IsDefanged(text)))
                    continue;
                judged += have.Count;
                wrong += have.Count(h => !want.Contains(h));
                extra.AddRange(have.Where(h => !want.Contains(h)).Select(h => $"{type} {h}"));
            }

            cases += counted ? 1 : 0;
            if (missing.Count + extra.Count > 0)
                output.WriteLine($"{IocCases.Text(one, "id")} {JsonSerializer.Serialize(text[..Math.Min(text.Length, 160)])}\n    missing {string.Join(" | ", missing)}\n    extra   {string.Join(" | ", extra)}");
        }

        double recall = (double)found / expected, precision = 1 - ((double)wrong / judged);
        output.WriteLine($"{cases} cases: recall {recall:P2} ({found} of {expected}), precision {precision:P2} ({wrong} wrong of {judged})");
        Assert.True(cases > 500, $"only {cases} cases");
        Assert.True(recall >= 0.97, $"recall {recall:P2}");
        Assert.True(precision >= 0.97, $"precision {precision:P2}");
    }

    private static bool Stands(string text, string type, string value) => text.Contains(value, StringComparison.OrdinalIgnoreCase)
        || (type == "cve" && text.Contains(value.Replace("CVE-", "CVE ", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));

    private static List<(string Type, string Value)> Values(string text)
    {
        var hits = new IndicatorHits();
        IndicatorScanner.Scan(Encoding.UTF8.GetBytes(text), hits);
        return [.. Enumerable.Range(0, hits.Count).Select(i => (hits[i].Type.Name(), hits.ValueText(i)))];
    }

    /// <summary>The normal form of an expected value: what the scanner makes of it where that is one hit of the type over all of it.</summary>
    private static string Normal(string type, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        var hits = new IndicatorHits();
        IndicatorScanner.Scan(bytes, hits);
        int whole = Enumerable.Range(0, hits.Count).FirstOrDefault(i => hits[i].Type.Name() == type && hits[i].Length == bytes.Length, -1);
        return whole < 0 ? value : hits.ValueText(whole);
    }
}
