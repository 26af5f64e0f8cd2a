using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Weir.Cli.Tests.Commands;
using Weir.Cli.Tests.Landing;
using Weir.SplunkServer;

namespace Weir.Cli.Tests.Splunk;

/// <summary><c>weir splunk</c> and <c>weir coverage</c> as a user types them, over TLS.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // the modes of files
public sealed class SplunkCommandTests : IAsyncLifetime, IDisposable
{
    private const string Canary = "canary-4b1f86d2";
    private static readonly Corpus Example = Corpus.Botsv3();
    private static readonly string[] Day = ["--earliest", "2018-08-20T00:00:00Z", "--latest", "2018-08-21T00:00:00Z"];
    private readonly Bench bench = new();
    private KestrelFront server = null!;
    private string secret = "";

    public async Task InitializeAsync()
    {
        server = await KestrelFront.StartAsync(new ServerOptions { Corpus = Example, Password = Canary, Certificate = Certificates.SelfSigned("127.0.0.1") });
        secret = bench.Write("secret", Canary + "\n");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Export_Example_LandsItAndTheSecondRunAddsNothing()
    {
        Run first = (await SplunkAsync(["export", "--spl", "search index=botsv3", .. Day, "--slice-rows", "1000"])).Clean();
        Assert.Contains("5,881 read = 5,881 landed + 0 rejected in 7 slices", first.Error, StringComparison.Ordinal);
        Assert.Equal("5881|5881", (await bench.AskAsync("SELECT count(*), count(DISTINCT (_bkt, _cd)) FROM events")).Replace(',', '|'));
        Assert.Equal("3850", await bench.AskAsync("SELECT count(*) FROM events WHERE host = 'FYODOR-L' AND contains(_raw, '45.77.53.176')"));
        await bench.VerifiedAsync();
        Run second = (await SplunkAsync(["export", "--spl", "search index=botsv3", .. Day])).Clean();
        Assert.Contains("already landed, nothing to do", second.Error, StringComparison.Ordinal);
        Run coverage = (await bench.WeirAsync("coverage", "--slices")).Clean();
        Assert.Contains("7 slices, 5,881 rows, complete", coverage.Out, StringComparison.Ordinal);
        Assert.Contains(new string('█', 60), coverage.Out, StringComparison.Ordinal);
        JsonNode[] slices = [.. (await bench.WeirAsync("coverage", "events", "--format", "json")).Clean().Out.TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!)];
        Assert.Equal(5_881, slices.Sum(s => (long)s["rows_landed"]!));
        Assert.Contains("came from a Splunk server", (await bench.WeirAsync("show", "1:1")).Clean().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WithAHole_IsToldByEveryCommandUntilItIsFilled()
    {
        await using var faulty = await KestrelFront.StartAsync(new ServerOptions { Corpus = Example, Password = Canary, Certificate = Certificates.SelfSigned("127.0.0.1"), Faults = new Faults([new(FaultKind.BadJob, "status", 0, 1, 1), new(FaultKind.BadJob, "status", 2, 1, 1)]) });
        string[] command = ["export", "--spl", "index=botsv3", .. Day, "--slice", "12h", "--concurrency", "1", "--attempts", "1", "--format", "json"];
        Run first = (await SplunkAsync(command, faulty.Port)).NeedsLook();
        JsonNode[] slices = [.. first.Out.TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!)];
        Assert.Equal(["complete", "complete", "incomplete"], slices.Select(s => (string)s["state"]!).Order());
        Assert.Contains("is cut in two: job", first.Error, StringComparison.Ordinal);
        foreach (string[] reader in (string[][])[["sql", "SELECT count(*) FROM events"], ["tables"], ["inventory"], ["find", "45.77.53.176"]])
        {
            Run read = (await bench.WeirAsync(reader)).Clean();
            Assert.Contains("the case is not whole: source", read.Error, StringComparison.Ordinal);
            Assert.Contains("the search failed", read.Error, StringComparison.Ordinal);
        }

        Run coverage = (await bench.WeirAsync("coverage")).Clean();
        Assert.Contains("1 missing", coverage.Out, StringComparison.Ordinal);
        Assert.Contains("✗", coverage.Out, StringComparison.Ordinal);
        Assert.Contains("MISSING", coverage.Out, StringComparison.Ordinal);
        await bench.VerifiedAsync();
        File.Copy(bench.Case, bench.File("forgotten.duckdb"));
        Assert.Contains("forgot 1 slice of events", (await Run.WeirAsync("remove", "--missing", "events", "--case", bench.File("forgotten.duckdb"))).Clean().Error, StringComparison.Ordinal);
        (await Run.WeirAsync("remove", "--missing", "evnts", "--case", bench.File("forgotten.duckdb"))).Failed("--missing evnts", "weir coverage");
        Assert.DoesNotContain("not whole", (await Run.WeirAsync("tables", "--case", bench.File("forgotten.duckdb"))).Clean().Error, StringComparison.Ordinal);
        Run second = (await SplunkAsync(command, faulty.Port)).Clean();
        Assert.Single(second.Out.TrimEnd('\n').Split('\n'), l => !(bool)JsonNode.Parse(l)!["already_landed"]!);
        Assert.Equal("5881", await bench.AskAsync("SELECT count(*) FROM events"));
        Assert.DoesNotContain("not whole", (await bench.WeirAsync("tables")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_Slice_IsFetchedAgain()
    {
        (await SplunkAsync(["export", "--spl", "index=botsv3", .. Day, "--slice", "6h"])).Clean();
        (await bench.WeirAsync("remove", "2")).Clean();
        Assert.Contains("never asked for", (await bench.WeirAsync("coverage")).Clean().Out, StringComparison.Ordinal);
        (await SplunkAsync(["export", "--spl", "index=botsv3", .. Day, "--slice", "6h"])).Clean();
        Assert.Equal("5881", await bench.AskAsync("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task DryRun_PrintsSlicesAndLandsNothing()
    {
        Run run = (await SplunkAsync(["export", "--spl", "index=botsv3", .. Day, "--slice-rows", "2000", "--dry-run"])).Clean();
        Assert.Contains("5,881 rows, about", run.Out, StringComparison.Ordinal);
        Assert.Contains("2018-08-20T00:00:00Z", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 slice, 5,881 rows", (await SplunkAsync(["export", "--spl", "index=botsv3", .. Day, "--dry-run"])).Clean().Out, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Case));
    }

    [Fact]
    public async Task Search_ThatFindsNothing_SaysWhereToLook()
    {
        string[] nothing = ["--spl", "index=botsv4", .. Day];
        foreach (string[] command in (string[][])[["export", "--dry-run", .. nothing], ["export", .. nothing]])
        {
            Run run = (await SplunkAsync(command)).Clean();
            Assert.Contains("no event was found: 'weir splunk sourcetypes'", run.Out + run.Error, StringComparison.Ordinal);
        }

        Assert.Contains("no event was found: 'weir splunk sourcetypes'", (await SplunkAsync(["search", .. nothing], caseFile: false)).Clean().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no event was found", (await SplunkAsync(["sourcetypes", "--index", "botsv4"], caseFile: false)).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ThatIsRefused_DoesNotSuggestItself()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string[] asks = ["--url", $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}", "--user", "admin", "--secret-file", secret, "--basic", "--insecure"];
        foreach (string command in (string[])["check", "sourcetypes"])
        {
            Task<Run> running = Run.WeirAsync(["splunk", command, .. asks]);
            using (TcpClient client = await listener.AcceptTcpClientAsync())
            {
                await client.GetStream().ReadAtLeastAsync(new byte[64], 64);
                await client.GetStream().WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                Run run = (await running).Ended(2);
                Assert.Contains("403", run.Error, StringComparison.Ordinal);
                Assert.Equal(command != "check", run.Error.Contains("weir splunk check", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Check_Server_TellsVersionUserAndCaps()
    {
        Run run = (await SplunkAsync(["check"], caseFile: false)).Clean();
        Assert.All(["10.2.3", "admin, power", "50000", "500000", "version 2"], text => Assert.Contains(text, run.Out, StringComparison.Ordinal));
        Assert.Equal("10.2.3", (string)JsonNode.Parse((await SplunkAsync(["check", "--format", "json"], caseFile: false)).Clean().Out)!["version"]!);
    }

    [Fact]
    public async Task Sourcetypes_ListWhatIsThere()
    {
        Run run = (await SplunkAsync(["sourcetypes"], caseFile: false)).Clean();
        Assert.Matches(@"botsv3\s+ms:aad:signin\s+166", run.Out);
        Assert.Matches(@"2018-08-20T\d\d:\d\d:\d\d\S*Z", run.Out);
    }

    [Fact]
    public async Task Search_LargerThanTheScreen_SaysSo()
    {
        Run run = (await SplunkAsync(["search", "--spl", "index=botsv3 TERM(45.77.53.176)", .. Day, "--limit", "5"], caseFile: false)).Clean();
        Assert.Contains("the first 5 of", run.Error, StringComparison.Ordinal);
        Run counted = (await SplunkAsync(["search", "--spl", "index=botsv3 TERM(45.77.53.176) | stats count by host | sort -count", .. Day, "--format", "ndjson"], caseFile: false)).Clean();
        Assert.Equal("""{"host":"FYODOR-L","count":"3850"}""", counted.Out.Split('\n')[0]);
    }

    [Fact]
    public async Task Search_OfHostileRows_ShowsThem()
    {
        await using var nasty = await KestrelFront.StartAsync(new ServerOptions { Corpus = NastyEvents.Make(300), Password = Canary, Certificate = Certificates.SelfSigned("127.0.0.1") });
        string[] search = ["search", "--spl", "index=main", .. Day, "--limit", "300"];
        Run table = (await SplunkAsync(search, nasty.Port, caseFile: false)).Clean(), lines = (await SplunkAsync([.. search, "--format", "ndjson"], nasty.Port, caseFile: false)).Clean();
        Assert.All(table.Out + lines.Out, c => Assert.False(c != '\n' && (char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format)));
        Assert.Equal(300, lines.Out.TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!.AsObject().Count).Count(n => n > 0));
    }

    [Fact]
    public async Task Export_TimeThatSnaps_IsNoFileOfOptions()
    {
        Run run = (await SplunkAsync(["export", "--spl", "index=botsv3", "--earliest", "-30d@d", "--latest", "@d", "--dry-run"])).Clean();
        Assert.Contains(DateTime.UtcNow.AddDays(-30).ToString("yyyy-MM-dd'T00:00:00Z'", System.Globalization.CultureInfo.InvariantCulture), run.Out, StringComparison.Ordinal);
        Assert.Contains("See 'weir splunk export --help'", (await SplunkAsync(["export", "--nonsense"])).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_OfARunThatEndedEarly_FoldsWhatFollowsAndSaysWhatToDo()
    {
        await using var faulty = new SocketFront(new ServerOptions { Corpus = Example, Password = Canary, Faults = new Faults([new(FaultKind.Away, "create", 3, 1, 0)]) });
        string[] command = ["splunk", "export", "--url", $"http://127.0.0.1:{faulty.Port}", "--user", "admin", "--secret-file", secret, "--insecure", "--spl", "index=botsv3", .. Day, "--slice", "1h", "--concurrency", "1", "--outage-limit", "1s", "--case", bench.Case];
        (await Run.WeirAsync(command)).Ended(2);
        Run coverage = (await bench.WeirAsync("coverage")).Clean();
        Assert.Matches(@"4-24 +21 +2018-08-20T03:00:00Z +2018-08-21T00:00:00Z +not fetched", coverage.Out);
        Assert.Equal(1, coverage.Out.Split("not fetched").Length - 1);
        Assert.EndsWith("  the same command fetches what is missing, and nothing else\n", coverage.Out, StringComparison.Ordinal);
        Assert.Equal(22, (await bench.WeirAsync("coverage", "--slices")).Clean().Out.Split("not fetched").Length);
        foreach (string[] format in (string[][])[[], ["--format", "json"]])
            (await bench.WeirAsync(["coverage", "evnts", .. format])).Failed("table 'evnts'", "expected one of events");
        (await bench.WeirAsync("ingest", bench.Write("local.csv", "a,b\n1,2\n"), "--quiet")).Clean();
        Assert.Contains("did not come from a search", (await bench.WeirAsync("coverage", "local")).Clean().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_OfASliceThatWasRemoved_IsNotComplete()
    {
        (await SplunkAsync(["export", "--spl", "index=botsv3", .. Day, "--slice", "6h"])).Clean();
        (await bench.WeirAsync("remove", "2")).Clean();
        Run coverage = (await bench.WeirAsync("coverage")).Clean();
        Assert.Contains("1 never asked for", coverage.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("complete", coverage.Out, StringComparison.Ordinal);
        JsonNode gap = JsonNode.Parse((await bench.WeirAsync("coverage", "--format", "json")).Clean().Out.TrimEnd('\n').Split('\n')[^1])!;
        Assert.Equal(("unasked", "2018-08-20T06:00:00Z", "2018-08-20T12:00:00Z"), ((string)gap["state"]!, (string)gap["earliest"]!, (string)gap["latest"]!));
    }

    [Theory] // the write-up's own searches, steps 2, 4 to 9, 11 to 14
    [InlineData("index=botsv3 | stats count, earliest(_time) as first, latest(_time) as last by host, sourcetype", 46)]
    [InlineData("index=botsv3 sourcetype=ms:aad:signin | fieldsummary", 16)]
    [InlineData("index=botsv3 sourcetype=ms:aad:signin | dedup src_ip | table src_ip", 7)]
    [InlineData("index=botsv3 sourcetype=ms:aad:signin | stats values(*) by src_ip", 7)]
    [InlineData("index=botsv3 sourcetype=ms:aad:signin src_ip IN (104.207.83.63, 157.97.121.132, 199.66.91.253) | table _time, user, app, src_ip, loginStatus", 86)]
    [InlineData("index=botsv3 sourcetype=ms:o365:reporting:messagetrace src=104.207.83.63 | table _time, src, orig_src, orig_recipient, subject, size, action", 12)]
    [InlineData("index=botsv3 (sourcetype=o365:management:activity OR sourcetype=ms:o365:management) (src=104.207.83.63* OR src=199.66.91.253*)", 21)]
    [InlineData("index=botsv3 archive.tar sourcetype=XmlWinEventLog*", 1)]
    [InlineData("index=botsv3 EventCode=1 powershell enc", 1)]
    [InlineData("index=botsv3 TERM(45.77.53.176) | stats count by host", 6)]
    [InlineData("index=botsv3 sourcetype=stream:http form_data=*backpipe* | tail 1", 1)]
    [InlineData("index=botsv3 sourcetype=osquery:results columns.cmdline=*nc* | head 1", 1)]
    public async Task Search_OfTheWriteUp_IsAnswered(string spl, int rows)
    {
        Run run = (await SplunkAsync(["search", "--spl", spl, "--earliest", "0", "--limit", "1000", "--format", "ndjson"], caseFile: false)).Clean();
        Assert.Equal(rows, run.Out.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("--spl", "index=botsv3 | delete", "'delete' changes or starts something")]
    [InlineData("--spl", "index=botsv3 | search earliest=-7d", "time modifier")]
    [InlineData("--spl", "index=botsv3 earliest=-7d", "the search says earliest=-7d")]
    [InlineData("--spl-file", "absent.spl", "it cannot be read")]
    [InlineData("--saved-search", "absent", "no saved search of that name")]
    [InlineData("--spl", "index=botsv3 | nonsense", "Unknown search command 'nonsense'")]
    public async Task Export_WrongSearch_IsRefusedInOneLine(string option, string value, string message)
    {
        Run run = (await SplunkAsync(["export", option, value, .. Day])).Ended(2);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'), l => l.StartsWith("weir: ", StringComparison.Ordinal) && l.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--table", "signins")]
    [InlineData("--earliest", "yesterday")]
    [InlineData("--latest", "2018-08-19T00:00:00Z")]
    [InlineData("--slice-rows", "0")]
    [InlineData("--concurrency", "99")]
    [InlineData("--spool-limit", "1KB")]
    [InlineData("--tz", "Mars/Olympus")]
    [InlineData("--fingerprint", "abc")]
    [InlineData("--ca", "absent.pem")]
    [InlineData("--proxy", "::")]
    public async Task Export_WrongOption_IsRefusedByName(string option, string value)
    {
        Dictionary<string, string> options = new() { ["--spl"] = "index=botsv3", ["--earliest"] = Day[1], ["--latest"] = Day[3], [option] = value };
        Run run = (await SplunkAsync(["export", .. options.SelectMany(o => (string[])[o.Key, o.Value])])).Ended(2);
        Assert.True(run.Error.Contains(option, StringComparison.Ordinal) || run.Error.Contains(value, StringComparison.Ordinal), run.Error);
    }

    [Fact]
    public async Task Export_SavedSearchAndFile_GiveSearchAndRange()
    {
        string file = bench.Write("search.spl", "index=botsv3 earliest=2018-08-20T00:00:00Z latest=2018-08-21T00:00:00Z\n command=New-TransportRule\n");
        Run run = (await SplunkAsync(["export", "--spl-file", file, "--table", "rules"])).Clean();
        Assert.Contains("earliest=2018-08-20T00:00:00Z was lifted out of the search", run.Error, StringComparison.Ordinal);
        Assert.Equal("2", await bench.AskAsync("SELECT count(*) FROM rules"));
        (await SplunkAsync(["export", "--saved-search", "SOX rules", .. Day, "--table", "saved"])).Clean();
        Assert.Equal("2", await bench.AskAsync("SELECT count(*) FROM saved"));
    }

    [Fact]
    public async Task Certificate_ThatIsNotTrusted_IsRefusedWithItsFingerprint() // F21
    {
        string url = $"https://127.0.0.1:{server.Port}";
        Run refused = (await Run.WeirAsync("splunk", "check", "--url", url, "--user", "admin", "--secret-file", secret)).Ended(2);
        string fingerprint = System.Text.RegularExpressions.Regex.Match(refused.Error, "fingerprint ([0-9a-f]{64})").Groups[1].Value;
        Assert.Contains("self-signed", refused.Error, StringComparison.Ordinal);
        (await Run.WeirAsync("splunk", "check", "--url", url, "--user", "admin", "--secret-file", secret, "--fingerprint", fingerprint.ToUpperInvariant())).Clean();
        Run other = (await Run.WeirAsync("splunk", "check", "--url", url, "--user", "admin", "--secret-file", secret, "--insecure", "--fingerprint", new string('0', 64))).Ended(2);
        Assert.Contains("the pinned", other.Error, StringComparison.Ordinal);
        Assert.Equal(0, server.Api.RefusedLogins);

        foreach (var (host, until, message) in ((string, DateTimeOffset?, string)[])[("splunk.example", null, "not made out to 127.0.0.1"), ("127.0.0.1", DateTimeOffset.UtcNow.AddDays(-1), "expired"), ("127.0.0.1", null, "")])
        {
            using var certificate = Certificates.SelfSigned(host, until);
            await using var another = await KestrelFront.StartAsync(new ServerOptions { Corpus = Example, Password = Canary, Certificate = certificate });
            string ca = bench.Write("ca.pem", certificate.ExportCertificatePem());
            Run run = await Run.WeirAsync("splunk", "check", "--url", $"https://127.0.0.1:{another.Port}", "--user", "admin", "--secret-file", secret, "--ca", ca);
            Assert.Equal(message.Length == 0 ? 0 : 2, run.Exit);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Server_ThatIsNone_IsToldInOneLine()
    {
        using var closed = new TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        int port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Assert.Contains("not encrypted", (await Run.WeirAsync("splunk", "check", "--url", "http://127.0.0.1:1", "--user", "a", "--secret-file", secret)).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("user name or password", (await Run.WeirAsync("splunk", "check", "--url", "https://a:b@127.0.0.1:1", "--user", "a", "--secret-file", secret)).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("no server is named", (await Run.WeirAsync("splunk", "check", "--user", "a")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("no host of that name", (await Run.WeirAsync("splunk", "check", "--url", "https://splunk.invalid:8089", "--user", "a", "--secret-file", secret)).Ended(2).Error, StringComparison.Ordinal);
        Run dead = (await Run.WeirAsync("splunk", "check", "--url", $"https://127.0.0.1:{port}", "--user", "a", "--secret-file", secret)).Ended(2);
        Assert.Contains("could not be reached", dead.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretFile_ThatOthersMayRead_IsRefused()
    {
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("others may read it", (await SplunkAsync(["check"], caseFile: false)).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_OfMsticpy_NamesServerAndUser()
    {
        string config = bench.Write("msticpyconfig.yaml", string.Create(CultureInfo.InvariantCulture, $"DataProviders:\n  Splunk:\n    Args:\n      host: 127.0.0.1\n      port: {server.Port}\n      username: admin\n      password: {Canary}\n"));
        (await Run.WeirAsync("splunk", "check", "--config", config, "--insecure")).Clean();
        var (exit, error) = await WeirProcess.RunAsync(["splunk", "check", "--insecure"], environment: new Dictionary<string, string> { ["MSTICPYCONFIG"] = config });
        Assert.True(exit == 0, error);
    }

    /// <summary>The password is in no argument, no output, no file, whatever goes wrong.</summary>
    [Fact]
    public async Task Secret_IsFoundNowhere()
    {
        Dictionary<string, string> environment = new() { ["SPLUNK_PASSWORD"] = Canary };
        for (int seed = 1; seed < 5; seed++)
        {
            await using var faulty = await KestrelFront.StartAsync(new ServerOptions { Corpus = NastyEvents.Make(100), Password = seed == 4 ? "another" : Canary, Certificate = Certificates.SelfSigned("127.0.0.1"), Faults = Faults.Random(seed * 7) });
            string path = bench.File($"canary{seed}.duckdb");
            string[] command =
            [
                "splunk", "export", "--url", $"https://127.0.0.1:{faulty.Port}", "--user", "admin", "--insecure", "--spl", "index=main", "--earliest", "2018-08-20T10:00:00Z", "--latest", "2018-08-20T11:00:00Z",
                "--slice", "20m", "--case", path, "--attempts", "1",
            ];
            using var process = WeirProcess.Start(command, environment: environment);
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            Assert.DoesNotContain(Canary, await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline"), StringComparison.Ordinal);
            using var watchdog = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync(watchdog.Token);
            Assert.DoesNotContain(Canary, await output, StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, await error, StringComparison.Ordinal);
        }

        byte[] canary = Encoding.UTF8.GetBytes(Canary);
        foreach (string file in Directory.EnumerateFiles(bench.Path).Where(f => f != secret))
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(canary) < 0, file);
    }

    [Fact]
    public async Task Interrupt_InTheMiddle_StopsAndTheSameCommandGoesOn()
    {
        await using var slow = new SocketFront(new ServerOptions { Corpus = NastyEvents.Make(200), Password = Canary, Faults = new Faults([new(FaultKind.Silence, "results", 2, 1_000, 0)]), Silence = TimeSpan.FromSeconds(60) });
        string[] command =
        [
            "splunk", "export", "--url", $"http://127.0.0.1:{slow.Port}", "--user", "admin", "--insecure", "--spl", "index=main", "--earliest", "2018-08-20T10:00:00Z", "--latest", "2018-08-20T11:00:00Z", "--slice", "10m",
            "--case", bench.Case,
        ];
        var (exit, error) = await WeirProcess.RunAsync(command, killAfter: TimeSpan.FromSeconds(2), environment: new Dictionary<string, string> { ["SPLUNK_PASSWORD"] = Canary }, kill: process =>
        {
            while (slow.Api.Requests.Count(r => r.Endpoint == "results") < 4)
                Thread.Sleep(50); // until it waits for two answers
            WeirProcess.Interrupt(process);
        });
        Assert.True(exit == 130, error);
        Assert.Contains("the same command goes on from there", error, StringComparison.Ordinal);
        Assert.Empty(slow.Api.Jobs.Ids);
        Assert.Contains("not whole", (await bench.WeirAsync("tables")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_ThatIsNamed_CarriesEverything()
    {
        await using var proxy = new ConnectProxy("bob", "secret");
        string[] command = ["splunk", "check", "--url", $"https://127.0.0.1:{server.Port}", "--user", "admin", "--secret-file", secret, "--insecure", "--proxy"];
        (await Run.ChildAsync([.. command, $"http://bob@127.0.0.1:{proxy.Port}"], ("WEIR_PROXY_PASSWORD", "secret"))).Clean();
        Assert.True(proxy.Tunnels > 0);
        (await Run.WeirAsync([.. command, $"http://127.0.0.1:{proxy.Port}"])).Ended(2);
        Assert.Contains("WEIR_PROXY_PASSWORD", (await Run.WeirAsync([.. command, $"http://bob:secret@127.0.0.1:{proxy.Port}"])).Ended(2).Error, StringComparison.Ordinal);
    }

    private Task<Run> SplunkAsync(string[] args, int? port = null, bool caseFile = true) =>
        Run.WeirAsync(["splunk", .. args, "--url", $"https://127.0.0.1:{port ?? server.Port}", "--user", "admin", "--secret-file", secret, "--insecure", .. caseFile ? (string[])["--case", bench.Case] : []]);
}
