using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Kinds;

/// <summary>Logs of every layout reach their view, whatever their columns are called; records that stand twice are told; the user's own kinds and names count.</summary>
public sealed class KindTests : IDisposable
{
    private const string TransportRule = """{"CreationTime":"2018-08-20T11:21:40","Id":"a1","Operation":"New-TransportRule","RecordType":1,"Workload":"Exchange","UserId":"Fyodor@froth.ly","ClientIP":"104.207.83.63:21974","ObjectId":"SOX","Parameters":[{"Name":"Name","Value":"SOX"},{"Name":"BlindCopyTo","Value":"x@naver.com"}],"SessionId":"s-1"}""";

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task PortalCsvOfSignIns_OddHeaders_IsSignin()
    {
        bench.Write("InteractiveSignIns.csv",
            """
            Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Application,Application ID ,Resource,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Browser,Operating System,Session ID,Autonomous system  number,Token issuer type,Conditional Access
            2026-01-02T03:04:05Z,r1,Mozilla/5.0,c1,0a1b2c3d-0000-4000-8000-000000000001,Ann Lee,Ann@Contoso.com,member,Azure Portal,app1,Graph,2001:DB8::1,"Paris, FR",Success,0,Other.,Browser,Chrome 120,Windows10,s1,1221,Azure AD,Not Applied
            2026-01-02T03:05:05Z,r2,Mozilla/5.0,c2,0a1b2c3d-0000-4000-8000-000000000001,Ann Lee,ann@contoso.com,member,Azure Portal,app1,Graph,1.128.3.4,"Paris, FR",Failure,50126,Invalid username or password.,Browser,Chrome 120,Windows10,s1,1221,Azure AD,Not Applied

            """);
        (await bench.WeirAsync("ingest", bench.File("InteractiveSignIns.csv"))).Clean();
        Assert.Equal(
            "2026-01-02T03:04:05Z,Ann@Contoso.com,2001:db8::1,,success,0,Azure Portal,Chrome 120,s1,c1,r1,ann@contoso.com|2026-01-02T03:05:05Z,ann@contoso.com,1.128.3.4,1221,failure,50126,Azure Portal,Chrome 120,s1,c2,r2,ann@contoso.com",
            await bench.AskAsync("""SELECT time, "user", src_ip, src_ip_asn, status, error_code, app, browser, session_id, correlation_id, request_id, user_key FROM signins ORDER BY time"""));
        Assert.Equal("2", await bench.AskAsync("""SELECT count(*) FROM timeline WHERE log = 'signin' AND action = 'sign-in'"""));
    }

    [Fact]
    public async Task HistoricalMessageTrace_RecipientsInOneCell_AreALineEach()
    {
        bench.Write("MTDetailReport.csv",
            """
            origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip,directionality
            2026-01-02T03:04:05.0000000Z,Boss@contoso.com,"ann@contoso.com##Receive, Send;bob@fabrikam.com##Receive, Deliver",Plan; draft,4711,<m1@contoso.com>,n1,10.0.0.1,Originating
            2026-01-02T03:05:05.0000000Z,boss@contoso.com,cid@contoso.com##Receive,Plan 2,17,<m2@contoso.com>,n2,10.0.0.1,Originating
            2026-01-02T03:06:05.0000000Z,boss@contoso.com,,Plan 3,18,<m3@contoso.com>,n3,10.0.0.1,Originating
            2026-01-02T03:07:05.0000000Z,boss@contoso.com,"x_gmail.com#EXT#@contoso.onmicrosoft.com##Receive, Fail;/o=ExchangeLabs/cn=abc##Receive, Send;",Plan 4,19,<m4@contoso.com>,n4,10.0.0.1,Originating

            """);
        (await bench.WeirAsync("ingest", bench.File("MTDetailReport.csv"))).Clean();
        Assert.Equal(
            "ann@contoso.com; Receive, Send; 4711 bytes Plan; draft to ann@contoso.com;bob@fabrikam.com|bob@fabrikam.com; Receive, Deliver; 4711 bytes Plan; draft to ann@contoso.com;bob@fabrikam.com|cid@contoso.com; Receive; 17 bytes Plan 2 to cid@contoso.com|mail; 18 bytes Plan 3|/o=ExchangeLabs/cn=abc; Receive, Send; 19 bytes Plan 4 to x_gmail.com#EXT#@contoso.onmicrosoft.com;/o=ExchangeLabs/cn=abc;|x_gmail.com#EXT#@contoso.onmicrosoft.com; Receive, Fail; 19 bytes Plan 4 to x_gmail.com#EXT#@contoso.onmicrosoft.com;/o=ExchangeLabs/cn=abc;",
            (await bench.AskAsync("SELECT concat_ws('; ', recipient, action, replace(detail, '\"', '')) FROM mails ORDER BY row_id, recipient")).Replace("\"", "", StringComparison.Ordinal));
        Assert.StartsWith("1 event, ", (await bench.WeirAsync("timeline", "--user", "bob@fabrikam.com")).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_InEverySpelling_IsFoundInTheViews()
    {
        string[] addresses = ["8.8.8.8", "8.8.8.8:443", "::ffff:8.8.8.8", "[::FFFF:8.8.8.8]:443", "::ffff:808:808", "0:0:0:0:0:ffff:808:808", "8.8.8.80", "2001:DB8::8", "2001:db8:0:0::8", "08.8.8.8", ""];
        bench.Write("s.csv", "createdDateTime,userPrincipalName,appDisplayName,ipAddress,status.errorCode\n" + string.Concat(addresses.Select((a, i) => $"2026-01-01T00:00:{i:00}Z,u{i}@x.org,P,{a},0\n")));
        (await bench.WeirAsync("ingest", bench.File("s.csv"))).Clean();
        async Task<string> FoundAsync(params string[] options) => string.Join(' ', (await bench.WeirAsync(["timeline", "--format", "csv", .. options])).Clean().Out.TrimEnd('\n').Split('\n')[1..].Select(l => l.Split(',')[1][1..].Split('@')[0]));
        Assert.Equal("0 1 2 3 4 5", await FoundAsync("--ip", "8.8.8.8"));
        Assert.Equal("0 1 2 3 4 5 6", await FoundAsync("--ip", "8.8.8.0/24"));
        Assert.Equal("7 8", await FoundAsync("--ip", "2001:db8::8"));
        Assert.Equal("0 1 2 3 4 5 7 8", await FoundAsync("--ip", "8.8.8.8", "--ip", "2001:db8::8"));
    }

    [Theory]
    [InlineData("ann@x.org; Undisclosed", "Undisclosed|ann@x.org")]
    [InlineData("[\"b@x.org\",\"c@x.org\"]", "b@x.org|c@x.org")]
    [InlineData("@;@", "@|@")]
    [InlineData("#a#@x.org,#b#@x.org", "#a#@x.org|#b#@x.org")]
    [InlineData("Doe, John <j@x.org>", "j@x.org")]
    [InlineData("a@x.org,\nb@x.org,", "a@x.org|b@x.org")]
    [InlineData("a@x.org;; b@x.org", "a@x.org|b@x.org")]
    [InlineData(";", "")]
    public async Task Recipients_OfACell_AreEachThere(string cell, string recipients)
    {
        bench.Write("trace.csv", $"MessageTraceId,RecipientAddress,SenderAddress,Received,Subject,Status\nt1,{Quoted(cell)},s@x.org,2026-01-01T00:00:00Z,Hi,Delivered\nt2,one@x.org,s@x.org,2026-01-01T00:00:01Z,Hi,Delivered\n");
        (await bench.WeirAsync("ingest", bench.File("trace.csv"))).Clean();
        Assert.Equal(recipients, (await bench.AskAsync("SELECT recipient FROM mails WHERE trace_id = 't1' ORDER BY 1")).Trim('"'));
        Assert.Equal("2", await bench.AskAsync("SELECT count(DISTINCT row_id) FROM timeline"));
    }

    [Fact]
    public async Task Timeline_KnowsWhatTiesRecordsTogether()
    {
        bench.Write("s.csv", "createdDateTime,userPrincipalName,userId,appDisplayName,ipAddress,correlationId,requestId,status.errorCode\n2026-01-01T00:00:00Z,ann@x.org,0a1b2c3d-0000-4000-8000-000000000001,P,1.1.1.1,corr-1,req-1,0\n2026-01-01T00:00:01Z,ann.lee@x.org,0a1b2c3d-0000-4000-8000-000000000001,P,1.1.1.2,corr-2,req-2,0\n");
        (await bench.WeirAsync("ingest", bench.File("s.csv"))).Clean();
        foreach (var (events, option, value) in ((int, string, string)[])[(1, "--session", "corr-1"), (1, "--session", "req-2"), (2, "--user", "0a1b2c3d-0000-4000-8000-000000000001"), (1, "--user", "ann@x.org")])
            Assert.StartsWith($"{events} event", (await bench.WeirAsync("timeline", option, value)).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuditRecords_OfSeveralMails_NameThemAll()
    {
        bench.Write("audit.ndjson",
            """
            {"CreationTime":"2023-09-15T18:11:42","Id":"1","Operation":"HardDelete","RecordType":3,"Workload":"Exchange","UserId":"u","ClientIPAddress":"192.0.2.1","AffectedItems":[{"Subject":"One","InternetMessageId":"<a@x>","ParentFolder":{"Path":"\\Inbox"}},{"Subject":"Two","InternetMessageId":"<b@x>"}]}
            {"CreationTime":"2023-09-15T18:12:42","Id":"2","Operation":"MailItemsAccessed","RecordType":50,"Workload":"Exchange","UserId":"u","ClientIPAddress":"192.0.2.1","Folders":[{"Path":"\\Inbox","FolderItems":[{"InternetMessageId":"<c@x>"},{"InternetMessageId":"<d@x>"}]}]}

            """);
        (await bench.WeirAsync("ingest", bench.File("audit.ndjson"))).Clean();
        Assert.Equal("\"<a@x>, <b@x>\",\"HardDelete One, Two\"|\"<c@x>, <d@x>\",MailItemsAccessed \\Inbox", await bench.AskAsync("SELECT message_id, detail FROM audits ORDER BY time"));
    }

    [Fact]
    public async Task PurviewCsv_AuditData_IsAuditWithOneReadableLine()
    {
        string cut = TransportRule.Replace("a1", "a2", StringComparison.Ordinal)[..220];
        bench.Write("ual.csv", $"RecordId,CreationDate,RecordType,Operation,UserId,AuditData\n1,2018-08-20T11:21:40Z,1,New-TransportRule,fyodor@froth.ly,{Quoted(TransportRule)}\n2,2018-08-20T09:00:00Z,1,New-TransportRule,fyodor@froth.ly,{Quoted(cut)}\n");
        (await bench.WeirAsync("ingest", bench.File("ual.csv"))).Clean();
        Assert.Equal(
            "2018-08-20T11:21:40Z,Fyodor@froth.ly,104.207.83.63,22612,NAMECHEAP,s-1,\"New-TransportRule \"\"SOX\"\" Name=SOX BlindCopyTo=x@naver.com\"",
            await bench.AskAsync("""SELECT time, "user", src_ip, src_ip_asn, left(src_ip_as_org, 9), session_id, detail FROM audits WHERE row_id = 1"""));
        Assert.Equal("2018-08-20T11:21:40Z,a2", await bench.AskAsync("SELECT time, record_id FROM audits WHERE row_id = 2"));
        Assert.Equal("2,audit_data,payload-cut", await bench.AskAsync("SELECT row_id, column_name, code FROM weir.remarks"));
        await bench.VerifiedAsync();
    }

    [Theory]
    [InlineData("""[{"Name":"Name","Value":"A b"},{"Name":"Mode","Value":"On"}]""", "Set-Mailbox \"A b\" Name=A b Mode=On")]
    [InlineData("""{"not":"pairs"}""", "Set-Mailbox \"box\" {\"not\":\"pairs\"}")]
    [InlineData("-Name \"A\" -Page 1", "Set-Mailbox \"box\" -Name \"A\" -Page 1")]
    public async Task ManagementJson_ParametersOfAnyForm_AreInDetail(string parameters, string detail)
    {
        string value = parameters[0] == '[' ? parameters : System.Text.Json.JsonSerializer.Serialize(parameters);
        bench.Write("audit.ndjson", $$"""{"CreationTime":"2020-02-07T20:49:49","Id":"i","Operation":"Set-Mailbox","RecordType":1,"Workload":"Exchange","UserId":"u@x.org","ClientIP":"[2a01::1]:443","ObjectId":"box","Parameters":{{value}}}""" + "\n");
        (await bench.WeirAsync("ingest", bench.File("audit.ndjson"))).Clean();
        Assert.Equal($"2a01::1,\"{detail.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", (await bench.AskAsync("SELECT src_ip, detail FROM audits")).Replace(",Set", ",\"Set", StringComparison.Ordinal).TrimEnd('"').Replace("\"\"Set", "\"Set", StringComparison.Ordinal) + "\"");
    }

    [Fact]
    public async Task SameRecordUnderTwoSourcetypes_CountsOnce_AndAnIdAloneProvesNothing()
    {
        string Row(string sourcetype, string index, string id, string payload) => $"2018-08-20T11:21:40.000+0000,h,{sourcetype},{index},{id},{Quoted(payload)}\n";
        string reordered = """{"Operation":"New-TransportRule","CreationTime":"2018-08-20T11:21:40","Id":"a1","UserId":"Fyodor@froth.ly","ClientIP":"104.207.83.63:21974","RecordType":1,"Workload":"Exchange","ObjectId":"SOX","SessionId":"s-1","Parameters":[{"Value":"SOX","Name":"Name"},{"Name":"BlindCopyTo","Value":"x@naver.com"}]}""";
        string other = TransportRule.Replace("SOX", "TAX", StringComparison.Ordinal);
        bench.Write("a.csv", "_time,host,sourcetype,_indextime,Id,AuditData\n" + Row("o365:management:activity", "1534763000", "a1", TransportRule) + Row("ms:o365:management", "1534763999", "a1", reordered) + Row("ms:o365:management", "1534763999", "a1", other));
        bench.Write("b.csv", "_time,host,sourcetype,_indextime,Id,AuditData\n" + Row("o365:management:activity", "1534999999", "a1", TransportRule));
        (await bench.WeirAsync("ingest", bench.File("a.csv"), "--table", "audit")).Clean();
        (await bench.WeirAsync("ingest", bench.File("b.csv"), "--table", "audit")).Clean();
        Assert.Equal("1,2,1,1|2,1,1,1", await bench.AskAsync("SELECT * FROM weir.duplicates ORDER BY ALL"));
        Assert.Equal("1,1|1,3", await bench.AskAsync("SELECT source_id, row_id FROM audits ORDER BY ALL"));
        Assert.Equal("1,1|1,3", await bench.AskAsync("SELECT source_id, row_id FROM weir.remarks WHERE code = 'id-shared' ORDER BY ALL"));
        (await bench.WeirAsync("remove", "1")).Clean();
        Assert.Equal("2,1", await bench.AskAsync("SELECT source_id, row_id FROM audits ORDER BY ALL"));
        Assert.Equal("", await bench.AskAsync("SELECT * FROM weir.duplicates"));
    }

    [Fact]
    public async Task SysmonXmlInCells_HostileOnesToo_LandAndGiveWhatTheyHave()
    {
        string good = """<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><Computer>FYODOR-L.froth.ly</Computer></System><EventData><Data Name='UtcTime'>2018-08-20 11:52:16.675</Data><Data Name='Image'>C:\Windows\system32\tar.exe</Data><Data Name='CommandLine'>tar.exe -cvzf archive.tar * &amp; echo</Data><Data Name='User'>NT AUTHORITY\SYSTEM</Data><Data Name='ParentImage'>C:\powershell.exe</Data></EventData></Event>""";
        string bomb = """<!DOCTYPE b [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]><Event><System><EventID>1</EventID></System><EventData><Data Name='Image'>&b;</Data></EventData></Event>""";
        string file = """<!DOCTYPE b [<!ENTITY f SYSTEM "file:///etc/passwd">]><Event><System><EventID>1</EventID></System><EventData><Data Name='Image'>&f;</Data></EventData></Event>""";
        string deep = string.Concat(Enumerable.Repeat("<Event>", 5000));
        string cut = good[..330];
        string type = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational";
        bench.Write("sysmon.csv", "_time,host,source,sourcetype,_raw\n" + string.Concat(new[] { good, bomb, file, deep, cut }.Select(x => $"2018-08-20T11:52:20.000+0000,FYODOR-L,{type},{type},{Quoted(x)}\n")));
        (await bench.WeirAsync("ingest", bench.File("sysmon.csv"))).Clean();
        Assert.Equal(
            """2018-08-20T11:52:16.675Z,NT AUTHORITY\SYSTEM,FYODOR-L,C:\Windows\system32\tar.exe,tar.exe -cvzf archive.tar * & echo,C:\powershell.exe""",
            await bench.AskAsync("""SELECT time, "user", host, process, command_line, parent_process FROM processes WHERE row_id = 1"""));
        Assert.Equal("5,5", await bench.AskAsync("SELECT count(*), count(time) FROM timeline"));
        Assert.Equal("0", await bench.AskAsync("SELECT count(*) FROM timeline WHERE contains(detail, 'root:') OR contains(detail, 'xxxx')"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task TextLogs_AreToldByTheirShape()
    {
        bench.Write("access.log", "1.128.3.4 - ann [10/Oct/2000:13:55:36 -0700] \"GET /a.gif HTTP/1.0\" 200 2326 \"-\" \"Mozilla\"\n1.128.3.4 - - [10/Oct/2000:13:55:37 -0700] \"\\x16\\x03\" 400 -\n");
        bench.Write("messages", "Jun 14 15:16:01 combo sshd[19939]: failed\n<34>1 2003-10-11T22:14:15.003Z mymachine su 77 ID47 - 'su root' failed\n");
        bench.Write("notes.txt", "nothing that anybody knows\nanother line\n");
        await bench.WeirAsync("ingest", bench.File("access.log"), bench.File("messages"), bench.File("notes.txt"));
        Assert.Equal("access-log,2|syslog,2", await bench.AskAsync("SELECT kind, rows FROM weir.kinds ORDER BY ALL"));
        Assert.Equal("2000-10-10T20:55:36Z,ann,1.128.3.4,1221,GET,/a.gif,200,2326,Mozilla", await bench.AskAsync("""SELECT time, "user", src_ip, src_ip_asn, method, url, status, bytes, user_agent FROM web WHERE row_id = 1"""));
        Assert.Equal("2", await bench.AskAsync("SELECT count(*) FROM web"));
        Assert.Equal(",combo,sshd|2003-10-11T22:14:15.003Z,mymachine,su", await bench.AskAsync("SELECT time, host, action FROM timeline WHERE log = 'syslog' ORDER BY row_id"));
        Assert.Equal("2", await bench.AskAsync("SELECT count(*) FROM notes"));
    }

    [Fact]
    public async Task MailTrace_JsonDates_IdentityIsTraceAndRecipient()
    {
        string Mail(string to, int index) => $$"""{"Organization":"c","MessageId":"<m@x>","Received":"/Date(1658751973240)/","SenderAddress":"A@x.org","RecipientAddress":"{{to}}","Subject":"Plan","Status":"Delivered","ToIP":null,"FromIP":"1.128.3.4","Size":87680,"MessageTraceId":"t1","StartDate":"/Date(1658579297628)/","EndDate":"/Date(1658752097628)/","Index":{{index}}}""" + "\n";
        bench.Write("mail.ndjson", Mail("b@x.org", 0) + Mail("c@x.org", 1) + Mail("b@x.org", 2));
        (await bench.WeirAsync("ingest", bench.File("mail.ndjson"))).Clean();
        Assert.Equal("2022-07-25T12:26:13.24Z,a@x.org,b@x.org,Plan,87680,1.128.3.4|2022-07-25T12:26:13.24Z,a@x.org,c@x.org,Plan,87680,1.128.3.4", await bench.AskAsync("""SELECT time, "user", recipient, subject, size, src_ip FROM mails ORDER BY recipient"""));
        Assert.Equal("1,3,1,1", await bench.AskAsync("SELECT * FROM weir.duplicates"));
        Assert.Equal("2", await bench.AskAsync("SELECT count(*) FROM timeline WHERE to_user LIKE '%@x.org'"));
    }

    [Fact]
    public async Task Users_AreJoinedWhereARecordHoldsBothSpellingsOrAnAliasSaysSo()
    {
        string SignIn(string upn, string id, string ip) => $$"""{"createdDateTime":"2026-01-01T00:00:00Z","userPrincipalName":{{upn}},"userId":"{{id}}","appDisplayName":"P","ipAddress":"{{ip}}","conditionalAccessStatus":"success","status":{"errorCode":0} }""" + "\n";
        bench.Write("signins.ndjson", SignIn("\"Ann@x.org\"", "11111111-1111-4111-8111-111111111111", "1.1.1.1") + SignIn("null", "11111111-1111-4111-8111-111111111111", "1.1.1.2")
            + SignIn("\"bob@x.org\"", "00000000-0000-0000-0000-000000000000", "1.1.1.3") + SignIn("\"eve@x.org\"", "00000000-0000-0000-0000-000000000000", "1.1.1.4") + SignIn("\"x\\\\ann\"", "", "1.1.1.5"));
        bench.Write("aliases.csv", "# spelling,user\nX\\ann,ann@x.org\n");
        (await bench.WeirAsync("ingest", bench.File("signins.ndjson"))).Clean();
        const string keys = "SELECT src_ip, user_key FROM signins ORDER BY src_ip";
        Assert.Equal(@"1.1.1.1,ann@x.org|1.1.1.2,ann@x.org|1.1.1.3,bob@x.org|1.1.1.4,eve@x.org|1.1.1.5,x\ann", await bench.AskAsync(keys));
        (await bench.WeirAsync("ingest", bench.File("signins.ndjson"), "--aliases", bench.File("aliases.csv"))).Clean();
        Assert.Equal("1.1.1.1,ann@x.org|1.1.1.2,ann@x.org|1.1.1.3,bob@x.org|1.1.1.4,eve@x.org|1.1.1.5,ann@x.org", await bench.AskAsync(keys));
        bench.Write("aliases.csv", "only one part\n");
        (await bench.WeirAsync("ingest", bench.File("signins.ndjson"), "--aliases", bench.File("aliases.csv"))).Failed("aliases.csv, line 1", "spelling,user");
    }

    [Fact]
    public async Task OwnKind_ServesWhatIsIngestedWithIt_AndTheCaseKeepsIt()
    {
        bench.Write("kinds/door.sql",
            """
            -- Doors of an office.
            -- columns: badge & door
            -- time: opened_at
            -- json: extra: room, ip:address
            -- address: extra_ip
            -- let: place = $(extra_room, door)

            -- view: timeline
            SELECT
                $badge AS user,
                'door ' || $door AS action,
                @place AS detail;
            """);
        bench.Write("one.csv", "opened_at,badge,door,extra\n2026-01-01T08:00:00Z,ann,3,\"{\"\"room\"\":\"\"lab\"\",\"\"ip\"\":\"\"1.128.3.4\"\"}\"\n");
        bench.Write("two.csv", "opened_at,badge,door,extra\n2026-01-02T08:00:00Z,bob,4,\"{\"\"room\"\":\"\"attic\"\"}\"\n");
        (await bench.WeirAsync("ingest", bench.File("one.csv"), "--kinds", bench.File("kinds"), "--table", "doors")).Clean();
        (await bench.WeirAsync("ingest", bench.File("two.csv"), "--table", "doors")).Clean();
        Assert.Equal("2026-01-01T08:00:00Z,ann,1.128.3.4,door,door 3,lab|2026-01-02T08:00:00Z,bob,,door,door 4,attic", await bench.AskAsync("""SELECT time, "user", src_ip, log, action, detail FROM timeline ORDER BY time"""));
        Assert.Equal("door,1|door,1", await bench.AskAsync("SELECT kind, rows FROM weir.kinds"));
        bench.Write("kinds/door.sql", "-- columns: a\n-- view: timeline\nSELECT $a AS nonsense;\n");
        (await bench.WeirAsync("ingest", bench.File("two.csv"), "--kinds", bench.File("kinds"))).Failed("door.sql", "no column 'nonsense'", "time, user");
        bench.Write("kinds/door.sql", "-- columns: a\n-- let: of nothing\n-- view: timeline\nSELECT $a AS detail;\n");
        (await bench.WeirAsync("ingest", bench.File("two.csv"), "--kinds", bench.File("kinds"))).Failed("door.sql, line 2", "'let' gives no expression a name", "name = SQL");
        (await bench.WeirAsync("ingest", bench.File("two.csv"), "--kinds", bench.File("none"))).Failed("--kinds", "there is no such folder");
    }

    [Fact]
    public async Task InterruptedRuns_GiveTheSameViews()
    {
        var rows = new System.Text.StringBuilder("_time,host,sourcetype,AuditData\n");
        for (int i = 0; i < 900; i++)
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"2018-08-20T11:21:{i % 60:00}.000+0000,h,o365:management:activity,{Quoted(TransportRule.Replace("a1", $"id{i % 400}", StringComparison.Ordinal))}\n");
        bench.Write("a.csv", rows.ToString());
        await bench.WeirAsync("ingest", bench.File("a.csv"), "--commit-rows", "300", "--batch-rows", "100", "--memory", "256MB");
        Assert.Equal("900,400,500", await bench.AskAsync("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM audits), (SELECT count(*) FROM weir.duplicates)"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task RowsWithoutASourcetype_AreJudgedByThemselves()
    {
        bench.Write("mix.csv",
            """
            _time,sourcetype,MessageTraceId,SenderAddress,RecipientAddress,Subject,user,src_ip,loginStatus
            2026-01-01T00:00:00Z,ms:o365:reporting:messagetrace,t1,a@x.org,b@x.org,one,,,
            2026-01-01T00:00:01Z,ms:o365:reporting:messagetrace,t2,a@x.org,b@x.org,two,,,
            2026-01-01T00:00:02Z,,,,,,ann@x.org,1.1.1.1,Success

            """);
        (await bench.WeirAsync("ingest", bench.File("mix.csv"))).Clean();
        Assert.Equal("mail,ms:o365:reporting:messagetrace,2|signin,\"\",1", await bench.AskAsync("SELECT kind, sourcetype, rows FROM weir.kinds ORDER BY ALL"));
        Assert.Equal("1,mail|2,mail|3,signin", await bench.AskAsync("SELECT row_id, log FROM timeline ORDER BY ALL"));
    }

    [Fact]
    public async Task ChannelsInOneFile_HaveOneKindEach_WhateverTheFolderIsCalled()
    {
        string Event(int id, string channel, string source) => $$"""{"EventID":{{id}},"Channel":"{{channel}}","source":"C:\\{{source}}\\x.evtx","Computer":"h","NewProcessName":"a.exe","SubjectUserName":"bob","UtcTime":"2024-01-01 00:00:01","Image":"b.exe","TimeCreated":"2024-01-01T00:00:00Z"}""" + "\n";
        bench.Write("events.ndjson", Event(4688, "Security", "sysmon-host") + Event(1, "Microsoft-Windows-Sysmon/Operational", "powershell") + Event(4104, "Microsoft-Windows-PowerShell/Operational", "sysmon") + Event(4624, "Security", "powershell"));
        (await bench.WeirAsync("ingest", bench.File("events.ndjson"))).Clean();
        Assert.Equal("1,windows-security,process start|2,sysmon,process start|3,powershell,script block|4,windows-security,logon", await bench.AskAsync("SELECT row_id, log, action FROM timeline ORDER BY ALL"));
        Assert.Equal("1|2", await bench.AskAsync("SELECT row_id FROM processes ORDER BY ALL"));
        Assert.Contains(",2,", (await bench.WeirAsync("inventory", "--by", "channel", "--log", "windows-security", "--format", "csv")).Clean().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_AreJudgedByThemselves_WhateverSharesTheirTableAndCommit()
    {
        Directory.CreateDirectory(bench.File("logs"));
        bench.Write("logs/access.log", "1.128.3.4 - ann [10/Oct/2000:13:55:36 -0700] \"GET /a.gif HTTP/1.0\" 200 2326\n");
        bench.Write("logs/notes.txt", string.Concat(Enumerable.Range(0, 50).Select(i => $"nothing that anybody knows {i}\n")));
        (await bench.WeirAsync("ingest", bench.File("logs"), "--table", "lines")).Clean();
        Assert.Equal("access-log,1", await bench.AskAsync("SELECT kind, rows FROM weir.kinds"));
        Run run = (await bench.WeirAsync("timeline", "--format", "csv")).Clean();
        Assert.Contains("not in it, for they are of no kind that weir knows: lines (50 rows)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duplicates_AreTheSame_WhateverOtherSourcesMakeOfTheColumns()
    {
        string Record(string modified) => $$"""{"CreationTime":"2020-02-07T20:49:49","Id":"i","Operation":"Set","RecordType":8,"Workload":"AzureActiveDirectory","UserId":"u@x.org","ModifiedProperties":{{modified}}}""" + "\n";
        bench.Write("one.ndjson", Record("""[{"Name":"a","NewValue":"b"}]""") + Record("""[{"NewValue":"b","Name":"a"}]"""));
        bench.Write("lists.ndjson", Record("""["x","y"]""").Replace("\"i\"", "\"j\"", StringComparison.Ordinal));
        (await bench.WeirAsync("ingest", bench.File("one.ndjson"), bench.File("lists.ndjson"), "--table", "audit")).Clean();
        Assert.Equal("VARCHAR[]", await bench.AskAsync("SELECT typeof(modified_properties) FROM audit LIMIT 1"));
        Assert.Equal("1,2,1,1", await bench.AskAsync("SELECT * FROM weir.duplicates"));
        Assert.Equal("", await bench.AskAsync("SELECT * FROM weir.remarks WHERE code = 'id-shared'"));
    }

    [Fact]
    public async Task RecordsThatOnlyTheirTimeTellsApart_AllStay()
    {
        bench.Write("signin.csv", "_time,sourcetype,user,src_ip,app,login_status,request_id\n" + string.Concat(Enumerable.Range(1, 3).Select(i => $"2026-01-0{i}T00:00:00Z,ms:aad:signin,u@x.org,1.1.1.1,P,Success,r1\n")));
        (await bench.WeirAsync("ingest", bench.File("signin.csv"))).Clean();
        Assert.Equal("3", await bench.AskAsync("SELECT count(*) FROM signins"));
    }

    [Fact]
    public async Task Codes_ThatWereWrittenAsFractions_AreCodes()
    {
        bench.Write("s.csv", "createdDateTime,userPrincipalName,userId,appDisplayName,ipAddress,conditionalAccessStatus,status.errorCode\n2026-01-01T00:00:00Z,a@x.org,***,P,1.1.1.1,success,0.0\n2026-01-01T00:00:01Z,b@x.org,***,P,::ffff:1.128.3.4,failure,50126.0\n");
        (await bench.WeirAsync("ingest", bench.File("s.csv"))).Clean();
        Assert.Equal("success,0,1.1.1.1,a@x.org|failure,50126,1.128.3.4,b@x.org", await bench.AskAsync("SELECT status, error_code, src_ip, user_key FROM signins ORDER BY time"));
    }

    [Fact]
    public async Task CellsThatBeginWithAMarkOrAreNoJson_AreReadOrRemarked()
    {
        bench.Write("ual.csv", $"CreationDate,UserIds,Operations,AuditData\n2018-08-20T09:00:00Z,u,x,{Quoted("\uFEFF " + TransportRule)}\n2018-08-20T09:00:00Z,u,x,{Quoted(TransportRule.Replace("a1", "a2", StringComparison.Ordinal))}\n");
        (await bench.WeirAsync("ingest", bench.File("ual.csv"))).Clean();
        Assert.Equal("2018-08-20T11:21:40Z,a1|2018-08-20T11:21:40Z,a2", await bench.AskAsync("SELECT time, record_id FROM audits ORDER BY row_id"));
        string type = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational";
        bench.Write("x.csv", $"_time,source,sourcetype,_raw\n2018-08-20T11:52:20Z,{type},{type},{Quoted("<Event <broken")}\n");
        (await bench.WeirAsync("ingest", bench.File("x.csv"))).Clean();
        Assert.Equal("_raw,payload-cut", await bench.AskAsync("SELECT DISTINCT column_name, code FROM weir.remarks"));
        Assert.Equal("1", await bench.AskAsync("SELECT count(*) FROM timeline WHERE log = 'sysmon'"));
    }

    [Fact]
    public async Task KindsAskNoTables()
    {
        bench.Write("kinds/a.sql", "-- columns: a\n-- view: timeline\nSELECT (FROM read_text('/etc/passwd')) AS detail;\n");
        bench.Write("a.csv", "a\n1\n");
        (await bench.WeirAsync("ingest", bench.File("a.csv"), "--kinds", bench.File("kinds"))).Failed("a.sql", "asks a table");
        bench.Write("kinds/a.sql", "-- columns: a\n-- rows: $a IN (SELECT 1)\n-- view: timeline\nSELECT $a AS detail;\n");
        (await bench.WeirAsync("ingest", bench.File("a.csv"), "--kinds", bench.File("kinds"))).Failed("a.sql", "asks a table");
        bench.Write("kinds/a.sql", "-- columns: a\n-- view: timeline\nSELECT 'select from; ' || $a AS detail, CASE WHEN $a IS DISTINCT FROM 'x' THEN 'y' END AS action;\n");
        (await bench.WeirAsync("ingest", bench.File("a.csv"), "--kinds", bench.File("kinds"))).Clean();
        Assert.Equal("select from; 1,y", await bench.AskAsync("SELECT detail, action FROM timeline"));
    }

    [Fact]
    public async Task MillionsOfIdentities_CloseInLittleMemory()
    {
        var rows = new System.Text.StringBuilder("createdDateTime,userPrincipalName,appDisplayName,ipAddress,conditionalAccessStatus,id\n");
        for (int i = 0; i < 600_000; i++)
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"2026-01-01T00:00:00Z,a@x.org,P,1.1.1.1,success,00000000-0000-4000-8000-{i % 599_000:000000000000}\n");
        bench.Write("s.csv", rows.ToString());
        (await bench.WeirAsync("ingest", bench.File("s.csv"), "--memory", "128MB", "--ioc", "none", "--quiet")).Clean();
        Assert.Equal("599000,1000", await bench.AskAsync("SELECT (SELECT count(*) FROM signins), (SELECT count(*) FROM weir.duplicates)"));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
