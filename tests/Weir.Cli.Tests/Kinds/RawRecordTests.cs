using System.Text;
using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Kinds;

/// <summary>Splunk exports whose events stand in _raw alone, and lines of text that are longer or stranger than usual.</summary>
public sealed class RawRecordTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("ms:aad:signin", """{"id":"s1","createdDateTime":"2026-09-01T09:59:00Z","userPrincipalName":"ann@x.org","ipAddress":"8.8.8.8","appDisplayName":"Office","status":{"errorCode":50126,"failureReason":"bad"}}""", "signin,2026-09-01T09:59:00Z,ann@x.org,8.8.8.8,sign-in,no success: 50126 bad to Office")]
    [InlineData("azure:monitor:aad", """{"time":"2026-09-01T09:59:00Z","category":"SignInLogs","properties":{"id":"s2","createdDateTime":"2026-09-01T09:58:00Z","userPrincipalName":"bob@x.org","ipAddress":"8.8.4.4","appDisplayName":"Office","status":{"errorCode":0}}}""", "signin,2026-09-01T09:58:00Z,bob@x.org,8.8.4.4,sign-in,success to Office")]
    [InlineData("azure:monitor:aad", """{"time":"2026-09-01T09:59:00Z","category":"AuditLogs","operationName":"Add user","properties":{"id":"d1","activityDateTime":"2026-09-01T09:57:00Z","activityDisplayName":"Add user","initiatedBy":{"user":{"userPrincipalName":"adm@x.org","ipAddress":"1.1.1.1"}},"targetResources":[{"displayName":"new"}]}}""", "directory-audit,2026-09-01T09:57:00Z,adm@x.org,1.1.1.1,Add user,Add user new")]
    [InlineData("ms:aad:audit", """{"id":"d2","activityDateTime":"2026-09-01T09:56:00Z","activityDisplayName":"Delete user","category":"UserManagement","initiatedBy":{"user":{"userPrincipalName":"adm@x.org","ipAddress":"1.1.1.1"}},"targetResources":[{"displayName":"old"}]}""", "directory-audit,2026-09-01T09:56:00Z,adm@x.org,1.1.1.1,Delete user,Delete user old")]
    [InlineData("ms:o365:reporting:messagetrace", """{"MessageTraceId":"t1","Received":"/Date(1788256500000)/","SenderAddress":"S@x.org","RecipientAddress":"r@x.org","FromIP":"9.9.9.9","Subject":"Hi","Status":"Delivered","Size":12}""", "mail,2026-09-01T09:55:00Z,s@x.org,9.9.9.9,Delivered,\"12 bytes \"\"Hi\"\" to r@x.org\"")]
    [InlineData("aws:cloudtrail", """{"eventID":"e1","eventTime":"2026-09-01T09:54:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"4.4.4.4","userIdentity":{"type":"IAMUser","userName":"joe"}}""", "cloudtrail,2026-09-01T09:54:00Z,joe,4.4.4.4,GetObject,GetObject s3.amazonaws.com")]
    [InlineData("osquery:results", """{"name":"pack_x","hostIdentifier":"h1","calendarTime":"Tue Sep  1 09:53:00 2026 UTC","action":"added","columns":{"cmdline":"nc -l","path":"/bin/nc","pid":"4"},"decorations":{"username":"root"}}""", "osquery,2026-09-01T09:53:00Z,root,,process added,nc -l")]
    public async Task JsonInRawAlone_IsInTheViews_AndWhatWasTakenApartIsNotReadAgain(string sourcetype, string raw, string expected)
    {
        string cell = raw.Replace("\"", "\"\"", StringComparison.Ordinal);
        bench.Write("raw.csv", $"_time,sourcetype,_raw\n2026-09-01T10:00:00Z,{sourcetype},\"{cell}\"\n");
        (await bench.WeirAsync("ingest", bench.File("raw.csv"))).Clean();
        Assert.Equal(expected, await bench.AskAsync("""SELECT log, time, "user", src_ip, action, detail FROM timeline"""));
        (await bench.WeirAsync("tables", "--verify")).Clean();

        // The same beside the fields that Splunk found: read where one of those that count is missing, else not.
        string[] taken = expected.Split(',')[0] switch
        {
            "signin" => ["userPrincipalName", "ipAddress", "createdDateTime", "appDisplayName"],
            "directory-audit" => ["activityDisplayName", "activityDateTime", "id"],
            "mail" => ["MessageTraceId", "RecipientAddress", "SenderAddress", "Received"],
            "cloudtrail" => ["eventSource", "eventName", "eventTime", "eventID"],
            _ => ["hostIdentifier", "calendarTime", "name", "action"],
        };
        string known = string.Concat(Enumerable.Repeat(",known", taken.Length));
        bench.Write("fields.csv", $"_time,sourcetype,_raw,{string.Join(',', taken)}\n2026-09-01T10:00:00Z,{sourcetype},\"{cell}\"{known}\n2026-09-01T10:00:00Z,{sourcetype},\"{cell}\"{known[..^5]}\n");
        Run run = await bench.WeirAsync("ingest", bench.File("fields.csv"), "--table", "fields");
        Assert.True(run.Exit == 0, run.Error);
        string column = await bench.AskAsync("SELECT min(column_name) FROM weir.columns WHERE table_name = 'fields' AND role = 'payload'");
        Assert.Equal("1,false|2,true", await bench.AskAsync($"SELECT row_id, {column} IS NOT NULL FROM fields ORDER BY row_id"));
    }

    [Fact]
    public async Task RequestLines_OfEveryForm_GiveTheirAddress()
    {
        string agent = new('A', 100_000);
        bench.Write("access.log", new StringBuilder()
            .Append("1.128.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET /plain HTTP/1.0\" 200 1 \"-\" \"M\"\n")
            .Append("127.0.1.1:80 192.0.2.5 - - [10/Oct/2000:13:55:30 -0700] \"GET /debian HTTP/1.1\" 200 12 \"-\" \"curl\"\n")
            .Append("[::1]:80 2001:db8::7 - bob [10/Oct/2000:13:55:31 -0700] \"GET /six HTTP/1.1\" 200 13\n")
            .Append("example.com 192.0.2.7 - - [10/Oct/2000:13:55:32 -0700] \"GET /name HTTP/1.1\" 200 14\n")
            .Append("example.org - - [10/Oct/2000:13:55:33 -0700] \"GET /host HTTP/1.1\" 200 15\n")
            .Append($"203.0.113.9 - - [10/Oct/2000:13:55:34 -0700] \"GET /{agent[..10]}{agent} HTTP/1.0\" 200 16\n")
            .Append("www.example.org:443 1.128.3.5 - john smith [10/Oct/2000:13:55:37 -0700] \"GET /vhost HTTP/1.0\" 200 2 \"-\" \"M\"\n")
            .Append("1.128.3.6, 10.0.0.1 - - [10/Oct/2000:13:55:38 -0700] \"GET /forwarded HTTP/1.0\" 200 3 \"-\" \"M\"\n")
            .Append("1.128.3.7:5678 - john smith [10/Oct/2000:13:55:39 -0700] \"GET /port HTTP/1.0\" 200 4 \"-\" \"M\"\n")
            .Append($"1.128.3.8 - - [10/Oct/2000:13:55:40 -0700] \"GET /long HTTP/1.0\" 200 5 \"-\" \"{agent}\"\n").ToString());
        (await bench.WeirAsync("ingest", bench.File("access.log"))).Clean();
        Assert.Equal(
            "192.0.2.5,,/debian,12|2001:db8::7,bob,/six,13|192.0.2.7,,/name,14|,,/host,15|203.0.113.9,,/AAAAAAAAA,|1.128.3.4,,/plain,1|1.128.3.5,john smith,/vhost,2|1.128.3.6,,/forwarded,3|1.128.3.7,john smith,/port,4|1.128.3.8,,/long,5",
            await bench.AskAsync("""SELECT src_ip, "user", left(url, 10), bytes FROM web ORDER BY time"""));
    }

    [Fact]
    public async Task ColumnThatIsCalledLikeAPath_AndThePath_BothCount()
    {
        bench.Write("ual.csv", "AuditData,Operation,UserIds,AuditData.UserId,RecordType\n\"{\"\"CreationTime\"\":\"\"2026-09-01T10:00:00\"\",\"\"Operation\"\":\"\"A\"\",\"\"UserId\"\":\"\"json@x.org\"\",\"\"Id\"\":\"\"1\"\"}\",A,,,1\n{},A,,column@x.org,1\n");
        (await bench.WeirAsync("ingest", bench.File("ual.csv"))).Clean();
        Assert.Equal("json@x.org|column@x.org", await bench.AskAsync("""SELECT "user" FROM audits ORDER BY row_id"""));
    }
}
