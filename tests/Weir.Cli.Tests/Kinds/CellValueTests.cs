using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Kinds;

/// <summary>Values that are found in cells or kept beside them: whatever headers, tables and events look like, questions see the same values.</summary>
public sealed class CellValueTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("[AuditData]")]
    [InlineData("AuditData,AuditData")]
    [InlineData("Audit \"Data\"")]
    public async Task Audits_UnderOddHeaders_StandInTheViewsAndInTheTable(string header)
    {
        string[] names = header.Split(',');
        string Row(int i) => string.Join(',', names.Select((_, c) => Quoted($"{{\"CreationTime\":\"2026-09-01T10:00:0{i}\",\"Id\":\"i{i}{c}\",\"Operation\":\"Op{c}\",\"UserId\":\"u{i}@x.org\",\"Workload\":\"W\\u00e9{c}\",\"ObjectId\":\"o{i}{c}\"}}")));
        bench.Write("ual.csv", $"CreationDate,Operations,UserIds,RecordType,{string.Join(',', names.Select(n => n.Contains('"', StringComparison.Ordinal) ? Quoted(n) : n))}\n2026-09-01T10:00:01Z,Op,a,1,{Row(1)}\n2026-09-01T10:00:02Z,Op,a,1,{Row(2)}\n");
        (await bench.WeirAsync("ingest", bench.File("ual.csv"))).Clean();
        Assert.Equal("u1@x.org,o10,Wé0|u2@x.org,o20,Wé0", await bench.AskAsync("""SELECT "user", object, workload FROM audits ORDER BY row_id"""));
        for (int c = 0; c < names.Length; c++)
        {
            string of = await bench.AskAsync($"SELECT column_name FROM weir.columns WHERE role = 'source' AND position = {4 + c}");
            string[] columns = (await bench.AskAsync($"SELECT column_name FROM weir.columns WHERE role = 'payload' AND of_column = '{of}' AND format LIKE '%:ObjectId' OR role = 'payload' AND of_column = '{of}' AND format LIKE '%:Workload' ORDER BY format")).Split('|');
            Assert.Equal($"o1{c},Wé{c}|o2{c},Wé{c}", await bench.AskAsync($"SELECT \"{columns[0]}\", \"{columns[1]}\" FROM ual ORDER BY row_id"));
        }

        (await bench.WeirAsync("tables", "--verify")).Clean();
    }

    [Fact]
    public async Task Sources_ThatSpellAHeaderOtherwise_BothHaveTheirValues()
    {
        foreach (var (file, header) in new[] { ("a", "AuditData"), ("b", "auditData"), ("c", "Audit Data") })
        {
            bench.Write($"{file}.csv", $"CreationDate,Operations,UserIds,RecordType,{header}\n2026-09-01T10:00:00Z,Op,a,1,{Quoted($"{{\"CreationTime\":\"2026-09-01T10:00:00\",\"Id\":\"{file}\",\"Operation\":\"Op{file}\",\"UserId\":\"{file}@x.org\",\"ClientIP\":\"8.8.8.8\",\"UserAgent\":\"C:\\\\{file}\"}}")}\n");
            (await bench.WeirAsync("ingest", bench.File($"{file}.csv"), "--table", "audit")).Clean();
        }

        const string expected = "Opa,a@x.org,8.8.8.8,C:\\a|Opb,b@x.org,8.8.8.8,C:\\b|Opc,c@x.org,8.8.8.8,C:\\c";
        Assert.Equal(expected, await bench.AskAsync("SELECT action, \"user\", src_ip, user_agent FROM audits ORDER BY source_id"));
        Assert.Equal("3", await bench.AskAsync("SELECT count(*) FROM audits WHERE src_ip_asn IS NOT NULL"));
        Assert.Equal("1", await bench.AskAsync("SELECT count(DISTINCT column_name) FROM weir.columns WHERE role = 'payload-values'"));
        Assert.Contains("1 event", (await bench.WeirAsync("find", "C:\\b")).Clean().Error, StringComparison.Ordinal);
        (await bench.WeirAsync("remove", "1")).Clean();
        Assert.Equal(expected[(expected.IndexOf('|', StringComparison.Ordinal) + 1)..], await bench.AskAsync("SELECT action, \"user\", src_ip, user_agent FROM audits ORDER BY source_id"));
        (await bench.WeirAsync("tables", "--verify")).Clean();
    }

    [Fact]
    public async Task Xml_InComments_InCdataAndBeyondTheData_IsNoValue()
    {
        string Event(string data, string more = "") => Quoted($"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated SystemTime='2026-09-01T10:00:00Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel></System><EventData><Data Name='UtcTime'>2026-09-01 10:00:00.000</Data>{data}</EventData>{more}</Event>");
        string[] events =
        [
            Event("<!-- <Data Name='CommandLine'>hidden</Data> -->"),
            Event("<Data Name='CommandLine'>cut <![CDATA[in]]> pieces</Data>"),
            Event("<Data Name='CommandLine'>cut <!-- c -->by a comment</Data>"),
            Event("", "<UserData><Data Name='CommandLine'>elsewhere</Data></UserData>"),
            Event("<Data Name='CommandLine'>a &amp; b</Data>"),
            Event("<Data Name='CommandLine'>plain</Data>"),
            Event("<Data Name='CommandLine'> </Data>"),
        ];
        bench.Write("sysmon.csv", "_time,sourcetype,_raw\n" + string.Concat(events.Select(e => $"2026-09-01T10:00:00Z,XmlWinEventLog,{e}\n")));
        (await bench.WeirAsync("ingest", bench.File("sysmon.csv"))).Clean();
        const string expected = "1,|2,cut in pieces|3,cut by a comment|4,|5,a & b|6,plain|7,";
        Assert.Equal(expected, await bench.AskAsync("SELECT row_id, command_line FROM processes ORDER BY row_id"));
        Assert.Equal(expected, await bench.AskAsync("SELECT row_id, _raw_event_data_command_line FROM sysmon ORDER BY row_id"));
    }

    [Fact]
    public async Task Columns_StandInOneOrder_HoweverRowsAreLanded()
    {
        string Json(string members) => Quoted($"{{\"CreationTime\":\"2026-09-01T10:00:00\",\"Operation\":\"A\",{members}}}");
        bench.Write("raw.csv", "sourcetype,_raw\n" + string.Concat(new[]
        {
            "\"Workload\":\"W\"", "\"UserId\":\"u@x.org\",\"ClientIP\":\"8.8.8.8\"", "\"Id\":\"1\",\"ObjectId\":\"o\\u00e9\"", "\"ClientIPAddress\":\"1.1.1.1\",\"UserAgent\":\"M\"", "\"SessionId\":\"s\"",
        }.Select(m => $"o365:management:activity,{Json(m)}\n")));
        const string columns = "SELECT string_agg(column_name, ' ' ORDER BY column_index) FROM duckdb_columns() WHERE table_name = 'raw' AND database_name = 'casefile'";
        (await bench.WeirAsync("ingest", bench.File("raw.csv"))).Clean();
        string whole = await bench.AskAsync(columns), all = await bench.AskAsync("SELECT string_agg(column_name, ' ') FROM (DESCRIBE raw)");
        (await bench.WeirAsync("remove", "1")).Clean();
        (await bench.WeirAsync("ingest", bench.File("raw.csv"), "--commit-rows", "1")).Clean();
        Assert.Equal(whole, await bench.AskAsync(columns));
        Assert.Equal(all, await bench.AskAsync("SELECT string_agg(column_name, ' ') FROM (DESCRIBE raw)"));
    }

    [Fact]
    public async Task TableWithAQuoteInItsName_ShowsItsValues()
    {
        bench.Write("raw.csv", $"sourcetype,_raw\no365:management:activity,{Quoted("{\"CreationTime\":\"2026-09-01T10:00:00\",\"Operation\":\"A\",\"Workload\":\"W\"}")}\n");
        (await bench.WeirAsync("ingest", bench.File("raw.csv"), "--table", "a\"b")).Clean();
        Assert.Equal("A,W", await bench.AskAsync("SELECT _raw_operation, _raw_workload FROM \"a\"\"b\""));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
