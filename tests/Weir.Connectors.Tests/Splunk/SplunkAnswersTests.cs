using System.Text;
using System.Text.Json;
using CsCheck;
using Weir.Engine;
using Xunit.Abstractions;

namespace Weir.Connectors.Tests.Splunk;

/// <summary>Bodies and messages as servers of several versions wrote them.</summary>
public sealed class SplunkAnswersTests(ITestOutputHelper output)
{
    private const string Export =
        """
        {"preview":true,"offset":0,"lastrow":true,"result":{"host":"a","count":"1"}}

        {"preview":false,"offset":0,"result":{"_time":"2026-10-08T13:48:34.000+00:00","x":"1"}}
        {"messages":[{"type":"INFO","text":"one"},{"type":"WARN","text":"two"}]}
        {"offset":1,"result":{"x":["1","2"],"preview":"not this"},"preview":false,"lastrow":true}
        {"preview":false,"lastrow":true}
        """;

    [Theory]
    [InlineData(Export, new[] { """{"_time":"2026-10-08T13:48:34.000+00:00","x":"1"}""", """{"x":["1","2"],"preview":"not this"}""" }, 2, true)]
    [InlineData("""{"preview":false,"lastrow":true}""", new string[0], 0, true)]
    [InlineData("", new string[0], 0, false)]
    [InlineData("""{"preview":false,"init_offset":3,"messages":[],"fields":[{"name":"a"}],"results":[{"a":"]}"},{"a":null}],"highlighted":{}}""", new[] { """{"a":"]}"}""", """{"a":null}""" }, 0, false)]
    [InlineData("""{"preview":false,"init_offset":0,"messages":[{"type":"DEBUG","text":"x"}],"results":[]}""", new string[0], 1, false)]
    [InlineData("""{"preview":true,"results":[{"a":"1"}]}""", new string[0], 0, false)]
    public async Task Read_Body_GivesItsFinalRows(string body, string[] rows, int messages, bool ends)
    {
        // However the bytes come.
        for (int size = 1; size < 40; size += 3)
        {
            var (found, results) = await ReadAsync(Encoding.UTF8.GetBytes(body), size);
            Assert.Equal(rows, found);
            Assert.Equal((messages, ends), (results.Messages.Count, results.EndsASet));
        }
    }

    [Theory]
    [InlineData("""{"preview":false,"results":[{"a":"1"},{"a""")]
    [InlineData("""{"preview":false,"results":[{"a":"1"}]""")]
    [InlineData("""{"preview":false,"result":{"a":"1"}""")]
    [InlineData("<html>")]
    [InlineData("[1]")]
    [InlineData("{\"results\":[1]}")]
    public async Task Read_BodyThatIsCutOrNone_Throws(string body) => await Assert.ThrowsAsync<SplunkAttemptException>(() => ReadAsync(Encoding.UTF8.GetBytes(body), 7));

    [Fact]
    public async Task Read_RowWithInvalidBytes_IsHandedOnAsItIs()
    {
        byte[] body = [.. "{\"results\":[{\"a\":\""u8, 0xFF, 0xC3, .. "\\ud800\"}]}"u8];
        var rows = new List<byte[]>();
        var results = new SplunkResults("results", row => rows.Add(row.ToArray()), 1 << 20);
        await results.ReadAsync(Body(body, 3), default);
        Assert.Equal(body[12..^2], Assert.Single(rows));
    }

    [Fact]
    public async Task Read_MutatedBody_NeverLosesARowInSilence()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"preview":false,"messages":[{"type":"INFO","text":"a"}],"results":[{"a":"1","b":["x","y"]},{"a":"2"},{"a":"3"}]}""");
        await Gen.Select(Gen.Int[0, body.Length - 1], Gen.Byte).SampleAsync(
            async (at, value) =>
            {
                byte[] mutated = [.. body];
                mutated[at] = value;
                try
                {
                    await ReadAsync(mutated, 16);
                }
                catch (SplunkAttemptException)
                {
                }
            },
            iter: 20_000);
        for (int cut = 0; cut < body.Length; cut++)
        {
            byte[] part = body[..cut];
            if (cut > 0)
                await Assert.ThrowsAsync<SplunkAttemptException>(() => ReadAsync(part, 16));
        }
    }

    [Theory]
    [InlineData("java_results_results4.json", -1)]
    [InlineData("java_results_results5.json", 3)]
    [InlineData("java_results_resultsMV4.json", -1)]
    [InlineData("java_results_resultsMV5.json", 1)]
    [InlineData("java_results_resultsMVFuture.json", 1)]
    [InlineData("java_results_resultsExport.json", 5)]
    public async Task Read_RecordedBody_GivesItsRows(string file, int rows)
    {
        if (SharedData.OrSkip(output) is not { } folder)
            return;
        byte[] body = await File.ReadAllBytesAsync(Path.Combine(folder, "splunk-rest", file));
        if (rows < 0)
        {
            await Assert.ThrowsAsync<SplunkAttemptException>(() => ReadAsync(body, 999)); // version 4 wrote a bare list, which says nothing of its end
            return;
        }

        var (found, _) = await ReadAsync(body, 999);
        Assert.Equal(rows, found.Length);
    }

    [Fact]
    public async Task Read_RecordedXml_IsNoAnswer()
    {
        if (SharedData.OrSkip(output) is not { } folder)
            return;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "splunk-rest"), "*.xml*"))
        {
            await using Stream stored = File.OpenRead(file), plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new System.IO.Compression.GZipStream(stored, System.IO.Compression.CompressionMode.Decompress) : stored;
            using var body = new MemoryStream();
            await plain.CopyToAsync(body);
            await Assert.ThrowsAsync<SplunkAttemptException>(() => ReadAsync(body.ToArray(), 999));
        }
    }

    [Theory]
    [InlineData("FATAL", "JournalSliceDirectory: Cannot seek to 0", true)]
    [InlineData("INFO", "The search auto-finalized after 60 seconds time limit reached.", true)]
    [InlineData("INFO", "Search finalized.", true)]
    [InlineData("WARN", "Search results might be incomplete: the search process on the peer:idx2 ended prematurely.", true)]
    [InlineData("WARN", "The search results will be incomplete.", true)]
    [InlineData("ERROR", "Timed out waiting for peer idx2.", true)]
    [InlineData("WARN", "Peer idx2 has been quarantined.", true)]
    [InlineData("INFO", "[subsearch]: Subsearch produced 20000 results, truncating to maxout 10000.", true)]
    [InlineData("WARN", "Limit of '100' for values reached. Additional values may have been truncated or ignored.", true)]
    [InlineData("WARN", "Search not executed: quota", true)]
    [InlineData("WARN", "Peer 'idx2' was disconnected because it was too slow to send its results.", true)]
    [InlineData("WARN", "The search was not run on the remote peer 'idx2' due to incompatible peer version (7.0).", true)]
    [InlineData("ERROR", "Events are not displayed in the search results because _raw fields exceed the limit of 16777216 characters.", true)]
    [InlineData("ERROR", "Some events cannot be displayed because they cannot be fetched from the remote search peer(s).", true)]
    [InlineData("ERROR", "Not sending search to federated provider=x.", true)]
    [InlineData("ERROR", "The search process on the peer:idx2 failed to parse the search.", true)]
    [InlineData("ERROR", "A portion of the search ended prematurely.", true)]
    [InlineData("WARN", "Not all results are included in this output.", true)]
    [InlineData("INFO", "Your timerange was substituted based on your search string", false)]
    [InlineData("ERROR", "Could not load lookup=LOOKUP-x", false)]
    [InlineData("DEBUG", "base lispy: [ AND index::_internal ]", false)]
    public void Message_Text_TellsWhetherResultsAreMissing(string type, string text, bool incomplete) => Assert.Equal(incomplete, new SplunkMessage("job", type, text).SaysIncomplete);

    [Theory]
    [InlineData("""{"dispatchState":"DONE","isDone":true,"isFailed":false,"resultCount":5,"eventCount":"7"}""", true, null)]
    [InlineData("""{"dispatchState":"DONE","isDone":"1","isFailed":"0","resultCount":"5","eventCount":7}""", true, null)]
    [InlineData("""{"dispatchState":"DONE","isDone":1,"isFailed":0,"resultCount":5,"eventCount":7}""", true, null)]
    [InlineData("""{"dispatchState":"FAILED","isDone":true,"isFailed":true,"resultCount":5,"eventCount":7}""", true, "failed")]
    [InlineData("""{"dispatchState":"DONE","isDone":true,"isFinalized":"1","resultCount":5,"eventCount":7}""", true, "finalized")]
    [InlineData("""{"dispatchState":"RUNNING","isZombie":true,"resultCount":5,"eventCount":7}""", false, "died")]
    [InlineData("""{"dispatchState":"USER_CANCEL","resultCount":5,"eventCount":7}""", false, "cancelled")]
    public void Status_OfAnyVersion_IsUnderstood(string content, bool done, string? fault)
    {
        JobStatus status = JobStatus.Read(JsonDocument.Parse(content).RootElement);
        Assert.Equal((done, 5, 7), (status.IsDone, status.ResultCount, status.EventCount));
        Assert.Equal(fault is null, status.Fault is null);
        Assert.Contains(fault ?? "", status.Fault ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2018-08-20T10:00:00.250+00:00", "2018-08-20T10:00:00.2500000Z")]
    [InlineData("2018-08-20T10:00:00.250-07:30", "2018-08-20T17:30:00.2500000Z")]
    [InlineData("2018-08-20T10:00:00+02:00", "2018-08-20T08:00:00.0000000Z")]
    [InlineData("2018-08-20T10:00:00.123456Z", "2018-08-20T10:00:00.1234560Z")]
    [InlineData("1534759200.5", "2018-08-20T10:00:00.5000000Z")]
    [InlineData("2018-02-30T10:00:00.250+00:00", null)]
    [InlineData("2018-08-20T10:00:0x.250+00:00", null)]
    [InlineData("2018-08-20 10:00:00.250 GMT", null)]
    [InlineData("2018-08-20T10:00:00.250", null)]
    [InlineData("", null)]
    public void Time_OfARow_IsTheInstantItMeans(string text, string? expected) =>
        Assert.Equal(expected, ResultRow.TryTime(Encoding.UTF8.GetBytes(text), out DateTime utc) ? utc.ToString("O") : null);

    [Fact]
    public void Messages_ThatRepeat_AreKeptOnceAndCounted()
    {
        SplunkMessage[] messages = [new("job", "INFO", "a"), new("results", "INFO", "a"), new("job", "INFO", "a"), new("job", "WARN", "\u001b[31m\"x\"")];
        using JsonDocument json = JsonDocument.Parse(SplunkMessage.ToJson(messages));
        Assert.Equal(3, json.RootElement.GetArrayLength());
        Assert.Equal(2, json.RootElement[0].GetProperty("times").GetInt32());
    }

    [Fact]
    public void Config_OfMsticpy_GivesServerAndSecrets()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "DataProviders:\n  Splunk:\n    Args:\n      host: splunk.example\n      port: 8090\n      username: ann\n      password:\n        EnvironmentVar: MY_PASSWORD\n");
        MsticpyConfig config = MsticpyConfig.Read(path, name => name == "MY_PASSWORD" ? "s3" : null);
        Assert.Equal(("https://splunk.example:8090", "ann", "s3", null), (config.Url, config.User, config.Password, config.Token));
        Assert.Contains("MY_PASSWORD", Assert.Throws<WeirException>(() => MsticpyConfig.Read(path, _ => null)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "DataProviders:\n  Splunk:\n    Args:\n      host: h\n      bearer_token:\n        KeyVault:\n");
        Assert.Throws<WeirException>(() => MsticpyConfig.Read(path, _ => null));
        foreach (string bad in (string[])["a: [", "a: 1", ""])
        {
            File.WriteAllText(path, bad);
            Assert.Throws<WeirException>(() => MsticpyConfig.Read(path, _ => null));
        }

        File.Delete(path);
    }

    private static async Task<(string[] Rows, SplunkResults Results)> ReadAsync(byte[] body, int size)
    {
        var rows = new List<string>();
        var results = new SplunkResults("results", row => rows.Add(Encoding.UTF8.GetString(row)), 1 << 20);
        await results.ReadAsync(Body(body, size), default);
        return ([.. rows], results);
    }

    private static SplunkBodyStream Body(byte[] body, int size) => new(new HttpResponseMessage { Content = new ByteArrayContent(body) }, new Trickle(body, size), new SplunkOptions { Url = new Uri("https://localhost:8089") });

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
