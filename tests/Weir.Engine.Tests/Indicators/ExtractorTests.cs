using System.Text;
using CsCheck;
using Weir.Engine.Stages;
using Xunit.Abstractions;
using static Weir.Engine.Tests.Indicators.Extract;

namespace Weir.Engine.Tests.Indicators;

public class ExtractorTests(ITestOutputHelper output)
{
    private const string Url = "http://evil.example.com/a";

    [Theory]
    [InlineData("sysmon_eid1_FYODOR-L_rec34593_empire.xml", "base64@1042+5312>utf16le@0+3984>base64@", 64)]
    [InlineData("powershell_4100_FYODOR-L.txt", "base64@", 64)]
    public void Extract_QuotedStager_GivesItsServerWithLayers(string file, string layers, int inner)
    {
        if (SharedData.File($"botsv3/quoted/{file}") is not { } path)
        {
            output.WriteLine($"skipped: no botsv3/quoted/{file} (set WEIR_SHARED to the folder of the sample data)");
            return;
        }

        byte[] text = File.ReadAllBytes(path);
        IndicatorExtractor extractor = From(text);
        int[] urls = [.. Enumerable.Range(0, extractor.Hits.Count).Where(i => extractor.Hits[i].Type == IndicatorType.Url && extractor.TextOf(i) is not null)];
        int url = Assert.Single(urls);
        DecodedText holder = extractor.TextOf(url)!;
        output.WriteLine(holder.Layers);
        Assert.Equal("https://45.77.53.176:443", extractor.Hits.ValueText(url));
        Assert.Equal(["base64", "utf16le", "base64", "utf16le"], holder.Layers.Split('>').Select(l => l.Split('@')[0]));
        Assert.Contains($"+{inner}>", holder.Layers, StringComparison.Ordinal);
        Assert.StartsWith(layers.Split('@')[0], holder.Layers, StringComparison.Ordinal);
        Assert.Equal("https://45.77.53.176:443", Encoding.UTF8.GetString(LayerPath.Replay(holder.Layers, text)));
    }

    [Fact]
    public void Extract_NestedStager_TellsEveryLayer()
    {
        string inner = Base64Wide("https://45.77.53.176:443");
        string script = $"$s=[Text.Encoding]::Unicode.GetString([Convert]::FroMBAse64StriNG('{inner}'));";
        string cell = $"powershell -noP -enc {Base64Wide(script)} # 10.0.0.1";
        IndicatorExtractor extractor = From(cell);
        int outer = Base64Wide(script).Length, at = script.IndexOf(inner, StringComparison.Ordinal);
        string path = $"base64@21+{outer}>utf16le@0+{script.Length * 2}>base64@{at}+{inner.Length}>utf16le@0+48";
        Assert.Equal([$"url https://45.77.53.176:443 {path}", $"ipv4 45.77.53.176 {path}"], Decoded(extractor));
        Assert.All(extractor.Texts, t => Assert.Equal((21, outer), (t.Offset, t.Length)));
        Assert.Equal(3, extractor.Hits.Count);
        Assert.Equal([IndicatorType.Ipv4, IndicatorType.Url, IndicatorType.Ipv4], Enumerable.Range(0, 3).Select(i => extractor.Hits[i].Type));
        Assert.Equal("https://45.77.53.176:443", extractor.Hits.PartOf(2));
    }

    [Fact]
    public void Extract_WideTextAmongBytes_HasItsSpan()
    {
        byte[] bytes = [1, 2, 3, 0xD8, .. Encoding.Unicode.GetBytes(Url), 0xFF, 0xFE, 0, 7];
        string base64 = Convert.ToBase64String(bytes);
        IndicatorExtractor extractor = From("x=" + base64);
        Assert.Equal([$"base64@2+{base64.Length}>utf16le@4+{Url.Length * 2} = {Url}"], Texts(extractor));
        Assert.Equal([$"utf16le@3+{Url.Length * 2} = {Url}"], Texts(From([1, 2, 3, .. Encoding.Unicode.GetBytes(Url)])));
    }

    public static TheoryData<string> Spellings => new()
    {
        Base64(Url),
        Base64(Url).TrimEnd('='),
        Base64(Url) + "=",
        $"\"data\":\"{Base64(Url)}\"",
        $"data={Base64(Url)}&id=1",
        $"data:text/plain;base64,{Base64(Url)}",
        $"/x/y/{Base64(Url)}",
        $"id-{Base64(Url)}",
        $"{Base64(Url)}-suffix",
        $"{{\"a\":\"line\\r\\n{Base64(Url)}\\r\\n\"}}",
        $"\\u0027{Base64(Url)}\\u0027",
        $"a=%22{Base64(Url)}%22",
        Base64("?>~" + Url + "?>~").Replace('+', '-').Replace('/', '_'),
        string.Join(' ', Base64(Url).Chunk(7).Select(c => new string(c))) + "\r\n",
        string.Join(' ', Base64(Url).ToCharArray()),
        "Content: \n" + string.Join("\r\n", Base64(Url + " " + Url + " " + Url).Chunk(24).Select(c => new string(c))) + "\n.",
        "{\"a\":\"" + string.Join("\\n", Base64(Url + " " + Url + " " + Url).Chunk(24).Select(c => new string(c))) + "\"}",
        Base64Wide(Url),
        Base64("\uFEFF" + Url),
        Convert.ToBase64String([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Url)]),
        Convert.ToBase64String([0x99, 0x01, .. Encoding.UTF8.GetBytes(Url), 0x99, 0x80]),
        Base64(Base64(Base64(Base64(Base64(Url))))),
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Extract_Base64_InEverySpelling_IsDecoded(string text)
    {
        IndicatorExtractor extractor = From(text);
        Assert.Contains(Decoded(extractor), h => h.StartsWith($"url {Url} ", StringComparison.Ordinal));
        foreach (DecodedText decoded in extractor.Texts)
            Assert.Equal(decoded.Bytes, LayerPath.Replay(decoded.Layers, Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("-e {0}")]
    [InlineData("-ec {0}")]
    [InlineData("-en {0}")]
    [InlineData("-enc {0}")]
    [InlineData("-ENCO {0}")]
    [InlineData("-encodedcommand {0}")]
    [InlineData("–EncodedCommand \"{0}\"")]
    [InlineData("—enc '{0}'")]
    [InlineData("―e   {0}")]
    [InlineData("cmd /c powershell /enc {0}")]
    [InlineData("powershell/e \"{0}\"")]
    [InlineData("pwsh.exe -nop -e:{0}")]
    [InlineData("[Convert]::FromBase64String('{0}')")]
    [InlineData("[System.Convert]::FroMBAse64StriNG( \"{0}\" )")]
    [InlineData("FromBase64String(&quot;{0}&quot;)")]
    [InlineData("FromBase64String(\\u0027{0}\\u0027)")]
    [InlineData("FromBase64String(\\\"{0}\\\")")]
    [InlineData("base64_decode('{0}')")]
    [InlineData("b64decode(\"{0}\")")]
    [InlineData("data:;base64,{0}")]
    public void Extract_MarkedRun_MayBeShort(string format)
    {
        foreach (string run in (string[])["ZHVjaw==", "bABzAA==", "ZHVja3M", "cHdkIC1QIC1M"])
        {
            string[] texts = Texts(From(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, run)));
            Assert.True(texts.Length == 1 || run.Length < 8, $"{format} {run}: {string.Join(", ", texts)}");
        }
    }

    [Theory]
    [InlineData("ZHVjaw== bABzAA== cHdkIC1QIC1M")]
    [InlineData("-foo ZHVjaw==, x/e/ZHVjaw==, re-enc-ZHVjaw==")]
    [InlineData("0123456789abcdef 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12")]
    [InlineData("CamelCaseTesting WakeAllConditionVariable, GetUserDefaultUILanguage")]
    [InlineData("http://schemas.microsoft.com/SMI/2016/WindowsSettings")]
    [InlineData("{EBF7A186-D3B0-5B58-0000-001041FF2702} a8098c1a-f86e-11da-bd1a-00112444be1e")]
    [InlineData("C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe Microsoft-Windows-PowerShell/Operational")]
    [InlineData("the quick brown fox jumps over the lazy dog ")]
    [InlineData("/frothlyinventory/integration/saveGangster/action/something_else_entirely")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA aaaaaaaaaaaaaaaaaaaaaaaaaAAA")]
    public void Extract_OrdinaryText_IsNotDecoded(string text) => Assert.Empty(Texts(From(text)));

    [Fact]
    public void Extract_Bounds_AreFlagged()
    {
        string nested = Base64(Base64(Base64(Base64(Url))));
        IndicatorExtractor depth = From(nested, new DecodeOptions { MaxDepth = 3 });
        Assert.Equal((3, IndicatorFlags.DecodeDepth), (depth.Texts.Count, Assert.Single(depth.Flagged).Flags));
        IndicatorExtractor bytes = From(Base64(new string('a', 2000) + " word"), new DecodeOptions { MaxBytes = 1024 });
        Assert.Equal((0, IndicatorFlags.DecodeBytes), (bytes.Texts.Count, Assert.Single(bytes.Flagged).Flags));
        IndicatorExtractor count = From(string.Join(',', Enumerable.Repeat(Base64(Url), 5)), new DecodeOptions { MaxTexts = 3 });
        Assert.Equal((3, IndicatorFlags.DecodeTexts), (count.Texts.Count, Assert.Single(count.Flagged).Flags));
        Assert.Empty(From(nested).Flagged);
    }

    [Fact]
    public void Extract_SeveralCells_NumbersTextsAndHits()
    {
        byte[] values = Encoding.UTF8.GetBytes($"a.com{Base64(Url)}1.2.3.4");
        var extractor = new IndicatorExtractor();
        extractor.ExtractColumn(values, [0, 5, values.Length - 7, values.Length], 7);
        Assert.Equal([7, 8, 8, 9], Enumerable.Range(0, extractor.Hits.Count).Select(i => extractor.Hits[i].Cell));
        Assert.Equal((8, 0), (extractor.Texts[0].Cell, extractor.Texts[0].Offset));
        extractor.Clear();
        Assert.Equal((0, 0), (extractor.Hits.Count, extractor.Texts.Count));
    }

    [Theory]
    [InlineData("hex@0+4")]
    [InlineData("base64@0")]
    [InlineData("base64@0+x")]
    [InlineData("base64@0+100")]
    [InlineData("base64@-1+2")]
    public void Replay_PathThatIsNone_SaysSo(string path) => Assert.Throws<WeirException>(() => LayerPath.Replay(path, "QUJDRA=="u8));

    private static readonly Gen<byte[]> Cells = Gen.OneOf(
        Gen.Byte.Array[0, 400],
        Gen.Int[0, 9].Array[0, 12].Select(p => Encoding.UTF8.GetBytes(string.Concat(p.Select(i => (string[])
            [Base64(Url), Base64Wide(Url + " wide"), " -enc ", "\r\n", "\0", "/", "-", Base64(Base64("ftp://10.0.0.1/x")), "FromBase64String('", "word"]).Select((s, i) => s[p[i]])))));

    [Fact]
    public void Extract_AnyBytes_ReplaysWhatItDecoded() => Cells.Sample(cell =>
    {
        IndicatorExtractor extractor = From(cell);
        foreach (DecodedText text in extractor.Texts)
        {
            Assert.Equal(text.Bytes, LayerPath.Replay(text.Layers, cell));
            Assert.InRange(text.Offset + text.Length, 1, cell.Length);
        }

        for (int i = 0; i < extractor.Hits.Count; i++)
        {
            byte[] holder = extractor.TextOf(i)?.Bytes ?? cell;
            Assert.InRange(extractor.Hits[i].Offset + extractor.Hits[i].Length, 1, holder.Length);
        }
    }, iter: 10_000, threads: 1);

    [Fact]
    public void ExtractColumn_AnyGrouping_FindsTheSame() => Cells.Array[1, 6].Sample(cells =>
    {
        byte[] values = [.. cells.SelectMany(c => c)];
        int[] offsets = [0, .. cells.Select((_, i) => cells.Take(i + 1).Sum(c => c.Length))];
        var all = new IndicatorExtractor();
        all.ExtractColumn(values, offsets);
        Assert.Equal(cells.SelectMany(c => Texts(From(c))), Texts(all));
        Assert.Equal(cells.SelectMany(c => Decoded(From(c))), Decoded(all));
        Assert.Equal(cells.Sum(c => From(c).Hits.Count), all.Hits.Count);
    }, iter: 3_000, threads: 1);

    [Theory]
    [InlineData("aHR0cDov/")]
    [InlineData("aHR0cDovL2V4YW1wbGUuY29t/")]
    [InlineData("QUJDREVGR0hJSktMTU5PUA==")]
    [InlineData("FromBase64String('")]
    [InlineData("-enc ")]
    [InlineData("64 ")]
    [InlineData("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\u0001\r\n")]
    [InlineData("q80wRmVkZmRmZXdmZXdmd2VmZXdmZXdmd2VmZXdmZXdmZXdmd2VmZXdm\r\n")]
    [InlineData("a\0")]
    [InlineData("aGk ")]
    [InlineData("-enc Z-enc-")]
    public void Extract_HostileText_ReplaysWhatItDecoded(string piece)
    {
        byte[] text = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(piece), 5_000).SelectMany(b => b)];
        Assert.All(From(text).Texts.Take(50), t => Assert.Equal(t.Bytes, LayerPath.Replay(t.Layers, text)));
    }
}
