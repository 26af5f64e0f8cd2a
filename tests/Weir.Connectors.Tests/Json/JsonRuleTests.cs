using System.Text;
using Weir.Engine;

namespace Weir.Connectors.Tests;

public sealed class JsonRuleTests
{
    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2,\"b\":{\"c\":\"x\"}}\n", "a|b.c", "1[1]\n2[2][x]", "ndjson")]
    [InlineData("[{\"a\":1},{\"b\":true}]", "a|b", "1[1]\n2~[true]", "json")]
    [InlineData("{\n \"a\": 1.50,\n \"b\": [ 1, 2 ]\n}\n{\n \"a\": null\n}", "a|b", "1[1.50][[ 1, 2 ]]\n2", "json")]
    [InlineData("{\"a\":1}{\"a\":2}", "a", "1[1]\n2[2]", "json")]
    [InlineData("{\"@odata.context\":\"x\",\"value\":[{\"a\":1},{\"a\":2}]}", "a", "1[1]\n2[2]", "json")]
    [InlineData("{\"took\":3,\"hits\":{\"total\":2,\"hits\":[{\"_id\":\"1\",\"_source\":{\"a\":1}}]}}", "_id|_source.a", "1[1][1]", "json")]
    [InlineData("{\"Records\":[]}", "", "", "json")]
    [InlineData("[1,\"x\",[2]]", "value", "1[1]\n2[x]\n3[[2]]", "json")]
    [InlineData("{\"a\":{},\"b\":[{\"c\":1}]}", "a|b", "1[{}][[{\"c\":1}]]", "ndjson")]
    [InlineData("{\"value\":[1,2]}\n{\"value\":[3]}\n", "value", "1[[1,2]]\n2[[3]]", "ndjson")]
    public void Read_EveryLayout_GivesItsRecords(string text, string names, string rows, string connector)
    {
        SourceRun run = SourceContract.Read(text);
        Assert.Equal((names, rows, connector), (string.Join('|', run.Names), run.Text(), run.Info.Connector));
        Assert.Empty(run.Rejects);
        Assert.Null(run.End!.Missing);
    }

    [Fact]
    public void Read_NestedDeeperThanEight_KeepsTheRestAsText()
    {
        SourceRun run = SourceContract.Read("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":1}}}}}}}}}");
        Assert.Equal("a.b.c.d.e.f.g.h", run.Names[0]);
        Assert.Equal("1[{\"i\":1}]", run.Text());
        int deep = 100_000;
        SourceRun deeper = SourceContract.Read("{\"k\":" + new string('[', deep) + new string(']', deep) + "}\n{\"k\":1}\n");
        Assert.Equal((2, deep * 2), (deeper.Rows.Count, deeper.Rows[0][0]!.Length));
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}\n", "1[2]", "1 0 duplicate-key 31")]
    [InlineData("{\"a\":\"\\ud800x\"}\n", "1[\uFFFDx]", "1 0 lone-surrogate 5C756438303078")]
    [InlineData("{\"a\":\"x\\u0000\"}\n", "1[x\0]", "1 0 nul ")]
    [InlineData("{\"a\":\"x\ty\"}\n", "1[x\ty]", "1 -1 mended-json 7B2261223A22780979227D")]
    [InlineData("{\"a\":NaN}\n", "1[NaN]", "1 -1 mended-json 7B2261223A4E614E7D")]
    public void Read_FaultyRecord_LandsWithARemark(string text, string row, string remark)
    {
        SourceRun run = SourceContract.Read(text, new InputOptions { Format = "ndjson" });
        Assert.Equal(row, run.Text());
        Assert.Contains(remark, run.RawRemarks.Select(r => $"{r.RowId} {r.Column} {r.Code} {Convert.ToHexString(r.Raw.Span)}"));
        Assert.Empty(run.Rejects);
    }

    [Fact]
    public void Read_BadBytes_LandAsReplacementWithTheirCell()
    {
        SourceRun run = SourceContract.Read([.. "{\"a\":\"x"u8, 0xFF, .. "\",\"b\":1}\n"u8]);
        Assert.Equal("1[x\uFFFD][1]", run.Text());
        Assert.Equal("1 0 invalid-utf8 78FF", Assert.Single(run.RawRemarks.Select(r => $"{r.RowId} {r.Column} {r.Code} {Convert.ToHexString(r.Raw.Span)}")));
    }

    [Fact]
    public void Read_LineThatIsNoJson_IsRejectedAlone()
    {
        SourceRun run = SourceContract.Read("{\"a\":1}\n{\"a\":2,,}\nnonsense\n{\"a\":3}\n");
        Assert.Equal("1[1]\n4[3]", run.Text());
        Assert.Equal(["2 2 invalid-json {\"a\":2,,}", "3 3 invalid-json nonsense"], run.Rejects.Select(r => $"{r.RowId} {r.Line} {r.Code} {Encoding.UTF8.GetString(r.Raw.Span)}"));
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"a\":\"x\"\"},{\"a\":3},{\"a\":4}]", "1[1]\n3[3]\n4[4]", "{\"a\":\"x\"\"}")]
    [InlineData("{\"value\":[{\"a\":1},{\"a\":2,,\"b\":\"},{\"a\":3} , {\"a\":4}],\"next\":1}", "1[1]\n3[3]\n4[4]", "{\"a\":2,,\"b\":\"}")]
    [InlineData("[\n {\"a\":1},\n {\"a\":\"x},\n {\"a\":3}\n]", "1[1]\n3[3]", "{\"a\":\"x},")]
    public void Read_StrayQuote_CostsItsOwnRecord(string text, string rows, string rejected)
    {
        SourceRun run = SourceContract.Read(text);
        Assert.Equal(rows, run.Text());
        Assert.Equal(rejected, string.Join('|', run.Rejects.Select(r => Encoding.UTF8.GetString(r.Raw.Span))));
        Assert.Null(run.End!.Missing);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2,\"b\":\"x", "1[1]\n2[2]")]
    [InlineData("[{\"a\":1},{\"a\":2,\"b\":\"x", "1[1]\n2[2]")]
    [InlineData("{\"value\":[{\"a\":1},{\"a\":2,\"b\":", "1[1]\n2[2]")]
    [InlineData("{\"value\":[{\"a\":1},{\"a\":2}", "1[1]\n2[2]")]
    public void Read_CutInput_LandsWhatIsWholeAndSaysThatItIsCut(string text, string rows)
    {
        SourceRun run = SourceContract.Read(text);
        Assert.Equal(rows, run.Text());
        Assert.Contains("the JSON ends", run.End!.Missing, StringComparison.Ordinal);
        Assert.Empty(run.Rejects);
    }

    [Fact]
    public void Read_LineBeyondTheBound_IsRejectedInPieces()
    {
        SourceRun run = SourceContract.Read("{\"a\":1}\n{\"a\":\"" + new string('x', 5000) + "\"}\n{\"a\":3}\n", new InputOptions { Csv = new CsvOptions { SmallMaxRow = 1000, PieceBytes = 2000 } });
        Assert.Equal("1[1]\n3[3]", run.Text());
        Assert.Equal(3, run.Rejects.Count);
        Assert.All(run.Rejects, r => Assert.Equal((2L, "row-too-long"), (r.RowId, r.Code)));
    }

    [Fact]
    public void Read_SplunkExport_DropsPreviewsAndKeepsMessages()
    {
        SourceRun run = SourceContract.Read("""
            {"preview":true,"offset":0,"result":{"a":"1"}}

            {"preview":false,"offset":0,"result":{"a":"2","b":["x","y"]}}
            {"preview":false,"messages":[{"type":"INFO","text":"i"},{"type":"FATAL","text":"f"}]}
            {"preview":false,"lastrow":true,"result":{"a":"3"}}
            {"preview":false,"lastrow":true}

            """);
        Assert.Equal("splunk-export", run.Info.Connector);
        Assert.Equal("1[2][[\"x\",\"y\"]]\n2[3]", run.Text());
        Assert.Equal(["splunk-message", "splunk-message", "previews"], run.RawRemarks.Select(r => r.Code));
        Assert.Contains("did not give all results", run.End!.Missing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INFO", "The search auto-finalized after 60 seconds time limit reached.", true)]
    [InlineData("WARN", "Search results might be incomplete: the search process on the peer:idx2 ended prematurely.", true)]
    [InlineData("INFO", "Your timerange was substituted based on your search string", false)]
    public void Read_SplunkMessage_TellsWhetherResultsAreMissing(string type, string text, bool missing)
    {
        SourceRun run = SourceContract.Read($$"""{"preview":false,"init_offset":0,"messages":[{"type":"{{type}}","text":"{{text}}"}],"fields":[{"name":"a"}],"results":[{"a":"1"}]}""");
        Assert.Equal(missing, run.End!.Missing is not null);
    }

    [Fact]
    public void Read_SplunkResults_KeepsMessagesAndDropsPreviews()
    {
        const string head = "\"init_offset\":0,\"messages\":[{\"type\":\"DEBUG\",\"text\":\"x\"}],\"results\":[{\"a\":\"1\"}]}";
        SourceRun run = SourceContract.Read("{\"preview\":false," + head);
        Assert.Equal(("splunk-results", "1[1]"), (run.Info.Connector, run.Text()));
        Assert.Equal(["envelope", "splunk-message"], run.RawRemarks.Select(r => r.Code));
        SourceRun preview = SourceContract.Read("{\"preview\":true," + head);
        Assert.Empty(preview.Rows);
        Assert.Contains(preview.RawRemarks, r => r.Code == "previews" && r.Detail.StartsWith('1'));
    }

    [Fact]
    public void Read_RecordsAskedFor_AreTakenFromThere()
    {
        const string text = "{\"x\":{\"y\":[{\"a\":1}]},\"value\":[{\"b\":2}]}";
        Assert.Equal("a", string.Join('|', SourceContract.Read(text, new InputOptions { Json = new JsonOptions { Records = "x.y" } }).Names));
        Assert.Equal("x.y|value", string.Join('|', SourceContract.Read(text, new InputOptions { Json = new JsonOptions { Records = "" } }).Names));
    }

    [Theory]
    [InlineData("[2024-01-01 10:00:00] start\n[2024-01-01 10:00:01] stop\n", "text")]
    [InlineData("{not json}\n{at all}\n", "text")]
    [InlineData("<?xml version='1.0'?>\n<a>,</a>\n", "text")]
    [InlineData("one line of a log\nanother one\n", "text")]
    [InlineData("user\nalice\nbob\n", "csv")]
    [InlineData("a,b\n1,2\n", "csv")]
    public async Task Open_OtherText_IsNotTakenForJson(string text, string connector)
    {
        using var file = new TempFile(Encoding.UTF8.GetBytes(text), "x.json");
        await using var source = new FileSource(file.Path);
        SourceInfo info = await source.OpenAsync(default);
        Assert.Equal(connector, info.Connector);
        Assert.Contains(source.Reasons, r => r.Contains(connector == "text" ? "one row a line" : "delimiter", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_AsJson_ComeBack()
    {
        var options = new InputOptions { Format = "json", Encoding = TextEncoding.Latin1, Csv = new CsvOptions { Delimiter = ";", Header = false }, Json = new JsonOptions { Records = "a.b", MaxColumns = 7 } };
        Assert.Equal("""{"delimiter":";","encoding":"latin-1","format":"json","header":false,"max_columns":7,"records":"a.b"}""", options.ToJson());
        Assert.Equal(options, InputOptions.FromJson(options.ToJson()));
        Assert.Equal("{}", new InputOptions().ToJson());
    }
}
